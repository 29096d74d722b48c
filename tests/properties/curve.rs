//! What is read off a curve agrees with the curve.

use riskset::curve::{QuantileRule, SurvivalCurve};
use riskset::statistic::IntervalTransform;
use riskset::{KaplanMeier, NelsonAalen, RightCensored};

use crate::sample::{TRANSFORMS, check, tied};

/// The first time at which a column is at or below 1 − p.
fn first_at_or_below(curve: &SurvivalCurve, column: &[Option<f64>], p: f64) -> Option<f64> {
    let place = column.iter().position(|s| s.is_some_and(|s| s <= 1.0 - p + 1.5e-8))?;
    Some(curve.time()[place])
}

#[test]
fn quantiles_are_where_the_curve_crosses() {
    check(60, tied(4..=30), |sample| {
        for transform in TRANSFORMS {
            let fit = KaplanMeier::new().transform(transform).fit(&sample.counting_process());
            let fit = fit.unwrap();
            let curve = fit.curve();
            let survival: Vec<Option<f64>> = curve.survival().iter().copied().map(Some).collect();
            for p in [0.05, 0.25, 0.5, 0.7, 0.9] {
                let found = curve.quantile_by(p, QuantileRule::FirstAtOrBelow).unwrap();
                assert_eq!(found.time, first_at_or_below(curve, &survival, p));
                assert_eq!(
                    found.interval.lower,
                    first_at_or_below(curve, &curve.lower().to_vec(), p)
                );
                assert_eq!(
                    found.interval.upper,
                    first_at_or_below(curve, &curve.upper().to_vec(), p)
                );
                let middle = curve.quantile(p).unwrap();
                assert!(middle.time >= found.time);
                assert_eq!(middle.time.is_some(), found.time.is_some());
            }
            assert_eq!(curve.median(), curve.quantile(0.5).unwrap());
        }
    });
}

#[test]
fn limits_enclose_the_curve() {
    check(60, tied(4..=30), |sample| {
        for transform in TRANSFORMS {
            let fit = KaplanMeier::new().transform(transform).fit(&sample.counting_process());
            let fit = fit.unwrap();
            let curve = fit.curve();
            for (k, &s) in curve.survival().iter().enumerate() {
                let (lower, upper) = (curve.lower().get(k), curve.upper().get(k));
                assert_eq!(lower.is_none(), s == 0.0);
                assert_eq!(upper.is_none(), s == 0.0);
                let (lower, upper) = (lower.unwrap_or(0.0), upper.unwrap_or(1.0));
                assert!(0.0 <= lower && lower <= s && s <= upper && upper <= 1.0, "{transform:?}");
            }
            assert!(curve.survival().is_sorted_by(|a, b| a >= b));
        }
    });
}

#[test]
fn values_at_times_are_those_of_the_curve() {
    check(60, tied(4..=30), |sample| {
        let fit = KaplanMeier::new().fit(&sample.right_censored()).unwrap();
        let curve = fit.curve();
        let last = *curve.time().last().unwrap();
        for (k, &time) in curve.time().iter().enumerate() {
            for at in fit.at(&[time, time + 0.5]).unwrap() {
                assert_eq!(at.survival, curve.survival()[k]);
                assert_eq!(at.std_error, curve.std_error().get(k));
                assert_eq!(at.interval.and_then(|interval| interval.lower), curve.lower().get(k));
                assert_eq!(at.beyond_follow_up, at.time > last);
                let expected = (at.time <= last).then_some(at.survival);
                assert_eq!(curve.survival_at(at.time), expected);
            }
        }
        let before = &fit.at_time(0.25).unwrap();
        assert_eq!((before.survival, before.std_error), (1.0, Some(0.0)));
        assert_eq!(curve.survival_at(0.25), Some(1.0));
    });
}

#[test]
fn exponentials_of_hazards() {
    check(40, tied(4..=30), |sample| {
        let fit = NelsonAalen::new().fit(&sample.right_censored()).unwrap();
        let curve = fit.survival_curve(IntervalTransform::Log).unwrap();
        for (k, hazard) in fit.cumulative_hazard().iter().enumerate() {
            assert_eq!(curve.survival()[k], (-hazard).exp());
            assert_eq!(fit.cumulative_hazard_at(fit.time()[k]), Some(*hazard));
        }
        assert_eq!(fit.cumulative_hazard_at(0.5), Some(0.0));
        assert_eq!(fit.cumulative_hazard_at(99.0), None);
    });
}

/// Half of very many die at once, then nearly all are censored: the upper limit falls below one half
/// and rises again when the last three are few. R's `survfit` gives 1 as the upper limit, too.
#[test]
fn a_limit_that_rises_again_has_been_crossed() {
    let time = [vec![1.0; 9_997], vec![2.0, 3.0, 4.0]].concat();
    let event: Vec<bool> = (0..10_000).map(|row| row < 5_200 || row == 9_997).collect();
    let fit = KaplanMeier::new().fit(&RightCensored::new(&time, &event).unwrap()).unwrap();
    let upper = fit.curve().upper();
    assert!(upper.get(0).unwrap() < 0.5 && upper.get(1).unwrap() > 0.5);
    assert_eq!(fit.curve().median().interval.upper, Some(1.0));
}
