//! The log-rank test of several groups, with and without strata, in exact fractions.

use num_rational::BigRational;
use num_traits::Zero;
use riskset::nonparametric::{LogRankFit, PairVariance, Pairwise};
use riskset::{Error, LogRank, Result};

use super::oracle::{COLUMNS, Columns, number, quadratic_form, whole};
use crate::sample::{Row, Sample, assert_close, check, tied};

fn fit(sample: &Sample, columns: Columns, stratified: bool) -> Result<LogRankFit> {
    let (test, groups, strata) = (LogRank::new(), sample.groups(), sample.stratum());
    macro_rules! on {
        ($data:expr) => {{
            let mut data = $data;
            if columns.counts {
                data = data.with_weights(sample.frequency())?;
            }
            if stratified {
                data = data.with_strata(&strata)?;
            }
            test.fit(&data, &groups)
        }};
    }
    match columns.entry {
        true => on!(sample.counting_process()),
        false => on!(sample.right_censored()),
    }
}

/// Observed, expected and covariance, as fractions.
struct Comparison {
    observed: Vec<u64>,
    expected: Vec<BigRational>,
    variance: Vec<Vec<BigRational>>,
}

impl Comparison {
    fn of(sample: &Sample, columns: Columns, stratified: bool) -> Self {
        let k = sample.groups().names().len();
        let mut groups = sample.group();
        groups.sort_unstable();
        groups.dedup();
        let mut sum = Self {
            observed: vec![0; k],
            expected: vec![BigRational::zero(); k],
            variance: vec![vec![BigRational::zero(); k]; k],
        };
        for stratum in 0..if stratified { 3 } else { 1 } {
            let rows: Vec<&Row> =
                sample.rows.iter().filter(|row| !stratified || row.stratum == stratum).collect();
            let mut times: Vec<f64> = rows.iter().map(|row| row.exit).collect();
            times.sort_by(f64::total_cmp);
            times.dedup();
            for time in times {
                let of = |group: u8| rows.iter().copied().filter(move |row| row.group == group);
                let at_risk: Vec<u64> =
                    groups.iter().map(|&g| columns.at_risk(of(g), time)).collect();
                let events: Vec<u64> =
                    groups.iter().map(|&g| columns.events(of(g), time)).collect();
                sum.add_time(&at_risk, &events);
            }
        }
        sum
    }

    fn add_time(&mut self, at_risk: &[u64], events: &[u64]) {
        let (y, d): (u64, u64) = (at_risk.iter().sum(), events.iter().sum());
        if d == 0 {
            return;
        }
        for (j, (&y_j, &d_j)) in at_risk.iter().zip(events).enumerate() {
            self.observed[j] += d_j;
            self.expected[j] += whole(d * y_j) / whole(y);
            for (l, &y_l) in at_risk.iter().enumerate().filter(|_| y > 1) {
                let kept = if j == l { whole(y - y_l) } else { -whole(y_l) };
                self.variance[j][l] +=
                    whole(d * (y - d)) / whole(y - 1) * whole(y_j) * kept / whole(y * y);
            }
        }
    }

    fn chi_square(&self) -> (BigRational, usize) {
        let difference: Vec<BigRational> =
            self.observed.iter().zip(&self.expected).map(|(&o, e)| whole(o) - e).collect();
        quadratic_form(self.variance.clone(), difference)
    }
}

fn assert_agrees(sample: &Sample, columns: Columns, stratified: bool) {
    let expected = Comparison::of(sample, columns, stratified);
    let (statistic, df) = expected.chi_square();
    if df == 0 {
        assert_eq!(fit(sample, columns, stratified), Err(Error::NothingToCompare));
        return;
    }
    let found = fit(sample, columns, stratified).unwrap();
    for (j, count) in found.counts().iter().enumerate() {
        assert_eq!(count.observed, expected.observed[j] as f64);
        assert_close(count.expected, number(&expected.expected[j]), 1e-13);
        for (l, variance) in expected.variance[j].iter().enumerate() {
            assert_close(found.variance()[[j, l]], number(variance), 1e-13);
        }
    }
    assert_eq!(found.test().df, Some(df));
    assert_close(found.test().statistic, number(&statistic), 1e-13);
}

#[test]
fn of_three_groups() {
    check(100, tied(4..=30), |sample| {
        COLUMNS.into_iter().for_each(|columns| assert_agrees(&sample, columns, false));
    });
}

#[test]
fn within_strata() {
    check(100, tied(4..=40), |sample| {
        COLUMNS.into_iter().for_each(|columns| assert_agrees(&sample, columns, true));
    });
}

/// The counts of the strata add up to those of the test.
#[test]
fn strata_are_listed_with_their_counts() {
    check(50, tied(6..=40), |sample| {
        let Ok(found) = fit(&sample, COLUMNS[0], true) else { return };
        for (j, count) in found.counts().iter().enumerate() {
            let sum: f64 = found.by_stratum().iter().map(|(_, counts)| counts[j].expected).sum();
            assert_close(sum, count.expected, 1e-14);
            let sum: f64 = found.by_stratum().iter().map(|(_, counts)| counts[j].n).sum();
            assert_eq!(sum, count.n);
        }
    });
}

/// (U_a − U_b)² over its variance among all groups.
#[test]
fn of_pairs_with_the_variance_of_all() {
    check(50, tied(6..=30), |sample| {
        let all = Comparison::of(&sample, COLUMNS[0], false);
        let pairwise = Pairwise::new().variance(PairVariance::Pooled);
        let found = pairwise.fit(&sample.right_censored(), &sample.groups());
        let u = |j: usize| whole(all.observed[j]) - &all.expected[j];
        let mut statistics = Vec::new();
        for a in 0..all.observed.len() {
            for b in a + 1..all.observed.len() {
                let v = |j: usize, l: usize| &all.variance[j][l];
                let variance = v(a, a) + v(b, b) - whole(2) * v(a, b);
                if variance.is_zero() {
                    assert_eq!(found, Err(Error::NothingToCompare));
                    return;
                }
                let difference = u(a) - u(b);
                statistics.push(number(&(&difference * &difference / variance)));
            }
        }
        for (pair, statistic) in found.unwrap().iter().zip(statistics) {
            assert_close(pair.test.statistic, statistic, 1e-13);
        }
    });
}
