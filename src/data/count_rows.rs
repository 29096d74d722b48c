//! Rows counted into risk series.

use super::risk_series::RiskSeries;
use super::rows::Rows;
use super::series_counts::{Change, SeriesCounts};
use super::weights::WeightKind;
use crate::numerics::sort::Ascending;

/// One series for each cell, counted in one walk over the rows in the order of time.
pub(super) fn count_rows(
    rows: &Rows,
    n_cells: usize,
    cell: impl Fn(usize) -> usize,
) -> Vec<RiskSeries> {
    // A frequency counts rows, so its sums are the counts of rows.
    let weighted = rows.weight_kind().is_some_and(|kind| kind != WeightKind::Frequency);
    let mut counts = SeriesCounts::new(n_cells, weighted);
    match &rows.times.by_entry {
        None => count_exits(rows, n_cells, cell, &mut counts),
        Some(by_entry) => count_spells(rows, by_entry, cell, &mut counts),
    }
    counts.finish()
}

/// Rows that are fetched ahead of being counted. In the order of time their columns lie scattered, and
/// next to the counting each fetch would wait for the one before.
const FETCH: usize = 1024;

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
    let mut fetched = Vec::with_capacity(FETCH);
    for (numbers, times) in by_exit.rows.chunks(FETCH).zip(by_exit.values.chunks(FETCH)) {
        fetched.clear();
        fetched.extend(numbers.iter().map(|&row| {
            let row = row as usize;
            (cell(row), rows.event[row], rows.weight(row))
        }));
        for (&(cell, event, weight), &time) in fetched.iter().zip(times) {
            counts.leave(cell, time, event, weight);
        }
    }
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
