//! How incidences are made of hazards.

/// The two ways from the hazards of all causes to their cumulative incidences. In both the incidences
/// and the probability to be free of any event add up to one.
///
/// With dΛₖ the jump of the hazard of cause k at t, dΛ that of all causes, and S the probability to be
/// free of any event:
///
/// | form | S(t) | dFₖ(t) | in R |
/// |---|---|---|---|
/// | `Exponential` | S(t−) exp(−dΛ) | S(t−) (1 − exp(−dΛ)) dΛₖ/dΛ | `survfit(coxph(..))` of several states, `stype = 2` |
/// | `ProductLimit` | S(t−) (1 − dΛ) | S(t−) dΛₖ | `stype = 1`; `riskRegression::predict(CSC(..))` |
///
/// They are equal but for terms of the order of dΛ². riskRegression's `product.limit = FALSE` takes
/// exp(−Λ(t−)) dΛₖ, whose sum exceeds 1 − S; it is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum IncidenceForm {
    /// S = exp(−Λ), as if the hazard of each jump were spread evenly. It suits every profile.
    #[default]
    Exponential,
    /// S = Π (1 − dΛ). Without covariates, and under Breslow's ties, this is the Aalen–Johansen estimate.
    /// Where the jump of a profile of high risk exceeds 1 nobody is left, S(t−) is shared among the causes
    /// by their hazards, and the prediction carries a
    /// [`Warning::HazardAboveOne`](crate::Warning::HazardAboveOne). DIFFERENCE: R and riskRegression let S
    /// become negative there.
    ProductLimit,
}

/// What the events of one time do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    /// S after it.
    pub(super) survival: f64,
    /// dFₖ = mass · dΛₖ.
    pub(super) mass: f64,
    /// What a small change of a jump here does to S afterwards is −scale · S.
    pub(super) scale: f64,
    /// S(t−) times how much of a change of dΛₖ beside others stays with cause k.
    pub(super) tie: f64,
    /// What S would still have been without the whole change, where nothing is left of it.
    pub(super) lost: f64,
}

/// A jump within this of 1 leaves nobody.
const NOBODY: f64 = 1e-12;

impl IncidenceForm {
    /// From S before a time, the jump of the hazard of all causes there and Λ after it.
    pub(super) fn pass(self, before: f64, jump: f64, total: f64) -> Passage {
        let plain = Passage { survival: 0.0, mass: before, scale: 1.0, tie: 0.0, lost: 0.0 };
        match self {
            Self::Exponential => Passage {
                survival: (-total).exp(),
                mass: before * spread(jump),
                tie: before * tied(jump),
                ..plain
            },
            Self::ProductLimit if self.leaves_less(jump) => {
                Passage { mass: before / jump, tie: before / jump / jump, ..plain }
            }
            Self::ProductLimit if jump >= 1.0 - NOBODY => Passage { lost: before, ..plain },
            Self::ProductLimit => {
                Passage { survival: before * (1.0 - jump), scale: 1.0 / (1.0 - jump), ..plain }
            }
        }
    }

    /// Whether a jump would leave less than nobody.
    pub(super) fn leaves_less(self, jump: f64) -> bool {
        self == Self::ProductLimit && jump > 1.0 + NOBODY
    }
}

/// (1 − exp(−a)) / a.
fn spread(a: f64) -> f64 {
    if a > 0.0 { -(-a).exp_m1() / a } else { 1.0 }
}

/// (1 − exp(−a)(1 + a)) / a², less the derivative of [`spread`].
fn tied(a: f64) -> f64 {
    if a > 0.5 {
        return (1.0 - (-a).exp() * (1.0 + a)) / (a * a);
    }
    // Σ (−a)ⁿ (n + 1)/(n + 2)!, as the closed form loses its digits here.
    let (mut sum, mut power, mut factorial) = (0.0, 1.0, 2.0);
    for n in 0..16 {
        let n = f64::from(n);
        sum += power * (n + 1.0) / factorial;
        power *= -a;
        factorial *= n + 3.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_branches_meet() {
        let closed = |a: f64| (1.0 - (-a).exp() * (1.0 + a)) / (a * a);
        for a in [0.3, 0.4, 0.5] {
            approx::assert_relative_eq!(tied(a), closed(a), max_relative = 1e-14);
        }
        assert_eq!((tied(0.0), spread(0.0)), (0.5, 1.0));
        let step = 1e-5;
        for a in [0.01, 0.2, 0.8, 3.0] {
            let slope = (spread(a - step) - spread(a + step)) / (2.0 * step);
            approx::assert_relative_eq!(tied(a), slope, max_relative = 1e-9);
        }
        assert_eq!((tied(1e200), spread(1e200)), (0.0, 1e-200));
    }

    #[test]
    fn a_jump_above_one_shares_what_is_left() {
        let pass = |before, jump| IncidenceForm::ProductLimit.pass(before, jump, jump);
        let above = pass(0.5, 2.0);
        assert_eq!((above.survival, above.mass * 2.0), (0.0, 0.5));
        assert_eq!((pass(0.5, 1.0).survival, pass(0.5, 1.0).mass), (0.0, 0.5));
        assert_eq!((pass(0.0, 1.5).survival, pass(0.0, 1.5).mass), (0.0, 0.0));
    }
}
