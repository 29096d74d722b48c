//! The MaxCombo test: the largest of several weighted log-rank statistics.

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::event_times;
use super::log_rank::CLUSTERED;
use super::test_weight::TestWeight;
use crate::data::{Groups, RiskSeries, RiskTable, SurvivalData, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::numerics::multivariate_normal::{self, MAX_DIMENSION};
use crate::numerics::sum::Sum;
use crate::numerics::whole::whole;
use crate::statistic::{Table, fixed, p_value};

/// Which differences between the two groups a test is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Alternative {
    /// The hazards differ, in either direction.
    #[default]
    TwoSided,
    /// The second group has the lower hazard: fewer events than expected.
    SecondLower,
    /// The second group has the higher hazard: more events than expected.
    SecondHigher,
}

/// The MaxCombo test of two groups, stratified when the data have strata.
///
/// # Definition
/// For each weight w_a the weighted log-rank statistic of the second group, and their covariance:
/// ```text
/// U_a = Σ_t w_a (d_2 − d Y_2/Y)      V_ab = Σ_t w_a w_b d (Y−d)/(Y−1) · Y_1 Y_2/Y²
/// Z_a = U_a/√V_aa                    R_ab = V_ab/√(V_aa V_bb)
/// p   = P(max |X_a| ≥ max |Z_a|)     X normal with mean 0 and correlation R
/// ```
/// U and V are sums over strata. Z is positive where the second group has more events than
/// expected. One-sided, the maximum is that of Z or of −Z. The probability is integrated, not
/// simulated: the same data always give the same p, with a [bound of its
/// error](MaxComboFit::p_value_error). R is singular with the default weights, as the first is the
/// sum of the next two; that is taken into account exactly.
///
/// Up to four linearly independent weights the bound is below 1e-8; with more the probability comes
/// from a lattice rule, takes longer, and the bound is about 1e-5.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`weights`](Self::weights) | Fleming–Harrington (0,0), (0,1), (1,0), (1,1) | 1 to 8 of any kind |
/// | [`alternative`](Self::alternative) | `TwoSided` | |
///
/// Frequency weights count rows as often as they say. Other weights of the data need a robust
/// variance and are refused.
///
/// # Example
/// Freireich et al. 1963, control against 6-MP:
/// ```
/// use riskset::nonparametric::MaxCombo;
/// use riskset::{Groups, RightCensored};
///
/// let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
///     22., 23.];
/// let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
///     32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
/// let arm = Groups::with_levels(&[["control"; 21], ["6-MP"; 21]].concat(), &["control", "6-MP"])?;
/// let fit = MaxCombo::new().fit(&data, &arm)?;
/// assert_eq!(format!("{:.3}", fit.statistics()[0].powi(2)), "16.793"); // the log-rank test
/// assert!(fit.max() >= fit.statistics()[0].abs() && fit.p_value_error() < 1e-8);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `nph::logrank.maxtest` and `simtrial`, which call `mvtnorm` with random numbers.
///
/// # References
/// Karrison 2016, doi:10.1177/1536867X1601600308; Lin et al. 2020, doi:10.1080/19466315.2019.1697738;
/// Genz & Bretz 2009, doi:10.1007/978-3-642-01689-9.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxCombo {
    weights: Vec<TestWeight>,
    alternative: Alternative,
}

impl Default for MaxCombo {
    fn default() -> Self {
        let powers = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)];
        let weights =
            powers.map(|(rho, gamma)| TestWeight::FlemingHarrington { rho, gamma }).to_vec();
        Self { weights, alternative: Alternative::default() }
    }
}

/// The outcome of a MaxCombo test.
///
/// What it estimates, and after whom: [`MaxCombo`](crate::nonparametric::MaxCombo).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct MaxComboFit {
    groups: Vec<String>,
    weights: Vec<TestWeight>,
    alternative: Alternative,
    statistics: Vec<f64>,
    correlation: Array2<f64>,
    max: f64,
    p_value: f64,
    p_value_error: f64,
    warnings: Vec<Warning>,
}

