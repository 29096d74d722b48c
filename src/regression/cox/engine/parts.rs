//! Cuts nested risk sets at fixed places.

use std::ops::Range;

use super::stratum::StratumRows;

/// Some event times of a stratum, and the rows from the last event before them to their own last one; at
/// the end of a stratum, all rows that are left.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(super) stratum: usize,
    pub(super) times: Range<usize>,
    pub(super) rows: Range<usize>,
    /// Those of the times that have several events, or one that takes several steps.
    pub(super) tied: Vec<usize>,
    /// Whether the stratum begins with it, and whether it ends with it.
    pub(super) first: bool,
    pub(super) last: bool,
}

/// Numbers the rows of a part hold, so that they are still near when they are read again, and how many
/// rows there are at the least, unless a stratum ends.
const NUMBERS: usize = 1 << 16;
const LEAST: usize = 512;

/// The parts of strata whose rows have p columns; none where risk sets are not nested.
pub(super) fn parts(strata: &[StratumRows], p: usize) -> Vec<Part> {
    let length = (NUMBERS / p.max(1)).clamp(LEAST, NUMBERS / 8);
    let mut parts = Vec::with_capacity(strata.len());
    if !strata.iter().all(StratumRows::is_nested) {
        return parts;
    }
    for (index, stratum) in strata.iter().enumerate() {
        let times = &stratum.times;
        let (mut row, mut time) = (stratum.rows.start, 0);
        while row < stratum.rows.end {
            let after = (times.reaching(time, row + length) + 1).min(times.len());
            let end = match times.get(after) {
                Some(next) => next.joining().start,
                None => stratum.rows.end,
            };
            parts.push(Part {
                stratum: index,
                times: time..after,
                rows: row..end,
                tied: times.tied(time..after),
                first: row == stratum.rows.start,
                last: end == stratum.rows.end,
            });
            (row, time) = (end, after);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::event_times::EventTime;
    use super::super::ordered::Ordered;
    use super::super::ties::Ties;
    use super::*;
    use crate::data::{Design, RightCensored, SurvivalData};

    const N: usize = 20_000;

    /// One part after the other, none of which cuts an event time; of p columns.
    fn cover_the_strata(data: &impl SurvivalData, p: usize) -> Vec<Part> {
        let column: Vec<f64> = (0..N).map(|row| (row % 7) as f64).collect();
        let design =
            (0..p).fold(Design::builder(), |design, j| design.numeric(&format!("x{j}"), &column));
        let ordered = Ordered::of_data(data, &design.build().unwrap(), Ties::Efron);
        let mut parts = ordered.parts.iter();
        for (index, stratum) in ordered.strata.iter().enumerate() {
            let (mut row, mut time) = (stratum.rows.start, 0);
            while row < stratum.rows.end {
                let part = parts.next().unwrap();
                assert_eq!((part.stratum, part.rows.start, part.times.start), (index, row, time));
                assert_eq!((part.first, part.last), (time == 0, part.rows.end == stratum.rows.end));
                let mut times = stratum.times.range(part.times.clone());
                let inside = |time: EventTime| {
                    time.joining().start >= part.rows.start && time.events().end <= part.rows.end
                };
                assert!(times.clone().all(inside));
                assert_eq!(part.tied.is_empty(), times.all(|time| time.events().len() == 1));
                assert!(part.last || part.rows.len() >= LEAST);
                (row, time) = (part.rows.end, part.times.end);
            }
            assert_eq!(time, stratum.times.len());
        }
        assert!(parts.next().is_none());
        ordered.parts
    }

    #[test]
    fn no_row_and_no_time_is_left_out() {
        let event: Vec<bool> = (0..N).map(|row| row % 3 > 0).collect();
        let distinct: Vec<f64> = (0..N).map(|row| (row * 7919 % N) as f64).collect();
        let days: Vec<f64> = distinct.iter().map(|time| (time / 500.0).floor()).collect();
        let stratum: Vec<usize> = (0..N).map(|row| usize::from(row % 11 > 0)).collect();
        for (time, untied) in [(&distinct, true), (&days, false)] {
            let data = RightCensored::new(time, &event).unwrap();
            for p in [1, 20, 200] {
                let parts = cover_the_strata(&data, p);
                assert!(parts.len() > 1 && parts.iter().all(|part| part.tied.is_empty() == untied));
                cover_the_strata(&data.clone().with_strata(&stratum).unwrap(), p);
            }
        }
    }
}
