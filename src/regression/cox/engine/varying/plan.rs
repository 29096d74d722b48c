//! Which columns vary with which functions of time, and how each stratum is gone through.

#![expect(
    clippy::indexing_slicing,
    reason = "a time is one of its stratum, a column one of the design, a place one of the rows"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::collections::HashMap;
use std::ops::Range;

use crate::numerics::interval_sums::IntervalSums;
use crate::regression::cox::engine::ordered::Ordered;
use crate::regression::cox::engine::stratum::StratumRows;

/// Values of the functions of time: a row for each time, a column for each function.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimeTable {
    values: Vec<f64>,
    width: usize,
}

impl TimeTable {
    pub(crate) fn new(values: Vec<f64>, width: usize) -> Self {
        Self { values, width }
    }

    pub(super) fn row(&self, k: usize) -> &[f64] {
        &self.values[k * self.width..(k + 1) * self.width]
    }
}

/// The coefficients that vary.
#[derive(Debug, Clone)]
pub(crate) struct Varying {
    /// The column that each γ multiplies, beside its function.
    pub(crate) columns: Vec<usize>,
    /// Of each stratum: the functions at its event times, latest first.
    times: Vec<TimeTable>,
    /// Of each stratum: the functions at its times of tied events that are set apart.
    tied: Vec<TimeTable>,
    /// Of each stratum: how it is gone through.
    pub(super) ways: Vec<Way>,
}

/// How a stratum is gone through.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// By distinct value of the varying columns.
    Groups(Vec<Group>),
    /// By piece.
    Pieces,
}

/// The rows of a stratum with one value of the varying columns.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) places: Vec<u32>,
    /// The event times at which each row is at risk, its own event left out.
    pub(super) at_risk: IntervalSums,
}

impl Varying {
    /// From the column each γ multiplies, and its functions at the times of each stratum. The functions
    /// are divided by their largest values, which are returned.
    pub(crate) fn new(
        ordered: &Ordered,
        columns: Vec<usize>,
        times: Vec<TimeTable>,
        tied: Vec<TimeTable>,
    ) -> (Self, Vec<f64>) {
        let mut scale = vec![0.0_f64; columns.len()];
        for row in times.iter().chain(&tied).flat_map(|table| table.values.chunks(table.width)) {
            scale.iter_mut().zip(row).for_each(|(scale, g)| *scale = scale.max(g.abs()));
        }
        scale.iter_mut().filter(|scale| **scale == 0.0).for_each(|scale| *scale = 1.0);
        let mut varying = Self { columns, times, tied, ways: Vec::new() };
        varying.divide(&scale);
        let ways = ordered.strata.iter().enumerate().map(|(s, of)| varying.way(ordered, s, of));
        varying.ways = ways.collect();
        (varying, scale)
    }

    /// Divides the functions.
    pub(crate) fn divide(&mut self, scale: &[f64]) {
        for table in self.times.iter_mut().chain(&mut self.tied) {
            for row in table.values.chunks_mut(table.width) {
                row.iter_mut().zip(scale).for_each(|(g, scale)| *g /= scale);
            }
        }
    }

    /// The functions at an event time.
    pub(super) fn at(&self, stratum: usize, k: usize) -> &[f64] {
        self.times[stratum].row(k)
    }

    /// The functions at a time of tied events that is set apart.
    pub(crate) fn at_tied(&self, stratum: usize, k: usize) -> &[f64] {
        self.tied[stratum].row(k)
    }

