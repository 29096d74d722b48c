//! Rows counted into risk series.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a cell one of those counted"
)]

use std::sync::Arc;

use super::risk_series::{Counts, RiskSeries};
use super::rows::Rows;
use super::series_counts::{Change, SeriesCounts};
use super::weights::WeightKind;
use crate::numerics::large::Large;
use crate::numerics::narrow::Narrow;
use crate::numerics::sort::Ascending;
use crate::numerics::to_u32::to_u32;

/// One series for each cell, counted in one walk over the rows in the order of time.
pub(super) fn count_rows(
    rows: &Rows,
    n_cells: usize,
    cell: impl Fn(usize) -> usize,
) -> Vec<RiskSeries> {
    // A frequency counts rows, so its sums are the counts of rows.
    let weighted = rows.weight_kind().is_some_and(|kind| kind != WeightKind::Frequency);
    if rows.weights.is_none() && rows.times.by_entry.is_none() && n_cells == 1 {
        return vec![match n_distinct(&rows.times.by_exit.values) {
            n_times if n_times == rows.len() => one_by_one(rows),
            n_times => several_at_a_time(rows, n_times),
        }];
    }
    let mut counts = SeriesCounts::new(n_cells, weighted);
    match &rows.times.by_entry {
        None => count_exits(rows, n_cells, cell, &mut counts),
        Some(by_entry) => count_spells(rows, by_entry, cell, &mut counts),
    }
    counts.finish()
}

/// The series of rows that are there from the start and leave one at a time: their times need no copy, and
/// who is at risk is known without adding up.
fn one_by_one(rows: &Rows) -> RiskSeries {
    let by_exit = &rows.times.by_exit;
    let n = rows.len();
    let [mut event, mut censor, mut at_risk] = [0; 3].map(|_| Large::zeros(n));
    let places = event.iter_mut().zip(&mut censor).zip(&mut at_risk);
    let mut left = n as f64;
    for (((event, censor), at_risk), &row) in places.zip(&by_exit.rows) {
        *event = f64::from(u8::from(rows.event[row as usize]));
        (*censor, *at_risk) = (1.0 - *event, left);
        left -= 1.0;
    }
    let counts = Counts::of_rows(event, censor, at_risk);
    RiskSeries { time: by_exit.values.clone().into(), counts, rows: None }
}

/// The same where some of them leave together, at so many times.
fn several_at_a_time(rows: &Rows, n_times: usize) -> RiskSeries {
    let by_exit = &rows.times.by_exit;
    let [mut time, mut event, mut censor, mut at_risk] = [0; 4].map(|_| Large::zeros(n_times));
    let places = time.iter_mut().zip(&mut event).zip(&mut censor).zip(&mut at_risk);
    let mut left = &by_exit.rows[..];
    for (run, (((time, event), censor), at_risk)) in
        by_exit.values.chunk_by(|a, b| a == b).zip(places)
    {
        let (leaving, later) = left.split_at(run.len());
        let events: u32 = leaving.iter().map(|&row| u32::from(rows.event[row as usize])).sum();
        (*time, *event) = (run[0], f64::from(events));
        *censor = f64::from(to_u32(leaving.len()) - events);
        *at_risk = f64::from(to_u32(left.len()));
        left = later;
    }
    let counts = Counts::of_rows(event, censor, at_risk);
    RiskSeries { time: Arc::new(time).into(), counts, rows: None }
}

/// Counts rows that are there from the start.
fn count_exits(
    rows: &Rows,
    n_cells: usize,
    cell: impl Fn(usize) -> usize,
    counts: &mut SeriesCounts,
) {
    let by_exit = &rows.times.by_exit;
    let n_times = n_distinct(&by_exit.values);
    let mut n_rows = vec![0; n_cells];
    (0..rows.len()).for_each(|row| n_rows[cell(row)] += 1);
    for (cell, &n_rows) in n_rows.iter().enumerate() {
        counts.reserve(cell, n_times.min(n_rows));
    }
    let event = |row: usize| usize::from(rows.event[row]);
    let ends = (0..rows.len()).map(|row| 2 * cell(row) + event(row));
    let ends = Narrow::new(2 * n_cells, ends);
    by_exit.each(
        |row| (ends.get(row), rows.weight(row)),
        |time, leaving| {
            for &(end, weight) in leaving {
                counts.leave(end / 2, time, end % 2 == 1, weight);
            }
        },
    );
}

