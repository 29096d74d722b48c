//! Without ties the log-rank test is the score test of a Cox model of the groups.

use riskset::{CoxPh, Design, LogRank};

use crate::sample::{Sample, assert_close, check, untied};

fn assert_agrees(sample: &Sample, stratified: bool) {
    let mut data = sample.counting_process();
    if stratified {
        data = data.with_strata(&sample.stratum()).unwrap();
    }
    let Ok(test) = LogRank::new().fit(&data, &sample.groups()) else { return };
    let design = Design::builder().factor("group", &sample.group(), "0").build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let score = fit.score().unwrap();
    assert_eq!(test.test().df, score.df);
    assert_close(test.test().statistic, score.statistic, 1e-11);
    assert_close(test.test().ln_p_value, score.ln_p_value, 1e-10);
}

#[test]
fn of_two_groups() {
    check(60, untied(6..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.group %= 2);
        assert_agrees(&sample, false);
        assert_agrees(&sample, true);
    });
}

#[test]
fn of_three_groups() {
    check(60, untied(6..=30), |sample| {
        assert_agrees(&sample, false);
        assert_agrees(&sample, true);
    });
}
