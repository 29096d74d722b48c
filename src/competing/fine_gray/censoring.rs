//! The chance of being observed, which the weights of competing events follow.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the codes of its strata; a place is one of the times"
)]

use super::censoring_ties::CensoringTies;
use crate::data::{Cause, CompetingRisks, Groups, RiskSeries, RiskTable, Rows};
use crate::error::{Error, Result, Warning};
use crate::numerics::to_u32::to_u32;
use crate::regression::cox::{TailWeight, Tails};
use crate::room::room_for;

/// A time at which some leave those who are observed, or join them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) time: f64,
    /// The share of those who could that do: dΛ.
    pub(super) hazard: f64,
    /// Their number, weighted.
    pub(super) n_risk: f64,
    /// 1 − dΛ.
    pub(super) stay: f64,
}

impl Step {
    fn new(time: f64, n: f64, n_risk: f64, others: bool) -> Self {
        let stay = if others { ((n_risk - n) / n_risk).max(0.0) } else { 0.0 };
        Self { time, hazard: n / n_risk, n_risk, stay }
    }
}

/// Censorings and entries in one stratum of the censoring distribution, by ascending time.
///
/// G(t−) is the product of 1 − dΛ over the censorings before t. With delayed entry the chance to have
/// entered before t is the product of 1 − dΛ over the entries at t or later, which time runs backwards to
/// (Geskus 2011): from one time to a later one it grows by the factor 1/(1 − dΛ) at each entry between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observation {
    pub(super) name: String,
    pub(super) censorings: Vec<Step>,
    pub(super) entries: Vec<Step>,
}

impl Observation {
    fn new(name: &str, series: &RiskSeries, ties: CensoringTies) -> Self {
        let rows = series.rows();
        let n_left = |k: usize| rows.n_event()[k] + rows.n_censor()[k];
        let stays = |k: usize| rows.n_risk()[k] > n_left(k);
        let reversed = series.reversed();
        let censoring = |k: usize| {
            let (time, n) = (series.time()[k], series.n_censor()[k]);
            match ties {
                CensoringTies::EventsFirst => Step::new(time, n, reversed.n_risk()[k], stays(k)),
                CensoringTies::Cmprsk => {
                    let others = stays(k) || rows.n_event()[k] > 0.0;
                    Step::new(time, n, series.n_risk()[k], others)
                }
            }
        };
        let entry = |k: usize| {
            let left = series.n_event()[k] + series.n_censor()[k];
            let stay = if stays(k) { series.n_risk()[k] - left } else { 0.0 };
            let n = series.n_enter()[k];
            Step::new(series.time()[k], n, stay + n, stays(k))
        };
        let all = || 0..series.time().len();
        Self {
            name: name.to_owned(),
            censorings: all().filter(|&k| series.n_censor()[k] > 0.0).map(censoring).collect(),
            entries: all().filter(|&k| series.n_enter()[k] > 0.0).map(entry).collect(),
        }
    }

    /// The chance of being observed over the times from..to, up to a factor.
    fn weight(&self, from: f64, to: f64) -> Result<TailWeight> {
        let within = |step: &&Step| step.time >= from && step.time < to;
        let entries = self.entries.iter().filter(within);
        if let Some(step) = entries.clone().find(|step| step.stay == 0.0) {
            return Err(self.undefined(step.time));
        }
        let entries = entries.map(|step| (step.time, 1.0 / step.stay));
        let censorings = self.censorings.iter().filter(within).map(|s| (s.time, s.stay));
        let mut factors: Vec<(f64, f64)> = censorings.chain(entries).collect();
        factors.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(TailWeight::new(factors.into_iter()))
    }

    fn undefined(&self, time: f64) -> Error {
        Error::UndefinedWeight { group: self.name.clone(), time }
    }
}

/// The chance of being observed by stratum of the censoring distribution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Censoring {
    pub(super) ties: CensoringTies,
    pub(super) observed: Vec<Observation>,
    /// The stratum of each row; empty where there is one.
    codes: Vec<u32>,
}

/// The name of the one stratum that takes in everybody.
const ALL: &str = "all";