/// Counts rows that enter and leave.
fn count_spells(
    rows: &Rows,
    by_entry: &Ascending,
    cell: impl Fn(usize) -> usize,
    counts: &mut SeriesCounts,
) {
    let joined = joined(rows, &cell);
    let stays = |row: usize| joined.as_ref().is_some_and(|joined| joined.to_next[row]);
    let stayed = |row: usize| joined.as_ref().is_some_and(|joined| joined.to_previous[row]);
    let leave = rows.times.by_exit.iter().filter(|&(row, _)| !stays(row)).map(|(row, time)| {
        (time, if rows.event[row] { Change::Event } else { Change::Censor }, row)
    });
    let enter = (by_entry.iter().filter(|&(row, _)| !stayed(row)))
        .map(|(row, time)| (time, Change::Enter, row));
    for (time, change, row) in in_time(leave, enter) {
        counts.count(cell(row), time, change, rows.weight(row));
    }
}

/// How many distinct values an ascending column has.
fn n_distinct(ascending: &[f64]) -> usize {
    let steps = ascending.windows(2).filter(|pair| pair[0] != pair[1]).count();
    steps + usize::from(!ascending.is_empty())
}

/// Two ascending streams as one, the first before the second at equal times.
fn in_time(
    leaving: impl Iterator<Item = (f64, Change, usize)>,
    entering: impl Iterator<Item = (f64, Change, usize)>,
) -> impl Iterator<Item = (f64, Change, usize)> {
    let (mut leaving, mut entering) = (leaving.peekable(), entering.peekable());
    std::iter::from_fn(move || match (leaving.peek(), entering.peek()) {
        (Some(leave), Some(enter)) if enter.0 < leave.0 => entering.next(),
        (Some(_), _) => leaving.next(),
        (None, _) => entering.next(),
    })
}

/// Rows of one subject that only join two pieces of its history: nobody leaves or enters there.
struct Joined {
    to_next: Vec<bool>,
    to_previous: Vec<bool>,
}

fn joined(rows: &Rows, cell: &impl Fn(usize) -> usize) -> Option<Joined> {
    let entry = rows.times.entry.as_ref()?;
    let subjects = rows.subjects.as_ref()?;
    let mut joined =
        Joined { to_next: vec![false; rows.len()], to_previous: vec![false; rows.len()] };
    for (before, after) in rows.successions(subjects) {
        let contiguous = rows.times.exit[before] == entry[after] && !rows.event[before];
        let alike = cell(before) == cell(after) && rows.weight(before) == rows.weight(after);
        joined.to_next[before] = contiguous && alike;
        joined.to_previous[after] = contiguous && alike;
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use crate::data::{RightCensored, RiskTable, Weights};

    /// Rows that count one each are counted without adding up; a frequency of 1 has them added up.
    #[test]
    fn one_at_a_time_or_several() {
        let event = [true, false, true, true, false];
        for time in [[3.0, 1.0, 9.0, 4.0, 2.0], [3.0, 1.0, 9.0, 3.0, 2.0]] {
            let data = RightCensored::new(&time, &event).unwrap();
            let table = RiskTable::new(&data);
            let once = Weights::frequency(&[1; 5]).unwrap();
            let added_up = RiskTable::new(&data.with_weights(once).unwrap());
            assert_eq!(table.series, added_up.series);
        }
    }

    /// A column of a million times takes longer to copy than to count.
    #[test]
    fn distinct_times_are_those_of_the_data() {
        let data = RightCensored::new(&[2.0, 1.0], &[true, false]).unwrap();
        let table = RiskTable::new(&data);
        assert!(std::ptr::eq(table.series[0].time(), &data.rows.times.by_exit.values[..]));
    }
}
