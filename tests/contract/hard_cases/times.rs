//! Times near each other, far from 0, and of any size: only their order matters.

use riskset::data::TimeMatch;
use riskset::{CoxPh, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored};

use super::oracle::Untied;
use super::{EVENT, X, design, estimate, ranks, rows};

/// What depends on the order of the times alone.
fn results(data: &RightCensored) -> (Vec<f64>, Vec<f64>, f64, riskset::regression::cox::CoxFit) {
    let arm = Groups::new(&[1, 2, 1, 2, 2, 1, 2, 1]).unwrap();
    (
        KaplanMeier::new().fit(data).unwrap().survival().to_vec(),
        NelsonAalen::new().fit(data).unwrap().cumulative_hazard().to_vec(),
        LogRank::new().fit(data, &arm).unwrap().test().statistic,
        CoxPh::new().fit(data, &design(&X)).unwrap(),
    )
}

#[test]
fn eight_times_of_any_size_are_eight_times() {
    let right = results(&rows(&ranks()));
    Untied { event: &EVENT, x: &X, weight: &[1.0; 8] }
        .assert_maximum_near(estimate(&right.3), 1e-15);
    for scale in [5e-324, 1e-300, 1e-150, 1e-9, 1e9, 1e150, 1e300] {
        assert_eq!(results(&rows(&ranks().map(|t| t * scale))), right, "{scale:e}");
    }
}

/// Over 600 orders of magnitude the near-tie policy sees one moment, and says so; equality alone
/// does not.
#[test]
fn times_from_the_smallest_to_the_largest() {
    let times = [5e-324, 1e-300, 1e-150, 0.5, 1.5, 1e150, 1e300, f64::MAX];
    let data = rows(&times).with_time_match(TimeMatch::Exact).unwrap();
    assert_eq!(results(&data), results(&rows(&ranks())));
    assert_eq!(rows(&times).tie_report().merged, 5);
}

/// Seconds since 1970, ten apart.
#[test]
fn seconds_far_from_their_origin() {
    let seconds = ranks().map(|rank| 1.7e9 + 10.0 * rank);
    assert_eq!(results(&rows(&seconds)), results(&rows(&ranks())));
    let median = KaplanMeier::new().fit(&rows(&seconds)).unwrap().curve().median().time.unwrap();
    let since = KaplanMeier::new().fit(&rows(&ranks())).unwrap().curve().median().time.unwrap();
    assert_eq!(median, 1.7e9 + 10.0 * since);
}

/// 0.1 + 0.2 and 0.3 are one time whatever the policy's neighbours; 1 and 1 + 1e-9 are two.
#[test]
fn rounding_makes_no_time_and_a_billionth_does() {
    let points = |times: [f64; 3]| {
        let data = RightCensored::new(&times, &[true; 3]).unwrap();
        KaplanMeier::new().fit(&data).unwrap().survival().to_vec()
    };
    assert_ne!(0.1 + 0.2, 0.3);
    assert_eq!(points([0.1 + 0.2, 0.3, 2.0]), [1.0 / 3.0, 0.0]);
    assert_eq!(points([1.0, 1.0 + 1e-9, 2.0]).len(), 3);
    // A tenth of a second in a century, in years.
    assert_eq!(points([50.0, 50.0 + 3e-9, 100.0]).len(), 2);
}
