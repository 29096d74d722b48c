//! The rows behind every kind of observation, and the trait that lets estimators read them.

use ndarray::ArrayView1;

use super::columns::{Clusters, Strata, Subjects};
use super::time_match::TimeMatch;
use super::timeline::Timeline;
use super::variance::Variance;
use super::weights::{WeightKind, Weights};
use crate::error::{BadCell, Error, Result, Warning};
use crate::numerics::large::Large;

#[allow(unnameable_types, reason = "seals SurvivalData")]
/// Checked rows: histories (entry, exit] that end with an event or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    pub(crate) times: Timeline,
    pub(crate) event: Vec<bool>,
    pub(crate) weights: Option<Weights>,
    pub(crate) strata: Option<Strata>,
    pub(crate) clusters: Option<Clusters>,
    pub(crate) subjects: Option<Subjects>,
}

impl Rows {
    pub(super) fn new(times: Timeline, event: Vec<bool>) -> Self {
        Self { times, event, weights: None, strata: None, clusters: None, subjects: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.event.len()
    }

    /// Rows that end with an event, not weighted.
    pub(crate) fn n_events(&self) -> usize {
        self.event.iter().filter(|&&event| event).count()
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights.values()[row])
    }

    /// The same rows with the square of each weight.
    pub(crate) fn with_squared_weights(&self) -> Self {
        Self { weights: self.weights.as_ref().map(Weights::squared), ..self.clone() }
    }

    /// How many clusters there are and which each row is in: the clusters declared, or the subjects;
    /// `None` where every row stands for itself.
    pub(crate) fn cluster_codes(&self) -> Option<(usize, &[u32])> {
        let clusters = self.clusters.as_ref().map(|column| (column.names().len(), column.codes()));
        let subjects = self.subjects.as_ref().map(|column| (column.names().len(), column.codes()));
        clusters.or(subjects)
    }

    /// Whether the variance is to be robust.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model-based variance under sampling weights.
    pub(crate) fn robust(&self, estimator: &'static str, variance: Variance) -> Result<bool> {
        let sampling = self.weight_kind() == Some(WeightKind::Sampling);
        match variance {
            Variance::Automatic => Ok(sampling || self.clusters.is_some()),
            Variance::Robust => Ok(true),
            Variance::ModelBased if sampling => Err(Error::Unsupported {
                estimator,
                what: "the model-based variance under sampling weights",
                instead: "use Variance::Robust",
            }),
            Variance::ModelBased => Ok(false),
        }
    }

    /// Fails where clusters are declared, for an estimator whose variance takes rows for independent. Ids
    /// alone pass: the pieces of one history are independent given what came before.
    pub(crate) fn independent(&self, estimator: &'static str, instead: &'static str) -> Result<()> {
        match self.clusters {
            None => Ok(()),
            Some(_) => {
                let what = "the variance of rows that depend on each other";
                Err(Error::Unsupported { estimator, what, instead })
            }
        }
    }

    pub(crate) fn weight_kind(&self) -> Option<WeightKind> {
        self.weights.as_ref().map(Weights::kind)
    }

    /// Fails unless another column has as many rows.
    pub(crate) fn same_length(&self, what: &str, found: usize) -> Result<()> {
        if found == self.len() {
            return Ok(());
        }
        Err(Error::LengthMismatch { what: what.to_owned(), expected: self.len(), found })
    }

    /// Applies another near-tie policy to the times as given.
    pub(super) fn with_time_match(mut self, policy: TimeMatch) -> Result<Self> {
        policy.check()?;
        self.times = self.times.with_policy(policy);
        self.entries_before_exits()
    }

    /// Fails when the near-tie policy has made entry and exit of a row one time.
    pub(super) fn entries_before_exits(self) -> Result<Self> {
        let Some(entry) = &self.times.entry else { return Ok(self) };
        let rule = "the near-tie policy takes entry and exit for one time";
        let cells: Vec<BadCell> = not_before(entry, &self.times.exit, rule).collect();
        if cells.is_empty() { Ok(self) } else { Err(Error::InvalidCells { cells }) }
    }

    /// Adds ids to rows that are whole histories: an id stands once, unless clusters are declared.
    pub(super) fn identify(&mut self, subjects: Subjects) -> Result<()> {
        if self.clusters.is_none() {
            repeated(&subjects)?;
        }
        self.subjects = Some(subjects);
        Ok(())
    }

    /// New rows made of rows of these, with their weights, strata and clusters; without ids.
    pub(super) fn carry(&self, source: &[u32], times: Timeline, event: Vec<bool>) -> Self {
        Self {
            times,
            event,
            weights: self.weights.as_ref().map(|weights| weights.take(source)),
            strata: self.strata.as_ref().map(|strata| Strata(strata.0.take(source))),
            clusters: self.clusters.as_ref().map(|clusters| Clusters(clusters.0.take(source))),
            subjects: None,
        }
    }

