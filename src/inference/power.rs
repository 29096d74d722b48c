//! Events, sample size and power of a trial of two arms.

use std::fmt;

use super::follow_up::FollowUp;
use crate::error::{Error, Result};
use crate::numerics::normal::{normal_quantile, normal_sf};
use crate::numerics::whole::whole;
use crate::statistic::{Table, significant};

/// How many events a log-rank test needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PowerFormula {
    /// (z_α + z_β)² / (p₁ p₂ ln² HR).
    #[default]
    Schoenfeld,
    /// (z_α + z_β)² (1 + φ HR)² / (φ (1 − HR)²) with φ = p₁/p₂; needs more events when the hazard
    /// ratio is below 1 and far from it.
    Freedman,
}

/// Events, sample size and power of a trial that compares two arms by the log-rank test.
///
/// # Definition
/// With p₁ the share of patients in the treated arm, p₂ = 1 − p₁ that of the control arm, HR the
/// hazard ratio of treated to control under the alternative, α the significance level (α/2 when
/// two-sided) and 1 − β the power,
/// ```text
/// events = (z_α + z_β)² / h²      h² = p₁ p₂ ln² HR                      (Schoenfeld)
///                                 h² = φ (1 − HR)²/(1 + φ HR)², φ = p₁/p₂ (Freedman)
/// N      = events / (p₁ P₁ + p₂ P₂)
/// power  = Φ(h √events − z_α)
/// ```
/// with P₁ and P₂ the probabilities that a patient of an arm has the event during the trial, such as
/// those of [`FollowUp`]. The power of a two-sided test leaves out rejections in the wrong direction.
/// Both formulas are for proportional hazards and large samples.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | hazard ratio | required | above 0, finite, not 1 |
/// | [`significance`](Self::significance) | 0.05 | (0, 0.5) |
/// | [`one_sided`](Self::one_sided) | two-sided | |
/// | [`allocation`](Self::allocation) | 0.5 | (0, 1) |
/// | [`formula`](Self::formula) | `Schoenfeld` | |
///
/// # Example
/// A hazard ratio of 0.5 at 80% power: (1.959964 + 0.841621)² = 7.848879, over ¼ · ln² 2 = 0.120113:
/// ```
/// use riskset::inference::{FollowUp, PowerFormula, TwoArmTrial};
///
/// let trial = TwoArmTrial::new(0.5);
/// assert!((trial.events(0.8)? - 65.3456).abs() < 1e-3);
/// // Freedman: 7.848879 · (1.5/0.5)².
/// assert!((trial.formula(PowerFormula::Freedman).events(0.8)? - 70.6399).abs() < 1e-3);
///
/// // Median 12 months in the control arm, 18 months of accrual, 12 more of follow-up.
/// let size = trial.size(0.8, &FollowUp::median(12.0).accrual(18.0).follow_up(12.0))?;
/// assert_eq!((size.events, size.n), (66, 116));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `powerSurvEpi::ssizeCT.default` (Freedman), `gsDesign::nEvents` (Schoenfeld). Stata:
/// `power logrank`.
///
/// # References
/// Schoenfeld 1981, doi:10.1093/biomet/68.1.316; Freedman 1982, doi:10.1002/sim.4780010204.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoArmTrial {
    hazard_ratio: f64,
    significance: f64,
    one_sided: bool,
    allocation: f64,
    formula: PowerFormula,
}

/// The size of a trial of two arms, from [`TwoArmTrial::size`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TrialSize {
    /// Events needed, rounded up.
    pub events: u64,
    /// Patients of the treated arm, rounded up.
    pub n_treated: u64,
    /// Patients of the control arm, rounded up.
    pub n_control: u64,
    /// Patients of both arms.
    pub n: u64,
    /// Probability that a patient of the treated arm has the event during the trial.
    pub probability_treated: f64,
    /// The same in the control arm.
    pub probability_control: f64,
    /// The power of the events expected of so many patients: not below the one asked for.
    pub power: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(TrialSize {
    probability_treated: probability,
    probability_control: probability,
    power: probability,
});

/// Above this, whole numbers are no longer exact in an `f64`.
const MOST: f64 = 9_007_199_254_740_992.0;

impl TwoArmTrial {
    /// A trial for a hazard ratio of treated to control.
    #[must_use]
    pub fn new(hazard_ratio: f64) -> Self {
        Self {
            hazard_ratio,
            significance: 0.05,
            one_sided: false,
            allocation: 0.5,
            formula: PowerFormula::default(),
        }
    }

    /// Significance level of the test, in (0, 0.5).
    #[must_use]
    pub fn significance(self, level: f64) -> Self {
        Self { significance: level, ..self }
    }

    /// A test in the direction of the hazard ratio alone.
    #[must_use]
    pub fn one_sided(self) -> Self {
        Self { one_sided: true, ..self }
    }

    /// Share of the patients who go to the treated arm, in (0, 1).
    #[must_use]
    pub fn allocation(self, share: f64) -> Self {
        Self { allocation: share, ..self }
    }

    /// How many events are needed.
    #[must_use]
    pub fn formula(self, formula: PowerFormula) -> Self {
        Self { formula, ..self }
    }

    /// Events needed in both arms together, not rounded.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option out of its range, and for a power that is not between
    /// the significance level and 1; for a hazard ratio so near 1 that no count of events would do.
    pub fn events(&self, power: f64) -> Result<f64> {
        let (h, z) = self.check()?;
        let least = if self.one_sided { self.significance } else { self.significance / 2.0 };
        if !(power > least && power < 1.0) {
            let rule = "must be above the significance level of the side tested, and below 1";
            return Err(Error::InvalidOption { option: "power", value: power, rule });
        }
        let root = (z - normal_quantile(1.0 - power)) / h;
        self.countable(root * root)
    }

