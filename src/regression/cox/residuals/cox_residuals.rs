//! Residuals with one value or one row for each row of the data.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, its source one of the data, with the codes of its labels"
)]

use ndarray::{Array2, Axis};

use crate::data::{Design, Rows, SurvivalData, WeightKind};
use crate::error::{Error, Result};
use crate::regression::cox::engine::{
    Ties, TimeFactors, TimeInteraction, each_score_residual, expected_events, score_residuals,
};
use crate::regression::cox::evaluation::Evaluation;
use crate::regression::cox::fit::CoxFit;

/// The rows of a fit at its estimate: each kind of residual is computed when it is asked for.
///
/// # Definition
/// With δ the event indicator of a row, η = xβ + offset, and Λ the cumulative hazard of its stratum as the
/// fit's treatment of ties has it (a row with a tied event bears its share of the steps),
/// ```text
/// martingale    M = δ − e,   e = exp(η) ∫ dΛ over (entry, exit]
/// deviance      sign(M) √(−2 [M + δ ln(δ − M)])
/// Cox–Snell     e
/// score         L = ∫ (x − E(t)) dM(t),   E(t) the mean of x in the risk set
/// dfbeta        V L,   V the inverse of the information
/// dfbetas       dfbeta over the model-based standard errors
/// Schoenfeld    x − E(t) of each event, E averaged over the steps of tied events
/// ```
/// Score and dfbeta take the same steps through tied events as the likelihood. Both cost one walk through the
/// risk sets, O((n + d) p), and more with delayed entry by a factor log d.
///
/// Results are in the order of the rows of the data. A row that is in no risk set has residuals of 0.
/// A coefficient that is aliased or infinite is held fixed: its dfbeta and dfbetas are 0.
///
/// # Weights
/// Martingale, deviance, Cox–Snell, score and Schoenfeld residuals are per unit of weight, those of one of
/// the rows that a frequency stands for; [`weighted`](Self::weighted) multiplies them by the weight.
/// dfbeta and dfbetas tell what a row does to the estimate, and so include a case or sampling weight
/// always; that of a frequency is what one of its rows does. The outer products of dfbeta, summed over
/// rows, or clusters, are the robust variance.
///
/// # Clusters
/// [`by_cluster`](Self::by_cluster) sums over the rows of each cluster, or of each subject where there are
/// ids and no clusters: then a result has one row for each of [`names`](Self::names).
///
/// # Example
/// Without covariates e is the Nelson–Aalen estimate, here 1/3, then 1/3 + 1/2:
/// ```
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, true, false])?;
/// let design = Design::empty(3);
/// let residuals = CoxPh::new().fit(&data, &design)?.residuals(&data, &design)?;
/// let martingale = residuals.martingale();
/// for (found, expected) in martingale.iter().zip([2.0 / 3.0, 1.0 / 6.0, -5.0 / 6.0]) {
///     assert!((found - expected).abs() < 1e-15);
/// }
/// assert!((residuals.deviance()[2] + (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `residuals(fit, type, collapse, weighted)`. Where a cluster has N ≠ 1 events the deviance is
/// sign(M) √(−2 [M + N ln((N − M)/N)]); R leaves out the last N.
///
/// # References
/// Therneau, Grambsch & Fleming 1990, doi:10.1093/biomet/77.1.147; Schoenfeld 1982,
/// doi:10.1093/biomet/69.1.239; Cain & Lange 1984, *Biometrics* 40, 493–499.
#[derive(Debug, Clone)]
pub struct CoxResiduals {
    pub(super) evaluation: Evaluation,
    pub(super) ties: Ties,
    /// The events expected at each place, weighted.
    pub(super) expected: Vec<f64>,
    pub(super) estimate: Vec<Option<f64>>,
    /// The inverse of the information.
    pub(super) vcov: Array2<f64>,
    n_rows: usize,
    pub(super) frequencies: bool,
    pub(super) strata: Option<(Vec<String>, Vec<u32>)>,
    clusters: Option<(Vec<String>, Vec<u32>)>,
    pub(super) weighted: bool,
    by_cluster: bool,
}

