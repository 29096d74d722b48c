//! Concordance as a request.

use super::comparison::ConcordanceComparison;
use super::fit::{ConcordanceFit, Estimated};
use super::pairs::{Choice, Pairs};
use super::score::{Direction, Ranks, Score};
use super::time_weight::TimeWeight;
use crate::data::{Rows, SurvivalData, WeightKind};
use crate::error::{Error, Result};
use crate::statistic::{Difference, Interval, normal_multiplier};

/// Harrell's C: how often the worse score has the earlier event, among the pairs of rows of which it
/// is known who failed first.
///
/// # Definition
/// A row with an event at t makes a comparable pair with every row of its stratum that is at risk at t
/// (entry < t ≤ exit) and does not have the event at t, too: who is censored at t has outlived the
/// event at t. With pairs weighted by the product of their rows,
/// ```text
/// C = (concordant + ½ tied in score) / (concordant + discordant + tied in score)
/// ```
/// Scores are tied when they are equal. Pairs of events at one time do not count. With ψ_i the
/// derivative of C by the weight of row i, the variance is Σ (Σ w_i ψ_i)² over clusters, or subjects where
/// there are ids, or else rows. It takes the scores for given: for the model that they come from, the
/// same rows make C too large.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`time_weight`](Self::time_weight) | `Equal` | | `timewt` |
/// | [`tau`](Self::tau) | none | above 0 | `ymax`, which includes τ |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | |
///
/// Takes O(n log n) time and O(n) memory.
///
/// # Weights
/// Frequency weights equal repeated rows. Case and sampling weights are factors of the pairs.
///
/// # Example
/// Deaths at 2, 4 and 5, censorings at 4 and 6. Eight pairs are comparable: (2; 4), (2; 4+), (2; 5),
/// (2; 6+), (4; 4+), (4; 5), (4; 6+) and (5; 6+). Of them (4; 4+) has tied scores, and in (4; 5) the
/// lower score comes first:
/// ```
/// use riskset::{RightCensored, validation::{Concordance, Score}};
///
/// let data = RightCensored::new(&[2., 4., 4., 5., 6.], &[true, true, false, true, false])?;
/// let score = [5., 3., 3., 4., 1.];
/// let fit = Concordance::new().fit(&data, Score::higher_is_worse(&score))?;
/// let pairs = fit.pairs;
/// assert_eq!((pairs.concordant, pairs.discordant, pairs.tied_score), (6.0, 1.0, 1.0));
/// assert_eq!(fit.concordance, 6.5 / 8.0);
/// let other = Concordance::new().fit(&data, Score::higher_is_better(&score))?;
/// assert_eq!(other.concordance, 1.5 / 8.0);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `concordance(Surv(time, event) ~ score, reverse = TRUE)`.
///
/// # References
/// Harrell et al. 1982, doi:10.1001/jama.1982.03320430047030.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Concordance {
    time_weight: TimeWeight,
    tau: Option<f64>,
    confidence: f64,
}

impl Default for Concordance {
    fn default() -> Self {
        Self { time_weight: TimeWeight::Equal, tau: None, confidence: 0.95 }
    }
}

impl Concordance {
    /// Harrell's C with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How much the pairs of an event time count.
    #[must_use]
    pub fn time_weight(self, time_weight: TimeWeight) -> Self {
        Self { time_weight, ..self }
    }

