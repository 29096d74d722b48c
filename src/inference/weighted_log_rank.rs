//! The log-rank test of weighted rows.

use ndarray::{Array2, ArrayView2};
use std::fmt;

use crate::data::{Design, Groups, SurvivalData, Variance};
use crate::error::{Error, Result, Warning};
use crate::nonparametric::{GroupCount, xie_liu};
use crate::regression::cox::{CoxPh, Ties};
use crate::statistic::{Table, TestResult, significant};

/// The log-rank test of k groups whose rows have weights, such as inverse probabilities of
/// treatment; stratified when the data have strata.
///
/// # Definition
/// With weighted events d among Y at risk (entry < t ≤ exit), d_j and Y_j of them in group j,
/// ```text
/// U_j = Σ_t (d_j − d Y_j/Y)
/// ```
/// is the score of a Cox model of the groups. Two tests say whether it is 0:
///
/// | | variance of U | |
/// |---|---|---|
/// | [`robust_score`](WeightedLogRankFit::robust_score) | Σ L Lᵀ over clusters, L the sum of their score residuals | the primary one |
/// | [`xie_liu`](WeightedLogRankFit::xie_liu) | Σ_t D (R − D)/(R (R − 1)) Σ_{i at risk} w_i² (e_i − π)(e_i − π)ᵀ | Xie & Liu 2005 |
///
/// where D of R *rows* have the event, e_i is the unit vector of the group of row i and π_j = Y_j/Y.
/// The second is the hypergeometric variance of rows that bring their weights along, so that with unit
/// weights it is the [log-rank test](crate::LogRank). It takes rows for independent, whatever the
/// clusters. Both take the weights for known. An estimated propensity usually makes them
/// conservative.
///
/// The weights belong to rows here; for weights of times see
/// [`TestWeight`](crate::nonparametric::TestWeight).
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`ties`](Self::ties) | `Breslow`, whose score is U | `ties` |
///
/// # Example
/// Deaths at 1 (control, weight 2) and 2 (treated, weight 1), while one more of each, of weight 1,
/// stay. The weighted share of the control is 3/5 at 1 and 1/3 at 2:
/// ```
/// use riskset::{Groups, RightCensored, Weights, inference::WeightedLogRank};
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0, 3.0], &[true, true, false, false])?
///     .with_weights(Weights::sampling(&[2.0, 1.0, 1.0, 1.0])?)?;
/// let arm = Groups::new(&["control", "treated", "control", "treated"])?;
/// let fit = WeightedLogRank::new().fit(&data, &arm)?;
/// // U = 2 (1 − 3/5) − 1/3, V = (5 · 0.4² + 2 · 0.6²)/4 + (1 · (2/3)² + 2 · (1/3)²)/3.
/// let (u, v) = (0.8 - 1.0 / 3.0, 1.52 / 4.0 + (6.0 / 9.0) / 3.0);
/// assert!((fit.xie_liu().statistic - u * u / v).abs() < 1e-14);
/// // Score residuals of the rows: those of group j get Σ (1{event} − d/Y) (1 − π_j), weighted.
/// let l = [2.0 * 0.4 * 0.6, 0.24 - 2.0 / 9.0, -0.4 * 0.4 - 2.0 / 9.0, 0.24 + 1.0 / 9.0];
/// let meat: f64 = l.iter().map(|l| l * l).sum();
/// assert!((fit.robust_score().unwrap().statistic - l.iter().sum::<f64>().powi(2) / meat).abs() < 1e-13);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `summary(coxph(Surv(time, event) ~ group, weights = w, robust = TRUE, ties = "breslow"))$robscore`
/// (without an offset); `RISCA::ipw.log.rank` for the other.
///
/// # References
/// Xie & Liu 2005, doi:10.1002/sim.2174; Lin & Wei 1989, doi:10.1080/01621459.1989.10478874.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedLogRank {
    ties: Ties,
}

impl Default for WeightedLogRank {
    fn default() -> Self {
        Self { ties: Ties::Breslow }
    }
}