impl CoxFit {
    /// The residuals of the rows that the model was fitted to; a fit keeps no rows and takes them again.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::OtherData`] when the columns, or the log-likelihood at the
    /// estimate, are not those of the fit; [`Error::NotFinite`] when the events expected of a row cannot be
    /// told from 0 or from infinity.
    pub fn residuals(&self, data: &impl SurvivalData, design: &Design) -> Result<CoxResiduals> {
        CoxResiduals::new(self, data.rows(), design)
    }
}

impl CoxResiduals {
    fn new(fit: &CoxFit, rows: &Rows, design: &Design) -> Result<Self> {
        Self::of_evaluation(fit, rows, fit.evaluate(rows, design)?)
    }

    /// The residuals of rows that have been evaluated.
    pub(crate) fn of_evaluation(fit: &CoxFit, rows: &Rows, evaluation: Evaluation) -> Result<Self> {
        let expected = expected_events(&evaluation.ordered, &evaluation.times);
        let mut pairs = expected.iter().zip(&evaluation.ordered.event);
        if !pairs.all(|(e, &event)| e.is_finite() && (*e > 0.0 || !event)) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        let column = |names: &[String], codes: &[u32]| (names.to_vec(), codes.to_vec());
        let clusters = rows.clusters.as_ref().map(|c| column(c.names(), c.codes()));
        let subjects = rows.subjects.as_ref().map(|s| column(s.names(), s.codes()));
        Ok(Self {
            ties: fit.ties(),
            expected,
            estimate: fit.coefficients().iter().map(|c| c.estimate).collect(),
            vcov: fit.vcov_model_based().to_owned(),
            n_rows: rows.len(),
            frequencies: rows.weight_kind() == Some(WeightKind::Frequency),
            strata: rows.strata.as_ref().map(|s| column(s.names(), s.codes())),
            clusters: clusters.or(subjects),
            weighted: false,
            by_cluster: false,
            evaluation,
        })
    }

    /// Fails unless these are the residuals of a fit and of as many rows.
    pub(crate) fn are_of(&self, fit: &CoxFit, rows: &Rows) -> Result<()> {
        rows.same_length("residuals", self.n_rows)?;
        let estimate = fit.coefficients().iter().map(|coefficient| coefficient.estimate);
        match estimate.eq(self.estimate.iter().copied()) {
            true => Ok(()),
            false => Err(Error::OtherData { what: "the estimate of the residuals" }),
        }
    }

    /// Multiplies residuals by the weight of their row.
    #[must_use]
    pub fn weighted(self) -> Self {
        Self { weighted: true, ..self }
    }

    /// Sums over the rows of each cluster, or of each subject where there are ids and no clusters.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for data with neither.
    pub fn by_cluster(self) -> Result<Self> {
        match self.clusters {
            Some(_) => Ok(Self { by_cluster: true, ..self }),
            None => Err(Error::Unsupported {
                estimator: "CoxResiduals",
                what: "a sum over clusters of data without clusters or ids",
                instead: "give the data one or the other",
            }),
        }
    }

