//! Strata: one is none, and several add up.

use riskset::regression::cox::LikelihoodAt;
use riskset::{CoxPh, LogRank, Ties};

use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

#[test]
fn one_stratum_is_none() {
    check(40, tied(4..=25), |sample| {
        let one = vec!["only"; sample.rows.len()];
        let plain = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let stratified = plain.clone().with_strata(&one).unwrap();
        let test = |data| LogRank::new().fit(data, &sample.groups()).map(|fit| *fit.test());
        assert_eq!(test(&plain), test(&stratified));
        for ties in TIES {
            let at = |data| {
                CoxPh::new().ties(ties).likelihood_at(data, &sample.design(), &[1.0, -0.5]).unwrap()
            };
            assert_eq!(at(&plain), at(&stratified));
        }
    });
}

#[test]
fn the_likelihood_is_the_sum_over_strata() {
    check(60, tied(4..=30), |sample| {
        for ties in TIES {
            let model = CoxPh::new().ties(ties);
            let at = |s: &Sample| {
                let data = s.counting_process().with_weights(s.case()).unwrap();
                let data = data.with_strata(&s.stratum()).unwrap();
                model.likelihood_at(&data, &s.design_with_offset(), &[1.0, -0.5]).unwrap()
            };
            let parts: Vec<_> = (0..3)
                .map(|stratum| sample.of_stratum(stratum))
                .filter(|part| part.event().contains(&true))
                .map(|part| at(&part))
                .collect();
            let whole = at(&sample);
            let sum: f64 = parts.iter().map(LikelihoodAt::log_likelihood).sum();
            assert_close(whole.log_likelihood(), sum, 1e-13);
            let score = |k: usize| parts.iter().map(|part| part.score()[k]).sum::<f64>();
            assert_slice_close(whole.score(), &[score(0), score(1)], 1e-12);
            let information = parts.iter().map(|part| part.information().to_owned());
            let information = information.reduce(|a, b| a + b).unwrap();
            assert_matrix_close(whole.information(), information.view(), 1e-12);
        }
    });
}

/// Times in different strata are never compared: shifting a stratum changes nothing.
#[test]
fn strata_keep_their_own_clock() {
    check(40, tied(4..=25), |sample| {
        let mut shifted = sample.clone();
        for row in &mut shifted.rows {
            row.entry += 100.0 * f64::from(row.stratum);
            row.exit += 100.0 * f64::from(row.stratum);
        }
        let data = |s: &Sample| s.counting_process().with_strata(&s.stratum()).unwrap();
        let at =
            |s: &Sample| CoxPh::new().likelihood_at(&data(s), &s.design(), &[1.0, -0.5]).unwrap();
        assert_eq!(at(&sample), at(&shifted));
        let test = |s: &Sample| LogRank::new().fit(&data(s), &s.groups());
        assert_eq!(test(&sample), test(&shifted));
    });
}