impl Censoring {
    pub(super) fn new<D>(data: &CompetingRisks<D>, ties: CensoringTies) -> Self {
        let groups = data.censoring_strata();
        let table = RiskTable::of(data.rows(), false, groups);
        let names = groups.map_or(vec![ALL.to_owned()], |groups| groups.names().to_vec());
        let observed = (names.iter().zip(table.into_groups()))
            .map(|(name, series)| Observation::new(name, &series, ties))
            .collect();
        Self { ties, observed, codes: groups.map_or(Vec::new(), |g: &Groups| g.codes().to_vec()) }
    }

    /// The stratum of a row.
    pub(super) fn code(&self, row: usize) -> usize {
        self.codes.get(row).map_or(0, |&code| code as usize)
    }

    /// The rows with a competing event before the last event of `cause` in their stratum, and what they
    /// weigh after it; what the reader should know.
    ///
    /// # Errors
    /// [`Error::UndefinedWeight`].
    pub(super) fn tails<D>(
        &self,
        data: &CompetingRisks<D>,
        rows: &Rows,
        cause: Cause,
    ) -> Result<(Tails, Vec<Warning>)> {
        let last = last_events(rows);
        let exit = &rows.times.exit;
        let competes = |row: usize| {
            let status = data.status()[row];
            status.is_some_and(|status| status != cause) && exit[row] < last[stratum(rows, row)]
        };
        let competing: Vec<usize> = (0..rows.len()).filter(|&row| competes(row)).collect();
        let mut spans = vec![(f64::INFINITY, f64::NEG_INFINITY); self.observed.len()];
        for &row in &competing {
            let (from, to) = &mut spans[self.code(row)];
            *from = from.min(exit[row]);
            *to = to.max(last[stratum(rows, row)]);
        }
        let weights: Vec<TailWeight> = (self.observed.iter().zip(&spans))
            .map(|(observed, &(from, to))| observed.weight(from, to))
            .collect::<Result<_>>()?;
        let mut follows = vec![None; rows.len()];
        for &row in &competing {
            let code = self.code(row);
            if weights[code].before(exit[row]).is_zero() {
                return Err(self.observed[code].undefined(exit[row]));
            }
            follows[row] = Some(to_u32(code));
        }
        let cells = cells(rows, &follows);
        room_for::<[f64; 4]>("weights of strata of the censoring × event times", &[cells])?;
        let ends = (self.observed.iter().zip(&spans)).filter_map(|(observed, &(from, to))| {
            let within = |step: &&Step| step.time >= from && step.time < to && step.stay == 0.0;
            let end = observed.censorings.iter().find(within)?;
            let group = observed.name.clone();
            Some(Warning::CensoringReachesZero { group, time: end.time })
        });
        let warnings = ends.collect();
        Ok((Tails { follows, weights }, warnings))
    }
}

fn stratum(rows: &Rows, row: usize) -> usize {
    rows.strata.as_ref().map_or(0, |strata| strata.codes()[row] as usize)
}

/// The last event of each stratum.
fn last_events(rows: &Rows) -> Vec<f64> {
    let n_strata = rows.strata.as_ref().map_or(1, |strata| strata.names().len());
    let mut last = vec![f64::NEG_INFINITY; n_strata];
    for row in (0..rows.len()).filter(|&row| rows.event[row]) {
        let last = &mut last[stratum(rows, row)];
        *last = last.max(rows.times.exit[row]);
    }
    last
}

/// How many weights a fit keeps: in each stratum of the data those strata of the censoring that its competing
/// events come from, at each of its event times.
fn cells(rows: &Rows, follows: &[Option<u32>]) -> usize {
    let competing = follows.iter().enumerate();
    let mut used: Vec<(usize, u32)> =
        competing.filter_map(|(row, code)| Some((stratum(rows, row), (*code)?))).collect();
    used.sort_unstable();
    used.dedup();
    let n_strata = rows.strata.as_ref().map_or(1, |strata| strata.names().len());
    let (mut last, mut n_times) = (vec![f64::NAN; n_strata], vec![0_usize; n_strata]);
    let by_exit = rows.times.by_exit.rows.iter().map(|&row| row as usize);
    for row in by_exit.filter(|&row| rows.event[row]) {
        let (stratum, exit) = (stratum(rows, row), rows.times.exit[row]);
        n_times[stratum] += usize::from(exit != last[stratum]);
        last[stratum] = exit;
    }
    used.iter().fold(0, |sum, &(stratum, _)| sum.saturating_add(n_times[stratum]))
}
