//! The event times of one stratum, with what each group has left just before and just after.

#![expect(
    clippy::indexing_slicing,
    reason = "a group is one of those of the moment, and its next place one of its times where it has one"
)]

use crate::data::RiskSeries;

/// What happens at one event time, for all groups.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    /// At risk in each group.
    pub(super) at_risk: Vec<f64>,
    /// Events of the cause in each group.
    pub(super) events: Vec<f64>,
    /// Events of other causes in each group.
    pub(super) others: Vec<f64>,
    /// S just before the time, S the probability of no event of any cause.
    pub(super) before: Vec<f64>,
    /// S at the time.
    pub(super) after: Vec<f64>,
    /// 1 − F of the cause just before the time: S and the incidence of the other causes.
    pub(super) free: Vec<f64>,
}

impl Moment {
    fn new(k: usize) -> Self {
        let zero = vec![0.0; k];
        Self {
            at_risk: zero.clone(),
            events: zero.clone(),
            others: zero,
            before: vec![1.0; k],
            after: vec![1.0; k],
            free: vec![1.0; k],
        }
    }

    /// h = Y/S(t−) of a group: at risk, had nobody failed before.
    pub(super) fn unfailed(&self, group: usize) -> f64 {
        match self.at_risk[group] {
            0.0 => 0.0,
            at_risk => at_risk / self.before[group],
        }
    }

    /// The risk set of the subdistribution, R = h (1 − F(t−)).
    pub(super) fn subdistribution(&self, group: usize) -> f64 {
        self.unfailed(group) * self.free[group]
    }
}

/// Calls `visit` at every event time of any cause, in ascending order. `cause` and `any` count the
/// same rows, at the same times: events of the cause, and of any.
pub(super) fn walk(cause: &[RiskSeries], any: &[RiskSeries], mut visit: impl FnMut(&Moment)) {
    let k = any.len();
    let mut next = vec![0; k];
    let mut now = Moment::new(k);
    // F of the other causes in each group.
    let mut lost = vec![0.0; k];
    loop {
        let ahead = |j: usize| any[j].time().get(next[j]).copied();
        let Some(time) = (0..k).filter_map(ahead).reduce(f64::min) else { return };
        for j in 0..k {
            let place = next[j];
            now.at_risk[j] = any[j].n_risk().get(place).copied().unwrap_or(0.0);
            (now.events[j], now.others[j]) = (0.0, 0.0);
            if ahead(j) == Some(time) {
                now.events[j] = cause[j].n_event()[place];
                now.others[j] = any[j].n_event()[place] - now.events[j];
            }
            now.before[j] = now.after[j];
            now.free[j] = now.before[j] + lost[j];
            let failed = now.events[j] + now.others[j];
            if failed > 0.0 {
                lost[j] += now.before[j] * (now.others[j] / now.at_risk[j]);
                now.after[j] = now.before[j] * ((now.at_risk[j] - failed) / now.at_risk[j]);
            }
        }
        for j in 0..k {
            next[j] += usize::from(any[j].time().get(next[j]) == Some(&time));
        }
        if now.events.iter().chain(&now.others).any(|&events| events > 0.0) {
            visit(&now);
        }
    }
}
