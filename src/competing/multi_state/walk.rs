//! Walks the rows of a group in the order of time.

use crate::data::{MultiState, Partition};

/// The rows of a group in ascending order of exit and of entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'a> {
    pub(super) by_exit: &'a [u32],
    pub(super) by_entry: &'a [u32],
}

/// All rows in both orders, split by group.
#[derive(Debug)]
pub(super) struct Split {
    by_exit: Partition,
    by_entry: Partition,
}

impl Split {
    pub(super) fn new(data: &MultiState, n_groups: usize, group: impl Fn(usize) -> usize) -> Self {
        let times = &data.rows().times;
        let by_entry = times.by_entry.as_ref().map_or(&[][..], |entries| &entries.rows);
        Self {
            by_exit: Partition::new(&times.by_exit.rows, n_groups, &group),
            by_entry: Partition::new(by_entry, n_groups, &group),
        }
    }

    pub(super) fn members(&self, group: usize) -> Members<'_> {
        Members { by_exit: self.by_exit.cell(group), by_entry: self.by_entry.cell(group) }
    }
}

/// What happens at one time at which rows end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) time: f64,
    /// Rows that begin before the time, and not before the previous one.
    pub(super) entering: &'a [u32],
    /// Rows that end at the time.
    pub(super) leaving: &'a [u32],
}

/// Calls `visit` at every time at which rows end, in ascending order.
#[expect(clippy::indexing_slicing, reason = "a row is one of the data")]
pub(super) fn walk<'a>(data: &MultiState, members: Members<'a>, mut visit: impl FnMut(Visit<'a>)) {
    let (entry, exit) = (data.entry(), data.time());
    let Members { mut by_exit, mut by_entry } = members;
    while let Some(&first) = by_exit.first() {
        let time = exit[first as usize];
        let n_entering = by_entry.iter().take_while(|&&row| entry[row as usize] < time).count();
        let n_leaving = by_exit.iter().take_while(|&&row| exit[row as usize] == time).count();
        let (entering, later) = by_entry.split_at(n_entering);
        let (leaving, rest) = by_exit.split_at(n_leaving);
        visit(Visit { time, entering, leaving });
        (by_entry, by_exit) = (later, rest);
    }
}
