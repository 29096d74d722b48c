//! The order of the rows is irrelevant.

use proptest::prelude::*;
use riskset::{CoxPh, KaplanMeier, LogRank, NelsonAalen, Ties};

use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

fn shuffled() -> impl Strategy<Value = (Sample, Sample)> {
    tied(4..=25).prop_flat_map(|sample| {
        let order: Vec<usize> = (0..sample.rows.len()).collect();
        Just(order).prop_shuffle().prop_map(move |order| (sample.clone(), sample.reordered(&order)))
    })
}

#[test]
fn of_curves_and_tests() {
    check(60, shuffled(), |(a, b)| {
        let data = |s: &Sample| s.counting_process().with_weights(s.frequency()).unwrap();
        let km = |s: &Sample| KaplanMeier::new().fit_by(&data(s), &s.groups());
        assert_eq!(km(&a), km(&b));
        let na = |s: &Sample| NelsonAalen::new().fit_by(&data(s), &s.groups());
        assert_eq!(na(&a), na(&b));
        let lr = |s: &Sample| {
            LogRank::new().fit(&data(s).with_strata(&s.stratum()).unwrap(), &s.groups())
        };
        assert_eq!(lr(&a), lr(&b));
    });
}

#[test]
fn of_curves_with_case_weights() {
    check(40, shuffled(), |(a, b)| {
        let fit = |s: &Sample| {
            KaplanMeier::new().fit(&s.counting_process().with_weights(s.case()).unwrap()).unwrap()
        };
        assert_slice_close(fit(&a).survival(), fit(&b).survival(), 1e-13);
        assert_slice_close(fit(&a).n_risk(), fit(&b).n_risk(), 1e-13);
    });
}

#[test]
fn of_the_partial_likelihood() {
    check(60, shuffled(), |(a, b)| {
        for ties in [Ties::Efron, Ties::Breslow] {
            let at = |s: &Sample| {
                let data = s.counting_process().with_weights(s.case()).unwrap();
                let data = data.with_strata(&s.stratum()).unwrap();
                let model = CoxPh::new().ties(ties);
                model.likelihood_at(&data, &s.design_with_offset(), &[0.7, -0.4]).unwrap()
            };
            let (a, b) = (at(&a), at(&b));
            assert_close(a.log_likelihood(), b.log_likelihood(), 1e-13);
            assert_slice_close(a.score(), b.score(), 1e-12);
            assert_matrix_close(a.information(), b.information(), 1e-12);
        }
    });
}
