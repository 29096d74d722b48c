//! The test of proportional hazards.

use ndarray::Array2;

use super::fit::{ProportionalityFit, ProportionalityTest};
use super::time_transform::TimeTransform;
use crate::data::{Design, Rows, SurvivalData, Term};
use crate::error::Result;
use crate::linalg::Ldl;
use crate::regression::cox::{CoxFit, CoxResiduals};
use crate::statistic::{TestKind, TestResult};

/// Score test of proportional hazards: of adding x·g(t) to a fitted model.
///
/// # Definition
/// Under proportional hazards a coefficient β is constant; the alternative is β + θ g(t). With V(t) the
/// covariance of the covariates in the risk set, I = Σ V the information, V₀ its inverse, and r the
/// Schoenfeld residuals, all sums over event times with the fit's own treatment of ties,
/// ```text
/// U  = Σ g(t) r(t)
/// B  = Σ g² V − (Σ g V) V₀ (Σ g V)
/// χ² = U_Kᵀ B_KK⁻¹ U_K     on |K| degrees of freedom
/// ```
/// where K is a column, the columns of a term, or all of them. This is the score test itself, not its
/// approximation by a constant V(t) that earlier programs use. Adding a constant to g, or a factor, changes
/// nothing. Strata, delayed entry, offsets and case weights enter as in the likelihood. The test rests on
/// the information also where the fit's variance is robust, as R's does.
///
/// Columns whose coefficient is aliased or infinite are not tested.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`transform`](Self::transform) | `KaplanMeier` | `transform` |
///
/// # Example
/// A hazard ratio above 1 that comes to act late:
/// ```
/// use riskset::inference::{Proportionality, TimeTransform};
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &[true; 8])?;
/// let design = Design::builder().numeric("x", &[0., 0., 1., 0., 1., 1., 0., 1.]).build()?;
/// let cox = CoxPh::new().fit(&data, &design)?;
/// let test = Proportionality::new().transform(TimeTransform::Rank);
/// let fit = test.fit(&cox, &data, &design)?;
/// let column = fit.columns()[0].test.unwrap();
/// assert_eq!(column.df, Some(1));
/// assert_eq!(fit.global().unwrap().statistic, column.statistic);
/// assert!(column.p_value > 0.05 && column.p_value < 1.0);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `cox.zph(fit, transform, terms)`, from version 3.0 of survival on.
///
/// # References
/// Grambsch & Therneau 1994, doi:10.1093/biomet/81.3.515; Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x.
#[derive(Debug, Clone, Default)]
pub struct Proportionality {
    pub(super) transform: TimeTransform,
}

impl CoxFit {
    /// The test of proportional hazards along 1 − S(t−), for each column, for each term and for all.
    ///
    /// # Errors
    /// As [`Proportionality::fit`].
    pub fn proportionality(
        &self,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<ProportionalityFit> {
        Proportionality::new().fit(self, data, design)
    }
}

impl Proportionality {
    /// Along 1 − S(t−).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The function of time to look along.
    #[must_use]
    pub fn transform(self, transform: TimeTransform) -> Self {
        Self { transform }
    }