    /// Power of the test with so many events in both arms together.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option out of its range, and for events that are not above 0
    /// and finite.
    pub fn power(&self, events: f64) -> Result<f64> {
        let (h, z) = self.check()?;
        if !(events > 0.0 && events < f64::INFINITY) {
            let rule = "must be above 0 and finite";
            return Err(Error::InvalidOption { option: "events", value: events, rule });
        }
        Ok(normal_sf(z - h * events.sqrt()))
    }

    /// Patients needed for a power.
    ///
    /// # Errors
    /// As [`events`](Self::events), and those of [`FollowUp::probability`].
    pub fn size(&self, power: f64, follow_up: &FollowUp) -> Result<TrialSize> {
        let [treated, control] = self.probabilities(follow_up)?;
        self.size_of(power, treated, control)
    }

    /// Patients needed for a power, given the probabilities that a patient of the treated and of the
    /// control arm has the event during the trial.
    ///
    /// # Errors
    /// As [`events`](Self::events), and [`Error::InvalidOption`] for a probability outside (0, 1].
    pub fn size_of(&self, power: f64, treated: f64, control: f64) -> Result<TrialSize> {
        let events = self.events(power)?;
        probability("probability_treated", treated)?;
        probability("probability_control", control)?;
        let share = self.allocation;
        let n = self.countable(events / (share * treated + (1.0 - share) * control))?;
        let (n_treated, n_control) = ((share * n).ceil(), ((1.0 - share) * n).ceil());
        let count = |n: f64| whole(n) as u64;
        Ok(TrialSize {
            events: count(events.ceil()),
            n_treated: count(n_treated),
            n_control: count(n_control),
            n: count(n_treated + n_control),
            probability_treated: treated,
            probability_control: control,
            power: self.power(n_treated * treated + n_control * control)?,
        })
    }

    /// Power of the events expected of so many patients in the treated and the control arm, whatever
    /// the [`allocation`](Self::allocation).
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option out of its range, and for an arm without patients, or with so
    /// few that they vanish beside the others; those of [`FollowUp::probability`].
    pub fn power_of_size(&self, treated: u64, control: u64, follow_up: &FollowUp) -> Result<f64> {
        let (n_treated, n_control) = (treated as f64, control as f64);
        for (option, value) in [("treated", n_treated), ("control", n_control)] {
            if value == 0.0 {
                return Err(Error::InvalidOption { option, value, rule: "must be at least 1" });
            }
        }
        let share = n_treated / (n_treated + n_control);
        if share == 1.0 {
            let rule = "must not vanish beside the treated arm";
            return Err(Error::InvalidOption { option: "control", value: n_control, rule });
        }
        let trial = self.allocation(share);
        let [treated, control] = trial.probabilities(follow_up)?;
        trial.power(n_treated * treated + n_control * control)
    }

    /// The probability of the event in the treated and in the control arm.
    fn probabilities(&self, follow_up: &FollowUp) -> Result<[f64; 2]> {
        self.check()?;
        Ok([follow_up.probability(self.hazard_ratio)?, follow_up.probability(1.0)?])
    }

    /// h and z_α, once the options have passed.
    fn check(&self) -> Result<(f64, f64)> {
        let invalid = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        let (ratio, share) = (self.hazard_ratio, self.allocation);
        if !(ratio > 0.0 && ratio < f64::INFINITY && ratio != 1.0) {
            return invalid("hazard_ratio", ratio, "must be above 0, finite and not 1");
        }
        if !(self.significance > 0.0 && self.significance < 0.5) {
            return invalid("significance", self.significance, "must be between 0 and 0.5");
        }
        if !(share > 0.0 && share < 1.0) {
            return invalid("allocation", share, "must be between 0 and 1");
        }
        let side = if self.one_sided { self.significance } else { self.significance / 2.0 };
        let h = match self.formula {
            PowerFormula::Schoenfeld => (share * (1.0 - share)).sqrt() * ratio.ln().abs(),
            // φ (1 − HR)²/(1 + φ HR)² with φ = p₁/p₂.
            PowerFormula::Freedman => {
                let scale = (share / (1.0 - share)).sqrt();
                match ratio > 1.0 {
                    true => scale * (1.0 - 1.0 / ratio) / (1.0 / ratio + scale * scale),
                    false => scale * (1.0 - ratio) / (1.0 + scale * scale * ratio),
                }
            }
        };
        Ok((h, -normal_quantile(side)))
    }

    /// A number of events or patients that can be counted.
    fn countable(&self, number: f64) -> Result<f64> {
        if number < MOST {
            return Ok(number);
        }
        let rule = "more than 2^53 events or patients would be needed";
        Err(Error::InvalidOption { option: "hazard_ratio", value: self.hazard_ratio, rule })
    }
}

fn probability(option: &'static str, value: f64) -> Result<()> {
    if value > 0.0 && value <= 1.0 {
        return Ok(());
    }
    Err(Error::InvalidOption { option, value, rule: "must be above 0 and at most 1" })
}

/// Patients and expected share of events by arm, events needed, power.
impl fmt::Display for TrialSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = Table::default()
            .column("", vec!["treated".to_owned(), "control".to_owned()])
            .column("n", vec![self.n_treated.to_string(), self.n_control.to_string()])
            .column(
                "P(event)",
                significant(
                    &[Some(self.probability_treated), Some(self.probability_control)],
                    4,
                    "",
                ),
            );
        writeln!(f, "{table}\nn= {}, number of events= {}", self.n, self.events)?;
        writeln!(f, "power = {:.4}", self.power)
    }
}
