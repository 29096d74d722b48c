//! Score and covariance of Gray's test within one stratum.

#![expect(
    clippy::indexing_slicing,
    reason = "a group is one of the k compared, a pair of them one of k (k + 1) / 2"
)]

use ndarray::Array2;

use super::fit::Untested;
use super::incidences::{Moment, walk};
use crate::data::RiskSeries;
use crate::numerics::sum::BlockSums;

/// Below this, one minus the pooled incidence is a rounding residue or less than nothing.
const NOTHING_LEFT: f64 = 1e-12;

/// The scores of the groups, with their covariance.
#[derive(Debug, Clone)]
pub(super) struct Scores {
    pub(super) score: Vec<f64>,
    pub(super) variance: Array2<f64>,
    /// Whether each group is at risk together with another one when the cause strikes.
    pub(super) compared: Vec<bool>,
    pub(super) obstacle: Option<Untested>,
}

/// What the covariance needs of one event time; columns by group.
struct Step {
    /// L, the weight of the time.
    weight: f64,
    /// dF⁰, the jump of the pooled incidence.
    jump: f64,
    /// dF⁰/(1 − F⁰(t−)).
    hazard: f64,
    /// 1 − F⁰ at the time.
    left: f64,
    /// Events of the cause in all groups.
    tied: f64,
    unfailed: Vec<f64>,
    before: Vec<f64>,
    after: Vec<f64>,
    at_risk: Vec<f64>,
    others: Vec<f64>,
}

impl Scores {
    /// Of one stratum.
    pub(super) fn of(rho: f64, cause: &[RiskSeries], any: &[RiskSeries]) -> Self {
        let k = any.len();
        let mut sums = BlockSums::new(k);
        let mut steps = Vec::new();
        let (mut compared, mut obstacle) = (vec![false; k], None);
        let mut left = 1.0;
        walk(cause, any, |now| {
            if (0..k).any(|j| now.at_risk[j] > 0.0 && !(now.before[j] > 0.0)) {
                obstacle = Some(Untested::RiskSetEmptied);
            }
            if obstacle.is_some() {
                return;
            }
            let step = Step::new(now, rho, left);
            if step.tied > 0.0 && step.compares() {
                if !(left > NOTHING_LEFT) {
                    obstacle = Some(Untested::PooledIncidence);
                    return;
                }
                let pooled: f64 = (0..k).map(|j| now.subdistribution(j)).sum();
                let running = sums.add();
                for j in 0..k {
                    let expected = now.subdistribution(j) * (step.tied / pooled);
                    running[j] += step.weight * (now.events[j] - expected);
                    compared[j] |= now.at_risk[j] > 0.0;
                }
            }
            left = step.left;
            steps.push(step);
        });
        let variance = covariance(k, &steps);
        Self { score: sums.finish(), variance, compared, obstacle }
    }

    /// Over all strata.
    pub(super) fn sum(strata: &[Self], k: usize) -> Self {
        let total = |j: usize| strata.iter().map(|stratum| stratum.score[j]).sum();
        Self {
            score: (0..k).map(total).collect(),
            variance: (strata.iter())
                .fold(Array2::zeros((k, k)), |sum, stratum| sum + &stratum.variance),
            compared: (0..k).map(|j| strata.iter().any(|s| s.compared[j])).collect(),
            obstacle: strata.iter().find_map(|stratum| stratum.obstacle),
        }
    }
}

impl Step {
    fn new(now: &Moment, rho: f64, left: f64) -> Self {
        let unfailed: Vec<f64> = (0..now.at_risk.len()).map(|j| now.unfailed(j)).collect();
        let tied: f64 = now.events.iter().sum();
        let jump = if tied > 0.0 { tied / unfailed.iter().sum::<f64>() } else { 0.0 };
        // Where nothing is left no two groups are compared, and the time counts nothing.
        let counts = left > NOTHING_LEFT;
        Self {
            weight: if counts { left.powf(rho) } else { 0.0 },
            jump,
            hazard: if counts { jump / left } else { 0.0 },
            left: left - jump,
            tied,
            unfailed,
            before: now.before.clone(),
            after: now.after.clone(),
            at_risk: now.at_risk.clone(),
            others: now.others.clone(),
        }
    }

    /// Whether at least two groups are at risk.
    fn compares(&self) -> bool {
        self.at_risk.iter().filter(|&&at_risk| at_risk > 0.0).count() > 1
    }

    /// d_kr = L h_k (1{k=r} − h_r/h), what a failure of group r adds to the score of group k.
    fn direct(&self, group: usize, of: usize) -> f64 {
        let share = self.unfailed[of] / self.unfailed.iter().sum::<f64>();
        let kept = if group == of { 1.0 - share } else { -share };
        self.weight * self.unfailed[group] * kept
    }

    /// The variances of dN/h and dM/h in a group: dF⁰/h and dM/h², each times 1 − (d − 1)/(n − 1), which
    /// makes d of n tied events an unbiased estimate of a binomial variance. For events of the cause n is
    /// the risk set of all groups on the scale of this one, h S(t−).
    fn spread(&self, of: usize) -> (f64, f64) {
        let h = self.unfailed[of];
        let without_ties = |tied: f64, risk: f64| match tied {
            tied if tied > 1.0 => 1.0 - (tied - 1.0) / (risk - 1.0),
            _ => 1.0,
        };
        let pooled = self.unfailed.iter().sum::<f64>() * self.before[of];
        let own = self.jump / h * without_ties(self.tied, pooled);
        let other = self.others[of] / h / h * without_ties(self.others[of], self.at_risk[of]);
        (own, other)
    }
}

/// Σ_r Σ_t a_kr a_lr dF⁰/h_r + b_kr b_lr dN_2r/h_r², from the last time to the first.
fn covariance(k: usize, steps: &[Step]) -> Array2<f64> {
    let mut sums = BlockSums::new(k * (k + 1) / 2);
    // c_kr(∞) − c_kr(t): what later times make of a failure of group r.
    let mut later = Array2::<f64>::zeros((k, k));
    let (mut a, mut b) = (vec![0.0; k], vec![0.0; k]);
    for step in steps.iter().rev().filter(|step| step.weight > 0.0) {
        for r in (0..k).filter(|&r| step.at_risk[r] > 0.0) {
            // Once a group has failed there is nothing later.
            let ratio = if step.after[r] > 0.0 { step.left / step.after[r] } else { 0.0 };
            let (own, other) = step.spread(r);
            for j in 0..k {
                let direct = step.direct(j, r);
                b[j] = ratio * later[[j, r]];
                a[j] = direct + later[[j, r]] - b[j];
                later[[j, r]] += direct * step.hazard;
            }
            let running = sums.add();
            let mut place = 0;
            for j in 0..k {
                for l in 0..=j {
                    running[place] += own * a[j] * a[l] + other * b[j] * b[l];
                    place += 1;
                }
            }
        }
    }
    let sums = sums.finish();
    Array2::from_shape_fn((k, k), |(j, l)| {
        let (low, high) = (j.min(l), j.max(l));
        sums[high * (high + 1) / 2 + low]
    })
}