impl WeightedLogRank {
    /// The test with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How the robust score test treats tied events.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { ties }
    }

    /// Compares the groups.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::SingleLevel`] for a single group; [`Error::NoEvents`];
    /// [`Error::NothingToCompare`] when no two groups are ever at risk together; those of
    /// [`CoxPh::fit`].
    pub fn fit(&self, data: &impl SurvivalData, groups: &Groups) -> Result<WeightedLogRankFit> {
        let rows = data.rows();
        rows.same_length("groups", groups.len())?;
        if let [group] = groups.names() {
            let (what, level) = ("groups".to_owned(), group.clone());
            return Err(Error::SingleLevel { what, level });
        }
        if rows.n_events() == 0 {
            return Err(Error::NoEvents { rows: rows.len() });
        }
        let counted = xie_liu(rows, groups)?;
        let cox = CoxPh::new().ties(self.ties).variance(Variance::Robust);
        let score = cox.fit(data, &design(groups)?)?.robust_score().copied();
        Ok(WeightedLogRankFit {
            names: groups.names().to_vec(),
            counts: counted.counts,
            variance: counted.variance,
            robust_score: score,
            xie_liu: counted.test,
            warnings: rows.warnings(),
        })
    }
}

/// The groups as a factor, of the levels that occur.
#[expect(clippy::indexing_slicing, reason = "a code is below the number of names")]
fn design(groups: &Groups) -> Result<Design> {
    let (names, codes) = (groups.names(), groups.codes());
    let mut occurs = vec![false; names.len()];
    codes.iter().for_each(|&code| occurs[code as usize] = true);
    let levels: Vec<&str> =
        names.iter().zip(occurs).filter(|(_, occurs)| *occurs).map(|(name, _)| &**name).collect();
    let labels: Vec<&str> = codes.iter().map(|&code| &*names[code as usize]).collect();
    let reference = levels.first().copied().unwrap_or_default();
    Design::builder().factor_with_levels("group", &labels, &levels, reference).build()
}

/// The outcome of a log-rank test of weighted rows: counts by group and two tests.
///
/// What it estimates, and after whom: [`WeightedLogRank`](crate::inference::WeightedLogRank).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct WeightedLogRankFit {
    names: Vec<String>,
    counts: Vec<GroupCount>,
    variance: Array2<f64>,
    robust_score: Option<TestResult>,
    xie_liu: TestResult,
    warnings: Vec<Warning>,
}

impl WeightedLogRankFit {
    /// Names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.names
    }

    /// Rows, and weighted events observed and expected, of each group over all strata.
    #[must_use]
    pub fn counts(&self) -> &[GroupCount] {
        &self.counts
    }

    /// Xie and Liu's covariance matrix of observed − expected, k × k, singular.
    #[must_use]
    pub fn variance(&self) -> ArrayView2<'_, f64> {
        self.variance.view()
    }

    /// The robust score test of the Cox model of the groups; `None` where its variance is singular,
    /// because there are fewer clusters with events than it has degrees of freedom.
    #[must_use]
    pub fn robust_score(&self) -> Option<&TestResult> {
        self.robust_score.as_ref()
    }

    /// Xie and Liu's test.
    #[must_use]
    pub fn xie_liu(&self) -> &TestResult {
        &self.xie_liu
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Counts, the robust score test, Xie and Liu's.
impl fmt::Display for WeightedLogRankFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |value: fn(&GroupCount) -> f64| {
            let values: Vec<Option<f64>> =
                self.counts.iter().map(|count| Some(value(count))).collect();
            significant(&values, 5, "-")
        };
        let table = Table::default()
            .column("", self.names.clone())
            .column("N", column(|count| count.n))
            .column("Observed", column(|count| count.observed))
            .column("Expected", column(|count| count.expected));
        writeln!(f, "{table}")?;
        self.robust_score.iter().try_for_each(|test| writeln!(f, "{test}"))?;
        writeln!(f, "{} (Xie-Liu)", self.xie_liu)?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl WeightedLogRankFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { variance: covariance })?;
        crate::checked::same_lengths(
            self.names.len(),
            &[
                ("counts", self.counts.len()),
                ("variance", self.variance.nrows()),
                ("variance", self.variance.ncols()),
            ],
        )
    }
}
