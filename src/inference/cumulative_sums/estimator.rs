//! Tests of functional form, link and proportional hazards by cumulative sums of residuals.

use ndarray::Array1;

use super::along::Along;
use super::over_time::{Column, EventTimes};
use super::simulation::{Observed, Simulation};
use super::sum::CumulativeSum;
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{AtPlaces, CoxFit, CoxResiduals};

/// Cumulative sums of residuals, tested against simulated ones.
///
/// # Definition
/// Where a model holds, martingale residuals summed in the order of a covariate, and Schoenfeld residuals
/// summed in the order of time, wander about 0:
/// ```text
/// functional form of column j   W(z) = Σ_i 1{x_ij ≤ z} M_i
/// link                          W(z) = Σ_i 1{η_i ≤ z} M_i,   η = xβ + offset
/// proportional hazards          U(t) = √V_jj Σ_{events ≤ t} (x_j − E_j)
/// ```
/// with V the inverse of the information. The statistic is the largest |W| or |U|. Its distribution is
/// simulated: the events dN_i of a row are replaced by dN_i Z_i with Z standard normal, and the estimate moves
/// along,
/// ```text
/// W*(z) = Σ_i 1{x_ij ≤ z} (M*_i − a_iᵀ V U*),   M* = ∫ (Z dN − Y r dΛ*),   a_i = −∂M_i/∂β
/// U*(t) = √V_jj (Σ_{events ≤ t} Z (x_j − E_j) − I_j(t) V U*),   U* = Σ_{events} Z (x − E)
/// ```
/// where Λ* jumps by the noise of the events over the risk set, and I(t) is the information up to t. A path
/// costs one walk through the rows, O((n + d) p).
///
/// Strata have risk sets of their own; sums run over the rows, or event times, of all strata. Tied events take
/// the fit's own steps, among which their noise is spread evenly. A weight multiplies the events of its row;
/// a row with a frequency stands for rows with noise of their own. Declared clusters are refused: the noise
/// of an event stands for independent increments.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | [`simulations`](Self::simulations) | 1000 | ≥ 1 |
/// | [`seed`](Self::seed) | 1 | |
/// | [`paths`](Self::paths) | 20 | simulated sums that are kept for a plot |
///
/// A seed gives the same numbers on any number of threads.
///
/// # Example
/// ```
/// use riskset::inference::CumulativeSums;
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &[true; 8])?;
/// let design = Design::builder().numeric("x", &[3., 1., 2., 5., 4., 2., 8., 1.]).build()?;
/// let cox = CoxPh::new().fit(&data, &design)?;
/// let sums = CumulativeSums::new().simulations(200).seed(7);
/// let form = &sums.functional_form(&cox, &data, &design)?[0];
/// assert_eq!(form.position, [1., 2., 3., 4., 5., 8.]);
/// assert!(form.observed[5].abs() < 1e-12);      // all martingale residuals: 0
/// assert!(form.p_value > 1.0 / 201.0 && form.p_value <= 1.0);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R and SAS
/// `ASSESS VAR=(…) PH / RESAMPLE` of SAS's PHREG, whose p-value is k/m. R's survival has none.
///
/// # References
/// Lin, Wei & Ying 1993, doi:10.1093/biomet/80.3.557.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CumulativeSums {
    simulations: usize,
    seed: u64,
    paths: usize,
}

impl Default for CumulativeSums {
    fn default() -> Self {
        Self { simulations: 1000, seed: 1, paths: 20 }
    }
}

impl CumulativeSums {
    /// 1000 simulations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many sums are simulated.
    #[must_use]
    pub fn simulations(self, simulations: usize) -> Self {
        Self { simulations, ..self }
    }

    /// Where the multipliers start from.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How many simulated sums are kept.
    #[must_use]
    pub fn paths(self, paths: usize) -> Self {
        Self { paths, ..self }
    }

