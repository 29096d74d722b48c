//! The label columns a data set can carry: groups, strata, clusters, subjects.

use ndarray::ArrayView1;

use super::label::{Label, Labels};
use crate::error::Result;

macro_rules! label_column {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(
            feature = "serde",
            serde(try_from = "super::wire::LabelsWire", into = "super::wire::LabelsWire")
        )]
        pub struct $name(pub(crate) Labels);

        impl $name {
            /// From one label a row; the names take the labels' own order.
            ///
            /// # Errors
            /// [`Empty`](crate::Error::Empty) without rows,
            /// [`TooManyRows`](crate::Error::TooManyRows),
            /// [`InvalidCells`](crate::Error::InvalidCells) where a label is missing,
            /// [`DuplicateName`](crate::Error::DuplicateName) when two labels read the same.
            pub fn new<'a, L: Label + 'a>(labels: impl Into<ArrayView1<'a, L>>) -> Result<Self> {
                Labels::sorted($what, labels.into()).map(Self)
            }

            /// The names, in order; codes point into this table.
            #[must_use]
            pub fn names(&self) -> &[String] {
                &self.0.names
            }

            /// The code of each row, an index into [`names`](Self::names).
            #[must_use]
            pub fn codes(&self) -> &[u32] {
                &self.0.codes
            }

            /// Number of rows.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "it always has rows")]
            pub fn len(&self) -> usize {
                self.0.len()
            }
        }
    };
}

label_column! {
    /// The groups that curves and tests compare, one label a row.
    ///
    /// ```
    /// use riskset::Groups;
    ///
    /// let arm = Groups::new(&["Lev", "Obs", "Lev"])?;
    /// assert_eq!(arm.names(), ["Lev", "Obs"]);
    /// let arm = Groups::with_levels(&["Lev", "Obs", "Lev"], &["Obs", "Lev"])?;
    /// assert_eq!(arm.names(), ["Obs", "Lev"]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    Groups, "groups"
}

label_column! {
    /// Strata: each has a baseline hazard and risk sets of its own.
    Strata, "strata"
}

label_column! {
    /// Clusters: rows of one cluster may be dependent, clusters are not.
    Clusters, "clusters"
}

label_column! {
    /// Subjects: the rows of one subject are pieces of one history.
    Subjects, "ids"
}

impl Groups {
    /// From one label a row; the names take the order of their first row.
    ///
    /// # Errors
    /// As [`Groups::new`].
    pub fn first_seen<'a, L: Label + 'a>(labels: impl Into<ArrayView1<'a, L>>) -> Result<Self> {
        Labels::first_seen("groups", labels.into()).map(Self)
    }

    /// From one label a row, with the names in the order listed.
    ///
    /// # Errors
    /// As [`Groups::new`], and [`UnknownLevel`](crate::Error::UnknownLevel) for a label that is
    /// not listed.
    pub fn with_levels<'a, L: Label + 'a>(
        labels: impl Into<ArrayView1<'a, L>>,
        levels: &[&str],
    ) -> Result<Self> {
        Labels::with_levels("groups", labels.into(), levels).map(Self)
    }
}
