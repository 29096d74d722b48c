//! Gray's test.

use ndarray::Array2;

use super::fit::{CauseTest, GrayFit, GroupScore, Untested};
use super::score::Scores;
use crate::data::{Cause, CompetingRisks, Groups, RiskSeries, RiskTable, SurvivalData, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::linalg::Ldl;
use crate::room::room_for;
use crate::statistic::{TestKind, TestResult};

/// Gray's test of k groups: whether the cumulative incidence of a cause is the same in all of them,
/// for each cause in turn. Stratified when the data have strata.
///
/// A log-rank test of the cause-specific hazards asks something else: groups can differ in one and
/// not in the other.
///
/// # Definition
/// In group k, Y_k are at risk, S_k is the Kaplan–Meier curve of events of any cause, F_k the
/// Aalen–Johansen incidence of the cause, N_k counts its events and M_k those of other causes. With
/// h_k = Y_k/S_k(t−), h = Σ h_k, R_k = h_k (1 − F_k(t−)), R = Σ R_k, and the pooled incidence
/// dF⁰ = dN/h,
/// ```text
/// z_k  = Σ_t L (dN_k − R_k dN/R),                      L = (1 − F⁰(t−))^ρ
/// V_kl = Σ_r Σ_t a_kr a_lr dF⁰/h_r + b_kr b_lr dM_r/h_r²
/// d_kr = L h_k (1{k=r} − h_r/h)
/// c_kr = Σ_{u > t} d_kr dF⁰/(1 − F⁰(u−))
/// b_kr = c_kr (1 − F⁰(t))/S_r(t),   a_kr = d_kr + c_kr − b_kr
/// χ²   = zᵀ V⁻ z
/// ```
/// on as many degrees of freedom as groups that are compared, less one. With strata z and V are sums
/// over strata.
///
/// # Ties
/// z is the sum of a_kr dN_r/h_r and b_kr dM_r/h_r, less their expectations. The cause strikes each of
/// the Y_r at risk in group r with the probability λ_r = dF⁰/S_r(t−), so that dN_r has the variance
/// Y_r λ_r (1 − λ_r); where times are continuous 1 − λ_r is 1. All groups together are
/// n = h S_r(t−) at risk on the scale of group r, of whom d = dN are struck, and
/// d (n − d)/(n (n − 1)) is the unbiased estimate of λ_r (1 − λ_r). That multiplies dF⁰ by
/// ```text
/// 1 − (dN − 1)/(h S_r(t−) − 1)      and likewise dM_r by      1 − (dM_r − 1)/(Y_r − 1)
/// ```
/// since each group has a probability of its own of the other causes. Where one time alone has
/// events of the cause, and no other cause strikes before, V is the hypergeometric variance of the log-rank
/// test. The covariance −Y_r λ_r λ'_r of dN_r and dM_r at one time is left out, as in cmprsk.
///
/// Without competing events the scores at ρ = 0 are the observed less the expected events of
/// [`LogRank`](crate::LogRank); the variance is another estimate of the same quantity, so that the
/// statistics are near and not equal.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`rho`](Self::rho) | 0 | `rho` |
///
/// # Weights, delayed entry, clusters
/// Frequency weights count rows as often as they say. With delayed entry Y_k counts those with
/// entry < t ≤ exit. Nothing else changes: z and V rest on dN_r − Y_r λ_r being a martingale and on Y_r
/// being known just before t, whoever has entered by then. A group whose risk set empties while
/// others are still to enter has no S_k to divide by: [`Untested::RiskSetEmptied`]. Case and sampling
/// weights, and clusters, need another variance and are refused.
///
/// # Example
/// ```
/// use riskset::competing::GrayTest;
/// use riskset::{CompetingRisks, Groups};
///
/// let time = [1., 2., 3., 4., 5., 6., 7., 8.];
/// let causes = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&time, &[1, 1, 2, 1, 0, 2, 1, 0], &causes)?;
/// let arm = Groups::new(&["a", "a", "b", "a", "b", "b", "b", "a"])?;
/// let fit = GrayTest::new().fit(&data, &arm)?;
/// let relapse = fit.cause("relapse")?.test?;
/// assert_eq!(format!("{:.4}", relapse.statistic), "2.1366");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # In R
/// `cmprsk::cuminc(time, status, group, strata, rho)$Tests`, which takes no entry times.
///
/// # References
/// Gray 1988, doi:10.1214/aos/1176350951.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GrayTest {
    rho: f64,
}

impl GrayTest {
    /// The test.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The power ρ of the weight (1 − F⁰(t−))^ρ: above 0 early differences count more, below 0 late
    /// ones.
    #[must_use]
    pub fn rho(self, rho: f64) -> Self {
        Self { rho }
    }

