//! Counts of rows and events, and parts of the rows.

use crate::data::{Rows, SurvivalData, WeightKind};

/// Number of rows and of events among some rows, or the sums of their frequencies. Other weights are no
/// numbers of rows and do not count.
#[expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, whose columns are of one length"
)]
pub(super) fn counts(rows: &Rows, members: impl Iterator<Item = usize>) -> [f64; 2] {
    let frequency = rows.weight_kind() == Some(WeightKind::Frequency);
    members.fold([0.0; 2], |[n, events], row| {
        let count = if frequency { rows.weight(row) } else { 1.0 };
        [n + count, events + if rows.event[row] { count } else { 0.0 }]
    })
}

/// Some rows of the data, with all their columns.
pub(super) fn of_rows<D: SurvivalData>(data: &D, members: &[usize]) -> D {
    D::of_rows(data.rows().only(members))
}
