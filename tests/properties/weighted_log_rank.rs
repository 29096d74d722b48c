//! The log-rank test of weighted rows where it must be another test.

use riskset::data::Variance;
use riskset::inference::WeightedLogRank;
use riskset::statistic::TestResult;
use riskset::{CoxPh, Design, LogRank, Weights};

use crate::sample::{assert_close, assert_matrix_close, check, tied, untied};

#[test]
fn with_unit_weights_it_is_the_log_rank_test() {
    check(60, tied(6..=30), |sample| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let Ok(log_rank) = LogRank::new().fit(&data, &sample.groups()) else { return };
        let ones = Weights::case(&vec![1.0; sample.rows.len()]).unwrap();
        for data in [data.clone(), data.with_weights(ones).unwrap()] {
            let fit = WeightedLogRank::new().fit(&data, &sample.groups()).unwrap();
            assert_eq!(fit.xie_liu().df, log_rank.test().df);
            assert_close(fit.xie_liu().statistic, log_rank.test().statistic, 1e-12);
            assert_matrix_close(fit.variance(), log_rank.variance(), 1e-13);
            for (ours, theirs) in fit.counts().iter().zip(log_rank.counts()) {
                assert_eq!((ours.n, ours.observed), (theirs.n, theirs.observed));
                assert_close(ours.expected, theirs.expected, 1e-13);
            }
        }
    });
}

#[test]
fn without_ties_it_is_the_robust_score_test() {
    check(40, untied(6..=30), |sample| {
        let data = sample.counting_process().with_clusters(&sample.stratum()).unwrap();
        let weights = Weights::sampling(sample.case().values()).unwrap();
        for data in [data.clone(), data.with_weights(weights).unwrap()] {
            let Ok(fit) = WeightedLogRank::new().fit(&data, &sample.groups()) else { return };
            let design = Design::builder().factor("group", &sample.group(), "0").build().unwrap();
            let cox = CoxPh::new().variance(Variance::Robust).fit(&data, &design).unwrap();
            same_score(fit.robust_score(), cox.robust_score());
        }
    });
}

/// Neither test knows the unit of the weights.
#[test]
fn the_unit_of_the_weights_does_not_matter() {
    check(40, tied(6..=30), |sample| {
        let weighted = |unit: f64| {
            let weights: Vec<f64> = sample.case().values().iter().map(|w| unit * w).collect();
            let data = sample.counting_process();
            let data = data.with_weights(Weights::sampling(&weights).unwrap()).unwrap();
            WeightedLogRank::new().fit(&data, &sample.groups())
        };
        let Ok(one) = weighted(1.0) else { return };
        let other = weighted(8.0).unwrap();
        same_score(other.robust_score(), one.robust_score());
        assert_close(other.xie_liu().statistic, one.xie_liu().statistic, 1e-11);
    });
}

#[test]
fn frequencies_are_repeated_rows() {
    check(40, tied(6..=20), |sample| {
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let Ok(short) = WeightedLogRank::new().fit(&data, &sample.groups()) else { return };
        let repeated = sample.repeated();
        let long = WeightedLogRank::new();
        let long = long.fit(&repeated.counting_process(), &repeated.groups()).unwrap();
        assert_close(short.xie_liu().statistic, long.xie_liu().statistic, 1e-11);
        same_score(short.robust_score(), long.robust_score());
    });
}

/// Both singular, or the same test.
fn same_score(a: Option<&TestResult>, b: Option<&TestResult>) {
    assert_eq!(a.map(|test| test.df), b.map(|test| test.df));
    if let Some((a, b)) = a.zip(b) {
        assert_close(a.statistic, b.statistic, 1e-9);
    }
}
