//! The log-rank statistic of weighted rows, after Xie and Liu.
//!
//! Given who is at risk at a time, the d rows with the event are a sample without replacement of the
//! Y rows at risk, each of which brings its weight. With the weighted share π_j of group j among
//! those at risk, a row of group g adds w (1{g = j} − π_j) to U_j, which sums to 0 over the risk set;
//! the variance of the sum over a sample is d (Y − d)/(Y (Y − 1)) times the sum of squares.

#![expect(
    clippy::indexing_slicing,
    reason = "a group is one of those compared, each with its series and sums"
)]

use ndarray::Array2;

use super::log_rank_fit::GroupCount;
use crate::data::{Groups, RiskSeries, RiskTable, Rows, WeightKind};
use crate::error::{Error, Result};
use crate::linalg::Ldl;
use crate::numerics::sum::Sum;
use crate::room::room_for;
use crate::statistic::{TestKind, TestResult};

/// Weighted counts by group, their covariance, the test.
#[derive(Debug, Clone)]
pub(crate) struct XieLiu {
    pub(crate) counts: Vec<GroupCount>,
    pub(crate) variance: Array2<f64>,
    pub(crate) test: TestResult,
}

/// Within the strata of the rows, which are taken for independent.
pub(crate) fn xie_liu(rows: &Rows, groups: &Groups) -> Result<XieLiu> {
    // The sums with their rounding errors, the covariance, and that of the groups compared, thrice.
    let k = groups.names().len();
    room_for::<[f64; 6]>("the covariance of the groups", &[k, k])?;
    let table = RiskTable::by_groups(rows, groups)?;
    // A frequency stands for rows of weight 1, whose squares it counts.
    let squared = match rows.weight_kind() {
        Some(WeightKind::Case | WeightKind::Sampling) => {
            RiskTable::by_groups(&rows.with_squared_weights(), groups)?
        }
        _ => table.clone(),
    };
    let mut sums = Sums::new(k);
    table.by_stratum().zip(squared.by_stratum()).for_each(|(s, squares)| sums.add(s, squares));
    sums.finish()
}

struct Sums {
    n: Vec<f64>,
    observed: Vec<Sum>,
    expected: Vec<Sum>,
    variance: Vec<Sum>,
}

impl Sums {
    fn new(k: usize) -> Self {
        let zero = |n| vec![Sum::default(); n];
        Self { n: vec![0.0; k], observed: zero(k), expected: zero(k), variance: zero(k * k) }
    }

    /// One stratum: the series of its groups, and those of the squared weights, on the same times.
    fn add(&mut self, series: &[RiskSeries], squares: &[RiskSeries]) {
        let k = series.len();
        let rows: Vec<RiskSeries> = series.iter().map(RiskSeries::rows).collect();
        for (n, rows) in self.n.iter_mut().zip(&rows) {
            *n += rows.n_event().iter().chain(rows.n_censor()).sum::<f64>();
        }
        let mut next = vec![0; k];
        loop {
            let time_of = |j: usize| series[j].time().get(next[j]).copied();
            let Some(time) = (0..k).filter_map(time_of).reduce(f64::min) else { return };
            let here: Vec<bool> = (0..k).map(|j| time_of(j) == Some(time)).collect();
            let at = |of: &[RiskSeries], column: fn(&RiskSeries) -> &[f64], always: bool| {
                let value = |j: usize| column(&of[j]).get(next[j]).copied().unwrap_or(0.0);
                (0..k).map(|j| if always || here[j] { value(j) } else { 0.0 }).collect()
            };
            self.add_time(&Time {
                events: at(series, RiskSeries::n_event, false),
                at_risk: at(series, RiskSeries::n_risk, true),
                squares: at(squares, RiskSeries::n_risk, true),
                rows_with_event: at(&rows, RiskSeries::n_event, false),
                rows_at_risk: at(&rows, RiskSeries::n_risk, true),
            });
            next.iter_mut().zip(here).for_each(|(next, here)| *next += usize::from(here));
        }
    }

    fn add_time(&mut self, time: &Time) {
        let k = self.n.len();
        let total = |column: &[f64]| column.iter().sum::<f64>();
        let (d, y) = (total(&time.events), total(&time.at_risk));
        if d == 0.0 {
            return;
        }
        let share: Vec<f64> = time.at_risk.iter().map(|at_risk| at_risk / y).collect();
        self.observed.iter_mut().zip(&time.events).for_each(|(sum, events)| sum.add(*events));
        self.expected.iter_mut().zip(&share).for_each(|(sum, share)| sum.add(d * share));
        let (dead, rows) = (total(&time.rows_with_event), total(&time.rows_at_risk));
        if rows <= 1.0 {
            return;
        }
        let sampled = dead / rows * ((rows - dead) / (rows - 1.0));
        let part = |g: usize, j: usize| match g == j {
            // 1 − π, without the subtraction.
            true => (0..k).filter(|&l| l != j).map(|l| share[l]).sum(),
            false => -share[j],
        };
        for g in (0..k).filter(|&g| time.squares[g] > 0.0) {
            for j in 0..k {
                for l in 0..k {
                    let square = time.squares[g] * part(g, j) * part(g, l);
                    self.variance[j * k + l].add(sampled * square);
                }
            }
        }
    }

    /// The quadratic form over the groups with expected events, one of them left out.
    fn finish(self) -> Result<XieLiu> {
        let k = self.n.len();
        let counts: Vec<GroupCount> = (0..k)
            .map(|j| GroupCount {
                n: self.n[j],
                observed: self.observed[j].value(),
                expected: self.expected[j].value(),
            })
            .collect();
        let variance = Array2::from_shape_fn((k, k), |(j, l)| self.variance[j * k + l].value());
        let used: Vec<usize> = (0..k).filter(|&j| counts[j].expected > 0.0).skip(1).collect();
        let among =
            Array2::from_shape_fn((used.len(), used.len()), |(a, b)| variance[[used[a], used[b]]]);
        let difference: Vec<f64> =
            used.iter().map(|&j| counts[j].observed - counts[j].expected).collect();
        let ldl = Ldl::new(&among);
        let statistic = ldl.quadratic_form(&difference);
        if ldl.rank() == 0 || !statistic.is_finite() {
            return Err(Error::NothingToCompare);
        }
        let test = TestResult::chi_square(TestKind::LogRank, statistic, ldl.rank());
        Ok(XieLiu { counts, variance, test })
    }
}

/// What happens in each group at one time.
struct Time {
    events: Vec<f64>,
    at_risk: Vec<f64>,
    /// Sum of the squared weights at risk.
    squares: Vec<f64>,
    rows_with_event: Vec<f64>,
    rows_at_risk: Vec<f64>,
}
