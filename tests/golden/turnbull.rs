//! The estimate from interval-censored data, against an EM iterated to rounding error, and against
//! `survfit`, which stops early.

use riskset::Weights;
use riskset::data::IntervalCensored;
use riskset::nonparametric::{MassInterval, Turnbull, TurnbullFit};

use super::case::{Case, list, number, numbers};
use super::compare::Bound;
use super::family::Family;

const NPMLE: Family =
    Family { prefix: "npmle", cases: &["lung_interval", "turbine"], skipped: &[], total: 2 };

const SURVFIT: Family =
    Family { prefix: "turnbull", cases: &["survfit_lung_interval"], skipped: &[], total: 1 };

fn fit(case: &Case) -> TurnbullFit {
    let ends = case.columns("interval");
    let column = |name: &str, absent: f64| -> Vec<f64> {
        let end = |text: &String| if text.is_empty() { absent } else { text.parse().unwrap() };
        case.frame.text(name).iter().map(end).collect()
    };
    let (left, right) = (column(&ends[0], 0.0), column(&ends[1], f64::INFINITY));
    let mut data = IntervalCensored::new(&left, &right).unwrap();
    if let Some(weights) = case.numbers("weights") {
        let counts: Vec<u64> = weights.iter().map(|&weight| weight as u64).collect();
        data = data.with_weights(Weights::frequency(&counts).unwrap()).unwrap();
    }
    Turnbull::new().tolerance(1e-13).fit(&data).unwrap()
}

#[test]
fn masses_agree_with_the_converged_em() {
    NPMLE.compare(|case, check| {
        let fit = fit(case);
        let theirs = &case.expected;
        let column =
            |of: fn(&MassInterval) -> f64| -> Vec<f64> { fit.intervals().iter().map(of).collect() };
        check.column(Bound::Count, "lower", &column(|cell| cell.lower), &numbers(&theirs["lower"]));
        let upper: Vec<Option<f64>> = fit.intervals().iter().map(|cell| cell.upper).collect();
        let uppers: Vec<Option<f64>> =
            list(&theirs["upper"]).iter().map(serde_json::Value::as_f64).collect();
        check.same("upper", &upper, &uppers);
        check.column(
            Bound::Likelihood,
            "mass",
            &column(|cell| cell.mass),
            &numbers(&theirs["mass"]),
        );
        check.value(Bound::Likelihood, "loglik", fit.log_likelihood(), number(&theirs["loglik"]));
        assert!(fit.reduced_gradient() <= 1e-13);
    });
}

/// DIFFERENCE: R's EM stops when its steps are small, here 6e-4 short in S, and puts the mass
/// at midpoints. S is compared where both have a value, loosely.
#[test]
fn survival_is_near_that_of_survfit() {
    SURVFIT.compare(|case, check| {
        let fit = fit(case);
        let (time, theirs) = (numbers(&case.expected["time"]), numbers(&case.expected["surv"]));
        let mut worst: f64 = 0.0;
        let mut compared = 0;
        for (time, theirs) in time.iter().zip(&theirs) {
            if let Some(ours) = fit.survival_at(*time) {
                worst = worst.max((ours - theirs).abs());
                compared += 1;
            }
        }
        check.same("times compared", &(compared >= 50), &true);
        check.same("near", &(worst <= 1e-3), &true);
    });
}
