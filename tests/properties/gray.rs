//! Gray's test against its definition summed directly, and the laws it obeys.

use proptest::prelude::*;
use riskset::competing::{GrayFit, GrayTest, Untested};
use riskset::{CompetingRisks, CountingProcess, Groups, LogRank, RightCensored, Weights};

use super::bands::uniform;
use super::split_rows::split;
use crate::sample::{Row, Sample, assert_close, check, tied, untied};

const CAUSES: [(u32, &str); 2] = [(1, "relapse"), (2, "death")];

/// The cause of each row: who has an event dies of the first or the second cause.
fn codes(sample: &Sample) -> Vec<u32> {
    let code = |(event, x): (bool, f64)| if event { 1 + u32::from(x > 0.25) } else { 0 };
    sample.event().into_iter().zip(sample.x(0)).map(code).collect()
}

fn data(sample: &Sample) -> CompetingRisks {
    CompetingRisks::from_codes(&sample.exit(), &codes(sample), &CAUSES).unwrap()
}

/// The same rows with their entry times.
fn process(sample: &Sample) -> CompetingRisks<CountingProcess> {
    let (entry, exit) = (sample.entry(), sample.exit());
    CompetingRisks::counting_process(&entry, &exit, &codes(sample), &CAUSES).unwrap()
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
    /// Whether rows are at risk from their entry on.
    delayed: bool,
}

impl<'a> Direct<'a> {
    fn new(sample: &'a Sample, cause: u32, rho: f64, delayed: bool) -> Self {
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
        Self { sample, codes, times, cause, rho, delayed }
    }

    fn count(&self, group: u8, of: impl Fn(f64, u32) -> bool) -> f64 {
        let rows = self.sample.rows.iter().zip(&self.codes);
        rows.filter(|(row, code)| row.group == group && of(row.exit, **code)).count() as f64
    }

    fn risk(&self, group: u8, t: f64) -> f64 {
        let entered = |row: &Row| !self.delayed || row.entry < t;
        let at_risk = |row: &&Row| row.group == group && entered(row) && row.exit >= t;
        self.sample.rows.iter().filter(at_risk).count() as f64
    }

    fn events(&self, group: u8, t: f64) -> f64 {
        self.count(group, |exit, code| exit == t && code == self.cause)
    }