    /// Compares the groups, for each cause.
    ///
    /// A cause that cannot be tested says [why](Untested), and takes nothing from the others.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a ρ that is not finite or is beyond ±10;
    /// [`Error::LengthMismatch`]; [`Error::SingleLevel`] for a single group; [`Error::NoEvents`]
    /// where no cause has any; [`Error::TooLarge`] for more groups than memory holds the covariance of;
    /// [`Error::Unsupported`] for case and sampling weights and for
    /// clusters.
    pub fn fit(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<GrayFit> {
        let tables = self.tables(data, groups)?;
        let names = tables.any.groups();
        if let [group] = names {
            let (what, level) = ("groups".to_owned(), group.clone());
            return Err(Error::SingleLevel { what, level });
        }
        tables.room()?;
        let causes = (tables.causes.iter())
            .map(|(cause, name, table)| self.test(*cause, name, table, &tables.any))
            .collect();
        Ok(GrayFit::new(names, causes, self.rho, tables.warnings))
    }

    /// The counts of each cause, and of any, once the data have passed.
    pub(super) fn tables(
        self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<Tables> {
        if !(self.rho.abs() <= MAX_RHO) {
            let rule = "must be from -10 to 10";
            return Err(Error::InvalidOption { option: "rho", value: self.rho, rule });
        }
        let unsupported = |what: &'static str, instead: &'static str| {
            Err(Error::Unsupported { estimator: "GrayTest", what, instead })
        };
        let any = data.any_cause();
        let table = RiskTable::by(&any, groups)?;
        let sides = [1 + data.causes().len(), table.strata().len(), groups.names().len()];
        room_for::<RiskSeries>("tables of causes × strata × groups", &sides)?;
        if let Some(WeightKind::Case | WeightKind::Sampling) = table.weight_kind() {
            return unsupported(
                "the variance under case or sampling weights",
                "use Weights::frequency for counts",
            );
        }
        let instead = "leave the clusters out if the rows are independent";
        data.rows().independent("GrayTest", instead)?;
        let rows = data.rows();
        if rows.n_events() == 0 {
            return Err(Error::NoEvents { rows: rows.len() });
        }
        let cause = |(cause, name): &(Cause, String)| {
            let table = RiskTable::by(&data.cause_specific(*cause)?, groups)?;
            Ok((*cause, name.clone(), table))
        };
        let causes = data.causes().iter().map(cause).collect::<Result<_>>()?;
        Ok(Tables { any: table, causes, warnings: rows.warnings() })
    }

    /// The test of one cause.
    #[expect(
        clippy::indexing_slicing,
        reason = "a stratum has a series for each group, and a group has its score"
    )]
    pub(super) fn test(
        self,
        cause: Cause,
        name: &str,
        table: &RiskTable,
        any: &RiskTable,
    ) -> CauseTest {
        let k = any.groups().len();
        let strata: Vec<Scores> = (table.by_stratum().zip(any.by_stratum()))
            .map(|(cause, any)| Scores::of(self.rho, cause, any))
            .collect();
        let total = Scores::sum(&strata, k);
        let sum = |j: usize, of: fn(&RiskSeries) -> f64| {
            table.by_stratum().map(|groups| of(&groups[j])).sum::<f64>()
        };
        let test = match total.obstacle {
            _ if (0..k).all(|j| sum(j, |series| series.n_event().iter().sum()) == 0.0) => {
                Err(Untested::NoEvents)
            }
            Some(obstacle) => Err(obstacle),
            None => chi_square(&total),
        };
        // Sums that stopped half-way say nothing.
        let whole = total.obstacle.is_none();
        let scores = (0..k)
            .map(|j| GroupScore {
                n: sum(j, |series| series.n_event().iter().chain(series.n_censor()).sum()),
                n_event: sum(j, |series| series.n_event().iter().sum()),
                score: whole.then_some(total.score[j]),
            })
            .collect();
        let variance = whole.then_some(total.variance);
        CauseTest { cause, name: name.to_owned(), scores, variance, test }
    }
}

/// Beyond this the weight of a late time could leave the range of numbers.
const MAX_RHO: f64 = 10.0;

/// What the test is a function of.
pub(super) struct Tables {
    /// Events of any cause.
    pub(super) any: RiskTable,
    /// Events of each cause, every other one a censoring.
    pub(super) causes: Vec<(Cause, String, RiskTable)>,
    pub(super) warnings: Vec<Warning>,
}

impl Tables {
    /// Fails where the covariances, or the times they are summed over, are more than memory holds.
    fn room(&self) -> Result<()> {
        let k = self.any.groups().len();
        // One for each stratum and each cause; the sums, and that of the groups compared, thrice.
        let squares = self.any.strata().len().saturating_add(self.causes.len()).saturating_add(8);
        room_for::<f64>("the covariance of the groups", &[squares, k, k])?;
        self.any.by_stratum().try_for_each(|groups| {
            // What a time keeps of each group.
            let of = |n_times| room_for::<[f64; 5]>("event times × groups", &[n_times, k]);
            let times = groups.iter().flat_map(RiskSeries::time);
            of(times.clone().count()).or_else(|_| {
                let mut distinct: Vec<f64> = times.copied().collect();
                distinct.sort_unstable_by(f64::total_cmp);
                distinct.dedup();
                of(distinct.len())
            })
        })
    }
}

/// The quadratic form over the groups that are compared, one of them left out.
#[expect(clippy::indexing_slicing, reason = "a group is one of those with a score")]
fn chi_square(total: &Scores) -> Result<TestResult, Untested> {
    let compared: Vec<usize> = (0..total.score.len()).filter(|&j| total.compared[j]).collect();
    if compared.iter().any(|&j| total.variance[[j, j]] < 0.0) {
        return Err(Untested::NegativeVariance);
    }
    let used = compared.get(1..).unwrap_or_default();
    let variance = Array2::from_shape_fn((used.len(), used.len()), |(a, b)| {
        total.variance[[used[a], used[b]]]
    });
    let score: Vec<f64> = used.iter().map(|&j| total.score[j]).collect();
    let ldl = Ldl::new(&variance);
    if ldl.rank() == 0 {
        return Err(Untested::NothingToCompare);
    }
    Ok(TestResult::chi_square(TestKind::Gray, ldl.quadratic_form(&score), ldl.rank()))
}
