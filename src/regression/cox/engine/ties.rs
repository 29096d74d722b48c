//! How tied events share their risk set.

use crate::numerics::ln_sum::LnSum;
use crate::numerics::whole::whole;

/// How events at one time are treated.
///
/// With N the sum of risks of those who stay, D that of the d who have the event, the first two
/// are sums over d steps with denominators N + θ D:
///
/// | | θ | |
/// |---|---|---|
/// | `Efron` | 1, (d−1)/d, …, 1/d | as if they left one by one in unknown order |
/// | `Breslow` | 1, 1, …, 1 | all meet the whole risk set; cruder with many ties |
///
/// Where no two events are tied, all are the same.
///
/// References: Efron 1977, doi:10.1080/01621459.1977.10480613; Breslow 1974, doi:10.2307/2529620;
/// Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Ties {
    /// Efron's approximation, the default as in R.
    #[default]
    Efron,
    /// Breslow's approximation, the default of SAS and Stata.
    Breslow,
    /// The exact *partial* likelihood of events in discrete time, the logistic model of Cox: the
    /// events are the d of those at risk that they are, among all sets of d.
    /// ```text
    /// L = exp(Σ_{i ∈ D} η_i) / Σ_{sets S of d at risk} exp(Σ_{i ∈ S} η_i)
    /// ```
    /// It is R's `exact`, SAS's `DISCRETE`, Stata's `exactp`; *not* SAS's `EXACT` or Stata's
    /// `exactm`, the marginal likelihood of times that are tied only because they are rounded.
    ///
    /// exp(β) is a ratio of odds within a time, which is larger than the ratio of hazards where many
    /// are tied. The score test of groups is the log-rank test. A time with d events among n rows costs
    /// about d (n − d) p² operations; nothing is enumerated and nothing overflows. Frequency weights are
    /// repeated rows; there are no other weights, no robust variance, and no residuals or baseline hazard.
    ExactPartial,
}

/// Sums over the steps of one event time, with w the weight of a step and u = N + θ D.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Steps {
    /// Σ w/u: the hazard jump of those who stay.
    pub(crate) hazard: f64,
    /// Σ w θ/u: the hazard jump of those who have the event.
    pub(crate) hazard_event: f64,
    /// Σ w/u².
    pub(crate) square: f64,
    /// Σ w θ/u² over Σ w/u².
    pub(crate) mean_theta: f64,
    /// Σ w (θ − mean θ)²/u².
    pub(crate) spread: f64,
}

impl Ties {
    /// Adds Σ w ln u over `n` steps of weight `each`, where `stay` = N and `leave` = D.
    #[inline]
    pub(crate) fn add_logarithms(
        self,
        n: f64,
        each: f64,
        (stay, leave): (f64, f64),
        sum: &mut LnSum,
    ) {
        match self == Self::Efron && n > 1.0 {
            true => (0..whole(n)).for_each(|l| sum.add(each, stay + (n - l as f64) / n * leave)),
            false => sum.add(n * each, stay + leave),
        }
    }

    /// The sums for `n` steps of weight `each`, where `stay` = N and `leave` = D.
    #[inline]
    pub(crate) fn steps(self, n: f64, each: f64, stay: f64, leave: f64) -> Steps {
        if self == Self::Efron && n > 1.0 {
            return Self::one_by_one(n, each, stay, leave);
        }
        let inverse = 1.0 / (stay + leave);
        let hazard = n * each * inverse;
        Steps {
            hazard,
            hazard_event: hazard,
            square: hazard * inverse,
            mean_theta: 1.0,
            spread: 0.0,
        }
    }

    /// The sums for the steps of Efron.
    fn one_by_one(n: f64, each: f64, stay: f64, leave: f64) -> Steps {
        let all = || {
            (0..whole(n)).map(|l| {
                let theta = (n - l as f64) / n;
                let u = stay + theta * leave;
                (u, theta, each / u)
            })
        };
        let mut sums = Steps::default();
        let mut theta_square = 0.0;
        for (u, theta, jump) in all() {
            sums.hazard += jump;
            sums.hazard_event += theta * jump;
            sums.square += jump / u;
            theta_square += theta * jump / u;
        }
        sums.mean_theta = theta_square / sums.square;
        sums.spread =
            all().map(|(u, theta, jump)| (theta - sums.mean_theta).powi(2) * jump / u).sum();
        sums
    }