    /// Counts only pairs whose earlier event lies before τ, in the unit of time.
    #[must_use]
    pub fn tau(self, tau: f64) -> Self {
        Self { tau: Some(tau), ..self }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The concordance of a score, one value a row.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for every score that is not finite;
    /// [`Error::InvalidOption`]; [`Error::NoEvents`]; [`Error::NothingComparable`];
    /// [`Error::Unsupported`] for time weights under delayed entry.
    pub fn fit(&self, data: &impl SurvivalData, score: Score<'_>) -> Result<ConcordanceFit> {
        let rows = data.rows();
        let z = self.check(rows, score)?;
        let estimated = self.estimate(rows, &score.ranks()?, score.direction())?;
        Ok(self.fitted(rows, estimated, score.direction(), z))
    }

    /// The concordances of two scores of the same rows, and their difference. Each may have its own
    /// direction.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn compare(
        &self,
        data: &impl SurvivalData,
        first: Score<'_>,
        second: Score<'_>,
    ) -> Result<ConcordanceComparison> {
        let rows = data.rows();
        let z = self.check(rows, first)?;
        self.check(rows, second)?;
        let estimate = |score: Score<'_>| {
            self.estimate(rows, &score.ranks()?, score.direction())
                .map(|estimated| (estimated, score.direction()))
        };
        let (a, b) = (estimate(first)?, estimate(second)?);
        let covariance = a.0.covariance(&b.0);
        let std_error = a.0.std_error_of_difference(&b.0);
        let fits = [a, b].map(|(estimated, direction)| self.fitted(rows, estimated, direction, z));
        let [first, second] = fits;
        let difference = first.concordance - second.concordance;
        let difference = Difference::of(difference, std_error, self.confidence, z);
        Ok(ConcordanceComparison { first, second, covariance, difference })
    }

    /// The concordance of ranks that are checked already.
    pub(super) fn of_ranks(&self, rows: &Rows, ranks: &Ranks) -> Result<ConcordanceFit> {
        let z = self.check_options(rows)?;
        let direction = Direction::HigherIsWorse;
        Ok(self.fitted(rows, self.estimate(rows, ranks, direction)?, direction, z))
    }

    fn estimate(&self, rows: &Rows, ranks: &Ranks, direction: Direction) -> Result<Estimated> {
        let choice = Choice { weight: self.time_weight, tau: self.tau };
        Estimated::new(rows, &Pairs::new(rows, ranks, choice), direction)
    }

    /// The multiplier of the limits, once options and shapes have passed.
    fn check(&self, rows: &Rows, score: Score<'_>) -> Result<f64> {
        rows.same_length("score", score.len())?;
        self.check_options(rows)
    }

    fn check_options(&self, rows: &Rows) -> Result<f64> {
        let z = normal_multiplier(self.confidence)?;
        if let Some(tau) = self.tau
            && !(tau > 0.0 && tau.is_finite())
        {
            let rule = "must be finite and above 0";
            return Err(Error::InvalidOption { option: "tau", value: tau, rule });
        }
        if rows.n_events() == 0 {
            return Err(Error::NoEvents { rows: rows.len() });
        }
        if self.time_weight != TimeWeight::Equal && rows.times.entry.is_some() {
            return Err(Error::Unsupported {
                estimator: "Concordance",
                what: "a time weight under delayed entry",
                instead: "use TimeWeight::Equal",
            });
        }
        Ok(z)
    }

    fn fitted(
        &self,
        rows: &Rows,
        estimated: Estimated,
        direction: Direction,
        z: f64,
    ) -> ConcordanceFit {
        let std_error = estimated.covariance(&estimated).sqrt();
        let Estimated { counts, strata, concordance, .. } = estimated;
        let limit = |z: f64| (concordance + z * std_error).clamp(0.0, 1.0);
        let count = |row: usize| match rows.weight_kind() {
            Some(WeightKind::Frequency) => rows.weight(row),
            _ => 1.0,
        };
        let events = rows.event.iter().enumerate().filter(|(_, event)| **event);
        ConcordanceFit {
            concordance,
            std_error,
            interval: Interval::between(limit(-z), limit(z), self.confidence),
            direction,
            time_weight: self.time_weight,
            tau: self.tau,
            pairs: counts,
            strata,
            n: (0..rows.len()).map(count).sum(),
            n_events: events.map(|(row, _)| count(row)).sum(),
            warnings: rows.warnings(),
        }
    }
}