    /// Whether covariates enter as they should: a sum for each column with at least three values. A column
    /// with two has no form to test, and its sum is 0 by the score equation.
    ///
    /// # Errors
    /// Those of [`CoxFit::residuals`]; [`Error::InvalidOption`] without simulations or for too many;
    /// [`Error::TooLarge`] for more of them, or of paths, than memory holds; [`Error::Unsupported`] for clustered
    /// rows.
    #[expect(clippy::indexing_slicing, reason = "a row and a column are those of the design")]
    pub fn functional_form(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<Vec<CumulativeSum>> {
        let residuals = self.residuals(cox, data, design)?;
        let at = residuals.at_places();
        let matrix = design.matrix();
        let along = (design.columns().iter().zip(matrix.columns()))
            .map(|(name, x)| Along::new(name, at.row.iter().map(|&row| x[row]).collect()))
            .filter(|along| along.position.len() > 2);
        self.along(&residuals, &at, along.collect())
    }

    /// Whether the hazard is log-linear: one sum in the order of the linear predictor.
    ///
    /// # Errors
    /// As [`functional_form`](Self::functional_form).
    #[expect(clippy::indexing_slicing, reason = "a row and a column are those of the design")]
    pub fn link(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<CumulativeSum> {
        let residuals = self.residuals(cox, data, design)?;
        let at = residuals.at_places();
        let beta = cox.coefficients().iter().map(|c| c.estimate.unwrap_or(0.0));
        let mut eta = design.matrix().dot(&beta.collect::<Array1<f64>>());
        eta.iter_mut().zip(design.offset().into_iter().flatten()).for_each(|(eta, o)| *eta += o);
        let along = Along::new("linear predictor", at.row.iter().map(|&row| eta[row]).collect());
        Ok(self.along(&residuals, &at, vec![along])?.remove(0))
    }

    /// Whether hazards are proportional: a sum for each column with a finite estimate.
    ///
    /// Holds d × p numbers for each column.
    ///
    /// # Errors
    /// As [`functional_form`](Self::functional_form).
    #[expect(clippy::indexing_slicing, reason = "a row and a column are those of the design")]
    pub fn proportionality(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<Vec<CumulativeSum>> {
        let residuals = self.residuals(cox, data, design)?;
        let at = residuals.at_places();
        let times = EventTimes::new(&at, &residuals);
        let estimates = cox.coefficients().iter().enumerate();
        let finite = estimates.filter(|(_, c)| c.estimate.is_some()).map(|(column, _)| column);
        let mut columns = Vec::new();
        residuals.information_by_time(finite, |column, by_time| {
            columns.push(Column::new(column, &by_time, &at, &times));
        });
        let observed = |column: &Column| Observed {
            name: design.columns()[column.index].clone(),
            position: times.distinct.clone(),
            value: times.cumulate(&column.residuals),
        };
        let simulation = self.simulation();
        simulation.test(columns.iter().map(observed).collect(), &at.spread, |noise, sink| {
            let moved = at.moved(noise);
            for (process, column) in columns.iter().enumerate() {
                column.simulate(noise, &moved, &times, &mut |k, values| sink(process, k, values));
            }
        })
    }

    fn simulation(&self) -> Simulation {
        Simulation { replicates: self.simulations, kept: self.paths, seed: self.seed }
    }

    fn residuals(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<CoxResiduals> {
        if self.simulations == 0 || u32::try_from(self.simulations).is_err() {
            let (value, rule) = (self.simulations as f64, "must be from 1 to 4294967295");
            return Err(Error::InvalidOption { option: "simulations", value, rule });
        }
        if data.rows().clusters.is_some() {
            return Err(Error::Unsupported {
                estimator: "CumulativeSums",
                what: "a test of clustered rows",
                instead: "test the rows as independent, or take the score test of Proportionality",
            });
        }
        cox.without_penalty("a test by cumulative sums of a penalised fit")?;
        cox.residuals(data, design)
    }

    /// Sums of martingale residuals in several orders.
    fn along(
        &self,
        residuals: &CoxResiduals,
        at: &AtPlaces,
        along: Vec<Along>,
    ) -> Result<Vec<CumulativeSum>> {
        let observed = |along: &Along| Observed {
            name: along.name.clone(),
            position: along.position.clone(),
            value: along.cumulate(&at.martingale),
        };
        let observed = along.iter().map(observed).collect();
        self.simulation().test(observed, &at.spread, |noise, sink| {
            let residuals = residuals.perturbed(noise) - at.slope.dot(&at.moved(noise));
            for (process, along) in along.iter().enumerate() {
                along.simulate(&residuals, &mut |k, values| sink(process, k, values));
            }
        })
    }
}
