//! Profile limits and tests against fits with the coefficient as an offset.

use proptest::prelude::*;
use riskset::inference::HazardRatio;
use riskset::regression::cox::{CoefficientStatus, CoxFit};
use riskset::statistic::TestKind;
use riskset::{CountingProcess, CoxPh, Design, Error, Ties};

use super::frequency::finite;
use crate::sample::{Sample, assert_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

/// The quantile of chi-square on one degree of freedom.
const LEVELS: [(f64, f64); 2] = [(0.95, 3.841_458_820_694_124), (0.5, 0.454_936_423_119_572_8)];

fn data(sample: &Sample, case: bool) -> CountingProcess {
    let weights = if case { sample.case() } else { sample.frequency() };
    let data = sample.counting_process().with_weights(weights).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

/// The log-likelihood without column `j`, which is an offset of `value` times itself.
/// `None` where a large offset leaves that fit no curvature to start from.
fn held(sample: &Sample, data: &CountingProcess, ties: Ties, j: usize, value: f64) -> Option<f64> {
    let offset: Vec<f64> =
        sample.offset().iter().zip(sample.x(j)).map(|(offset, x)| offset + value * x).collect();
    let other = sample.x(1 - j);
    let design = Design::builder().numeric("other", &other).offset(&offset).build().unwrap();
    let model = CoxPh::new().ties(ties).tolerance(1e-13);
    let fit = match model.fit(data, &design) {
        Ok(fit) => fit,
        Err(Error::NotConverged { .. } | Error::NotFinite { .. }) if value.abs() > 40.0 => {
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    if fit.coefficients()[0].estimate.is_some() {
        return Some(fit.log_likelihood());
    }
    // An infinite coefficient may have been taken further than digits reach.
    let far = [-2000.0, -500.0, -100.0, 0.0, 100.0, 500.0, 2000.0].into_iter();
    let at = |b: f64| model.likelihood_at(data, &design, &[b]).unwrap().log_likelihood();
    Some(far.map(at).fold(f64::NEG_INFINITY, f64::max))
}

fn profile(fit: &CoxFit, data: &CountingProcess, design: &Design, level: f64) -> Vec<HazardRatio> {
    fit.profile_hazard_ratios(data, design, level).unwrap()
}

/// With infinite and aliased coefficients among them. An end that is open is one towards which the
/// likelihood stays high.
#[test]
fn at_a_limit_the_likelihood_has_dropped_by_half_the_quantile() {
    let counts = std::cell::Cell::new((0, 0));
    check(60, tied(4..=25), |sample| {
        for (ties, case) in [(TIES[0], true), (TIES[0], false), (TIES[1], true)] {
            let (data, design) = (data(&sample, case), sample.design_with_offset());
            let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
            // The offset refit below has another model where one column is a multiple of the other.
            let alias = |status: &CoefficientStatus| matches!(status, CoefficientStatus::Aliased { of } if !of.is_empty());
            if fit.coefficients().iter().any(|c| alias(&c.status)) {
                continue;
            }
            for (level, quantile) in LEVELS {
                for (j, ratio) in profile(&fit, &data, &design, level).into_iter().enumerate() {
                    let top = fit.log_likelihood();
                    let drop = |b: f64| Some(top - held(&sample, &data, ties, j, b)?);
                    let (CoefficientStatus::Finite
                    | CoefficientStatus::PlusInfinity
                    | CoefficientStatus::MinusInfinity) = ratio.status
                    else {
                        assert!(ratio.interval.is_none() && ratio.test.is_none());
                        continue;
                    };
                    let test = ratio.test.unwrap();
                    assert_eq!((test.kind, test.df), (TestKind::LikelihoodRatio, Some(1)));
                    assert_close(test.statistic, 2.0 * drop(0.0).unwrap().max(0.0), 1e-8);
                    let interval = ratio.interval.unwrap();
                    let (lower, upper) = (interval.lower, interval.upper);
                    for (limit, other, sign) in [(lower, upper, -1.0), (upper, lower, 1.0)] {
                        let (n, m) = counts.get();
                        match limit {
                            Some(limit) => {
                                let Some(drop) = drop(limit.ln()) else { continue };
                                assert_close(drop, quantile / 2.0, 1e-9);
                                counts.set((n + 1, m));
                            }
                            // A coefficient of some hundreds has no ratio that a number holds.
                            None if ratio.status == CoefficientStatus::Finite => {}
                            None => {
                                // Well beyond the other end.
                                let far = other.map_or(0.0, f64::ln) + sign * 40.0;
                                let Some(drop) = drop(far) else { continue };
                                assert!(drop < quantile / 2.0, "{drop} {fit}{ratio:?}");
                                counts.set((n, m + 1));
                            }
                        }
                    }
                }
            }
        }
    });
    let (ends, open) = counts.get();
    assert!(ends > 500 && open > 20, "{ends} limits, {open} open ends");
}

/// The limits hold the estimate, and the test agrees with them.
#[test]
fn one_lies_within_the_limits_where_the_test_says_so() {
    check(60, tied(6..=25), |sample| {
        let (data, design) = (data(&sample, true), sample.design());
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        for ratio in profile(&fit, &data, &design, 0.8) {
            let Some((interval, test)) = ratio.interval.zip(ratio.test) else { continue };
            let (lower, upper) = (interval.lower, interval.upper);
            let within = |x: f64| lower.is_none_or(|l| l <= x) && upper.is_none_or(|u| x <= u);
            assert!(ratio.estimate.is_none_or(within), "{ratio:?}");
            if (test.p_value - 0.2).abs() > 1e-6 {
                assert_eq!(within(1.0), test.p_value > 0.2, "{ratio:?}");
            }
        }
    });
}

#[test]
fn columns_may_be_scaled_shifted_and_flipped() {
    let compared = std::cell::Cell::new(0);
    check(40, (tied(8..=25), any::<bool>()), |(sample, firth)| {
        let data = data(&sample, true);
        let of = |shift: f64, scale: f64| {
            let x: Vec<f64> = sample.x(0).iter().map(|x| shift + scale * x).collect();
            let design = Design::builder().numeric("a", &x).numeric("b", &sample.x(1));
            let design = design.build().unwrap();
            let model = if firth { CoxPh::new().firth() } else { CoxPh::new() };
            let fit = model.fit(&data, &design).unwrap();
            finite(&fit).map(|_| profile(&fit, &data, &design, 0.9))
        };
        let Some(plain) = of(0.0, 1.0) else { return };
        let ends = |ratio: &HazardRatio, scale: f64| {
            let interval = ratio.interval.unwrap();
            [interval.lower, interval.upper].map(|end| Some(scale * end?.ln()))
        };
        for (shift, scale) in [(-3.0, 64.0), (1994.0, 1.0), (0.0, 0.25), (0.5, -1.0)] {
            let Some(moved) = of(shift, scale) else { panic!("finite, then not") };
            let mut all = [(ends(&moved[0], scale), ends(&plain[0], 1.0))];
            if scale < 0.0 {
                all[0].0.reverse();
            }
            let beside = (ends(&moved[1], 1.0), ends(&plain[1], 1.0));
            for (a, b) in all.into_iter().chain([beside]) {
                for (a, b) in a.into_iter().zip(b) {
                    // A coefficient of some hundreds has no ratio that a number holds.
                    let Some((a, b)) = a.zip(b) else { continue };
                    assert!((a - b).abs() <= 1e-7 * b.abs().max(1.0), "{a} {b}");
                    compared.set(compared.get() + 1);
                }
            }
            let statistic = |ratios: &[HazardRatio]| ratios[0].test.unwrap().statistic;
            assert_close(statistic(&moved), statistic(&plain), 1e-8);
        }
    });
    assert!(compared.get() > 200, "{}", compared.get());
}

/// A wider level has wider limits.
#[test]
fn limits_are_nested() {
    check(30, tied(6..=25), |sample| {
        let (data, design) = (data(&sample, false), sample.design());
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let of = |level| profile(&fit, &data, &design, level);
        for (narrow, wide) in of(0.5).into_iter().zip(of(0.999)) {
            let Some((narrow, wide)) = narrow.interval.zip(wide.interval) else { continue };
            if let Some((narrow, wide)) = narrow.lower.zip(wide.lower) {
                assert!(wide < narrow);
            }
            if let Some((narrow, wide)) = narrow.upper.zip(wide.upper) {
                assert!(narrow < wide);
            }
        }
    });
}
