//! A frequency k is the row k times; a common factor of case weights leaves the coefficients.

use riskset::data::Variance;
use riskset::nonparametric::TieCorrection;
use riskset::regression::cox::CoxFit;
use riskset::{CountingProcess, CoxPh, KaplanMeier, LogRank, NelsonAalen, Ties, Weights};

use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

/// The coefficients, where all are finite.
pub fn finite(fit: &CoxFit) -> Option<Vec<f64>> {
    fit.coefficients().iter().map(|coefficient| coefficient.estimate).collect()
}

fn weighted(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

fn repeated(sample: &Sample) -> CountingProcess {
    sample.counting_process().with_strata(&sample.stratum()).unwrap()
}

#[test]
fn of_curves_and_log_rank() {
    check(60, tied(4..=20), |sample| {
        let all = sample.repeated();
        let (a, b) = (weighted(&sample), repeated(&all));
        let (groups_a, groups_b) = (sample.groups(), all.groups());
        let km = |data, groups| KaplanMeier::new().fit_by(data, groups).unwrap();
        for ((_, a), (_, b)) in km(&a, &groups_a).iter().zip(km(&b, &groups_b).iter()) {
            assert_eq!(a.curve(), b.curve());
            assert_eq!(a.n_events(), b.n_events());
        }
        for ties in [TieCorrection::None, TieCorrection::FlemingHarrington] {
            let na = |data| NelsonAalen::new().ties(ties).fit(data).unwrap();
            let (a, b) = (na(&a), na(&b));
            assert_eq!(a.cumulative_hazard(), b.cumulative_hazard());
            assert_eq!(a.std_error(), b.std_error());
        }
        assert_eq!(LogRank::new().fit(&a, &groups_a), LogRank::new().fit(&b, &groups_b));
    });
}

/// A cluster that has a row k times is one whose row counts k times.
#[test]
fn of_robust_curves() {
    check(60, tied(4..=20), |sample| {
        let all = sample.repeated();
        let (a, b) = (weighted(&sample), repeated(&all));
        let clustered = (
            a.clone().with_clusters(&sample.stratum()).unwrap(),
            b.clone().with_clusters(&all.stratum()).unwrap(),
        );
        for (a, b) in [(a, b), clustered] {
            let variances = |data: &CountingProcess| -> Vec<f64> {
                let fit = KaplanMeier::new().variance(Variance::Robust).fit(data).unwrap();
                fit.curve().std_error_ln().iter().flatten().map(|error| error * error).collect()
            };
            assert_slice_close(&variances(&a), &variances(&b), 1e-12);
        }
    });
}

#[test]
fn of_the_partial_likelihood() {
    check(60, tied(4..=20), |sample| {
        let all = sample.repeated();
        for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
            let model = CoxPh::new().ties(ties);
            let at = |data: &CountingProcess, s: &Sample| {
                model.likelihood_at(data, &s.design_with_offset(), &[0.6, -0.9]).unwrap()
            };
            let (a, b) = (at(&weighted(&sample), &sample), at(&repeated(&all), &all));
            assert_close(a.log_likelihood(), b.log_likelihood(), 1e-13);
            assert_slice_close(a.score(), b.score(), 1e-12);
            assert_matrix_close(a.information(), b.information(), 1e-12);
        }
    });
}

#[test]
fn of_fits_with_both_variances() {
    check(40, tied(15..=25), |sample| {
        let all = sample.repeated();
        for (ties, variance) in
            TIES.iter().flat_map(|&t| [(t, Variance::ModelBased), (t, Variance::Robust)])
        {
            let model = CoxPh::new().ties(ties).variance(variance);
            let a = model.fit(&weighted(&sample), &sample.design()).unwrap();
            let b = model.fit(&repeated(&all), &all.design()).unwrap();
            let (Some(beta_a), Some(beta_b)) = (finite(&a), finite(&b)) else { return };
            assert_slice_close(&beta_a, &beta_b, 1e-9);
            assert_matrix_close(a.vcov(), b.vcov(), 1e-9);
            assert_eq!((a.n(), a.n_events()), (b.n(), b.n_events()));
            assert_eq!(a.robust_score().is_some(), variance == Variance::Robust);
            if let Some((a, b)) = a.robust_score().zip(b.robust_score()) {
                assert_close(a.statistic, b.statistic, 1e-9);
            }
        }
    });
}

#[test]
fn of_case_weights_times_a_constant() {
    check(40, tied(15..=25), |sample| {
        let case = sample.case();
        let fit = |ties, variance, factor: f64| {
            let weights: Vec<f64> = case.values().iter().map(|w| factor * w).collect();
            let weights = Weights::case(&weights).unwrap();
            let data = sample.counting_process().with_weights(weights).unwrap();
            CoxPh::new().ties(ties).variance(variance).fit(&data, &sample.design()).unwrap()
        };
        for (ties, factor) in TIES.iter().flat_map(|&t| [(t, 1000.0), (t, 1e-3)]) {
            let (a, b) =
                (fit(ties, Variance::ModelBased, factor), fit(ties, Variance::ModelBased, 1.0));
            let (Some(beta_a), Some(beta_b)) = (finite(&a), finite(&b)) else { return };
            assert_slice_close(&beta_a, &beta_b, 1e-9);
            assert_matrix_close((&a.vcov() * factor).view(), b.vcov(), 1e-9);
            let (a, b) = (fit(ties, Variance::Robust, factor), fit(ties, Variance::Robust, 1.0));
            assert_matrix_close(a.vcov(), b.vcov(), 1e-8);
        }
    });
}
