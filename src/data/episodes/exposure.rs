//! An exposure that begins during follow-up.

use super::history::{Piece, after_the_start, histories};
use super::rows::Episodes;
use crate::data::rows::SurvivalData;
use crate::error::{BadCell, Error, Result};
use crate::numerics::to_u32::to_u32;

/// When the exposure of each row begins, if it does.
///
/// # Definition
/// Whoever is treated at time a has survived up to a. To count (0, a] as treated time would make the
/// treated immortal there. So it does not become a column: [`split`](Self::split) cuts each history
/// into (0, a], unexposed, and (a, T], exposed.
///
/// # Example
/// ```
/// use riskset::{RightCensored, data::ExposureStart};
///
/// let data = RightCensored::new(&[9.0, 4.0, 7.0], &[true, true, false])?;
/// let exposed = ExposureStart::new(&[Some(3.0), None, Some(0.0)])?.split(&data)?;
/// assert_eq!(exposed.episodes.data().entry(), [0.0, 3.0, 0.0, 0.0]);
/// assert_eq!(exposed.episodes.data().time(), [3.0, 9.0, 4.0, 7.0]);
/// assert_eq!(exposed.exposed, [false, true, false, true]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `tmerge(data, data, id = id, exposed = tdc(start))`.
///
/// # References
/// Suissa 2008, doi:10.1093/aje/kwm324.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureStart {
    start: Vec<Option<f64>>,
}

/// Histories cut where their exposure begins, by [`ExposureStart::split`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Exposed {
    /// The new rows.
    pub episodes: Episodes,
    /// Whether each new row is exposed.
    pub exposed: Vec<bool>,
}

impl ExposureStart {
    /// One start a row, in the unit of time; `None` for who is never exposed.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for every start that is not finite or is negative.
    pub fn new(start: &[Option<f64>]) -> Result<Self> {
        let rule = "must be finite and not negative";
        let ok = |time: f64| time.is_finite() && time >= 0.0;
        let cells = cells(start, |_, time| !ok(time), rule);
        if cells.is_empty() {
            return Ok(Self { start: start.to_vec() });
        }
        Err(Error::InvalidCells { cells })
    }

    /// Cuts each row where its exposure begins. A start at or before the entry makes the whole row
    /// exposed.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for a start after the end of the subject's
    /// follow-up, which contradicts that end, for a row that ends at time 0, and where the start and the exit
    /// are one time by the near-tie policy but not equal.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub fn split(&self, data: &impl SurvivalData) -> Result<Exposed> {
        let rows = data.rows();
        rows.same_length("exposure", self.start.len())?;
        after_the_start(rows)?;
        let mut end = vec![0.0; rows.len()];
        for history in histories(rows) {
            let last = history.iter().map(|&row| rows.times.exit[row as usize]).fold(0.0, f64::max);
            history.iter().for_each(|&row| end[row as usize] = last);
        }
        let rule = "must not be after the end of follow-up; give None for who is never exposed";
        let cells = cells(&self.start, |row, time| time > end[row], rule);
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let mut pieces = Vec::with_capacity(rows.len());
        for (row, &start) in self.start.iter().enumerate() {
            let whole = Piece::whole(rows, to_u32(row));
            let within = start.filter(|&time| whole.entry < time && time < whole.exit);
            let exposed = |piece: &Piece| start.is_some_and(|time| time <= piece.entry);
            let parts = whole.cut(within.into_iter());
            pieces.extend(parts.map(|p| Piece { phase: usize::from(exposed(&p)), ..p }));
        }
        let episodes = Episodes::of_pieces(rows, &pieces, "episodes")?;
        let exposed = episodes.phase().iter().map(|&phase| phase == 1).collect();
        Ok(Exposed { episodes, exposed })
    }
}

fn cells(
    start: &[Option<f64>],
    bad: impl Fn(usize, f64) -> bool,
    rule: &'static str,
) -> Vec<BadCell> {
    (start.iter().enumerate())
        .filter_map(|(row, start)| start.map(|time| (row, time)))
        .filter(|&(row, time)| bad(row, time))
        .map(|(row, time)| BadCell::new("exposure", row, time, rule))
        .collect()
}
