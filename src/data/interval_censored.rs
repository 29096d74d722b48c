//! Interval-censored observations.

use ndarray::ArrayView1;
use std::fmt;

use super::countable::countable;
use super::right_censored::RightCensored;
use super::time_match::{TieReport, TimeMatch};
use super::timeline::matched;
use super::weights::Weights;
use crate::error::{BadCell, Error, Result};
use crate::numerics::sort::Ascending;

/// Interval-censored observations: the event of each row happened in (left, right].
///
/// The left end is not part of the interval, the right end is: a visit on day 90 that finds the
/// event after a visit on day 60 that did not is (60, 90].
///
/// | left | right | meaning |
/// |---|---|---|
/// | L | R > L | in (L, R] |
/// | L | L | at L exactly |
/// | L | +∞ | after L: right-censored |
/// | 0 | R | after 0 and up to R: left-censored |
///
/// Left ends are finite and not negative. Nearly equal ends are taken for one time as in the other
/// data types ([`TimeMatch`]). [`Turnbull`](crate::nonparametric::Turnbull) estimates the survival
/// function.
///
/// ```
/// use riskset::data::IntervalCensored;
///
/// let data = IntervalCensored::new(&[60.0, 45.0, 90.0], &[90.0, 45.0, f64::INFINITY])?;
/// assert_eq!((data.len(), data.n_exact(), data.n_right_censored()), (3, 1, 1));
///
/// let error = IntervalCensored::new(&[f64::INFINITY, 5.0], &[f64::NAN, 4.0]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`left` row 0 is inf: must be finite and not negative; \
///      `right` row 0 is NaN: must be a time or infinity; \
///      `right` row 1 is 4: must not be before the left end"
/// );
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// Kaplan–Meier needs to know when each event happened, and has no way to take such data:
///
/// ```compile_fail,E0277
/// use riskset::{KaplanMeier, data::IntervalCensored};
///
/// let data = IntervalCensored::new(&[60.0], &[90.0]).unwrap();
/// let fit = KaplanMeier::new().fit(&data);
/// ```
///
/// # In R
/// `Surv(left, right, type = "interval2")`, where a row with NA on the left is left-censored, and one with
/// infinity or NA on the right right-censored.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "wire::Wire", into = "wire::Wire"))]
pub struct IntervalCensored {
    left: Vec<f64>,
    right: Vec<f64>,
    weights: Option<Weights>,
    policy: TimeMatch,
    report: TieReport,
    /// The ends as given, where the near-tie policy has moved some.
    given: Option<Box<(Vec<f64>, Vec<f64>)>>,
}

impl IntervalCensored {
    /// From the two ends of each row's interval; `f64::INFINITY` on the right for right-censored
    /// rows. Checks everything once and copies once.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::InvalidCells`] with every left end
    /// that is not finite or is negative and every right end that is not a number or comes before
    /// the left one.
    pub fn new<'l, 'r>(
        left: impl Into<ArrayView1<'l, f64>>,
        right: impl Into<ArrayView1<'r, f64>>,
    ) -> Result<Self> {
        let (left, right) = (left.into(), right.into());
        countable("left", left.len())?;
        if right.len() != left.len() {
            let (expected, found) = (left.len(), right.len());
            return Err(Error::LengthMismatch { what: "right".to_owned(), expected, found });
        }
        let cells = bad_cells(left, right);
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        // Adding zero turns a negative zero into zero, which the sort relies on.
        let column = |ends: ArrayView1<'_, f64>| ends.iter().map(|end| end + 0.0).collect();
        Self::matched(column(left), column(right), TimeMatch::default())
    }

    /// Right-censored rows as intervals: exact at an event, open to the right after a censoring.
    /// Times, near-tie policy and weights are kept; strata, clusters and ids are not.
    #[must_use]
    pub fn from_right_censored(data: &RightCensored) -> Self {
        let end = |(&time, &event): (&f64, &bool)| if event { time } else { f64::INFINITY };
        Self {
            left: data.time().to_vec(),
            right: data.time().iter().zip(data.event()).map(end).collect(),
            weights: data.weights().cloned(),
            policy: TimeMatch::Exact,
            report: TieReport::default(),
            given: None,
        }
    }

