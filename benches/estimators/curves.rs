//! Curves and tests, and beside them what the first step of each takes: sorting the rows.
//!
//! At a million rows one run says how many times the sort each takes: `data` and `kaplan_meier`
//! against `sort`, `log_rank_4_groups` likewise, `bands_*` and `restricted_mean`, which work on the
//! curve, against `kaplan_meier`.

use criterion::Criterion;
use riskset::nonparametric::{BandKind, Bands, KaplanMeierFit, RestrictedMean};
use riskset::{Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored};

use crate::over;
use crate::random::{FOLLOW_UP_DAYS, SplitMix64};

const SIZES: [usize; 4] = [326, 10_000, 100_000, 1_000_000];
const GROUPS: u64 = 4;

/// Patients of four groups.
struct Patients {
    time: Vec<f64>,
    event: Vec<bool>,
    data: RightCensored,
    groups: Groups,
}

impl Patients {
    fn new(n: usize, tied: bool) -> Self {
        let mut random = SplitMix64(20_260_101);
        let (mut time, mut event, mut group) = (vec![], vec![], vec![]);
        for _ in 0..n {
            let ln_hazard = 0.35 * random.normal();
            let (exit, dies) = random.exit(ln_hazard, tied);
            time.push(exit);
            event.push(dies);
            group.push(random.next() % GROUPS);
        }
        let data = RightCensored::new(&time, &event).unwrap();
        Self { time, event, data, groups: Groups::new(&group).unwrap() }
    }

    fn curve(n: usize, tied: bool) -> KaplanMeierFit {
        KaplanMeier::new().fit(&Self::new(n, tied).data).unwrap()
    }
}

/// The bare sort: pairs of the time as an integer that sorts alike, and the row.
fn sorted(time: &[f64]) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u32)> = time.iter().map(|time| time.to_bits()).zip(0..).collect();
    pairs.sort_unstable();
    pairs
}

pub(crate) fn benches(criterion: &mut Criterion) {
    rows(criterion);
    curves(criterion);
}

fn rows(criterion: &mut Criterion) {
    over(criterion, "sort", &SIZES, Patients::new, |patients| sorted(&patients.time));
    over(criterion, "data", &SIZES, Patients::new, |patients| {
        RightCensored::new(&patients.time, &patients.event).unwrap()
    });
    over(criterion, "kaplan_meier", &SIZES, Patients::new, |patients| {
        KaplanMeier::new().fit(&patients.data).unwrap()
    });
    over(criterion, "kaplan_meier_4_groups", &SIZES, Patients::new, |patients| {
        KaplanMeier::new().fit_by(&patients.data, &patients.groups).unwrap()
    });
    over(criterion, "nelson_aalen", &SIZES, Patients::new, |patients| {
        NelsonAalen::new().fit(&patients.data).unwrap()
    });
    over(criterion, "log_rank_4_groups", &SIZES, Patients::new, |patients| {
        LogRank::new().fit(&patients.data, &patients.groups).unwrap()
    });
}

fn curves(criterion: &mut Criterion) {
    for (name, kind) in [
        ("bands_equal_precision", BandKind::EqualPrecision),
        ("bands_hall_wellner", BandKind::HallWellner),
    ] {
        let bands = Bands::new().kind(kind);
        over(criterion, name, &SIZES, Patients::curve, |curve| bands.of(curve).unwrap());
    }
    let mean = RestrictedMean::new(0.5 * FOLLOW_UP_DAYS);
    over(criterion, "restricted_mean", &SIZES, Patients::curve, |curve| mean.of(curve).unwrap());
}