    /// Adds ids to rows that are pieces of histories: those of one subject must not overlap.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(super) fn identify_pieces(&mut self, subjects: Subjects) -> Result<()> {
        let rule = "must not be before the end of the subject's previous row";
        let (entry, exit) = (self.times.entry.as_deref().unwrap_or_default(), &self.times.exit);
        let cells: Vec<BadCell> = (self.successions(&subjects).into_iter())
            .filter(|&(before, after)| entry[after] < exit[before])
            .map(|(_, after)| BadCell::new("entry", after, entry[after], rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        self.subjects = Some(subjects);
        Ok(())
    }

    /// Pairs of rows that follow each other within a subject.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a subject"
    )]
    pub(crate) fn successions(&self, subjects: &Subjects) -> Vec<(usize, usize)> {
        let by_entry = self.times.by_entry.as_ref().map_or(&[][..], |by_entry| &by_entry.rows);
        let mut last: Vec<Option<usize>> = vec![None; subjects.names().len()];
        let mut pairs = Vec::new();
        for row in by_entry.iter().map(|&row| row as usize) {
            let previous = last[subjects.codes()[row] as usize].replace(row);
            pairs.extend(previous.map(|previous| (previous, row)));
        }
        pairs
    }

    /// One line: rows, events, times, and the columns there are.
    pub(super) fn summary(&self) -> String {
        let exits = &self.times.by_exit.values;
        let (first, last) = (exits.first().unwrap_or(&0.0), exits.last().unwrap_or(&0.0));
        let mut text =
            format!("{} rows, {} events, times {first} to {last}", self.len(), self.n_events());
        if self.times.entry.is_some() {
            text += ", delayed entry";
        }
        if let Some(kind) = self.weight_kind() {
            text += &format!(", {} weights", format!("{kind:?}").to_lowercase());
        }
        let counts = [
            ("strata", self.strata.as_ref().map(Strata::names)),
            ("clusters", self.clusters.as_ref().map(Clusters::names)),
            ("subjects", self.subjects.as_ref().map(Subjects::names)),
        ];
        for (what, names) in counts {
            text += &names.map_or(String::new(), |names| format!(", {} {what}", names.len()));
        }
        text
    }

    /// What the near-tie policy has to say.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let report = self.times.report;
        if report.merged == 0 {
            return Vec::new();
        }
        vec![Warning::TimesMerged { merged: report.merged, max_shift: report.max_shift }]
    }
}