impl MaxCombo {
    /// The test with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The weights, 1 to 8 of them.
    #[must_use]
    pub fn weights(self, weights: &[TestWeight]) -> Self {
        Self { weights: weights.to_vec(), ..self }
    }

    /// Which differences the test is for.
    #[must_use]
    pub fn alternative(self, alternative: Alternative) -> Self {
        Self { alternative, ..self }
    }

    /// Compares two groups.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the number of weights and their powers;
    /// [`Error::LengthMismatch`]; [`Error::SingleLevel`] for a single group; [`Error::NoEvents`];
    /// [`Error::NothingToCompare`] when the groups are never at risk together;
    /// [`Error::Unsupported`] for more than two groups, for case and sampling weights, for clusters, and for
    /// a weight that is 0 wherever both groups are at risk.
    pub fn fit(&self, data: &impl SurvivalData, groups: &Groups) -> Result<MaxComboFit> {
        data.rows().independent("MaxCombo", CLUSTERED)?;
        let table = RiskTable::by(data, groups)?;
        self.test(&table, data.rows().warnings())
    }

    /// Compares the two groups of a table of counts, whose rows are taken for independent.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_table(&self, table: &RiskTable) -> Result<MaxComboFit> {
        self.test(table, Vec::new())
    }

    fn check(&self, table: &RiskTable) -> Result<()> {
        if !(1..=MAX_DIMENSION).contains(&self.weights.len()) {
            let (value, rule) = (self.weights.len() as f64, "there must be 1 to 8 weights");
            return Err(Error::InvalidOption { option: "weights", value, rule });
        }
        self.weights.iter().try_for_each(|weight| weight.check())?;
        if let Some(WeightKind::Case | WeightKind::Sampling) = table.weight_kind() {
            return Err(unsupported(
                "the hypergeometric variance under case or sampling weights",
                "use Weights::frequency if the weights count identical rows",
            ));
        }
        match table.groups() {
            [_, _] => Ok(()),
            [level] => {
                let (what, level) = ("groups".to_owned(), level.clone());
                Err(Error::SingleLevel { what, level })
            }
            _ => Err(unsupported("comparing more than two groups", "compare them in pairs")),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a weight has its root and its variance")]
    fn test(&self, table: &RiskTable, warnings: Vec<Warning>) -> Result<MaxComboFit> {
        self.check(table)?;
        let sums = Sums::of(table, &self.weights);
        if sums.events == 0.0 {
            let rows: f64 = table.pooled().n_censor().iter().sum();
            return Err(Error::NoEvents { rows: whole(rows) });
        }
        if !(sums.plain_variance > 0.0) {
            return Err(Error::NothingToCompare);
        }
        let root: Vec<f64> = sums.variance.diag().iter().map(|v| v.sqrt()).collect();
        if !root.iter().all(|root| *root > 0.0 && root.is_finite()) {
            return Err(unsupported(
                "a weight that is 0 wherever both groups are at risk",
                "leave it out",
            ));
        }
        let statistics: Vec<f64> =
            sums.difference.iter().zip(&root).map(|(u, root)| u / root).collect();
        let k = root.len();
        let correlation = Array2::from_shape_fn((k, k), |(a, b)| match a == b {
            true => 1.0,
            false => (sums.variance[[a, b]] / root[a] / root[b]).clamp(-1.0, 1.0),
        });
        let of = |z: f64| match self.alternative {
            Alternative::TwoSided => z.abs(),
            Alternative::SecondLower => -z,
            Alternative::SecondHigher => z,
        };
        let max = statistics.iter().map(|&z| of(z)).fold(f64::NEG_INFINITY, f64::max);
        let p = match self.alternative {
            Alternative::TwoSided => multivariate_normal::two_sided_tail(&correlation, max),
            _ => multivariate_normal::upper_tail(&correlation, max),
        };
        Ok(MaxComboFit {
            groups: table.groups().to_vec(),
            weights: self.weights.clone(),
            alternative: self.alternative,
            statistics,
            correlation,
            max,
            p_value: p.value,
            p_value_error: p.error,
            warnings,
        })
    }
}

fn unsupported(what: &'static str, instead: &'static str) -> Error {
    Error::Unsupported { estimator: "MaxCombo", what, instead }
}

/// Observed − expected of the second group for each weight, over all strata, and the covariances.
struct Sums {
    events: f64,
    difference: Vec<f64>,
    variance: Array2<f64>,
    /// Without weights.
    plain_variance: f64,
}

impl Sums {
    #[expect(
        clippy::indexing_slicing,
        reason = "a weight is one of the k, and there are two groups, as is checked"
    )]
    fn of(table: &RiskTable, weights: &[TestWeight]) -> Self {
        let k = weights.len();
        let (mut events, mut plain_variance) = (0.0, 0.0);
        let mut difference = vec![Sum::default(); k];
        let mut variance = vec![Sum::default(); k * k];
        let mut stratum = |groups: &[RiskSeries]| {
            event_times::walk(groups, true, |time| {
                let w: Vec<f64> = weights.iter().map(|weight| weight.at(time)).collect();
                let spread = time.variance(1);
                events += time.d;
                plain_variance += spread;
                for a in 0..k {
                    difference[a].add(w[a] * time.events[1]);
                    difference[a].add(-w[a] * time.expected(1));
                    for b in 0..k {
                        variance[a * k + b].add(w[a] * w[b] * spread);
                    }
                }
            });
        };
        table.by_stratum().for_each(&mut stratum);
        Self {
            events,
            plain_variance,
            difference: difference.into_iter().map(Sum::value).collect(),
            variance: Array2::from_shape_fn((k, k), |(a, b)| variance[a * k + b].value()),
        }
    }
}

