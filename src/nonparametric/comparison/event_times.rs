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
    /// Y_j/Y for each group.
    pub(super) share: Vec<f64>,
    /// Pooled Kaplan–Meier just before the time.
    pub(super) survival_before: f64,
    /// Π (1 − d/(y + 1)) up to and including the time, Peto and Peto's survival.
    pub(super) survival_peto: f64,
}

impl EventTime {
    fn new(k: usize) -> Self {
        Self {
            events: vec![0.0; k],
            at_risk: vec![0.0; k],
            d: 0.0,
            y: 0.0,
            share: vec![0.0; k],
            survival_before: 1.0,
            survival_peto: 1.0,
        }
    }

    /// E_j = d y_j / y.
    pub(super) fn expected(&self, group: usize) -> f64 {
        self.d * self.share[group]
    }

    /// What the hypergeometric covariances have in common: d (y − d)/(y − 1), 0 where y = 1.
    pub(super) fn spread(&self) -> f64 {
        if self.y <= 1.0 { 0.0 } else { self.d * ((self.y - self.d) / (self.y - 1.0)) }
    }

    /// The covariance of the events in groups j and l, given the margins, over the spread.
    pub(super) fn covariance(&self, j: usize, l: usize) -> f64 {
        let kept = if j == l { (self.y - self.at_risk[j]) / self.y } else { -self.share[l] };
        self.share[j] * kept
    }
}

/// Calls `visit` for every time with an event, in ascending order.
pub(super) fn walk(groups: &[RiskSeries], mut visit: impl FnMut(&EventTime)) {
    let k = groups.len();
    let time_of = |j: usize, place: usize| groups[j].time().get(place).copied();
    let mut next = vec![0; k];
    // The next time of each group; infinite once it has none.
    let mut ahead: Vec<f64> = (0..k).map(|j| time_of(j, 0).unwrap_or(f64::INFINITY)).collect();
    let mut now = EventTime::new(k);
    loop {
        let time = ahead.iter().copied().fold(f64::INFINITY, f64::min);
        if time == f64::INFINITY {
            return;
        }
        (now.d, now.y) = (0.0, 0.0);
        for (j, series) in groups.iter().enumerate() {
            let place = next[j];
            now.at_risk[j] = series.n_risk().get(place).copied().unwrap_or(0.0);
            now.events[j] = 0.0;
            if ahead[j] == time {
                now.events[j] = series.n_event()[place];
                next[j] += 1;
                ahead[j] = time_of(j, place + 1).unwrap_or(f64::INFINITY);
            }
            now.d += now.events[j];
            now.y += now.at_risk[j];
        }
        if now.d > 0.0 {
            now.share.iter_mut().zip(&now.at_risk).for_each(|(share, risk)| *share = risk / now.y);
            now.survival_peto *= 1.0 - now.d / (now.y + 1.0);
            visit(&now);
            now.survival_before *= (now.y - now.d) / now.y;
        }
    }
}
