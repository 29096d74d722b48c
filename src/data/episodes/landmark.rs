//! Histories from a landmark on.

use super::history::{Piece, after_the_start, histories};
use super::rows::Episodes;
use crate::data::counting_process::CountingProcess;
use crate::data::right_censored::RightCensored;
use crate::data::rows::Rows;
use crate::data::timeline::Timeline;
use crate::error::{Error, Result};

/// How many histories a [`Landmark`] leaves out, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Excluded {
    /// Ended with an event by the landmark.
    pub event: usize,
    /// Ended without an event by the landmark.
    pub censored: usize,
    /// Come under observation after the landmark.
    pub late: usize,
    /// Are out of sight at the landmark and come back after it.
    pub out_of_sight: usize,
}

impl Excluded {
    /// All that are left out.
    #[must_use]
    pub fn total(&self) -> usize {
        let counts = [self.event, self.censored, self.late, self.out_of_sight];
        counts.into_iter().fold(0, usize::saturating_add)
    }
}

/// The histories that are under observation just after a landmark, from there on, by
/// [`RightCensored::landmark`](crate::RightCensored::landmark) and its like.
///
/// Columns are those known at the landmark: each new row takes them from the row (entry, exit] of its
/// subject with entry ≤ landmark < exit. A later change of a covariate is not seen, so that nobody is
/// classed by the future.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Landmark {
    time: f64,
    episodes: Episodes,
    excluded: Excluded,
}

impl Landmark {
    fn new(rows: &Rows, time: f64) -> Result<Self> {
        if !(time >= 0.0 && time.is_finite()) {
            let rule = "must be finite and not negative";
            return Err(Error::InvalidOption { option: "landmark", value: time, rule });
        }
        after_the_start(rows)?;
        let (mut pieces, mut excluded) = (Vec::new(), Excluded::default());
        for history in histories(rows) {
            let history: Vec<Piece> =
                history.into_iter().map(|row| Piece::whole(rows, row)).collect();
            let first = history.iter().position(|row| row.entry <= time && time < row.exit);
            match first.and_then(|first| history.get(first..)) {
                Some(history) => follow(history, time, &mut pieces),
                None => count(&history, time, &mut excluded),
            }
        }
        pieces.sort_by_key(|piece| piece.source);
        let episodes = Episodes::of_pieces(rows, &pieces, "landmark")?;
        Ok(Self { time, episodes, excluded })
    }

    /// The landmark, in the unit of the data.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.time
    }

    /// What is left out.
    #[must_use]
    pub fn excluded(&self) -> Excluded {
        self.excluded
    }

    /// The histories with time as given: entry is the landmark.
    #[must_use]
    pub fn episodes(&self) -> &Episodes {
        &self.episodes
    }

    /// The histories with time counted from the landmark.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] when the near-tie policy makes the ends of a row one time.
    pub fn restarted(&self) -> Result<Episodes> {
        let rows = &self.episodes.data().rows;
        let since = |times: &[f64]| times.iter().map(|time| time - self.time).collect();
        let times = Timeline::new(
            rows.times.entry.as_deref().map(since),
            since(&rows.times.exit),
            rows.times.policy,
        );
        let rows = Rows { times, ..rows.clone() }.entries_before_exits()?;
        Ok(self.episodes.with_data(CountingProcess { rows }))
    }
}

/// What follows the landmark, with the columns of the first row. Rows that only continue are joined.
fn follow(history: &[Piece], time: f64, pieces: &mut Vec<Piece>) {
    let Some(&Piece { source, .. }) = history.first() else { return };
    let start = pieces.len();
    for row in history {
        let entry = row.entry.max(time);
        match pieces.get_mut(start..).and_then(<[_]>::last_mut) {
            Some(last) if !last.event && last.exit == entry => {
                (last.exit, last.event) = (row.exit, row.event);
            }
            _ => pieces.push(Piece { source, entry, ..*row }),
        }
    }
}

fn count(history: &[Piece], time: f64, excluded: &mut Excluded) {
    match history {
        [.., last] if last.exit <= time && last.event => excluded.event += 1,
        [.., last] if last.exit <= time => excluded.censored += 1,
        [first, ..] if first.entry > time => excluded.late += 1,
        _ => excluded.out_of_sight += 1,
    }
}

macro_rules! landmark {
    ($data:ident) => {
        impl $data {
            /// The histories that are under observation just after `time`, from there on, with the
            /// covariates known then, and the count of those left out.
            ///
            /// A history takes part when it has a row with entry ≤ time < exit: an event at the
            /// landmark itself came too early, a covariate measured then is known.
            ///
            /// ```
            /// use riskset::RightCensored;
            ///
            /// let data = RightCensored::new(&[2.0, 3.0, 5.0, 8.0], &[true, false, true, false])?;
            /// let landmark = data.landmark(3.0)?;
            /// assert_eq!(landmark.episodes().source(), [2, 3]);
            /// assert_eq!(landmark.episodes().data().entry(), [3.0, 3.0]);
            /// assert_eq!(landmark.restarted()?.data().time(), [2.0, 5.0]);
            /// let excluded = landmark.excluded();
            /// assert_eq!((excluded.event, excluded.censored), (1, 1));
            /// # Ok::<(), riskset::Error>(())
            /// ```
            ///
            /// # Errors
            /// [`Error::InvalidOption`] for a time that is not finite or is negative; [`Error::Empty`]
            /// when nobody is left; [`Error::InvalidCells`] for a row that ends at time 0, and when
            /// the near-tie policy takes the landmark and an exit for one time.
            ///
            /// # References
            /// Anderson et al. 1983, doi:10.1200/jco.1983.1.11.710.
            pub fn landmark(&self, time: f64) -> Result<Landmark> {
                Landmark::new(&self.rows, time)
            }
        }
    };
}

landmark!(RightCensored);
landmark!(CountingProcess);
