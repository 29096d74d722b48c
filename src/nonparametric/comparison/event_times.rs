//! Walks the event times of one stratum over all its groups.

use crate::data::RiskSeries;

/// One event time: what happens in each group and in all of them.
#[derive(Debug, Clone)]
pub(super) struct EventTime {
    /// Events in each group.
    pub(super) events: Vec<f64>,
    /// At risk in each group.
    pub(super) at_risk: Vec<f64>,
    /// Events in all groups.
    pub(super) d: f64,
    /// At risk in all groups.
    pub(super) y: f64,
    /// Pooled Kaplan–Meier just before the time.
    pub(super) survival_before: f64,
    /// Π (1 − d/(y + 1)) up to and including the time, Peto and Peto's survival.
    pub(super) survival_peto: f64,
}

impl EventTime {
    /// E_j = d y_j / y.
    pub(super) fn expected(&self, group: usize) -> f64 {
        self.d * (self.at_risk[group] / self.y)
    }

    /// The hypergeometric covariance of the events in groups j and l, given the margins.
    pub(super) fn covariance(&self, j: usize, l: usize) -> f64 {
        if self.y <= 1.0 {
            return 0.0;
        }
        let (y, at_risk) = (self.y, &self.at_risk);
        let kept = if j == l { (y - at_risk[j]) / y } else { -at_risk[l] / y };
        self.d * ((y - self.d) / (y - 1.0)) * (at_risk[j] / y) * kept
    }
}

/// Calls `visit` for every time with an event, in ascending order.
pub(super) fn walk(groups: &[RiskSeries], mut visit: impl FnMut(&EventTime)) {
    let k = groups.len();
    let mut next = vec![0; k];
    let mut now = EventTime {
        events: vec![0.0; k],
        at_risk: vec![0.0; k],
        d: 0.0,
        y: 0.0,
        survival_before: 1.0,
        survival_peto: 1.0,
    };
    loop {
        let time_of = |j: usize| groups[j].time().get(next[j]).copied();
        let Some(time) = (0..k).filter_map(time_of).reduce(f64::min) else { return };
        (now.d, now.y) = (0.0, 0.0);
        for j in 0..k {
            let here = time_of(j) == Some(time);
            now.at_risk[j] = groups[j].n_risk().get(next[j]).copied().unwrap_or(0.0);
            now.events[j] = if here { groups[j].n_event()[next[j]] } else { 0.0 };
            now.d += now.events[j];
            now.y += now.at_risk[j];
        }
        for (j, next) in next.iter_mut().enumerate() {
            *next += usize::from(groups[j].time().get(*next) == Some(&time));
        }
        if now.d > 0.0 {
            now.survival_peto *= 1.0 - now.d / (now.y + 1.0);
            visit(&now);
            now.survival_before *= (now.y - now.d) / now.y;
        }
    }
}
