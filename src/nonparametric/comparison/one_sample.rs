//! The one-sample log-rank test.

use ndarray::ArrayView1;
use std::fmt;

use crate::data::{Rows, SurvivalData, WeightKind};
use crate::error::{BadCell, Error, Result};
use crate::numerics::sum::Sum;
use crate::statistic::{Table, TestKind, TestResult, p_value, significant};

/// The one-sample log-rank test: observed events against those expected from a reference hazard.
///
/// # Definition
/// With Λ₀ the cumulative hazard of the reference population and rows at risk on (entry, exit],
/// ```text
/// O = Σ_i δ_i      E = Σ_i (Λ₀(exit_i) − Λ₀(entry_i))      χ² = (O − E)²/E  on 1 degree of freedom
/// ```
/// Without delayed entry Λ₀(entry) counts as 0. The variance is E, as in R and in Breslow 1975;
/// O/E is the standardised mortality ratio. Strata of the data make no difference.
///
/// # Weights
/// Frequency weights count rows as often as they say. Other weights, and clusters, need a robust
/// variance and are refused.
///
/// # Example
/// Four deaths in 10 person-years where 0.2 deaths a year are expected:
/// ```
/// use riskset::RightCensored;
/// use riskset::nonparametric::OneSampleLogRank;
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4])?;
/// let fit = OneSampleLogRank::new().fit(&data, |t| 0.2 * t)?;
/// assert_eq!((fit.observed(), fit.expected()), (4.0, 2.0));
/// assert!((fit.test().statistic - 2.0).abs() < 1e-14);
/// assert_eq!(format!("{:.4}", fit.test().p_value), "0.1573");
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survdiff(Surv(time, event) ~ offset(S))` with S = exp(−Λ₀(time)), which takes neither delayed
/// entry nor weights.
///
/// # References
/// Breslow 1975, doi:10.2307/1402659; Berry 1983, *Biometrics* 39:173.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OneSampleLogRank {}

/// The outcome of a one-sample log-rank test.
///
/// What it estimates, and after whom: [`OneSampleLogRank`](crate::nonparametric::OneSampleLogRank).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct OneSampleFit {
    n: f64,
    observed: f64,
    expected: f64,
    test: TestResult,
}

#[cfg(feature = "serde")]
crate::checked::check!(OneSampleFit {
    n: not_negative,
    observed: not_negative,
    expected: not_negative,
});

const RULE: &str = "must be finite, not negative, and not below its value at an earlier time";

impl OneSampleLogRank {
    /// The test.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tests against a reference cumulative hazard Λ₀, a function of time in the unit of the data.
    /// It is called once for each entry and exit time.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for every row where Λ₀ is not finite, negative, or below its value
    /// at an earlier time; [`Error::InvalidOption`] where E is not above 0 and finite;
    /// [`Error::Unsupported`] for case and sampling weights and for clusters.
    pub fn fit(
        &self,
        data: &impl SurvivalData,
        cumulative_hazard: impl Fn(f64) -> f64,
    ) -> Result<OneSampleFit> {
        let rows = data.rows();
        let exit: Vec<f64> = rows.times.exit.iter().map(|&t| cumulative_hazard(t)).collect();
        let entry: Option<Vec<f64>> = (rows.times.entry.as_ref())
            .map(|times| times.iter().map(|&t| cumulative_hazard(t)).collect());
        let cells = not_ascending(rows, entry.as_deref(), &exit);
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let entry = entry.unwrap_or_else(|| vec![0.0; exit.len()]);
        let expected: Vec<f64> =
            exit.iter().zip(&entry).map(|(exit, entry)| exit - entry).collect();
        test(rows, &expected)
    }

    /// Tests against the expected number of events of each row, Λ₀(exit) − Λ₀(entry), as from a
    /// life table by age, sex and calendar year.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for a value that is not finite or is
    /// negative; [`Error::InvalidOption`] where their sum is not above 0 and finite;
    /// [`Error::Unsupported`] for case and sampling weights and for clusters.
    pub fn fit_expected<'a>(
        &self,
        data: &impl SurvivalData,
        expected: impl Into<ArrayView1<'a, f64>>,
    ) -> Result<OneSampleFit> {
        let (rows, expected) = (data.rows(), expected.into());
        rows.same_length("expected", expected.len())?;
        let rule = "must be finite and not negative";
        let cells: Vec<BadCell> = (expected.iter().enumerate())
            .filter(|(_, value)| !(value.is_finite() && **value >= 0.0))
            .map(|(row, value)| BadCell::new("expected", row, value, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        test(rows, &expected.to_vec())
    }
}

/// The rows where a cumulative hazard is not one, in the order of their times.
fn not_ascending(rows: &Rows, entry: Option<&[f64]>, exit: &[f64]) -> Vec<BadCell> {
    let place = |column: &'static str, times: &[f64], values: &[f64]| -> Vec<_> {
        let rows = times.iter().zip(values).enumerate();
        rows.map(|(row, (&time, &value))| (time, column, row, value)).collect()
    };
    let mut places = place("cumulative hazard at exit", &rows.times.exit, exit);
    if let (Some(times), Some(values)) = (&rows.times.entry, entry) {
        places.extend(place("cumulative hazard at entry", times, values));
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut cells = Vec::new();
    let mut reached = 0.0;
    for (_, column, row, value) in places {
        if value.is_finite() && value >= reached {
            reached = value;
        } else {
            cells.push(BadCell::new(column, row, value, RULE));
        }
    }
    cells
}

#[expect(clippy::indexing_slicing, reason = "there is a number for each row of the data")]
fn test(rows: &Rows, each: &[f64]) -> Result<OneSampleFit> {
    if let Some(WeightKind::Case | WeightKind::Sampling) = rows.weight_kind() {
        return Err(Error::Unsupported {
            estimator: "OneSampleLogRank",
            what: "the variance E under case or sampling weights",
            instead: "use Weights::frequency if the weights count identical rows",
        });
    }
    rows.independent("OneSampleLogRank", "leave the clusters out if the rows are independent")?;
    let (mut n, mut observed, mut expected) = (Sum::default(), Sum::default(), Sum::default());
    for (row, &each) in each.iter().enumerate() {
        let weight = rows.weight(row);
        n.add(weight);
        observed.add(if rows.event[row] { weight } else { 0.0 });
        expected.add(weight * each);
    }
    let (n, observed, expected) = (n.value(), observed.value(), expected.value());
    let z = (observed - expected) / expected.sqrt();
    let statistic = z * z;
    // No number where nothing is expected, nor where that is infinite.
    if !statistic.is_finite() {
        let rule = "the expected number of events must be above 0 and of ordinary size";
        return Err(Error::InvalidOption { option: "expected", value: expected, rule });
    }
    let test = TestResult::chi_square(TestKind::OneSampleLogRank, statistic, 1);
    Ok(OneSampleFit { n, observed, expected, test })
}

impl OneSampleFit {
    /// Rows, or the sum of their frequencies.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.n
    }

    /// Events observed.
    #[must_use]
    pub fn observed(&self) -> f64 {
        self.observed
    }

    /// Events expected under the reference hazard; above 0.
    #[must_use]
    pub fn expected(&self) -> f64 {
        self.expected
    }

    /// The test.
    #[must_use]
    pub fn test(&self) -> &TestResult {
        &self.test
    }
}

/// As R prints `survdiff` with an offset.
impl fmt::Display for OneSampleFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |value: f64, digits| significant(&[Some(value)], digits, "");
        let table = Table::default()
            .column("N", cell(self.n, 6))
            .column("Observed", cell(self.observed, 6))
            .column("Expected", cell(self.expected, 3))
            .column("O/E", cell(self.observed / self.expected, 3));
        let p = p_value::text(self.test.p_value);
        write!(f, "{table}\n Chisq= {:.1}  on 1 degrees of freedom, p= {p}\n", self.test.statistic)
    }
}
