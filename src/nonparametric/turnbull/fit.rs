//! The estimate from interval-censored data: mass intervals, and S where it is determined.

use std::fmt;

use super::emicm::Maximum;
use super::maximal_intersections::MaximalIntersections;
#[cfg(feature = "serde")]
use crate::error::{Error, Result};
use crate::statistic::{Table, fixed, significant};

/// One interval (lower, upper] that carries mass in a [`TurnbullFit`]. The estimate does not say where
/// within.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct MassInterval {
    /// Lower end, not part of the interval unless it is the upper end too.
    pub lower: f64,
    /// Upper end; `None` where the interval has none. Equal to `lower` for a point.
    pub upper: Option<f64>,
    /// Probability of an event within, in (0, 1].
    pub mass: f64,
    /// S at the upper end; `None` without upper end.
    pub survival: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(MassInterval { mass: probability, survival: probability } lower <= upper);

/// The nonparametric maximum-likelihood estimate from interval-censored data.
///
/// What it estimates, and after whom: [`Turnbull`](crate::nonparametric::Turnbull).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct TurnbullFit {
    n: usize,
    intervals: Vec<MassInterval>,
    /// S before the first interval, after it, … after the last.
    levels: Vec<f64>,
    log_likelihood: f64,
    reduced_gradient: f64,
    iterations: usize,
}

impl TurnbullFit {
    #[expect(
        clippy::indexing_slicing,
        reason = "a cell has its ends and its mass, and there is one level more than cells with mass"
    )]
    pub(super) fn new(n: usize, cells: &MaximalIntersections, maximum: &Maximum) -> Self {
        let carrying: Vec<usize> = (0..cells.len()).filter(|&j| maximum.mass[j] > 0.0).collect();
        let (mut survival, mut levels) = (0.0, vec![0.0]);
        for &j in carrying.iter().skip(1).rev() {
            survival += maximum.mass[j];
            levels.push(f64::min(survival, 1.0));
        }
        levels.push(1.0);
        levels.reverse();
        let interval = |(place, &j): (usize, &usize)| {
            let upper = Some(cells.upper[j]).filter(|end| end.is_finite());
            let survival = upper.map(|_| levels[place + 1]);
            MassInterval { lower: cells.lower[j], upper, mass: maximum.mass[j], survival }
        };
        Self {
            n,
            intervals: carrying.iter().enumerate().map(interval).collect(),
            levels,
            log_likelihood: maximum.log_likelihood,
            reduced_gradient: maximum.reduced_gradient,
            iterations: maximum.iterations,
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// The intervals that carry mass, in order of time; their masses sum to 1.
    #[must_use]
    pub fn intervals(&self) -> &[MassInterval] {
        &self.intervals
    }

    /// S(t), the probability of an event after t: 1 before the first mass interval, `None` inside a
    /// mass interval, and after the start of one without end.
    ///
    /// ```
    /// # use riskset::{data::IntervalCensored, nonparametric::Turnbull};
    /// let fit = Turnbull::new().fit(&IntervalCensored::new(&[2.0], &[3.0])?)?;
    /// let s = [0.0, 2.0, 2.5, 3.0, f64::NAN].map(|t| fit.survival_at(t));
    /// assert_eq!(s, [Some(1.0), Some(1.0), None, Some(0.0), None]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    #[must_use]
    pub fn survival_at(&self, time: f64) -> Option<f64> {
        let ended = |cell: &MassInterval| cell.upper.is_some_and(|upper| upper <= time);
        let past = self.intervals.partition_point(ended);
        let inside = self.intervals.get(past).is_some_and(|next| next.lower < time);
        if inside || time.is_nan() { None } else { self.levels.get(past).copied() }
    }

    /// Log-likelihood Σ w ln P at the maximum.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The largest reduced gradient, max g_j − 1 or 0: the Karush–Kuhn–Tucker certificate. For each
    /// unit of weight the log-likelihood lacks at most this much of its maximum.
    #[must_use]
    pub fn reduced_gradient(&self) -> f64 {
        self.reduced_gradient
    }

    /// Iterations done, each an EM and an ICM step; 0 where the product-limit start is the maximum.
    #[must_use]
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

/// A line for each mass interval.
impl fmt::Display for TurnbullFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |of: fn(&MassInterval) -> Option<f64>| {
            self.intervals.iter().map(of).collect::<Vec<Option<f64>>>()
        };
        let table = Table::default()
            .column("lower", significant(&column(|cell| Some(cell.lower)), 7, ""))
            .column("upper", significant(&column(|cell| cell.upper), 7, "Inf"))
            .column("mass", fixed(&column(|cell| Some(cell.mass)), 5, ""))
            .column("survival", fixed(&column(|cell| cell.survival), 5, "-"));
        let (ln, gradient) = (self.log_likelihood, self.reduced_gradient);
        writeln!(f, "n = {}, log-likelihood {ln:.4}, reduced gradient {gradient:.1e}", self.n)?;
        write!(f, "{table}")
    }
}

#[cfg(feature = "serde")]
impl TurnbullFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { levels: probability, levels: falling })?;
        let lengths = [("levels", self.levels.len())];
        crate::checked::same_lengths(self.intervals.len() + 1, &lengths)?;
        let ordered =
            |a: &MassInterval, b: &MassInterval| a.upper.is_some_and(|upper| upper <= b.lower);
        let holds = self.intervals.is_sorted_by(ordered)
            && self.intervals.iter().all(|cell| cell.mass > 0.0);
        if holds { Ok(()) } else { Err(Error::Inconsistent { what: "mass intervals" }) }
    }
}
