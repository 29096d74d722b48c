//! The infinitesimal-jackknife variance of a curve.
//!
//! The influence of a row on ln S(t) or Λ(t) is a sum over the times it is at risk: `stay` at a time
//! it survives, `leave` at its own event. The variance is the sum over clusters of the squared
//! weighted sums of influences,
//! ```text
//! V(t) = Σ_c T_c(t)²,   T_c(t) = F_c + G(t) W_c
//! ```
//! where G is the running sum of `stay`, `W_c` the weight of the cluster still at risk, and `F_c` what
//! its rows have collected otherwise. A row that enters or leaves changes one cluster, so three sums
//! over clusters follow the whole curve in time proportional to rows and times.

use crate::data::{Partition, RiskSeries, Rows, WeightKind};
use crate::numerics::sum::Sum;

/// The influence of one unit of weight at one time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Influence {
    /// On a row that stays at risk or is censored there.
    pub(crate) stay: f64,
    /// On a row that has the event there.
    pub(crate) leave: f64,
}

/// The rows of the groups of a data set, in the order of time.
pub(super) struct Members<'a> {
    rows: &'a Rows,
    exits: Partition,
    entries: Option<Partition>,
}

impl<'a> Members<'a> {
    pub(super) fn new(rows: &'a Rows, n_groups: usize, group: impl Fn(usize) -> usize) -> Self {
        let exits = Partition::new(&rows.times.by_exit.rows, n_groups, &group);
        let by_entry = rows.times.by_entry.as_ref();
        let entries = by_entry.map(|by_entry| Partition::new(&by_entry.rows, n_groups, &group));
        Self { rows, exits, entries }
    }

    /// V at each time of a group's curve, given the influences there.
    pub(super) fn variance(
        &self,
        group: usize,
        series: &RiskSeries,
        influence: &[Influence],
    ) -> Vec<f64> {
        let rows = self.rows;
        let mut sums = ClusterSums::new(rows);
        let mut exits = self.exits.cell(group).iter().map(|&row| row as usize).peekable();
        let entry = rows.times.entry.as_deref().unwrap_or_default();
        let entries = self.entries.as_ref().map_or(&[][..], |entries| entries.cell(group));
        let mut entries = entries.iter().map(|&row| row as usize).peekable();
        if self.entries.is_none() {
            self.exits.cell(group).iter().for_each(|&row| sums.enter(row as usize, 0.0));
        }
        let (mut total, mut variance) = (0.0, Vec::with_capacity(influence.len()));
        for (&time, step) in series.time().iter().zip(influence) {
            while let Some(row) = entries.next_if(|&row| entry[row] < time) {
                sums.enter(row, total);
            }
            let mut censored = Vec::new();
            while let Some(row) = exits.next_if(|&row| rows.times.exit[row] <= time) {
                match rows.event[row] {
                    true => sums.leave(row, total + step.leave),
                    false => censored.push(row),
                }
            }
            total += step.stay;
            variance.push(sums.squares(total));
            censored.into_iter().for_each(|row| sums.leave(row, total));
        }
        variance
    }
}

/// F and W of every cluster, with the sums of F², F W and W² over clusters.
struct ClusterSums<'a> {
    rows: &'a Rows,
    state: Vec<(f64, f64)>,
    ff: Sum,
    fw: Sum,
    ww: Sum,
}

impl<'a> ClusterSums<'a> {
    fn new(rows: &'a Rows) -> Self {
        let n = rows.cluster_codes().map_or(rows.len(), |(n, _)| n);
        let zero = Sum::default();
        Self { rows, state: vec![(0.0, 0.0); n], ff: zero, fw: zero, ww: zero }
    }

    /// A row comes under observation when the running influence is `total`.
    fn enter(&mut self, row: usize, total: f64) {
        let w = self.weight(row);
        self.add(row, -w * total, w);
    }

    /// A row goes, having collected `total` since the running influence was 0.
    fn leave(&mut self, row: usize, total: f64) {
        let w = self.weight(row);
        self.add(row, w * total, -w);
    }

    /// A row that stands for k rows of their own counts as k squares.
    fn weight(&self, row: usize) -> f64 {
        let alone = self.rows.cluster_codes().is_none();
        match self.rows.weight_kind() {
            Some(WeightKind::Frequency) if alone => self.rows.weight(row).sqrt(),
            _ => self.rows.weight(row),
        }
    }

    fn add(&mut self, row: usize, fixed: f64, weight: f64) {
        let cluster = self.rows.cluster_codes().map_or(row, |(_, codes)| codes[row] as usize);
        let (f, w) = self.state[cluster];
        let (new_f, new_w) = (f + fixed, w + weight);
        self.state[cluster] = (new_f, new_w);
        for (sum, new, old) in [
            (&mut self.ff, new_f * new_f, f * f),
            (&mut self.fw, new_f * new_w, f * w),
            (&mut self.ww, new_w * new_w, w * w),
        ] {
            sum.add(new);
            sum.add(-old);
        }
    }

    /// Σ (F + G W)².
    fn squares(&self, total: f64) -> f64 {
        let mut sum = self.ff;
        sum.add(2.0 * total * self.fw.value());
        sum.add(total * total * self.ww.value());
        sum.value().max(0.0)
    }
}