    /// Names of the clusters that a result has rows for; `None` where it has those of the data.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.clusters.as_ref().filter(|_| self.by_cluster).map(|(names, _)| &names[..])
    }

    /// Martingale residuals: events observed less expected. They sum to 0 over the rows, weighted.
    #[must_use]
    pub fn martingale(&self) -> Vec<f64> {
        let ordered = &self.evaluation.ordered;
        let observed =
            |place: usize| if ordered.event[place] { ordered.weight[place] } else { 0.0 };
        self.sum(|place| observed(place) - self.expected[place])
    }

    /// Deviance residuals: martingale residuals made symmetric about 0.
    #[must_use]
    pub fn deviance(&self) -> Vec<f64> {
        let ordered = &self.evaluation.ordered;
        let observed =
            self.sum(|place| if ordered.event[place] { ordered.weight[place] } else { 0.0 });
        let both = observed.iter().zip(self.cox_snell());
        both.map(|(&n, e)| deviance(n, e)).collect()
    }

    /// Cox–Snell residuals: events expected. Where the model holds they behave like censored unit
    /// exponential times.
    #[must_use]
    pub fn cox_snell(&self) -> Vec<f64> {
        self.sum(|place| self.expected[place])
    }

    /// Score residuals, rows × columns. Their weighted sum is the score, 0 at the estimate.
    #[must_use]
    pub fn score(&self) -> Array2<f64> {
        self.scores(self.weighted)
    }

    /// dfbeta, rows × columns: by how much each coefficient falls, nearly, when the row is left out.
    #[must_use]
    pub fn dfbeta(&self) -> Array2<f64> {
        let mut dfbeta = self.unit_scores();
        // In place, some rows at a time: memory of a result this large costs as much as its numbers.
        for mut rows in dfbeta.axis_chunks_iter_mut(Axis(0), 512) {
            let product = rows.dot(&self.vcov);
            rows.assign(&product);
        }
        dfbeta
    }

    /// dfbetas, rows × columns: dfbeta in units of the model-based standard error.
    #[must_use]
    pub fn dfbetas(&self) -> Array2<f64> {
        let mut dfbetas = self.dfbeta();
        for (mut column, variance) in dfbetas.columns_mut().into_iter().zip(self.vcov.diag()) {
            let scale = if *variance > 0.0 { variance.sqrt() } else { 1.0 };
            column /= scale;
        }
        dfbetas
    }

    /// The score residuals that dfbeta is made of: with the weight of the row, but for a frequency that
    /// stands for single rows.
    pub(super) fn unit_scores(&self) -> Array2<f64> {
        self.scores(self.by_cluster || !self.frequencies)
    }

    /// Weighted score residuals of every place, in the columns as given.
    pub(super) fn score_at_places(&self) -> Array2<f64> {
        let Evaluation { ordered, times } = &self.evaluation;
        let mut score = score_residuals(ordered, self.ties, times);
        for (mut column, scale) in score.columns_mut().into_iter().zip(&ordered.scale) {
            column *= *scale;
        }
        score
    }

    /// Time and number of events, those of a frequency each by itself: by stratum, latest time first.
    pub(crate) fn event_times(&self) -> Vec<Vec<(f64, f64)>> {
        let strata = self.evaluation.ordered.strata.iter();
        strata.map(|stratum| stratum.times.iter().map(|t| (t.time, t.steps())).collect()).collect()
    }

    /// By stratum of the data, the number of events for every column that varies there, otherwise 0.
    pub(crate) fn informative_events(&self) -> Vec<Vec<f64>> {
        let ordered = &self.evaluation.ordered;
        let (p, n_strata) = (ordered.n_columns(), self.strata.as_ref().map_or(1, |s| s.0.len()));
        let mut events = vec![vec![0.0; p]; n_strata];
        for stratum in &ordered.strata {
            let row = ordered.source[stratum.rows.start] as usize;
            let code = self.strata.as_ref().map_or(0, |(_, codes)| codes[row] as usize);
            let n: f64 = stratum.times.iter().map(|time| time.steps()).sum();
            for place in stratum.rows.clone() {
                // A column that is constant within a stratum is 0 there.
                let each = events[code].iter_mut().zip(ordered.row(place));
                each.filter(|(_, x)| **x != 0.0).for_each(|(count, _)| *count = n);
            }
        }
        events
    }

    /// Score and information of x·g(t) with g at every event time, in the scaled columns.
    pub(crate) fn time_interaction(&self, g: &[Vec<f64>]) -> TimeInteraction {
        let Evaluation { ordered, times } = &self.evaluation;
        TimeInteraction::new(ordered, self.ties, times, g)
    }

    /// The inverse of the information in the scaled columns.
    pub(crate) fn scaled_vcov(&self) -> Array2<f64> {
        let scale = &self.evaluation.ordered.scale;
        let mut vcov = self.vcov.clone();
        vcov.indexed_iter_mut().for_each(|((i, j), v)| *v = *v * scale[i] * scale[j]);
        vcov
    }

    /// Where the result of a place goes.
    fn unit(&self, place: usize) -> usize {
        let row = self.evaluation.ordered.source[place] as usize;
        match &self.clusters {
            Some((_, codes)) if self.by_cluster => codes[row] as usize,
            _ => row,
        }
    }

    fn n_units(&self) -> usize {
        self.names().map_or(self.n_rows, <[_]>::len)
    }

    /// Sums what each place has, given weighted.
    fn sum(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let weight = &self.evaluation.ordered.weight;
        let mut sums = vec![0.0; self.n_units()];
        for (place, w) in weight.iter().enumerate() {
            sums[self.unit(place)] += value(place) / if self.weighted { 1.0 } else { *w };
        }
        sums
    }

    /// Sums the score residuals of places, in the columns as given.
    fn scores(&self, weighted: bool) -> Array2<f64> {
        let Evaluation { ordered, times } = &self.evaluation;
        let (n, p) = (self.n_units(), ordered.n_columns());
        let mut sums = vec![0.0; n * p];
        let alone = self.names().is_none();
        let (mut units, mut block) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK * p));
        let mut write = |units: &mut Vec<usize>, block: &mut Vec<f64>| {
            for (unit, row) in units.drain(..).zip(block.chunks_exact(p.max(1))) {
                let sum = &mut sums[unit * p..][..p];
                // What stands there is not waited for where nothing can.
                match alone {
                    true => sum.copy_from_slice(row),
                    false => sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value),
                }
            }
            block.clear();
        };
        each_score_residual(ordered, self.ties, times, TimeFactors::ONE, |place, residual| {
            let factor = if weighted { 1.0 } else { 1.0 / ordered.weight[place] };
            units.push(self.unit(place));
            block
                .extend(residual.iter().zip(&ordered.scale).map(|(r, scale)| factor * (r * scale)));
            if units.len() == BLOCK {
                write(&mut units, &mut block);
            }
        });
        write(&mut units, &mut block);
        Array2::from_shape_vec((n, p), sums).unwrap_or_default()
    }
}

