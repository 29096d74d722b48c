//! Gray's test against its definition summed directly, and the laws it obeys.

use proptest::prelude::*;
use riskset::competing::{GrayFit, GrayTest, Untested};
use riskset::{CompetingRisks, Groups, LogRank, RightCensored, Weights};

use crate::sample::{Sample, assert_close, check, tied, untied};

const CAUSES: [(u32, &str); 2] = [(1, "relapse"), (2, "death")];

/// The cause of each row: who has an event dies of the first or the second cause.
fn codes(sample: &Sample) -> Vec<u32> {
    let code = |(event, x): (bool, f64)| if event { 1 + u32::from(x > 0.25) } else { 0 };
    sample.event().into_iter().zip(sample.x(0)).map(code).collect()
}

fn data(sample: &Sample) -> CompetingRisks {
    CompetingRisks::from_codes(&sample.exit(), &codes(sample), &CAUSES).unwrap()
}

fn fit(sample: &Sample, rho: f64, stratified: bool) -> GrayFit {
    let mut data = data(sample);
    if stratified {
        data = data.with_strata(&sample.stratum()).unwrap();
    }
    GrayTest::new().rho(rho).fit(&data, &sample.groups()).unwrap()
}

/// The definition, every sum over rows and times taken anew.
struct Direct<'a> {
    sample: &'a Sample,
    codes: Vec<u32>,
    times: Vec<f64>,
    cause: u32,
    rho: f64,
}

impl<'a> Direct<'a> {
    fn new(sample: &'a Sample, cause: u32, rho: f64) -> Self {
        let codes = codes(sample);
        let mut times: Vec<f64> = sample
            .exit()
            .into_iter()
            .zip(&codes)
            .filter(|(_, c)| **c > 0)
            .map(|(t, _)| t)
            .collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        Self { sample, codes, times, cause, rho }
    }

    fn count(&self, group: u8, of: impl Fn(f64, u32) -> bool) -> f64 {
        let rows = self.sample.rows.iter().zip(&self.codes);
        rows.filter(|(row, code)| row.group == group && of(row.exit, **code)).count() as f64
    }

    fn risk(&self, group: u8, t: f64) -> f64 {
        self.count(group, |exit, _| exit >= t)
    }

    fn events(&self, group: u8, t: f64) -> f64 {
        self.count(group, |exit, code| exit == t && code == self.cause)
    }

    fn others(&self, group: u8, t: f64) -> f64 {
        self.count(group, |exit, code| exit == t && code != 0 && code != self.cause)
    }

    /// S of a group over the times that pass.
    fn survival(&self, group: u8, pass: impl Fn(f64) -> bool) -> f64 {
        let factor = |&t: &f64| match self.risk(group, t) {
            0.0 => 1.0,
            y => 1.0 - (self.events(group, t) + self.others(group, t)) / y,
        };
        self.times.iter().filter(|t| pass(**t)).map(factor).product()
    }

    fn incidence_before(&self, group: u8, t: f64) -> f64 {
        let jump = |&s: &f64| match self.risk(group, s) {
            0.0 => 0.0,
            y => self.survival(group, |u| u < s) * self.events(group, s) / y,
        };
        self.times.iter().filter(|s| **s < t).map(jump).sum()
    }

    fn h(&self, group: u8, t: f64) -> f64 {
        match self.risk(group, t) {
            0.0 => 0.0,
            y => y / self.survival(group, |u| u < t),
        }
    }

    fn pooled_jump(&self, t: f64) -> f64 {
        let d: f64 = GROUPS.iter().map(|&k| self.events(k, t)).sum();
        if d == 0.0 { 0.0 } else { d / GROUPS.iter().map(|&k| self.h(k, t)).sum::<f64>() }
    }

    fn left(&self, pass: impl Fn(f64) -> bool) -> f64 {
        let jumps = self.times.iter().filter(|t| pass(**t)).map(|&t| self.pooled_jump(t));
        1.0 - jumps.sum::<f64>()
    }

    fn weight(&self, t: f64) -> f64 {
        match self.left(|u| u < t) {
            left if left > 1e-12 => left.powf(self.rho),
            _ => 0.0,
        }
    }

    fn score(&self, k: u8) -> f64 {
        let term = |&t: &f64| {
            let r = |j: u8| self.h(j, t) * (1.0 - self.incidence_before(j, t));
            let (d, all): (f64, f64) = (
                GROUPS.iter().map(|&j| self.events(j, t)).sum(),
                GROUPS.iter().map(|&j| r(j)).sum(),
            );
            if d == 0.0 { 0.0 } else { self.weight(t) * (self.events(k, t) - r(k) * d / all) }
        };
        self.times.iter().map(term).sum()
    }

    fn d(&self, k: u8, r: u8, t: f64) -> f64 {
        let all: f64 = GROUPS.iter().map(|&j| self.h(j, t)).sum();
        self.weight(t) * self.h(k, t) * (f64::from(u8::from(k == r)) - self.h(r, t) / all)
    }

    fn c(&self, k: u8, r: u8, t: f64) -> f64 {
        let hazard = |u: f64| match self.left(|v| v < u) {
            left if left > 1e-12 => self.pooled_jump(u) / left,
            _ => 0.0,
        };
        self.times.iter().filter(|u| **u > t).map(|&u| self.d(k, r, u) * hazard(u)).sum()
    }

