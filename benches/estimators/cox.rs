//! Cox models of 12 columns.

use criterion::Criterion;
use ndarray::Array2;
use riskset::regression::cox::CoxFit;
use riskset::validation::Bootstrap;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};

use crate::over;
use crate::random::SplitMix64;

const SIZES: [usize; 3] = [326, 10_000, 100_000];
const COLUMNS: usize = 12;
const STRATA: usize = 1000;

/// Patients with covariates, the first three of which move the hazard.
struct Study {
    data: RightCensored,
    delayed: CountingProcess,
    clustered: RightCensored,
    delayed_in_strata: CountingProcess,
    design: Design,
    fit: CoxFit,
}

impl Study {
    fn new(n: usize, tied: bool) -> Self {
        let mut random = SplitMix64(20_260_101);
        let x = Array2::from_shape_fn((n, COLUMNS), |_| random.normal());
        let (mut time, mut entry, mut event) = (vec![], vec![], vec![]);
        for row in x.rows() {
            let (exit, dies) = random.exit(0.2 * (row[0] - row[1] + row[2]), tied);
            time.push(exit);
            entry.push(0.5 * exit * random.uniform());
            event.push(dies);
        }
        let names: Vec<String> = (0..COLUMNS).map(|j| format!("x{j}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let clusters: Vec<usize> = (0..n).map(|row| row / 2).collect();
        let strata: Vec<usize> = clusters.iter().map(|cluster| cluster % STRATA).collect();
        let design = Design::from_matrix(&x, &names).unwrap();
        let delayed = CountingProcess::new(&entry, &time, &event).unwrap();
        let in_strata = delayed.clone().with_strata(&strata).unwrap();
        Self {
            fit: CoxPh::new().fit(&data, &design).unwrap(),
            clustered: data.clone().with_clusters(&clusters).unwrap(),
            data,
            delayed_in_strata: in_strata.with_clusters(&clusters).unwrap(),
            delayed,
            design,
        }
    }
}

pub(crate) fn benches(criterion: &mut Criterion) {
    let efron = CoxPh::new().ties(Ties::Efron);
    let breslow = CoxPh::new().ties(Ties::Breslow);
    over(criterion, "cox_efron", &SIZES, Study::new, |study| {
        efron.fit(&study.data, &study.design).unwrap()
    });
    over(criterion, "cox_breslow", &SIZES, Study::new, |study| {
        breslow.fit(&study.data, &study.design).unwrap()
    });
    over(criterion, "cox_delayed_entry", &[10_000], Study::new, |study| {
        efron.fit(&study.delayed, &study.design).unwrap()
    });
    over(criterion, "cox_robust", &[10_000], Study::new, |study| {
        efron.fit(&study.clustered, &study.design).unwrap()
    });
    over(criterion, "cox_delayed_entry_1000_strata_robust", &SIZES[1..], Study::new, |study| {
        efron.fit(&study.delayed_in_strata, &study.design).unwrap()
    });
    let bootstrap = Bootstrap::new(20_260_101).replicates(2000);
    over(criterion, "cox_bootstrap_2000", &SIZES[..1], Study::new, |study| {
        bootstrap.fit_cox(&study.data, &study.design, &efron).unwrap()
    });
    of_a_fit(criterion);
}

/// What takes the rows of a fit again.
fn of_a_fit(criterion: &mut Criterion) {
    let sizes = &SIZES[1..];
    over(
        criterion,
        "cox_score_residuals",
        sizes,
        Study::new,
        |Study { fit, data, design, .. }| fit.residuals(data, design).unwrap().score(),
    );
    over(
        criterion,
        "cox_proportionality",
        sizes,
        Study::new,
        |Study { fit, data, design, .. }| fit.proportionality(data, design).unwrap(),
    );
    over(criterion, "cox_concordance", sizes, Study::new, |Study { fit, data, design, .. }| {
        fit.concordance(data, design).unwrap()
    });
    over(criterion, "cox_baseline", sizes, Study::new, |Study { fit, data, design, .. }| {
        fit.baseline(data, design).unwrap()
    });
    over(criterion, "cox_profile_one", sizes, Study::new, |Study { fit, data, design, .. }| {
        fit.profile_hazard_ratio("x0", data, design, 0.95).unwrap()
    });
}
