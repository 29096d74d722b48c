//! The log-rank test is the score test of a Cox model of the groups: of any without ties, of the exact
//! one with them.

use riskset::{CoxPh, Design, LogRank, Ties};

use crate::sample::{Sample, assert_close, check, tied, untied};

fn assert_agrees(sample: &Sample, ties: Ties, stratified: bool) {
    let mut data = sample.counting_process();
    if stratified {
        data = data.with_strata(&sample.stratum()).unwrap();
    }
    let Ok(test) = LogRank::new().fit(&data, &sample.groups()) else { return };
    let design = Design::builder().factor("group", &sample.group(), "0").build().unwrap();
    let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    let score = fit.score().unwrap();
    assert_eq!(test.test().df, score.df);
    assert_close(test.test().statistic, score.statistic, 1e-11);
    assert_close(test.test().ln_p_value, score.ln_p_value, 1e-10);
}

#[test]
fn of_two_groups() {
    check(60, untied(6..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.group %= 2);
        assert_agrees(&sample, Ties::Efron, false);
        assert_agrees(&sample, Ties::Efron, true);
    });
}

#[test]
fn of_three_groups() {
    check(60, untied(6..=30), |sample| {
        assert_agrees(&sample, Ties::Efron, false);
        assert_agrees(&sample, Ties::Efron, true);
    });
}

#[test]
fn of_three_groups_with_ties() {
    check(60, tied(6..=30), |sample| {
        assert_agrees(&sample, Ties::ExactPartial, false);
        assert_agrees(&sample, Ties::ExactPartial, true);
    });
}