/// Rows whose residuals are kept before they are put where they belong: these places lie scattered, and the processor
/// can wait for many of them at once where nothing else is done in between.
const BLOCK: usize = 64;

/// sign(n − e) √(−2 [n − e + n ln(e/n)]), free of cancellation where e is near n.
fn deviance(n: f64, e: f64) -> f64 {
    let m = n - e;
    let ln = if e > 0.5 * n { (-m / n).ln_1p() } else { (e / n).ln() };
    let half = if n > 0.0 { m + n * ln } else { m };
    (-2.0 * half).max(0.0).sqrt().copysign(m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviances() {
        approx::assert_relative_eq!(deviance(0.0, 2.0), -2.0, epsilon = 1e-15);
        assert_eq!(deviance(0.0, 0.0).abs(), 0.0);
        assert_eq!(deviance(1.0, 1.0), 0.0);
        // −2 (1 − e + ln e) = (1 − e)² + … near 1.
        approx::assert_relative_eq!(deviance(1.0, 1.0 + 1e-6), -1e-6, max_relative = 1e-6);
        approx::assert_relative_eq!(
            deviance(3.0, 3.0 - 3e-6),
            3.0_f64.sqrt() * 1e-6,
            max_relative = 1e-6
        );
        // The events of a cluster may have little weight.
        let light = 0.1_f64.sqrt() * -1e-6;
        approx::assert_relative_eq!(deviance(0.1, 0.1 + 1e-7), light, max_relative = 1e-6);
        let far = (-2.0 * (1.0 - 1e-9 + 1e-9_f64.ln())).sqrt();
        approx::assert_relative_eq!(deviance(1.0, 1e-9), far, max_relative = 1e-14);
        // Two identical rows in one cluster.
        let two = 2.0_f64.sqrt() * deviance(1.0, 0.3);
        approx::assert_relative_eq!(deviance(2.0, 0.6), two, max_relative = 1e-14);
    }
}
