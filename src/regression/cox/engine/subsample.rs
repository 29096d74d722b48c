//! Every so many rows of a fit.

#![expect(
    clippy::indexing_slicing,
    reason = "a place kept is one of the rows, and a time has its number among those left"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::ops::Range;

use super::ordered::Ordered;
use super::parts::parts;
use super::stratum::{StratumRows, TiedTimes, intervals_of};
use crate::linalg::RowMajor;
use crate::numerics::blocks;

/// Rows that are copied on one thread.
const BLOCK: usize = 4096;

impl Ordered {
    /// Every `step`-th place: a sample that is spread evenly over time and strata. For rows whose
    /// coefficients do not vary, of which no ties are set apart and none stay at risk after their exit.
    pub(super) fn every(&self, step: usize) -> Self {
        let kept: Vec<usize> = (0..self.event.len()).step_by(step).collect();
        let mut x = RowMajor::zeros(kept.len(), self.x.n_columns());
        let p = x.n_columns().max(1);
        blocks::map(x.blocks_mut(BLOCK), |(start, rows)| {
            let copies = rows.chunks_exact_mut(p).zip(&kept[start..]);
            copies.for_each(|(copy, &place)| copy.copy_from_slice(self.row(place)));
        });
        let weight: Vec<f64> = kept.iter().map(|&place| self.weight[place]).collect();
        let event: Vec<bool> = kept.iter().map(|&place| self.event[place]).collect();
        let of_events = weight.iter().zip(&event).filter(|(_, event)| **event);
        let total_event_weight = of_events.map(|(weight, _)| weight).sum();
        let offset = self.offset.as_ref();
        let strata = self.strata.iter().filter_map(|stratum| sampled(stratum, step, &weight));
        let strata: Vec<StratumRows> = strata.collect();
        Self {
            parts: parts(&strata, x.n_columns()),
            strata,
            x,
            weight: weight.into(),
            offset: offset.map(|offset| kept.iter().map(|&place| offset[place]).collect()),
            event,
            source: kept.iter().map(|&place| self.source[place]).collect(),
            scale: self.scale.clone(),
            event_weight: self.event_weight,
            total_event_weight,
            varying: None,
        }
    }
}

/// The sampled rows of a stratum; `None` when there is no event among them.
fn sampled(stratum: &StratumRows, step: usize, weight: &[f64]) -> Option<StratumRows> {
    let start = stratum.rows.start.div_ceil(step);
    let mut times = stratum.times.alike(stratum.times.len() / step, start);
    // How many of the event times before each are left, which says where a row is at risk under delayed entry.
    let mut index = Vec::new();
    // How many of the places before are in the sample.
    let mut n_before = start;
    for time in stratum.times.iter() {
        if stratum.at_risk.is_some() {
            index.push(times.len() as u32);
        }
        // Most times have no row in it, and no division says so.
        let mut before = |place: usize| {
            while n_before * step < place {
                n_before += 1;
            }
            n_before
        };
        let events = time.events();
        let events = before(events.start)..before(events.end);
        if !events.is_empty() {
            let weight = weight[events.clone()].iter().sum();
            times.push(time.time, events, weight);
        }
    }
    index.push(times.len() as u32);
    // Rows after the last event are in no risk set.
    let rows = start..times.end()?;
    let at_risk = stratum.at_risk.as_ref().map(|at_risk| {
        let of = |range: &Range<u32>| index[range.start as usize]..index[range.end as usize];
        let kept = rows.clone().map(|place| &at_risk[place * step - stratum.rows.start]);
        kept.map(of).collect::<Vec<_>>()
    });
    let intervals = at_risk.as_ref().map(|at_risk| intervals_of(at_risk, &times, rows.start));
    Some(StratumRows { rows, times, tied: TiedTimes::default(), intervals, at_risk, tails: None })
}

#[cfg(test)]
mod tests {
    use super::super::ties::Ties;
    use super::*;
    use crate::data::{CountingProcess, Design, RightCensored, Rows, SurvivalData, Weights};

    /// Every `step`th place, as they would be found one by one.
    fn is_every(step: usize, data: &impl SurvivalData, x: &[f64]) {
        let rows: &Rows = data.rows();
        let design = Design::builder().numeric("x", x).build().unwrap();
        let ordered = Ordered::new(rows, &design, Ties::Efron, None);
        let sample = ordered.every(step);
        let kept: Vec<usize> = (0..ordered.event.len()).step_by(step).collect();
        assert!(sample.x.view().iter().eq(kept.iter().map(|&place| &ordered.row(place)[0])));
        assert!(sample.source.iter().eq(kept.iter().map(|&place| &ordered.source[place])));
        for stratum in &sample.strata {
            let exit = |k: usize| rows.times.exit[sample.source[k] as usize];
            let event = |k: usize| rows.event[sample.source[k] as usize];
            assert!(event(stratum.rows.end - 1));
            let mut times: Vec<f64> =
                stratum.rows.clone().filter(|&k| event(k)).map(exit).collect();
            times.dedup();
            assert!(stratum.times.iter().map(|time| time.time).eq(times));
            let mut before = stratum.rows.start;
            for time in stratum.times.iter() {
                assert_eq!(time.joining().start, before);
                assert!(time.joining().all(|k| !event(k) && exit(k) >= time.time));
                assert!(time.events().all(|k| event(k) && exit(k) == time.time));
                let weights = time.events().map(|k| rows.weight(sample.source[k] as usize));
                approx::assert_relative_eq!(time.weight(), weights.sum(), epsilon = 1e-15);
                before = time.events().end;
            }
            assert_eq!(before, stratum.rows.end);
            let Some(entry) = &rows.times.entry else { continue };
            let at_risk = stratum.at_risk.as_ref().unwrap();
            for (k, range) in stratum.rows.clone().zip(at_risk) {
                let entry = entry[sample.source[k] as usize];
                let places = 0..stratum.times.len() as u32;
                let at_risk = places.filter(|&t| {
                    let time = stratum.times.at(t as usize).time;
                    entry < time && time <= exit(k)
                });
                assert!(range.clone().eq(at_risk), "{k}: {range:?}");
            }
        }
    }

    #[test]
    fn is_what_one_finds_one_by_one() {
        let n = 400;
        let number = |row: usize, k: usize| (row * 7919 + k * 104_729) % 1009;
        let x: Vec<f64> = (0..n).map(|row| number(row, 1) as f64).collect();
        let event: Vec<bool> = (0..n).map(|row| number(row, 2) % 3 > 0).collect();
        let stratum: Vec<usize> = (0..n).map(|row| number(row, 3) % 3).collect();
        let entry: Vec<f64> = (0..n).map(|row| (number(row, 4) % 3) as f64 / 3.0).collect();
        let weight: Vec<f64> = (0..n).map(|row| 0.5 + number(row, 5) as f64).collect();
        for step in [1, 3, 7, 16] {
            for of_one in [1, 5, 90] {
                let time = |row: usize| 1.0 + (number(row, 6) / of_one) as f64;
                let time: Vec<f64> = (0..n).map(time).collect();
                let data = RightCensored::new(&time, &event).unwrap();
                is_every(step, &data, &x);
                let weighted = data.with_weights(Weights::case(&weight).unwrap()).unwrap();
                is_every(step, &weighted.with_strata(&stratum).unwrap(), &x);
                let late = CountingProcess::new(&entry, &time, &event).unwrap();
                is_every(step, &late.with_strata(&stratum).unwrap(), &x);
            }
        }
    }
}
