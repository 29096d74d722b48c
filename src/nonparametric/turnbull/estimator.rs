//! The nonparametric maximum-likelihood estimate from interval-censored data.

use super::emicm;
use super::fit::TurnbullFit;
use super::maximal_intersections::MaximalIntersections;
use crate::curve::ByGroup;
use crate::data::{Groups, IntervalCensored};
use crate::error::{Error, Result};

/// The nonparametric maximum-likelihood estimate (Turnbull) of the survival function from
/// interval-censored data.
///
/// # Definition
/// Each row's event lies in (L, R], or at L = R. With p_j the mass of the j-th maximal intersection
/// of these intervals,
/// ```text
/// ℓ(p) = Σ_i w_i ln P_i      P_i = Σ_{j in (L_i, R_i]} p_j      Σ_j p_j = 1,  p_j ≥ 0
/// ```
/// is maximal. A maximal intersection (q, r] begins at a left end and ends at a right end with no
/// end between; r may be ∞; it is a single point at an exact time. The likelihood does not say how
/// the mass lies within (q, r], so S(t) is `None` there: no shape is invented.
///
/// The iteration (EM and iterative convex minorant steps in turn) ends when the Karush–Kuhn–Tucker
/// conditions hold: g_j = Σ_{i covers j} w_i/P_i / Σ w_i is at most 1 + [`tolerance`](Self::tolerance)
/// everywhere. By concavity the log-likelihood then lacks at most Σ w_i · tolerance of its maximum.
/// Small steps alone never end it.
///
/// The masses are unique. With exact and right-censored rows alone the estimate is Kaplan–Meier's,
/// with exact rows alone the empirical distribution.
///
/// # Options
/// | name | default | range | |
/// |---|---|---|---|
/// | [`tolerance`](Self::tolerance) | 1e-10 | (0, 1) | largest reduced gradient at the end |
/// | [`max_iterations`](Self::max_iterations) | 10000 | | pairs of an EM and an ICM step |
///
/// # Weights
/// Of every kind: they are factors of the log-likelihood. No variance is given.
///
/// # Example
/// ```
/// use riskset::data::IntervalCensored;
/// use riskset::nonparametric::Turnbull;
///
/// let visits = IntervalCensored::new(
///     &[0.0, 2.0, 4.0, 4.0, 6.0],
///     &[3.0, 5.0, 5.0, 8.0, f64::INFINITY],
/// )?;
/// let fit = Turnbull::new().fit(&visits)?;
/// let masses: Vec<(f64, Option<f64>)> =
///     fit.intervals().iter().map(|cell| (cell.lower, cell.upper)).collect();
/// assert_eq!(masses, [(2.0, Some(3.0)), (4.0, Some(5.0)), (6.0, Some(8.0))]);
/// let mass = (5.0 - 5.0_f64.sqrt()) / 10.0; // by hand: 1 − 5p + 5p² = 0
/// assert!((fit.intervals()[0].mass - mass).abs() < 1e-12);
/// assert_eq!(fit.survival_at(2.5), None); // inside a mass interval
/// assert!(fit.survival_at(3.0).is_some_and(|s| (s - (1.0 - mass)).abs() < 1e-12));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(left, right, type = "interval2") ~ 1)`, which stops EM early and puts the mass at
/// the midpoint of each interval. There a left-censored row is known to be at most R, 0 included;
/// here (0, R] leaves out an event at 0.
///
/// # References
/// Turnbull 1976, doi:10.1111/j.2517-6161.1976.tb01597.x; Peto 1973, doi:10.2307/2346307;
/// Gentleman & Geyer 1994, doi:10.1093/biomet/81.3.618; Wellner & Zhan 1997, *Journal of the
/// American Statistical Association* 92:945.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turnbull {
    tolerance: f64,
    max_iterations: usize,
}

impl Default for Turnbull {
    fn default() -> Self {
        Self { tolerance: 1e-10, max_iterations: 10_000 }
    }
}

impl Turnbull {
    /// The estimator with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The largest reduced gradient at which the iteration ends, in (0, 1).
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// The most iterations.
    #[must_use]
    pub fn max_iterations(self, max_iterations: usize) -> Self {
        Self { max_iterations, ..self }
    }

    /// One estimate for all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the tolerance, [`Error::NotMaximised`].
    pub fn fit(&self, data: &IntervalCensored) -> Result<TurnbullFit> {
        self.check()?;
        self.estimate(data, &(0..data.len()).collect::<Vec<_>>())
    }

    /// One estimate for each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    #[expect(clippy::indexing_slicing, reason = "a group is one of those with names")]
    pub fn fit_by(&self, data: &IntervalCensored, groups: &Groups) -> Result<ByGroup<TurnbullFit>> {
        self.check()?;
        if groups.len() != data.len() {
            let (expected, found) = (data.len(), groups.len());
            return Err(Error::LengthMismatch { what: "groups".to_owned(), expected, found });
        }
        let mut rows = vec![Vec::new(); groups.names().len()];
        for (row, &group) in groups.codes().iter().enumerate() {
            rows[group as usize].push(row);
        }
        ByGroup::try_new(groups.names(), |group, name| {
            if rows[group].is_empty() {
                return Err(Error::Empty { what: name.to_owned() });
            }
            self.estimate(data, &rows[group])
        })
    }

    fn check(self) -> Result<()> {
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            let (value, rule) = (self.tolerance, "must be between 0 and 1");
            return Err(Error::InvalidOption { option: "tolerance", value, rule });
        }
        Ok(())
    }

    fn estimate(self, data: &IntervalCensored, rows: &[usize]) -> Result<TurnbullFit> {
        let cells = MaximalIntersections::new(data, rows);
        let maximum = emicm::maximise(&cells, self.tolerance, self.max_iterations);
        if !maximum.converged {
            return Err(Error::NotMaximised {
                iterations: maximum.iterations,
                reduced_gradient: maximum.reduced_gradient,
                log_likelihood: maximum.log_likelihood,
            });
        }
        Ok(TurnbullFit::new(rows.len(), &cells, &maximum))
    }
}
