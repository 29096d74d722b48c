//! The marginal layout of events of several kinds.

use ndarray::ArrayView1;

use super::rows::Episodes;
use crate::data::columns::{Clusters, Strata};
use crate::data::countable::nameable;
use crate::data::label::{Label, Labels, unique};
use crate::data::right_censored::RightCensored;
use crate::error::{Error, Result};
use crate::numerics::to_u32::to_u32;

impl Episodes<RightCensored> {
    /// The marginal layout of Wei, Lin and Weissfeld for events of several kinds, such as relapse and
    /// death: everybody is at risk of each kind from the start, each kind is a stratum of its own, and
    /// clusters are the subjects.
    ///
    /// Each kind has a name and, for each subject, a time and whether the event happened then. The
    /// [`phase`](Self::phase) is the number of the kind.
    ///
    /// ```
    /// use riskset::{RightCensored, data::Episodes};
    ///
    /// let rows = Episodes::<RightCensored>::marginal(
    ///     &["a", "b"],
    ///     &[("relapse", &[2.0, 5.0], &[true, false]), ("death", &[7.0, 5.0], &[true, true])],
    /// )?;
    /// assert_eq!(rows.source(), [0, 1, 0, 1]);
    /// assert_eq!(rows.data().strata().unwrap().names(), ["relapse", "death"]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::DuplicateName`] for a kind named twice, and
    /// [`Error::InvalidCells`] for an id that is missing or stands twice and a time that is not finite or is
    /// negative, by its row among all kinds.
    pub fn marginal<'i, L: Label + 'i>(
        ids: impl Into<ArrayView1<'i, L>>,
        kinds: &[(&str, &[f64], &[bool])],
    ) -> Result<Self> {
        let ids = ids.into();
        let n = ids.len();
        nameable(n)?;
        let subjects = RightCensored::new(&vec![1.0; n], &vec![false; n])?.with_ids(ids)?;
        unique(&kinds.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>())?;
        for (name, time, event) in kinds {
            for (what, found) in [("time", time.len()), ("event", event.len())] {
                if found != n {
                    let what = format!("{what} of {name}");
                    return Err(Error::LengthMismatch { what, expected: n, found });
                }
            }
        }
        let time: Vec<f64> = kinds.iter().flat_map(|(_, time, _)| time.iter().copied()).collect();
        let event: Vec<bool> = kinds.iter().flat_map(|(.., event)| event.iter().copied()).collect();
        let mut data = RightCensored::new(&time, &event)?;
        let rows = || (0..kinds.len()).flat_map(|kind| (0..n).map(move |row| (row, kind)));
        let names = kinds.iter().map(|(name, ..)| (*name).to_owned()).collect();
        let codes = rows().map(|(_, kind)| to_u32(kind)).collect();
        data.rows.strata = Some(Strata(Labels { codes, names }));
        let source: Vec<u32> = rows().map(|(row, _)| to_u32(row)).collect();
        let labels = subjects.rows.subjects.map(|subjects| Clusters(subjects.0.take(&source)));
        data.rows.clusters = labels;
        let (source, phase) = rows().unzip();
        Ok(Self::new(data, n, source, phase))
    }
}
