//! The one-sample log-rank test: what must not matter, and what is refused.

use proptest::prelude::*;
use riskset::nonparametric::OneSampleLogRank;
use riskset::{CountingProcess, RightCensored, Weights};

fn hazard(time: f64) -> f64 {
    0.02 * time.powf(1.3)
}

proptest! {
    #[test]
    fn cutting_a_history_changes_nothing(
        rows in proptest::collection::vec((1..90_u8, any::<bool>(), 0.01..0.99_f64), 1..60)
    ) {
        let time: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let event: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let cut: Vec<f64> = rows.iter().map(|row| f64::from(row.0) * row.2).collect();
        let whole = RightCensored::new(&time, &event).unwrap();
        let zeros = vec![0.0; rows.len()];
        let (entry, exit) = ([zeros, cut.clone()].concat(), [cut, time].concat());
        let events = [vec![false; rows.len()], event].concat();
        let cut = CountingProcess::new(&entry, &exit, &events).unwrap();
        let (whole, cut) = (
            OneSampleLogRank::new().fit(&whole, hazard).unwrap(),
            OneSampleLogRank::new().fit(&cut, hazard).unwrap(),
        );
        prop_assert_eq!(whole.observed(), cut.observed());
        prop_assert!((whole.expected() - cut.expected()).abs() <= 1e-12 * whole.expected());
    }

    #[test]
    fn expected_values_are_the_same_as_the_function(
        rows in proptest::collection::vec((1..90_u8, any::<bool>(), 1..4_u64), 1..60)
    ) {
        let time: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let event: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let counts: Vec<u64> = rows.iter().map(|row| row.2).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let data = data.with_weights(Weights::frequency(&counts).unwrap()).unwrap();
        let expected: Vec<f64> = time.iter().map(|&time| hazard(time)).collect();
        prop_assert_eq!(
            OneSampleLogRank::new().fit(&data, hazard).unwrap(),
            OneSampleLogRank::new().fit_expected(&data, &expected).unwrap()
        );
    }
}

#[test]
fn what_is_no_cumulative_hazard_is_refused() {
    let data = RightCensored::new(&[4.0, 1.0, 2.0], &[true, false, true]).unwrap();
    let error = |hazard: fn(f64) -> f64| {
        OneSampleLogRank::new().fit(&data, hazard).unwrap_err().to_string()
    };
    let rule = "must be finite, not negative, and not below its value at an earlier time";
    let at = |row: usize, value: &str| {
        format!("`cumulative hazard at exit` row {row} is {value}: {rule}")
    };
    assert_eq!(error(|t| if t > 3.0 { 0.5 } else { t }), at(0, "0.5"));
    assert_eq!(
        error(|t| if t > 1.0 { f64::NAN } else { t }),
        [at(2, "NaN"), at(0, "NaN")].join("; ")
    );
    assert_eq!(error(|t| t - 1.5), at(1, "-0.5"));
    assert_eq!(
        error(|_| 0.0),
        "option `expected` is 0: the expected number of events must be above 0 and of ordinary size"
    );
    let negative = OneSampleLogRank::new().fit_expected(&data, &[0.1, -0.1, 0.1]).unwrap_err();
    assert_eq!(negative.to_string(), "`expected` row 1 is -0.1: must be finite and not negative");
}
