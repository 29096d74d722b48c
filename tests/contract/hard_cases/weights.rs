//! Weights over twelve orders of magnitude, against exact fractions.

use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use riskset::{CoxPh, KaplanMeier, NelsonAalen, Ties, Weights};

use super::oracle::{Untied, exact};
use super::{EVENT, X, design, estimate, ranks, rows};

const WEIGHTS: [[f64; 8]; 3] = [
    [1e-6, 1e6, 1e-3, 1., 1e-6, 1e6, 1e3, 1e-6],
    [1e6, 1e-6, 1., 1e6, 1e-6, 1e-6, 1e-3, 1e6],
    [1e3, 1e-6, 1., 1e1, 1e-1, 1e6, 1e-6, 1e-6],
];

/// S and Λ at each time, to the nearest number.
fn curves(weight: &[f64; 8]) -> (Vec<f64>, Vec<f64>) {
    let (mut survival, mut hazard) = (BigRational::one(), BigRational::zero());
    let number = |value: &BigRational| value.to_f64().unwrap();
    (0..8)
        .map(|row| {
            let at_risk: BigRational = weight[row..].iter().map(|&w| exact(w)).sum();
            if EVENT[row] {
                let died = exact(weight[row]) / at_risk;
                survival *= BigRational::one() - &died;
                hazard += died;
            }
            (number(&survival), number(&hazard))
        })
        .unzip()
}

#[test]
fn curves_keep_every_digit() {
    for weight in WEIGHTS {
        let data = rows(&ranks()).with_weights(Weights::case(&weight).unwrap()).unwrap();
        let (survival, hazard) = curves(&weight);
        let relative = |found: &[f64], right: &[f64]| {
            for (found, right) in found.iter().zip(right) {
                assert!((found - right).abs() <= 1e-15 * right, "{found:e}, not {right:e}");
            }
        };
        relative(KaplanMeier::new().fit(&data).unwrap().survival(), &survival);
        relative(NelsonAalen::new().fit(&data).unwrap().cumulative_hazard(), &hazard);
    }
}

#[test]
fn a_coefficient_is_the_root_of_its_exact_score() {
    for weight in WEIGHTS {
        let data = rows(&ranks()).with_weights(Weights::case(&weight).unwrap()).unwrap();
        for ties in [Ties::Efron, Ties::Breslow] {
            let fit = CoxPh::new().ties(ties).fit(&data, &design(&X)).unwrap();
            let exact = Untied { event: &EVENT, x: &X, weight: &weight };
            exact.assert_maximum_near(estimate(&fit), 1e-13);
        }
    }
}