    /// Adds one weight a row.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn with_weights(self, weights: Weights) -> Result<Self> {
        let (expected, found) = (self.len(), weights.values().len());
        if found != expected {
            return Err(Error::LengthMismatch { what: "weights".to_owned(), expected, found });
        }
        Ok(Self { weights: Some(weights), ..self })
    }

    /// Applies another near-tie policy to the ends as given.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a tolerance outside [0, 1), and [`Error::InvalidCells`] for a
    /// row whose two ends become one time.
    pub fn with_time_match(self, policy: TimeMatch) -> Result<Self> {
        policy.check()?;
        let weights = self.weights;
        let (left, right) = match self.given {
            Some(given) => *given,
            None => (self.left, self.right),
        };
        Ok(Self { weights, ..Self::matched(left, right, policy)? })
    }

    /// Takes nearly equal finite ends of checked rows for one time.
    #[expect(clippy::indexing_slicing, reason = "a row is one of the data")]
    fn matched(left: Vec<f64>, right: Vec<f64>, policy: TimeMatch) -> Result<Self> {
        let (finite, values): (Vec<usize>, Vec<f64>) =
            right.iter().copied().enumerate().filter(|(_, end)| end.is_finite()).unzip();
        // The ends together can be more than 32 bits can name: each side is ordered by itself.
        let (by_left, by_right) = (Ascending::new(&left), Ascending::new(&values));
        let (report, [lefts, rights]) = matched(policy, &by_left.values, &by_right.values);
        let (mut moved_left, mut moved_right) = (left.clone(), right.clone());
        by_left.rows.iter().zip(lefts).for_each(|(&row, end)| moved_left[row as usize] = end);
        for (&k, end) in by_right.rows.iter().zip(rights) {
            moved_right[finite[k as usize]] = end;
        }
        let rule = "the near-tie policy takes both ends for one time";
        let ends = left.iter().zip(&right);
        let moved = moved_left.iter().zip(&moved_right);
        let cells: Vec<BadCell> = (ends.zip(moved).enumerate())
            .filter(|(_, ((left, right), (from, to)))| left < right && from >= to)
            .map(|(row, ((_, right), _))| BadCell::new("right", row, right, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let given = (report.merged > 0).then(|| Box::new((left, right)));
        Ok(Self { left: moved_left, right: moved_right, weights: None, policy, report, given })
    }

    /// Number of rows.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it always has rows")]
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Left ends, after the near-tie policy; one a row, in the unit given.
    #[must_use]
    pub fn left(&self) -> &[f64] {
        &self.left
    }

    /// Right ends, after the near-tie policy; `f64::INFINITY` where the row is right-censored.
    #[must_use]
    pub fn right(&self) -> &[f64] {
        &self.right
    }

    /// The weights, where there are any.
    #[must_use]
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// What the near-tie policy has moved.
    #[must_use]
    pub fn tie_report(&self) -> TieReport {
        self.report
    }

    /// Number of rows whose event time is known exactly, not weighted.
    #[must_use]
    pub fn n_exact(&self) -> usize {
        self.left.iter().zip(&self.right).filter(|(left, right)| left == right).count()
    }

    /// Number of right-censored rows, not weighted.
    #[must_use]
    pub fn n_right_censored(&self) -> usize {
        self.right.iter().filter(|right| right.is_infinite()).count()
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights.values()[row])
    }
}

/// The cells that break a rule: left ends first.
fn bad_cells(left: ArrayView1<'_, f64>, right: ArrayView1<'_, f64>) -> Vec<BadCell> {
    let rule = "must be finite and not negative";
    let mut cells: Vec<BadCell> = (left.iter().enumerate())
        .filter(|(_, end)| !(end.is_finite() && **end >= 0.0))
        .map(|(row, end)| BadCell::new("left", row, end, rule))
        .collect();
    cells.extend((left.iter().zip(&right).enumerate()).filter_map(|(row, (left, right))| {
        let bad = |rule| Some(BadCell::new("right", row, right, rule));
        match () {
            () if right.is_nan() => bad("must be a time or infinity"),
            () if left.is_finite() && right < left => bad("must not be before the left end"),
            () => None,
        }
    }));
    cells
}

/// One line: rows, and how many are exact and right-censored.
impl fmt::Display for IntervalCensored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, exact, right) = (self.len(), self.n_exact(), self.n_right_censored());
        let mut text = format!(
            "{n} rows, {exact} exact, {} in intervals, {right} right-censored",
            n - exact - right
        );
        if let Some(weights) = &self.weights {
            text += &format!(", {} weights", format!("{:?}", weights.kind()).to_lowercase());
        }
        f.pad(&text)
    }
}

#[cfg(feature = "serde")]
mod wire {
    //! The serialised form: ends as given, `null` for infinity.

    use super::{Error, IntervalCensored, Result, TimeMatch, Weights};

    #[derive(serde::Serialize, serde::Deserialize)]
    pub(super) struct Wire {
        left: Vec<f64>,
        right: Vec<Option<f64>>,
        #[serde(default)]
        time_match: TimeMatch,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
    }

    impl From<IntervalCensored> for Wire {
        fn from(data: IntervalCensored) -> Self {
            let IntervalCensored { left, right, weights, policy, given, .. } = data;
            let (left, right) = given.map_or((left, right), |given| *given);
            let right = right.into_iter().map(|end| end.is_finite().then_some(end)).collect();
            Self { left, right, time_match: policy, weights }
        }
    }

    impl TryFrom<Wire> for IntervalCensored {
        type Error = Error;

        fn try_from(wire: Wire) -> Result<Self> {
            let right: Vec<f64> =
                wire.right.iter().map(|end| end.unwrap_or(f64::INFINITY)).collect();
            let data = Self::new(&wire.left, &right)?.with_time_match(wire.time_match)?;
            wire.weights.map_or(Ok(data.clone()), |weights| data.with_weights(weights))
        }
    }
}
