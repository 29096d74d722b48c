//! Competing risks; at a million rows beside the bare `sort` of the curves.

use criterion::Criterion;
use riskset::competing::{IncidenceVariance, TimeLost};
use riskset::{AalenJohansen, CompetingRisks};

use crate::over;
use crate::random::{FOLLOW_UP_DAYS, SplitMix64};

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

/// Patients that one of two causes can end, about half of them.
fn patients(n: usize, tied: bool) -> CompetingRisks {
    let mut random = SplitMix64(20_260_202);
    let (mut time, mut codes) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for _ in 0..n {
        let (exit, ends) = random.exit(0.0, tied);
        time.push(exit);
        codes.push(if ends { 1 + (random.next() % 2) as u32 } else { 0 });
    }
    CompetingRisks::from_codes(&time, &codes, &[(1, "relapse"), (2, "death")]).unwrap()
}

pub(crate) fn benches(criterion: &mut Criterion) {
    over(criterion, "cumulative_incidence", &SIZES, patients, |data| {
        AalenJohansen::new().fit(data).unwrap()
    });
    let robust = AalenJohansen::new().variance(IncidenceVariance::Robust);
    over(criterion, "cumulative_incidence_robust", &SIZES, patients, |data| {
        robust.fit(data).unwrap()
    });
    let lost = TimeLost::new(0.5 * FOLLOW_UP_DAYS);
    over(criterion, "time_lost", &SIZES, patients, |data| lost.fit(data).unwrap());
}