    /// Covariates with those that vary at given values of the functions.
    pub(crate) fn extended<'a>(
        &'a self,
        row: &'a [f64],
        g: &'a [f64],
    ) -> impl Iterator<Item = f64> + 'a {
        let varying = self.columns.iter().zip(g).map(|(&column, g)| row[column] * g);
        row.iter().copied().chain(varying)
    }

    /// Σ γ z g.
    pub(crate) fn shift(&self, row: &[f64], g: &[f64], gamma: &[f64]) -> f64 {
        let both = self.columns.iter().zip(g).zip(gamma);
        both.map(|((&column, g), gamma)| gamma * (row[column] * g)).sum()
    }

    /// Runs of event times with the same values of the functions.
    pub(super) fn pieces(&self, stratum: usize, n_times: usize) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for k in 0..n_times {
            match pieces
                .last_mut()
                .filter(|last| self.at(stratum, last.start) == self.at(stratum, k))
            {
                Some(last) => last.end = k + 1,
                None => pieces.push(k..k + 1),
            }
        }
        pieces
    }

    /// The cheaper way.
    fn way(&self, ordered: &Ordered, s: usize, stratum: &StratumRows) -> Way {
        let m = stratum.times.len();
        let pieces = self.pieces(s, m);
        let mut piece_of = Vec::with_capacity(m);
        pieces.iter().enumerate().for_each(|(piece, times)| {
            piece_of.extend(std::iter::repeat_n(piece, times.len()));
        });
        let at_risk = times_at_risk(stratum);
        let by_piece: usize = (at_risk.iter().filter(|times| !times.is_empty()))
            .map(|times| piece_of[times.end - 1] - piece_of[times.start] + 1)
            .sum();
        let levels = m.checked_ilog2().map_or(1, |bits| bits as usize + 1);
        // A group costs at least its event times: more groups than this are not worth it.
        let most = by_piece / (2 * levels * m.max(1));
        match self.groups(ordered, stratum, &at_risk, most) {
            Some(groups) if stratum.rows.len() * levels < by_piece => Way::Groups(groups),
            _ => Way::Pieces,
        }
    }

    /// The rows by value of the varying columns; `None` where there are more values than `most`.
    fn groups(
        &self,
        ordered: &Ordered,
        stratum: &StratumRows,
        at_risk: &[Range<usize>],
        most: usize,
    ) -> Option<Vec<Group>> {
        let mut index: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut places: Vec<Vec<u32>> = Vec::new();
        for (place, times) in stratum.rows.clone().zip(at_risk) {
            if times.is_empty() {
                continue;
            }
            let row = ordered.row(place);
            let value = self.columns.iter().map(|&column| row[column].to_bits()).collect();
            let group = *index.entry(value).or_insert(places.len());
            if group == places.len() {
                if group == most {
                    return None;
                }
                places.push(Vec::new());
            }
            places[group].push(place as u32);
        }
        let start = stratum.rows.start;
        let of = |places: Vec<u32>| {
            let others = places.iter().map(|&place| {
                let times = &at_risk[place as usize - start];
                let own = ordered.event[place as usize];
                times.start + usize::from(own)..times.end
            });
            Group { at_risk: IntervalSums::new(stratum.times.len(), others), places }
        };
        Some(places.into_iter().map(of).collect())
    }
}

/// The event times, latest first, at which each row of a stratum is at risk.
fn times_at_risk(stratum: &StratumRows) -> Vec<Range<usize>> {
    if let Some(at_risk) = &stratum.at_risk {
        return at_risk.iter().map(|times| times.start as usize..times.end as usize).collect();
    }
    let m = stratum.times.len();
    let mut at_risk = vec![m..m; stratum.rows.len()];
    let mut next = 0;
    for (k, time) in stratum.times.iter().enumerate() {
        let end = time.events().end - stratum.rows.start;
        at_risk[next..end].fill(k..m);
        next = end;
    }
    at_risk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, Design, RightCensored};
    use crate::regression::cox::engine::ties::Ties;

    /// 200 rows, entered late if asked for, with z and g.
    fn way(z: impl Fn(usize) -> f64, g: fn(f64) -> f64, entry: bool) -> Way {
        let exit: Vec<f64> = (0..200).map(|row| 50.0 + f64::from(row)).collect();
        let z: Vec<f64> = (0..200).map(z).collect();
        let design = Design::builder().numeric("z", &z).build().unwrap();
        let event = vec![true; 200];
        let early: Vec<f64> = exit.iter().map(|exit| exit - 50.0).collect();
        let ordered = match entry {
            true => Ordered::of_data(
                &CountingProcess::new(&early, &exit, &event).unwrap(),
                &design,
                Ties::Efron,
            ),
            false => {
                Ordered::of_data(&RightCensored::new(&exit, &event).unwrap(), &design, Ties::Efron)
            }
        };
        let ordered = ordered.with_varying(vec![0], |time| Ok(vec![g(time)])).unwrap();
        ordered.varying.unwrap().ways.remove(0)
    }

    #[test]
    fn the_cheaper_way_is_taken() {
        let arm = |row: usize| (row % 2) as f64;
        let many = |row: usize| row as f64;
        let step = |time: f64| f64::from(u8::from(time > 100.0));
        for entry in [false, true] {
            assert!(matches!(way(arm, f64::ln, entry), Way::Groups(groups) if groups.len() == 2));
            assert!(matches!(way(many, f64::ln, entry), Way::Pieces));
            assert!(matches!(way(arm, step, entry), Way::Pieces));
            assert!(matches!(way(many, step, entry), Way::Pieces));
        }
    }
}