impl MaxComboFit {
    /// Names of the two groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The weights.
    #[must_use]
    pub fn weights(&self) -> &[TestWeight] {
        &self.weights
    }

    /// Which differences the test was for.
    #[must_use]
    pub fn alternative(&self) -> Alternative {
        self.alternative
    }

    /// Z of each weight; positive where the second group has more events than expected.
    #[must_use]
    pub fn statistics(&self) -> &[f64] {
        &self.statistics
    }

    /// Correlation matrix of the statistics where the hazards are equal, one row for each weight.
    #[must_use]
    pub fn correlation(&self) -> ArrayView2<'_, f64> {
        self.correlation.view()
    }

    /// The largest |Z|; one-sided the largest −Z or Z, which may be negative.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The p-value, in [0, 1].
    #[must_use]
    pub fn p_value(&self) -> f64 {
        self.p_value
    }

    /// A bound of the numerical error of the p-value.
    #[must_use]
    pub fn p_value_error(&self) -> f64 {
        self.p_value_error
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// A line for each weight, and the test.
impl fmt::Display for MaxComboFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statistics: Vec<Option<f64>> = self.statistics.iter().copied().map(Some).collect();
        let mut table = Table::default()
            .column("weight", self.weights.iter().map(ToString::to_string).collect())
            .column("z", fixed(&statistics, 3, ""));
        for (k, column) in self.correlation.columns().into_iter().enumerate() {
            let values: Vec<Option<f64>> = column.iter().copied().map(Some).collect();
            table = table.column(&format!("r{}", k + 1), fixed(&values, 3, ""));
        }
        let p = p_value::text(self.p_value);
        write!(f, "{table}\n MaxCombo= {:.3}, p= {p}\n", self.max)?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl MaxComboFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            correlation: correlation,
            p_value: probability,
            p_value_error: not_negative,
        })?;
        crate::checked::same_lengths(
            self.weights.len(),
            &[
                ("statistics", self.statistics.len()),
                ("correlation", self.correlation.nrows()),
                ("correlation", self.correlation.ncols()),
            ],
        )?;
        match self.groups.len() {
            2 => Ok(()),
            _ => Err(Error::Inconsistent { what: "MaxCombo test" }),
        }
    }
}