/// Fails when an id stands twice.
#[expect(clippy::indexing_slicing, reason = "a code is below the number of names")]
fn repeated(subjects: &Subjects) -> Result<()> {
    let mut seen = vec![false; subjects.names().len()];
    let rule = "an id may stand once, unless clusters are declared";
    let cells: Vec<BadCell> = (subjects.codes().iter().enumerate())
        .filter(|(_, code)| std::mem::replace(&mut seen[**code as usize], true))
        .map(|(row, code)| BadCell::new("ids", row, &subjects.names()[*code as usize], rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

/// The rows whose entry is not before their exit. Cells that are not finite are named elsewhere.
pub(super) fn not_before<'a>(
    entry: &'a [f64],
    exit: &'a [f64],
    rule: &'static str,
) -> impl Iterator<Item = BadCell> + 'a {
    (entry.iter().zip(exit).enumerate())
        .filter(|(_, (entry, exit))| entry.is_finite() && exit.is_finite() && entry >= exit)
        .map(move |(row, (entry, _))| BadCell::new("entry", row, entry, rule))
}

/// Copies a column of times; lists the cells that are not finite or negative.
pub(super) fn times(
    column: &'static str,
    values: ArrayView1<'_, f64>,
    bad: &mut Vec<BadCell>,
) -> Large {
    let rule = "must be finite and not negative";
    // As whole numbers, the bits of all that break the rule are at least those of infinity.
    let ok = |bits: u64| bits < f64::INFINITY.to_bits();
    // Adding zero turns a negative zero into zero, which the sort relies on.
    let copied = |time: &f64| time + 0.0;
    let copy: Large = match values.as_slice() {
        // Several at a time.
        Some(values) => values.iter().map(copied).collect(),
        None => values.iter().map(copied).collect(),
    };
    if !ok(copy.iter().fold(0, |most, time| most.max(time.to_bits()))) {
        bad.extend(
            (copy.iter().enumerate())
                .filter(|(_, time)| !ok(time.to_bits()))
                .map(|(row, time)| BadCell::new(column, row, time, rule)),
        );
    }
    copy
}

/// Marks the types that a right-censored analysis can take: [`RightCensored`](super::RightCensored)
/// and [`CountingProcess`](super::CountingProcess).
///
/// Sealed: it cannot be implemented outside this crate. [`CompetingRisks`](super::CompetingRisks)
/// does not have it, so that one minus Kaplan–Meier cannot be mistaken for an incidence; its
/// projections do.
pub trait SurvivalData: HasRows {}

pub(crate) mod sealed {
    #[allow(unnameable_types, reason = "seals SurvivalData")]
    /// Gives the rows to the estimators.
    pub trait HasRows {
        /// The checked rows.
        fn rows(&self) -> &super::Rows;

        /// Data of the same kind with other checked rows.
        fn of_rows(rows: super::Rows) -> Self
        where
            Self: Sized;
    }
}
pub(crate) use sealed::HasRows;

/// Writes the methods that every kind of observation shares, for a type with a field `rows`.
macro_rules! row_columns {
    ($data:ident $(<$kind:ident>)?) => {
        /// One line: rows, events, times, and the columns there are.
        impl$(<$kind>)? std::fmt::Display for $data$(<$kind>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.rows.summary())
            }
        }

        impl$(<$kind>)? $data$(<$kind>)? {
            /// Adds one weight a row; its kind chooses the variance.
            ///
            /// # Errors
            /// [`Error::LengthMismatch`](crate::Error::LengthMismatch).
            pub fn with_weights(mut self, weights: crate::data::Weights) -> crate::Result<Self> {
                self.rows.same_length("weights", weights.values().len())?;
                self.rows.weights = Some(weights);
                Ok(self)
            }

            /// Adds one stratum label a row. Log-rank tests and Cox models compare within strata.
            ///
            /// # Errors
            /// [`Error::LengthMismatch`](crate::Error::LengthMismatch), and a missing label.
            pub fn with_strata<'a, L: crate::data::Label + 'a>(
                mut self,
                labels: impl Into<ndarray::ArrayView1<'a, L>>,
            ) -> crate::Result<Self> {
                let labels = labels.into();
                self.rows.same_length("strata", labels.len())?;
                self.rows.strata = Some(crate::data::Strata::new(labels)?);
                Ok(self)
            }

            /// Adds one cluster label a row. The variance of a Cox model then sums over clusters.
            ///
            /// # Errors
            /// [`Error::LengthMismatch`](crate::Error::LengthMismatch), and a missing label.
            pub fn with_clusters<'a, L: crate::data::Label + 'a>(
                mut self,
                labels: impl Into<ndarray::ArrayView1<'a, L>>,
            ) -> crate::Result<Self> {
                let labels = labels.into();
                self.rows.same_length("clusters", labels.len())?;
                self.rows.clusters = Some(crate::data::Clusters::new(labels)?);
                Ok(self)
            }

            /// Applies another near-tie policy to the times as given.
            ///
            /// # Errors
            /// [`Error::InvalidOption`](crate::Error::InvalidOption) for a tolerance outside
            /// [0, 1), and [`Error::InvalidCells`](crate::Error::InvalidCells) for a row whose entry and exit
            /// become one time.
            pub fn with_time_match(
                mut self,
                policy: crate::data::TimeMatch,
            ) -> crate::Result<Self> {
                self.rows = self.rows.with_time_match(policy)?;
                Ok(self)
            }

            /// Number of rows.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "it always has rows")]
            pub fn len(&self) -> usize {
                self.rows.len()
            }

            /// Exit times, after the near-tie policy; one a row, in the unit given.
            #[must_use]
            pub fn time(&self) -> &[f64] {
                &self.rows.times.exit
            }

            /// The weights, where there are any.
            #[must_use]
            pub fn weights(&self) -> Option<&crate::data::Weights> {
                self.rows.weights.as_ref()
            }

            /// The strata, where there are any.
            #[must_use]
            pub fn strata(&self) -> Option<&crate::data::Strata> {
                self.rows.strata.as_ref()
            }

            /// The clusters, where there are any.
            #[must_use]
            pub fn clusters(&self) -> Option<&crate::data::Clusters> {
                self.rows.clusters.as_ref()
            }

            /// The subjects, where the rows carry ids.
            #[must_use]
            pub fn subjects(&self) -> Option<&crate::data::Subjects> {
                self.rows.subjects.as_ref()
            }

            /// What the near-tie policy has moved.
            #[must_use]
            pub fn tie_report(&self) -> crate::data::TieReport {
                self.rows.times.report
            }
        }
    };
}
pub(super) use row_columns;
