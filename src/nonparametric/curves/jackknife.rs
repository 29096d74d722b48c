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
//! over clusters follow the whole curve in time proportional to rows and times. Where the influence is
//! a combination of several such sums, with factors that change along the curve, so are F and G.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a place one of the times, and j and l are below N"
)]

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
pub(crate) struct Members<'a> {
    rows: &'a Rows,
    exits: Partition,
    entries: Option<Partition>,
}

impl<'a> Members<'a> {
    pub(crate) fn new(rows: &'a Rows, n_groups: usize, group: impl Fn(usize) -> usize) -> Self {
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
        let stay = |place: usize| [influence[place].stay];
        let leave = |place: usize, _| [influence[place].leave];
        self.squares(group, series.time(), stay, leave, |_| [1.0])
    }

    /// Σ_c (Σ_j a_j T_cj)² at each time: `stay` has the N influences on a row at a place, `leave` those
    /// on a row, named second, that has its event there, and `factors` the a.
    pub(crate) fn squares<const N: usize>(
        &self,
        group: usize,
        times: &[f64],
        stay: impl Fn(usize) -> [f64; N],
        leave: impl Fn(usize, usize) -> [f64; N],
        factors: impl Fn(usize) -> [f64; N],
    ) -> Vec<f64> {
        let rows = self.rows;
        let mut sums = ClusterSums::new(rows);
        let mut exits = self.exits.cell(group).iter().map(|&row| row as usize).peekable();
        let entry = rows.times.entry.as_deref().unwrap_or_default();
        let entries = self.entries.as_ref().map_or(&[][..], |entries| entries.cell(group));
        let mut entries = entries.iter().map(|&row| row as usize).peekable();
        if self.entries.is_none() {
            self.exits.cell(group).iter().for_each(|&row| sums.enter(row as usize, [0.0; N]));
        }
        let (mut total, mut variance) = ([0.0; N], Vec::with_capacity(times.len()));
        for (place, &time) in times.iter().enumerate() {
            while let Some(row) = entries.next_if(|&row| entry[row] < time) {
                sums.enter(row, total);
            }
            let mut censored = Vec::new();
            while let Some(row) = exits.next_if(|&row| rows.times.exit[row] <= time) {
                // A piece of a history can end between two times of the curve.
                let present = rows.times.exit[row] == time;
                match rows.event[row] {
                    true => sums.leave(row, plus(total, leave(place, row))),
                    false if present => censored.push(row),
                    false => sums.leave(row, total),
                }
            }
            total = plus(total, stay(place));
            variance.push(sums.squares(total, factors(place)));
            censored.into_iter().for_each(|row| sums.leave(row, total));
        }
        variance
    }
}

fn plus<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    std::array::from_fn(|j| a[j] + b[j])
}

/// F and W of every cluster, with the sums of the products F F, F W and W² over clusters.
struct ClusterSums<'a, const N: usize> {
    rows: &'a Rows,
    state: Vec<([f64; N], f64)>,
    ff: [[Sum; N]; N],
    fw: [Sum; N],
    ww: Sum,
}

impl<'a, const N: usize> ClusterSums<'a, N> {
    fn new(rows: &'a Rows) -> Self {
        let n = rows.cluster_codes().map_or(rows.len(), |(n, _)| n);
        let zero = Sum::default();
        Self { rows, state: vec![([0.0; N], 0.0); n], ff: [[zero; N]; N], fw: [zero; N], ww: zero }
    }

    /// A row comes under observation when the running influences are `total`.
    fn enter(&mut self, row: usize, total: [f64; N]) {
        let w = self.weight(row);
        self.add(row, total.map(|total| -w * total), w);
    }

    /// A row goes, having collected `total` since the running influences were 0.
    fn leave(&mut self, row: usize, total: [f64; N]) {
        let w = self.weight(row);
        self.add(row, total.map(|total| w * total), -w);
    }

    /// A row that stands for k rows of their own counts as k squares.
    fn weight(&self, row: usize) -> f64 {
        let alone = self.rows.cluster_codes().is_none();
        match self.rows.weight_kind() {
            Some(WeightKind::Frequency) if alone => self.rows.weight(row).sqrt(),
            _ => self.rows.weight(row),
        }
    }

    fn add(&mut self, row: usize, fixed: [f64; N], weight: f64) {
        let cluster = self.rows.cluster_codes().map_or(row, |(_, codes)| codes[row] as usize);
        let (f, w) = self.state[cluster];
        let (new_f, new_w) = (plus(f, fixed), w + weight);
        self.state[cluster] = (new_f, new_w);
        let change = |sum: &mut Sum, new: f64, old: f64| {
            sum.add(new);
            sum.add(-old);
        };
        for j in 0..N {
            for l in 0..=j {
                change(&mut self.ff[j][l], new_f[j] * new_f[l], f[j] * f[l]);
            }
            change(&mut self.fw[j], new_f[j] * new_w, f[j] * w);
        }
        change(&mut self.ww, new_w * new_w, w * w);
    }

    /// Σ (Σ_j a_j (F_j + G_j W))².
    fn squares(&self, total: [f64; N], a: [f64; N]) -> f64 {
        let g: f64 = (0..N).map(|j| a[j] * total[j]).sum();
        let mut sum = Sum::default();
        for j in 0..N {
            for l in 0..=j {
                let twice = if l == j { 1.0 } else { 2.0 };
                sum.add(twice * a[j] * a[l] * self.ff[j][l].value());
            }
            sum.add(2.0 * g * a[j] * self.fw[j].value());
        }
        sum.add(g * g * self.ww.value());
        sum.value().max(0.0)
    }
}
