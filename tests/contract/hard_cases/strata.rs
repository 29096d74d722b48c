//! A thousand strata, and a risk set that empties on the way.

use riskset::nonparametric::LogRankFit;
use riskset::{CountingProcess, CoxPh, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored};
use riskset::{Ties, Warning};

use super::{design, estimate, std_error};
use crate::sample::assert_close;

/// Pairs of an exposed and another: exp β is the ratio of the pairs in which either was first.
#[test]
fn a_thousand_pairs_have_a_closed_form() {
    let exposed: Vec<f64> = (0..2000).map(|row| f64::from(row % 2 == 0)).collect();
    let event: Vec<bool> = (0..2000).map(|row| (row % 2 == 0) == (row / 2 < 700)).collect();
    let time: Vec<f64> = event.iter().map(|&first| if first { 1.0 } else { 2.0 }).collect();
    let pair: Vec<usize> = (0..2000).map(|row| row / 2).collect();
    let data = RightCensored::new(&time, &event).unwrap().with_strata(&pair).unwrap();
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let fit = CoxPh::new().ties(ties).fit(&data, &design(&exposed)).unwrap();
        assert_close(estimate(&fit), (7.0_f64 / 3.0).ln(), 1e-13);
        assert_close(std_error(&fit), (1.0 / 700.0 + 1.0 / 300.0_f64).sqrt(), 1e-13);
        assert_close(fit.log_likelihood_null(), -1000.0 * 2_f64.ln(), 1e-14);
        let (p, q): (f64, f64) = (0.7, 0.3);
        assert_close(fit.log_likelihood(), 700.0 * p.ln() + 300.0 * q.ln(), 1e-14);
    }
    // McNemar's test: (700 − 300)² / 1000.
    let groups = Groups::new(&exposed.iter().map(|&x| x > 0.0).collect::<Vec<_>>()).unwrap();
    let test = LogRank::new().fit(&data, &groups).unwrap();
    assert_close(test.test().statistic, 160.0, 1e-13);
}

const ENTRY: [f64; 7] = [0., 0., 0., 5., 5., 5., 5.];
const EXIT: [f64; 7] = [1., 2., 2., 6., 7., 8., 9.];
const DEAD: [bool; 7] = [true, true, true, true, true, false, true];

/// All who began have died before others enter: two studies, one after the other.
#[test]
fn an_emptied_risk_set_splits_the_rows_into_two_strata() {
    let late = CountingProcess::new(&ENTRY, &EXIT, &DEAD).unwrap();
    let studies = RightCensored::new(&EXIT, &DEAD).unwrap();
    let studies = studies.with_strata(&ENTRY.map(|entry| entry > 0.0)).unwrap();
    let x = design(&[1., 3., 0., 2., 5., 1., 4.]);
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let fit = CoxPh::new().ties(ties).fit(&late, &x).unwrap();
        let of_strata = CoxPh::new().ties(ties).fit(&studies, &x).unwrap();
        assert_close(estimate(&fit), estimate(&of_strata), 1e-14);
        assert_close(std_error(&fit), std_error(&of_strata), 1e-14);
        assert_close(fit.log_likelihood(), of_strata.log_likelihood(), 1e-14);
    }
    let groups = Groups::new(&[1, 2, 1, 2, 1, 2, 1]).unwrap();
    let statistic = |fit: LogRankFit| fit.test().statistic;
    let test = statistic(LogRank::new().fit(&late, &groups).unwrap());
    let of_strata = statistic(LogRank::new().fit(&studies, &groups).unwrap());
    assert_close(test, of_strata, 1e-14);
    // S is 0 from 2 on, whoever comes later, and says so; the hazard goes on.
    let curve = KaplanMeier::new().fit(&late).unwrap();
    assert_eq!(curve.survival(), [2.0 / 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert!(curve.warnings().contains(&Warning::RiskSetEmptied { time: 2.0 }));
    assert_eq!(curve.curve().std_error().iter().flatten().count(), 1);
    let hazard = NelsonAalen::new().fit(&late).unwrap();
    let right = [4.0, 16.0, 19.0, 23.0, 23.0, 35.0].map(|twelfths| twelfths / 12.0);
    crate::sample::assert_slice_close(hazard.cumulative_hazard(), &right, 1e-15);
}