    /// Whether no row has the event, which is said before anything else.
    fn nobody(&self) -> bool {
        !self.codes.contains(&self.cause)
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
        any::<bool>(),
    );
    check(60, samples, |(sample, rho, delayed)| {
        let test = GrayTest::new().rho(rho);
        let fit = match delayed {
            true => test.fit(&process(&sample), &sample.groups()).unwrap(),
            false => test.fit(&data(&sample), &sample.groups()).unwrap(),
        };
        let of = |name: &str| GROUPS.into_iter().find(|group| group.to_string() == name).unwrap();
        for (test, code) in fit.causes().iter().zip([1, 2]) {
            let direct = Direct::new(&sample, code, rho, delayed);
            let Some(variance) = &test.variance else {
                let reason = test.test.unwrap_err();
                let expected = match delayed {
                    true => vec![Untested::RiskSetEmptied, Untested::PooledIncidence],
                    false => vec![Untested::PooledIncidence],
                };
                assert!(direct.nobody() || expected.contains(&reason), "{reason:?}");
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

/// Without competing events the scores are those of the log-rank test, with entry times too.
#[test]
fn without_competing_events_the_scores_are_those_of_the_log_rank_test() {
    check(100, (tied(6..=30), any::<bool>()), |(sample, delayed)| {
        let codes: Vec<u32> = sample.event().into_iter().map(u32::from).collect();
        let (entry, exit, groups) = (sample.entry(), sample.exit(), sample.groups());
        let test = GrayTest::new();
        let (gray, log_rank) = match delayed {
            true => {
                let names = &CAUSES[..1];
                let risks = CompetingRisks::counting_process(&entry, &exit, &codes, names).unwrap();
                (test.fit(&risks, &groups), LogRank::new().fit(&sample.counting_process(), &groups))
            }
            false => {
                let risks = CompetingRisks::from_codes(&exit, &codes, &CAUSES[..1]).unwrap();
                (test.fit(&risks, &groups), LogRank::new().fit(&sample.right_censored(), &groups))
            }
        };
        let Ok(log_rank) = log_rank else { return };
        for (score, count) in gray.unwrap().causes()[0].scores.iter().zip(log_rank.counts()) {
            if let Some(score) = score.score {
                assert_close(score, count.observed - count.expected, 1e-12);
            }
        }
    });
}

/// Whoever enters before the first event is there from the start.
#[test]
fn entry_before_the_first_event_is_no_entry() {
    check(40, tied(6..=30), |mut sample| {
        let plain = fit(&sample, 0.5, false);
        sample.rows.iter_mut().for_each(|row| row.entry = (row.entry / 10.0).min(0.5));
        let test = GrayTest::new().rho(0.5);
        assert_eq!(plain, test.fit(&process(&sample), &sample.groups()).unwrap());
    });
}

#[test]
fn cutting_rows_changes_nothing() {
    check(60, tied(6..=30), |whole| {
        let (pieces, ids) = split(&whole);
        let of = |sample: &Sample, data: CompetingRisks<CountingProcess>| {
            let data = data.with_strata(&sample.stratum()).unwrap();
            GrayTest::new().rho(1.0).fit(&data, &sample.groups()).unwrap()
        };
        let cut = of(&pieces, process(&pieces).with_ids(&ids).unwrap());
        same(&of(&whole, process(&whole)), &cut, 1e-12);
    });
}

/// Where all events of the cause are at one time, and nothing happened before, the tie factor makes the
/// variance hypergeometric: the log-rank test, events of the other cause at that time notwithstanding.
#[test]
fn one_event_time_is_a_log_rank_test() {
    check(60, tied(6..=30), |mut sample| {
        for row in &mut sample.rows {
            (row.event, row.exit) = (row.event && row.exit < 6.0, 5.0 + row.exit / 10.0);
            row.exit = if row.event { 5.0 } else { row.exit };
        }
        let (codes, groups) = (codes(&sample), sample.groups());
        let gray = GrayTest::new().fit(&data(&sample), &groups);
        let Ok(gray) = gray else { return };
        let event: Vec<bool> = codes.iter().map(|&code| code == 1).collect();
        let data = RightCensored::new(&sample.exit(), &event).unwrap();
        let Ok(log_rank) = LogRank::new().fit(&data, &groups) else { return };
        let relapse = &gray.causes()[0];
        assert_close(relapse.test.unwrap().statistic, log_rank.test().statistic, 1e-10);
        for (own, other) in relapse.variance.as_ref().unwrap().iter().zip(log_rank.variance()) {
            assert_close(*own, *other, 1e-12);
        }
    });
}

/// Two groups of which a share 1 − s leaves by the other cause at 1 and d by the cause at 2, nobody being
/// censored. The score is N₁ − n₁ d/n, whose variance over all ways to name the groups is hypergeometric,
/// n₁ n₂ d (n − d)/(n² (n − 1)); both tie factors are needed to meet it.
#[test]
fn tied_events_of_both_causes_have_the_variance_of_a_permutation() {
    for (n, left, d) in [(4000, 2000, 1000), (4000, 1000, 2500), (8000, 400, 5000)] {
        let time: Vec<f64> =
            (0..n).map(|i| if i < left { 1.0 } else { 2.0 + f64::from(i >= left + d) }).collect();
        let code = |i| if i < left { 2 } else { u32::from(i < left + d) };
        let codes: Vec<u32> = (0..n).map(code).collect();
        let groups: Vec<u32> = (0..n).map(|i| u32::from(i % 4 == 0)).collect();
        let data = CompetingRisks::from_codes(&time, &codes, &CAUSES).unwrap();
        let fit = GrayTest::new().fit(&data, &Groups::new(&groups).unwrap()).unwrap();
        let [n, d] = [f64::from(n), f64::from(d)];
        let exact = 0.75 * 0.25 * d * (n - d) / (n - 1.0);
        assert_close(fit.causes()[0].variance.as_ref().unwrap()[[0, 0]], exact, 2.0 / n);
    }
}

/// With many ties and censoring the mean of the variance over random groups is the variance of the score,
/// up to the error of the simulation and the covariance of both causes at one time.
#[test]
fn the_variance_is_that_over_random_groups() {
    const ROUNDS: usize = 4000;
    let mut state = 20_240_611;
    let mut random = || uniform(&mut state);
    let n = 300;
    let time: Vec<f64> = (0..n).map(|_| (random() * 6.0).ceil()).collect();
    let codes: Vec<u32> = (0..n).map(|_| [0, 1, 1, 2, 2][(random() * 5.0) as usize]).collect();
    let data = CompetingRisks::from_codes(&time, &codes, &CAUSES).unwrap();
    let (mut squares, mut variances) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let groups: Vec<u32> = (0..n).map(|_| u32::from(random() < 0.4)).collect();
        let fit = GrayTest::new().fit(&data, &Groups::new(&groups).unwrap()).unwrap();
        let relapse = &fit.causes()[0];
        squares += relapse.scores[0].score.unwrap().powi(2);
        variances += relapse.variance.as_ref().unwrap()[[0, 0]];
    }
    // Four standard errors of a variance of normal scores.
    let bound = 4.0 * (2.0 / ROUNDS as f64).sqrt();
    assert!((squares / variances - 1.0).abs() < bound, "{}", squares / variances);
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