    fn variance(&self, k: u8, l: u8) -> f64 {
        let mut sum = 0.0;
        for &r in GROUPS.iter() {
            for &t in self.times.iter().filter(|t| self.risk(r, **t) > 0.0) {
                let after = self.survival(r, |u| u <= t);
                let b = |k: u8| match after {
                    0.0 => 0.0,
                    after => self.c(k, r, t) * self.left(|u| u <= t) / after,
                };
                let a = |k: u8| self.d(k, r, t) + self.c(k, r, t) - b(k);
                let h = self.h(r, t);
                let ties = |d: f64, y: f64| if d > 1.0 { 1.0 - (d - 1.0) / (y - 1.0) } else { 1.0 };
                let tied: f64 = GROUPS.iter().map(|&j| self.events(j, t)).sum();
                let pooled =
                    GROUPS.iter().map(|&j| self.h(j, t)).sum::<f64>() * self.survival(r, |u| u < t);
                let other = self.others(r, t);
                sum += a(k) * a(l) * self.pooled_jump(t) / h * ties(tied, pooled);
                sum += b(k) * b(l) * other / h / h * ties(other, self.risk(r, t));
            }
        }
        sum
    }
}

const GROUPS: [u8; 3] = [0, 1, 2];

#[test]
fn equals_its_definition() {
    let samples = (
        prop_oneof![tied(4..=14), untied(4..=14)],
        prop::sample::select(vec![-1.0, 0.0, 0.5, 1.0]),
    );
    check(60, samples, |(sample, rho)| {
        let fit = fit(&sample, rho, false);
        let of = |name: &str| GROUPS.into_iter().find(|group| group.to_string() == name).unwrap();
        for (test, code) in fit.causes().iter().zip([1, 2]) {
            let direct = Direct::new(&sample, code, rho);
            let Some(variance) = &test.variance else {
                assert_eq!(test.test, Err(Untested::PooledIncidence));
                continue;
            };
            for (k, name) in fit.groups().iter().enumerate() {
                assert_close(test.scores[k].score.unwrap(), direct.score(of(name)), 1e-12);
                for (l, other) in fit.groups().iter().enumerate() {
                    assert_close(variance[[k, l]], direct.variance(of(name), of(other)), 1e-11);
                }
            }
        }
    });
}

/// The same test, or none for the same reason.
fn same(a: &GrayFit, b: &GrayFit, bound: f64) {
    for (a, b) in a.causes().iter().zip(b.causes()) {
        match (a.test, b.test) {
            (Ok(a), Ok(b)) => {
                assert_eq!(a.df, b.df);
                assert_close(a.statistic, b.statistic, bound);
            }
            (a, b) => assert_eq!(a.err(), b.err()),
        }
    }
}

#[test]
fn row_order_labels_and_the_scale_of_time_do_not_matter() {
    let samples = tied(6..=30).prop_flat_map(|sample| {
        let order: Vec<usize> = (0..sample.rows.len()).collect();
        (Just(sample), Just(order).prop_shuffle())
    });
    check(60, samples, |(sample, order)| {
        let plain = fit(&sample, 0.5, true);
        same(&plain, &fit(&sample.reordered(&order), 0.5, true), 1e-10);
        let mut slow = sample.clone();
        slow.rows.iter_mut().for_each(|row| row.exit = row.exit.powi(3) + 1.0);
        same(&plain, &fit(&slow, 0.5, true), 1e-13);
        let mut renamed = sample.clone();
        renamed.rows.iter_mut().for_each(|row| row.group = 2 - row.group);
        let renamed = fit(&renamed, 0.5, true);
        let groups_are_kept = plain.groups().len() == renamed.groups().len();
        assert!(groups_are_kept);
        same(&plain, &renamed, 1e-8);
    });
}

#[test]
fn a_frequency_stands_for_as_many_rows() {
    check(40, tied(6..=20), |sample| {
        let weighted = data(&sample).with_weights(sample.frequency()).unwrap();
        let weighted = GrayTest::new().fit(&weighted, &sample.groups()).unwrap();
        same(&weighted, &fit(&sample.repeated(), 0.0, false), 1e-9);
    });
}

/// Without competing events the scores are those of the log-rank test.
#[test]
fn without_competing_events_the_scores_are_those_of_the_log_rank_test() {
    check(60, tied(6..=30), |sample| {
        let codes: Vec<u32> = sample.event().into_iter().map(u32::from).collect();
        let risks = CompetingRisks::from_codes(&sample.exit(), &codes, &CAUSES[..1]).unwrap();
        let gray = GrayTest::new().fit(&risks, &sample.groups()).unwrap();
        let data = RightCensored::new(&sample.exit(), &sample.event()).unwrap();
        let Ok(log_rank) = LogRank::new().fit(&data, &sample.groups()) else { return };
        for (score, count) in gray.causes()[0].scores.iter().zip(log_rank.counts()) {
            if let Some(score) = score.score {
                assert_close(score, count.observed - count.expected, 1e-12);
            }
        }
    });
}

#[test]
fn what_needs_another_variance_is_refused() {
    check(3, tied(6..=8), |sample| {
        for weights in [sample.case(), Weights::sampling(&vec![2.0; sample.rows.len()]).unwrap()] {
            let data = data(&sample).with_weights(weights).unwrap();
            let error = GrayTest::new().fit(&data, &sample.groups()).unwrap_err().to_string();
            assert!(error.starts_with("GrayTest: the variance under case or sampling weights"));
        }
        let data = data(&sample).with_clusters(&sample.group()).unwrap();
        let error = GrayTest::new().fit(&data, &sample.groups()).unwrap_err().to_string();
        assert!(error.starts_with("GrayTest: the variance of rows that depend on each other"));
        let one = Groups::new(&vec!["a"; sample.rows.len()]).unwrap();
        let error = GrayTest::new().fit(&self::data(&sample), &one).unwrap_err().to_string();
        assert_eq!(error, "`groups` has a single level, `a`: at least two are needed");
    });
}
