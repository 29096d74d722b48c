//! Without tied events the methods for ties agree.

use riskset::nonparametric::TieCorrection;
use riskset::{CoxPh, NelsonAalen, Ties};

use crate::sample::{check, untied};

#[test]
fn efron_is_breslow_is_exact() {
    check(40, untied(4..=25), |sample| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let at = |ties, beta: f64| {
            CoxPh::new().ties(ties).likelihood_at(&data, &sample.design(), &[beta, 1.0]).unwrap()
        };
        for beta in [-2.0, 0.0, 0.5] {
            assert_eq!(at(Ties::Efron, beta), at(Ties::Breslow, beta));
            assert_eq!(at(Ties::Efron, beta), at(Ties::ExactPartial, beta));
        }
    });
}

#[test]
fn fleming_harrington_is_nelson_aalen() {
    check(40, untied(4..=25), |sample| {
        let fit = |ties| NelsonAalen::new().ties(ties).fit(&sample.right_censored()).unwrap();
        let (a, b) = (fit(TieCorrection::None), fit(TieCorrection::FlemingHarrington));
        assert_eq!(a.cumulative_hazard(), b.cumulative_hazard());
        assert_eq!(a.std_error(), b.std_error());
    });
}
