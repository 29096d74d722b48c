//! A fit is the maximum of its likelihood, or its supremum where a coefficient is infinite.

use proptest::prelude::*;
use riskset::regression::cox::{CoefficientStatus, CoxFit, LikelihoodAt};
use riskset::{CountingProcess, CoxPh, Ties};

use super::frequency::finite;
use crate::sample::{Sample, assert_slice_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

fn data(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.case()).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

fn fit(sample: &Sample, ties: Ties) -> CoxFit {
    CoxPh::new().ties(ties).fit(&data(sample), &sample.design_with_offset()).unwrap()
}

fn at(sample: &Sample, ties: Ties, beta: &[f64]) -> LikelihoodAt {
    let model = CoxPh::new().ties(ties);
    model.likelihood_at(&data(sample), &sample.design_with_offset(), beta).unwrap()
}

/// Few rows, so that separated and aliased columns are common.
#[test]
fn no_point_is_higher() {
    let points = prop::collection::vec(prop::array::uniform2(-30.0..30.0), 12);
    check(300, (tied(2..=10), points), |(sample, points)| {
        for ties in TIES {
            let fit = fit(&sample, ties);
            let highest = fit.log_likelihood() + 1e-9 * fit.log_likelihood().abs().max(1.0);
            for scale in [1.0, 0.1] {
                for point in &points {
                    let beta = point.map(|b| scale * b);
                    let other = at(&sample, ties, &beta).log_likelihood();
                    assert!(other <= highest, "{other} at {beta:?} is above {fit:#}");
                }
            }
        }
    });
}

#[test]
fn the_score_is_zero_at_a_finite_estimate() {
    check(150, tied(3..=20), |sample| {
        for ties in TIES {
            let fit = fit(&sample, ties);
            let Some(beta) = finite(&fit) else { continue };
            let here = at(&sample, ties, &beta);
            let largest = here.information().diag().iter().fold(0.0, |m: f64, i| m.max(*i));
            assert!(
                here.score().iter().all(|u| u.abs() <= 1e-7 * largest.sqrt().max(1.0)),
                "{fit}"
            );
        }
    });
}

/// Along an infinite coefficient the likelihood keeps rising, in the direction the status names.
#[test]
fn a_sign_of_infinity_is_the_way_up() {
    check(300, tied(3..=10), |mut sample| {
        // One column alone.
        sample.rows.iter_mut().for_each(|row| row.x[1] = 0.0);
        for ties in TIES {
            let fit = fit(&sample, ties);
            let sign = match fit.coefficients()[0].status {
                CoefficientStatus::PlusInfinity => 1.0,
                CoefficientStatus::MinusInfinity => -1.0,
                _ => continue,
            };
            let rising = |b: f64| at(&sample, ties, &[sign * b, 0.0]).log_likelihood();
            assert!(rising(0.0) < rising(1.0) && rising(1.0) < rising(2.0), "{fit}");
            assert!(sign * at(&sample, ties, &[0.0, 0.0]).score()[0] > 0.0);
        }
    });
}

/// A start far off leads to the same maximum. Of several ways to infinity it may take another one.
#[test]
fn the_start_is_irrelevant() {
    check(100, (tied(6..=20), prop::array::uniform2(-5.0..5.0)), |(sample, start)| {
        for ties in TIES {
            let a = fit(&sample, ties);
            let model = CoxPh::new().ties(ties).start(&start);
            let b = model.fit(&data(&sample), &sample.design_with_offset()).unwrap();
            match (finite(&a), finite(&b)) {
                (Some(a), Some(b)) => assert_slice_close(&a, &b, 1e-7),
                (beta_a, beta_b) => assert_eq!(beta_a, beta_b, "from {start:?}: {a}{b}"),
            }
            let gap = (a.log_likelihood() - b.log_likelihood()).abs();
            assert!(gap <= 1e-9 * a.log_likelihood().abs().max(1.0), "from {start:?}: {a}{b}");
        }
    });
}
