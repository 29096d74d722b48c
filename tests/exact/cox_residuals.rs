//! Residuals of a data set of six rows, written by hand as functions of r = exp(β).
//!
//! The data and the fractions are those of appendix E of Therneau & Grambsch 2000, *Modeling Survival
//! Data*.

use riskset::{CoxPh, Design, Ties};

use super::cox_closed_forms::first;
use crate::sample::assert_slice_close;

/// With all coefficients 0 the hazard jumps by 1/6, 2/4 and 1, or under Efron by 1/4 + 1/3 at 6, of which
/// those who have the event bear 1/4 + 1/6.
#[test]
fn martingales_without_covariates_are_fractions() {
    let (data, _) = first();
    let design = Design::empty(6);
    for (ties, dead, stay) in
        [(Ties::Breslow, 1.0 / 2.0, 1.0 / 2.0), (Ties::Efron, 5.0 / 12.0, 7.0 / 12.0)]
    {
        let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
        let residuals = fit.residuals(&data, &design).unwrap();
        let sixth = 1.0 / 6.0;
        let expected = [sixth, sixth, sixth + dead, sixth + dead, sixth + stay, sixth + stay + 1.0];
        assert_slice_close(&residuals.cox_snell(), &expected, 1e-15);
        let event = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0];
        let martingale: Vec<f64> = event.iter().zip(expected).map(|(d, e)| d - e).collect();
        assert_slice_close(&residuals.martingale(), &martingale, 1e-15);
    }
}

/// At the estimate: r of 3r + 3 dies at 1, of r + 3 a row with x = 1 and one with 0 at 6, all of 1 at 9.
#[test]
fn at_the_estimate() {
    let (data, design) = first();
    for ties in [Ties::Breslow, Ties::Efron] {
        let fit = CoxPh::new().ties(ties).tolerance(1e-14).fit(&data, &design).unwrap();
        let beta = fit.coefficients()[0].estimate.unwrap();
        let r = beta.exp();
        let first = 1.0 / (3.0 * r + 3.0);
        // Jumps of the two steps at 6, the share of the dead in them, and the means of x.
        let steps = match ties {
            Ties::Efron => {
                [(1.0 / (r + 3.0), 1.0, r / (r + 3.0)), (2.0 / (r + 5.0), 0.5, r / (r + 5.0))]
            }
            _ => [(1.0 / (r + 3.0), 1.0, r / (r + 3.0)); 2],
        };
        let stay: f64 = steps.iter().map(|(jump, _, _)| jump).sum();
        let dead: f64 = steps.iter().map(|(jump, share, _)| jump * share).sum();
        let residuals = fit.residuals(&data, &design).unwrap();
        let martingale = [
            1.0 - r * first,
            -r * first,
            1.0 - r * (first + dead),
            1.0 - first - dead,
            -first - stay,
            1.0 - first - stay - 1.0,
        ];
        assert_slice_close(&residuals.martingale(), &martingale, 1e-13);
        let mean = r / (r + 1.0);
        let mean_of_steps = (steps[0].2 + steps[1].2) / 2.0;
        let schoenfeld = residuals.schoenfeld();
        assert_eq!(
            (schoenfeld.row(), schoenfeld.strata()),
            (&[0, 2, 3, 5][..], &["all".to_owned()][..])
        );
        assert_eq!(schoenfeld.time(), [1.0, 6.0, 6.0, 9.0]);
        let expected = [1.0 - mean, 1.0 - mean_of_steps, -mean_of_steps, 0.0];
        assert_slice_close(&schoenfeld.residuals().column(0).to_vec(), &expected, 1e-13);
        let part = |x: f64, shared: bool| -> f64 {
            let share = |share: f64| if shared { share } else { 1.0 };
            steps.iter().map(|(jump, s, mean)| share(*s) * jump * (x - mean)).sum()
        };
        let score = [
            (1.0 - mean) * (1.0 - r * first),
            -(1.0 - mean) * r * first,
            1.0 - mean_of_steps - r * ((1.0 - mean) * first + part(1.0, true)),
            -mean_of_steps + mean * first - part(0.0, true),
            mean * first - part(0.0, false),
            mean * first - part(0.0, false),
        ];
        assert_slice_close(&residuals.score().column(0).to_vec(), &score, 1e-13);
        let variance = fit.vcov()[[0, 0]];
        let dfbeta = score.map(|score| score * variance);
        assert_slice_close(&residuals.dfbeta().column(0).to_vec(), &dfbeta, 1e-13);
        let displacement = score.map(|score| score * score * variance);
        assert_slice_close(residuals.influence().displacement(), &displacement, 1e-13);
    }
}
