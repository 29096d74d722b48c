//! Time of every estimator over n, with and without ties.
//!
//! `cargo bench --bench estimators -- 'cox'` runs a part. An id reads
//! `estimator/ties/n`; Cox models have 12 columns. Data are made once, outside the timed closure.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ndarray::Array2;
use riskset::{
    CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored, Ties,
};
use std::hint::black_box;
use std::time::Duration;

const SIZES: [usize; 3] = [326, 10_000, 100_000];
const COLUMNS: usize = 12;
const GROUPS: u64 = 4;
const FOLLOW_UP_DAYS: f64 = 3000.0;

/// SplitMix64 (Steele, Lea & Flood 2014): the same data in every run and on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Nearly normal: the sum of twelve uniforms, centred.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// Exponential times with hazards that depend on 12 covariates, censored uniformly; about half of
/// the rows end with the event.
struct Study {
    data: RightCensored,
    delayed: CountingProcess,
    clustered: RightCensored,
    groups: Groups,
    design: Design,
}

impl Study {
    fn new(n: usize, tied: bool) -> Self {
        let mut random = SplitMix64(20_260_101);
        let x = Array2::from_shape_fn((n, COLUMNS), |_| random.normal());
        let (mut time, mut entry, mut event, mut group) = (vec![], vec![], vec![], vec![]);
        for row in x.rows() {
            let hazard = (0.2 * (row[0] - row[1] + row[2])).exp() / (0.5 * FOLLOW_UP_DAYS);
            let (dies, leaves) =
                (-random.uniform().ln() / hazard, FOLLOW_UP_DAYS * random.uniform());
            let exit = match tied {
                true => dies.min(leaves).ceil(),
                false => dies.min(leaves),
            };
            time.push(exit);
            entry.push(0.5 * exit * random.uniform());
            event.push(dies <= leaves);
            group.push(random.next() % GROUPS);
        }
        let names: Vec<String> = (0..COLUMNS).map(|j| format!("x{j}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let clusters: Vec<usize> = (0..n).map(|row| row / 2).collect();
        Self {
            clustered: data.clone().with_clusters(&clusters).unwrap(),
            data,
            delayed: CountingProcess::new(&entry, &time, &event).unwrap(),
            groups: Groups::new(&group).unwrap(),
            design: Design::from_matrix(&x, &names).unwrap(),
        }
    }
}

/// Runs `body` at the sizes given, with times to the day and with continuous times.
fn over<R>(criterion: &mut Criterion, name: &str, sizes: &[usize], body: impl Fn(&Study) -> R) {
    let mut timer = criterion.benchmark_group(name);
    timer.sample_size(10).warm_up_time(Duration::from_millis(300));
    timer.measurement_time(Duration::from_secs(3));
    for &n in sizes {
        timer.throughput(Throughput::Elements(n as u64));
        for (ties, tied) in [("days", true), ("untied", false)] {
            let study = Study::new(n, tied);
            timer.bench_function(BenchmarkId::new(ties, n), |bencher| {
                bencher.iter(|| black_box(body(black_box(&study))));
            });
        }
    }
}

fn nonparametric(criterion: &mut Criterion) {
    over(criterion, "kaplan_meier", &SIZES, |study| KaplanMeier::new().fit(&study.data).unwrap());
    over(criterion, "kaplan_meier_4_groups", &SIZES, |study| {
        KaplanMeier::new().fit_by(&study.data, &study.groups).unwrap()
    });
    over(criterion, "nelson_aalen", &SIZES, |study| NelsonAalen::new().fit(&study.data).unwrap());
    over(criterion, "log_rank_4_groups", &SIZES, |study| {
        LogRank::new().fit(&study.data, &study.groups).unwrap()
    });
}

fn cox(criterion: &mut Criterion) {
    let efron = CoxPh::new().ties(Ties::Efron);
    let breslow = CoxPh::new().ties(Ties::Breslow);
    over(criterion, "cox_efron", &SIZES, |study| efron.fit(&study.data, &study.design).unwrap());
    over(criterion, "cox_breslow", &SIZES, |study| {
        breslow.fit(&study.data, &study.design).unwrap()
    });
    over(criterion, "cox_delayed_entry", &[10_000], |study| {
        efron.fit(&study.delayed, &study.design).unwrap()
    });
    over(criterion, "cox_robust", &[10_000], |study| {
        efron.fit(&study.clustered, &study.design).unwrap()
    });
}

criterion_group!(estimators, nonparametric, cox);
criterion_main!(estimators);
