//! Histories cut at given times.

use std::ops::Range;

use super::history::{Piece, after_the_start};
use super::rows::Episodes;
use crate::data::countable::countable;
use crate::data::counting_process::CountingProcess;
use crate::data::right_censored::RightCensored;
use crate::data::rows::Rows;
use crate::error::{Error, Result};
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;

/// Every row cut at the times that lie within it.
fn split(rows: &Rows, cuts: &[f64]) -> Result<Episodes> {
    if let Some(&value) = cuts.iter().find(|cut| !cut.is_finite()) {
        return Err(Error::InvalidOption { option: "cuts", value, rule: "must be finite" });
    }
    after_the_start(rows)?;
    let mut cuts = cuts.to_vec();
    cuts.sort_unstable_by(f64::total_cmp);
    cuts.dedup();
    let within = |whole: &Piece| {
        let from = cuts.partition_point(|&cut| cut <= whole.entry);
        from..cuts.partition_point(|&cut| cut < whole.exit)
    };
    let all = || row_numbers(rows.len()).map(|row| Piece::whole(rows, row));
    let n: usize = all().map(|whole| 1 + within(&whole).len()).sum();
    countable("episodes", n)?;
    // With the columns that are made from them.
    room_for::<[Piece; 4]>("rows cut at all times", &[n])?;
    let mut pieces = Vec::with_capacity(n);
    for whole in all() {
        let Range { start: from, end: to } = within(&whole);
        let parts = whole.cut(cuts.get(from..to).into_iter().flatten().copied());
        pieces.extend((from..).zip(parts).map(|(phase, piece)| Piece { phase, ..piece }));
    }
    Episodes::of_pieces(rows, &pieces, "episodes")
}

macro_rules! split_at {
    ($data:ident) => {
        impl $data {
            /// Cuts every row at the given times: (entry, exit] becomes (entry, c₁], (c₁, c₂], …, of
            /// which the last keeps the event. Fits do not change; a coefficient may then change at
            /// each cut, with the [`phase`](crate::data::Episodes::phase) as a factor, which counts the cuts
            /// at or before the start of a new row.
            ///
            /// Cuts come in any order. One outside a row does nothing to it.
            ///
            /// ```
            /// use riskset::RightCensored;
            ///
            /// let data = RightCensored::new(&[5.0, 8.0], &[true, true])?;
            /// let episodes = data.split_at(&[6.0, 2.0])?;
            /// assert_eq!(episodes.data().time(), [2.0, 5.0, 2.0, 6.0, 8.0]);
            /// assert_eq!(episodes.data().event(), [false, true, false, false, true]);
            /// assert_eq!(episodes.phase(), [0, 1, 0, 1, 2]);
            /// # Ok::<(), riskset::Error>(())
            /// ```
            ///
            /// # Errors
            /// [`Error::InvalidOption`] for a cut that is not finite; [`Error::TooManyRows`] and
            /// [`Error::TooLarge`] for too many pieces; [`Error::InvalidCells`] for a row
            /// that ends at time 0, and where a cut and an end of a row are one time by the near-tie
            /// policy but not equal.
            ///
            /// # In R
            /// `survSplit(Surv(time, event) ~ ., data, cut = cuts)`.
            pub fn split_at(&self, cuts: &[f64]) -> Result<Episodes> {
                split(&self.rows, cuts)
            }
        }
    };
}

split_at!(RightCensored);
split_at!(CountingProcess);