    /// Tests a fit on the rows and the design it was made from.
    ///
    /// # Errors
    /// Those of [`CoxFit::residuals`], [`Error::Unsupported`](crate::Error::Unsupported) for a penalised
    /// fit, and [`Error::InvalidOption`](crate::Error::InvalidOption) when the
    /// transform is not finite at an event time.
    pub fn fit(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<ProportionalityFit> {
        cox.without_penalty("a score test in a penalised fit")?;
        self.fit_residuals(cox, &cox.residuals(data, design)?, data)
    }

    /// The same from residuals of the fit that there are already, those of
    /// [`CoxPh::fit_with_residuals`](crate::CoxPh::fit_with_residuals) for example.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::OtherData`](crate::Error::OtherData) for residuals of another fit
    /// or of other rows.
    pub fn fit_residuals(
        &self,
        cox: &CoxFit,
        residuals: &CoxResiduals,
        data: &impl SurvivalData,
    ) -> Result<ProportionalityFit> {
        cox.without_penalty("a score test in a penalised fit")?;
        residuals.are_of(cox, data.rows())?;
        let g = self.along(data.rows(), &residuals.event_times())?;
        Ok(self.outcome(cox, &Tests::new(cox, residuals, &g)))
    }

    /// g at the event times, centred, by stratum.
    pub(super) fn along(&self, rows: &Rows, events: &[Vec<(f64, f64)>]) -> Result<Vec<Vec<f64>>> {
        let times: Vec<Vec<f64>> =
            events.iter().map(|times| column(times, |event| event.0)).collect();
        let counts: Vec<Vec<f64>> =
            events.iter().map(|times| column(times, |event| event.1)).collect();
        Ok(centred(self.transform.at(rows, &times)?, &counts))
    }

    /// The test of each column, of each term, and of all.
    pub(super) fn outcome(&self, cox: &CoxFit, tests: &Tests) -> ProportionalityFit {
        let one = |name: &str, columns: Vec<usize>| ProportionalityTest {
            name: name.to_owned(),
            test: tests.of(&columns),
        };
        let names = cox.coding().columns().iter().enumerate();
        let term = |term: &Term| one(&term.name, term.columns.clone().collect());
        ProportionalityFit {
            transform: self.transform.to_string(),
            columns: names.map(|(column, name)| one(name, vec![column])).collect(),
            terms: cox.coding().terms().iter().map(term).collect(),
            global: tests.of(&(0..cox.coefficients().len()).collect::<Vec<_>>()),
        }
    }
}

fn column(events: &[(f64, f64)], of: impl Fn(&(f64, f64)) -> f64) -> Vec<f64> {
    events.iter().map(of).collect()
}

/// What is left of g by rounding where it is constant, relative to its size.
const CONSTANT: f64 = 1e-13;

/// Subtracts the mean over the events.
fn centred(mut g: Vec<Vec<f64>>, counts: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let pairs = || g.iter().flatten().zip(counts.iter().flatten());
    let largest = pairs().fold(0.0, |m: f64, (g, _)| m.max(g.abs()));
    if largest == 0.0 {
        return g;
    }
    let total: f64 = counts.iter().flatten().sum();
    let mean: f64 = pairs().map(|(g, n)| g / largest * (n / total)).sum();
    for value in g.iter_mut().flatten() {
        // In units of the largest, so that no power of it overflows.
        *value = *value / largest - mean;
        if value.abs() <= CONSTANT {
            *value = 0.0;
        }
    }
    g
}

/// U and B, in the scaled columns.
pub(super) struct Tests {
    score: Vec<f64>,
    information: Array2<f64>,
    /// The diagonal that pivots are held against.
    diagonal: Vec<f64>,
    live: Vec<bool>,
}

/// A second moment of which no more than this fraction is left is taken for 0, with the tolerance of a
/// pivot: the columns tell nothing of a trend.
const LEFT: f64 = 0.01;

impl Tests {
    pub(super) fn new(cox: &CoxFit, residuals: &CoxResiduals, g: &[Vec<f64>]) -> Self {
        let added = residuals.time_interaction(g);
        let explained = added.cross.dot(&residuals.scaled_vcov()).dot(&added.cross);
        let both = added.information.diag().into_iter().zip(&added.moment);
        Self {
            diagonal: both.map(|(information, moment)| information.max(LEFT * moment)).collect(),
            information: added.information - explained,
            score: added.score,
            live: cox.coefficients().iter().map(|c| c.estimate.is_some()).collect(),
        }
    }

    /// The same with another variance of U, and what it was before β was estimated. Columns that tell nothing
    /// of a trend stay untested.
    #[expect(clippy::indexing_slicing, reason = "a column is one of those of the score")]
    pub(super) fn with_variance(self, [variance, before]: [Array2<f64>; 2]) -> Self {
        let p = self.live.len();
        let tells = |column: usize| {
            let mut alone = vec![false; p];
            alone[column] = self.live[column];
            Ldl::against(&self.diagonal, &self.information, &alone).rank() > 0
        };
        Self {
            live: (0..p).map(tells).collect(),
            diagonal: before.diag().to_vec(),
            information: variance,
            score: self.score,
        }
    }

    /// The test of some of the columns; `None` where they tell nothing of a trend.
    #[expect(clippy::indexing_slicing, reason = "a column is one of those of the score")]
    fn of(&self, columns: &[usize]) -> Option<TestResult> {
        let mut live = vec![false; self.live.len()];
        columns.iter().for_each(|&column| live[column] = self.live[column]);
        let ldl = Ldl::against(&self.diagonal, &self.information, &live);
        let statistic = ldl.quadratic_form(&self.score);
        let test = || TestResult::chi_square(TestKind::Score, statistic, ldl.rank());
        (ldl.rank() > 0 && statistic.is_finite()).then(test)
    }
}
