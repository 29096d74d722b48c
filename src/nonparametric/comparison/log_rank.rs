//! The log-rank test.

#![expect(
    clippy::indexing_slicing,
    reason = "a group, or a pair of them, is one of those compared, and a stratum has its sums"
)]

use ndarray::Array2;

use super::event_times;
use super::exits;
use super::log_rank_fit::{GroupCount, LogRankFit};
use super::test_weight::TestWeight;
use super::time_sums::TimeSums;
use crate::data::{Groups, RiskSeries, RiskTable, Strata, SurvivalData, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::linalg::Ldl;
use crate::numerics::whole::whole;
use crate::room::room_for;
use crate::statistic::{TestKind, TestResult};

/// The log-rank test of k groups, stratified when the data have strata.
///
/// # Definition
/// With d(t) events among Y(t) at risk (entry < t ≤ exit), d_j and Y_j of them in group j,
/// ```text
/// U_j  = Σ_t w (d_j − d Y_j/Y)
/// V_jl = Σ_t w² d (Y−d)/(Y−1) · Y_j/Y · (1{j=l} − Y_l/Y)      (0 where Y = 1)
/// χ²   = Uᵀ V⁻ U
/// ```
/// with w = 1, or another [weight](TestWeight),
/// on as many degrees of freedom as groups with expected events, less one. With strata U and V are
/// sums over strata. The variance is the hypergeometric one: the test is the score test of the Cox
/// model with the *exact* treatment of ties.
///
/// Frequency weights count rows as often as they say. Other weights need a robust variance:
/// they are refused, as are clusters, see [`WeightedLogRank`](crate::inference::WeightedLogRank).
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`weight`](Self::weight) | `LogRank` | `rho` |
///
/// # Example
/// Freireich et al. 1963, control against 6-MP; published as 16.79 on 1 degree of freedom:
/// ```
/// use riskset::{Groups, LogRank, RightCensored};
///
/// let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
///     22., 23.];
/// let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
///     32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
/// let arm = Groups::new(&[["control"; 21], ["6-MP"; 21]].concat())?;
/// let fit = LogRank::new().fit(&data, &arm)?;
/// assert_eq!(format!("{:.3}", fit.test().statistic), "16.793");
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survdiff(Surv(time, event) ~ group + strata(stratum))`, which refuses delayed entry and
/// weights.
///
/// # References
/// Mantel 1966, *Cancer Chemotherapy Reports* 50:163; Peto & Peto 1972, doi:10.2307/2344317.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LogRank {
    weight: TestWeight,
}

impl LogRank {
    /// The test.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What each event time counts.
    #[must_use]
    pub fn weight(self, weight: TestWeight) -> Self {
        Self { weight }
    }

    /// Compares the groups.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for powers of a weight; [`Error::LengthMismatch`];
    /// [`Error::SingleLevel`] for a single group; [`Error::NoEvents`];
    /// [`Error::NothingToCompare`] when no two groups are ever at risk together; [`Error::TooLarge`] for more
    /// groups than memory holds the covariance of;
    /// [`Error::Unsupported`] for case and sampling weights and for clusters.
    pub fn fit(&self, data: &impl SurvivalData, groups: &Groups) -> Result<LogRankFit> {
        let rows = data.rows();
        rows.independent("LogRank", CLUSTERED)?;
        if !exits::one_by_one(rows) {
            return self.test(&RiskTable::by(data, groups)?, rows.warnings());
        }
        rows.same_length("groups", groups.len())?;
        let n_strata = rows.strata.as_ref().map_or(1, |strata| strata.names().len());
        self.check(groups.names(), n_strata, None)?;
        let mut sums = vec![TimeSums::new(groups.names().len(), self.weight); n_strata];
        let n = exits::walk(rows, groups, self.weight.needs_survival(), &mut sums);
        let strata = sums.into_iter().zip(n).map(|(sums, n)| Comparison::new(sums, n)).collect();
        let all = [RiskTable::ALL.to_owned()];
        let names = rows.strata.as_ref().map_or(&all[..], Strata::names);
        self.compared(groups.names(), names, strata, rows.warnings())
    }

    /// Compares the groups of a table of counts, whose rows are taken for independent.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_table(&self, table: &RiskTable) -> Result<LogRankFit> {
        self.test(table, Vec::new())
    }

    fn test(self, table: &RiskTable, warnings: Vec<Warning>) -> Result<LogRankFit> {
        self.check(table.groups(), table.strata().len(), table.weight_kind())?;
        let comparison = |groups: &[RiskSeries]| {
            let mut sums = TimeSums::new(groups.len(), self.weight);
            event_times::walk(groups, self.weight.needs_survival(), |time| sums.add(time));
            Comparison::new(sums, groups.iter().map(RiskSeries::n_rows).collect())
        };
        let strata = table.by_stratum().map(comparison).collect();
        self.compared(table.groups(), table.strata(), strata, warnings)
    }

    fn check(self, groups: &[String], n_strata: usize, weights: Option<WeightKind>) -> Result<()> {
        self.weight.check()?;
        if let Some(WeightKind::Case | WeightKind::Sampling) = weights {
            return Err(Error::Unsupported {
                estimator: "LogRank",
                what: "the hypergeometric variance under case or sampling weights",
                instead: "use inference::WeightedLogRank, or Weights::frequency for counts",
            });
        }
        if let [group] = groups {
            let (what, level) = ("groups".to_owned(), group.clone());
            return Err(Error::SingleLevel { what, level });
        }
        // The sums and the covariance of each stratum; that of all, and of the groups compared, thrice.
        let squares = n_strata.saturating_mul(2).saturating_add(4);
        let sides = [squares, groups.len(), groups.len()];
        room_for::<f64>("the covariance of the groups", &sides)
    }

    /// The test of the strata together.
    fn compared(
        self,
        groups: &[String],
        names: &[String],
        strata: Vec<Comparison>,
        warnings: Vec<Warning>,
    ) -> Result<LogRankFit> {
        let total = Comparison::sum(&strata, groups.len());
        let rows: f64 = total.n.iter().sum();
        if total.events == 0.0 {
            return Err(Error::NoEvents { rows: whole(rows) });
        }
        let test = total.chi_square()?;
        Ok(LogRankFit::new(
            groups,
            total.counts(),
            names.iter().cloned().zip(strata.iter().map(Comparison::counts)).collect(),
            total.variance,
            test,
            self.weight,
            warnings,
        ))
    }
}

/// What serves rows that depend on each other.
pub(super) const CLUSTERED: &str =
    "use inference::WeightedLogRank, or leave the clusters out if the rows are independent";

/// Observed and expected events of the groups, with the covariance of their difference.
#[derive(Debug, Clone)]
struct Comparison {
    n: Vec<f64>,
    events: f64,
    observed: Vec<f64>,
    expected: Vec<f64>,
    variance: Array2<f64>,
}

impl Comparison {
    /// What the sums of a stratum come to, of groups with `n` rows.
    fn new(sums: TimeSums, n: Vec<f64>) -> Self {
        let sums = sums.finish();
        Self {
            events: sums.events,
            variance: Array2::from_shape_fn((n.len(), n.len()), |(j, l)| sums.covariance(j, l)),
            observed: sums.observed,
            expected: sums.expected,
            n,
        }
    }

    fn sum(strata: &[Self], k: usize) -> Self {
        let column = |of: fn(&Self) -> &Vec<f64>| {
            let sum = |j: usize| strata.iter().map(|stratum| of(stratum)[j]).sum();
            (0..k).map(sum).collect()
        };
        Self {
            n: column(|stratum| &stratum.n),
            events: strata.iter().map(|stratum| stratum.events).sum(),
            observed: column(|stratum| &stratum.observed),
            expected: column(|stratum| &stratum.expected),
            variance: (strata.iter())
                .fold(Array2::zeros((k, k)), |sum, stratum| sum + &stratum.variance),
        }
    }

    fn counts(&self) -> Vec<GroupCount> {
        (0..self.n.len())
            .map(|j| GroupCount {
                n: self.n[j],
                observed: self.observed[j],
                expected: self.expected[j],
            })
            .collect()
    }

    /// The quadratic form over the groups with expected events, one of them left out.
    fn chi_square(&self) -> Result<TestResult> {
        let used: Vec<usize> =
            (0..self.n.len()).filter(|&j| self.expected[j] > 0.0).skip(1).collect();
        let variance = Array2::from_shape_fn((used.len(), used.len()), |(a, b)| {
            self.variance[[used[a], used[b]]]
        });
        let difference: Vec<f64> =
            used.iter().map(|&j| self.observed[j] - self.expected[j]).collect();
        let ldl = Ldl::new(&variance);
        if ldl.rank() == 0 {
            return Err(Error::NothingToCompare);
        }
        let statistic = ldl.quadratic_form(&difference);
        Ok(TestResult::chi_square(TestKind::LogRank, statistic, ldl.rank()))
    }
}