    /// θ of each of n steps.
    pub(super) fn thetas(self, n: usize) -> impl Iterator<Item = f64> {
        let theta = move |left: usize| left as f64 / n as f64;
        (1..=n).rev().map(move |left| if self == Self::Efron { theta(left) } else { 1.0 })
    }

    /// Of the sums over the steps the two hazard jumps alone.
    pub(super) fn hazards(self, n: f64, each: f64, stay: f64, leave: f64) -> (f64, f64) {
        if self != Self::Efron || n <= 1.0 {
            let hazard = n * each / (stay + leave);
            return (hazard, hazard);
        }
        (0..whole(n)).fold((0.0, 0.0), |(of_stay, of_leave), l| {
            let theta = (n - l as f64) / n;
            let jump = each / (stay + theta * leave);
            (of_stay + jump, of_leave + theta * jump)
        })
    }

    /// Σ w θ N D/u² over the steps: how often the distance between those who stay and those who leave
    /// counts in the scatter of the risk set.
    pub(super) fn between(self, n: f64, each: f64, stay: f64, leave: f64) -> f64 {
        if self != Self::Efron || n <= 1.0 {
            let all = stay + leave;
            return n * each * (stay / all) * (leave / all);
        }
        let of_step = |l: usize| {
            let theta = (n - l as f64) / n;
            let inverse = 1.0 / (stay + theta * leave);
            each * theta * (stay * inverse) * (leave * inverse)
        };
        (0..whole(n)).map(of_step).sum()
    }

    /// Σ w θᵃ/u³ over the steps, for a from 0 to 3.
    pub(crate) fn cubes(self, n: f64, each: f64, stay: f64, leave: f64) -> [f64; 4] {
        if self == Self::Breslow || n <= 1.0 {
            return [n * each / (stay + leave).powi(3); 4];
        }
        (0..whole(n)).fold([0.0; 4], |mut sums, l| {
            let theta = (n - l as f64) / n;
            let mut term = each / (stay + theta * leave).powi(3);
            for sum in &mut sums {
                *sum += term;
                term *= theta;
            }
            sums
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_share_for_each_step() {
        assert!(Ties::Efron.thetas(4).eq([1.0, 0.75, 0.5, 0.25]));
        assert!(Ties::Breslow.thetas(3).eq([1.0; 3]));
        assert!([Ties::Efron, Ties::Breslow].iter().all(|ties| ties.thetas(1).eq([1.0])));
    }

    /// Σ w θᵃ/u³ of two events among the risks N = 1 and D = 2: u is 3 and, with θ = ½, 2.
    #[test]
    fn sums_of_cubes() {
        let close = |found: [f64; 4], expected: [f64; 4]| {
            for (found, expected) in found.iter().zip(expected) {
                approx::assert_relative_eq!(*found, expected, max_relative = 1e-15);
            }
        };
        for ties in [Ties::Efron, Ties::Breslow] {
            close(ties.cubes(1.0, 0.5, 1.0, 2.0), [0.5 / 27.0; 4]);
        }
        close(Ties::Breslow.cubes(2.0, 0.5, 1.0, 2.0), [1.0 / 27.0; 4]);
        let efron = [1.0, 0.5, 0.25, 0.125].map(|power| 0.5 / 27.0 + power * 0.5 / 8.0);
        close(Ties::Efron.cubes(2.0, 0.5, 1.0, 2.0), efron);
    }

    /// The same two: 2 θ/u² is 2/9 and, with θ = ½, 1/4; whatever the unit of the risks.
    #[test]
    fn scatter_between_those_who_stay_and_leave() {
        for unit in [1.0, 0.25, 1e9] {
            let close = |ties: Ties, n: f64, expected: f64| {
                let found = ties.between(n, 0.5, unit, 2.0 * unit);
                approx::assert_relative_eq!(found, expected, max_relative = 1e-15);
            };
            close(Ties::Efron, 1.0, 0.5 * 2.0 / 9.0);
            close(Ties::Breslow, 2.0, 2.0 / 9.0);
            close(Ties::Efron, 2.0, 0.5 * (2.0 / 9.0 + 1.0 / 4.0));
        }
    }
}
