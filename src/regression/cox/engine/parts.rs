//! Cuts nested risk sets at fixed places.

use std::ops::Range;

use super::stratum::{EventTime, StratumRows};

/// Some event times of a stratum, and the rows from the last event before them to their own last one; at
/// the end of a stratum, all rows that are left.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(super) stratum: usize,
    pub(super) times: Range<usize>,
    pub(super) rows: Range<usize>,
    /// Whether each of the times has one event, which takes one step.
    pub(super) untied: bool,
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
            let ends_before =
                times[time..].partition_point(|time| time.events().end < row + length);
            let after = (time + ends_before + 1).min(times.len());
            let end = match times.get(after) {
                Some(next) => next.joining().start,
                None => stratum.rows.end,
            };
            let untied = times[time..after].iter().all(EventTime::is_single);
            parts.push(Part { stratum: index, times: time..after, rows: row..end, untied });
            (row, time) = (end, after);
        }
    }
    parts
}
