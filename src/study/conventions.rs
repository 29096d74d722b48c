//! The defaults of other software, by its name.

use crate::curve::QuantileRule;
use crate::data::{Design, SurvivalData, TimeMatch};
use crate::error::Result;
use crate::nonparametric::{KaplanMeier, NelsonAalen, TestWeight, TieCorrection};
use crate::regression::cox::{CoxBaseline, CoxFit, CoxPh, SurvivalForm, Ties};
use crate::statistic::IntervalTransform;

/// Whose defaults the estimators take.
///
/// Each method hands out an estimator, or a choice, as the software named would make it when it is told
/// nothing else. The page [`conventions`](crate::guide::conventions) sets them side by side, with what
/// no option can reproduce.
///
/// # Example
/// Freireich et al. 1963, the same rows four times:
/// ```
/// use riskset::{Design, RightCensored, study::Conventions};
///
/// let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
///     22., 23.];
/// let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
///     32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
/// let arm = [["control"; 21], ["6-MP"; 21]].concat();
/// let design = Design::builder().factor("arm", &arm, "6-MP").build()?;
/// let coefficient = |whose: Conventions| -> riskset::Result<String> {
///     let fit = whose.cox().fit(&data, &design)?;
///     Ok(format!("{:.4}", fit.coefficients()[0].estimate.unwrap()))
/// };
/// assert_eq!(coefficient(Conventions::R)?, "1.5721");
/// assert_eq!(coefficient(Conventions::Lifelines)?, "1.5721");
/// assert_eq!(coefficient(Conventions::Sas)?, "1.5092");
/// assert_eq!(coefficient(Conventions::Stata)?, "1.5092");
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Conventions {
    /// R's package `survival`, which is where this crate's defaults are from, the rule of near ties
    /// apart.
    #[default]
    R,
    /// SAS: `LIFETEST` and `PHREG`.
    Sas,
    /// Stata: `sts` and `stcox`.
    Stata,
    /// Python's lifelines.
    Lifelines,
}

impl Conventions {
    /// When two times are one, for `data.with_time_match`: in R by its `timefix`, elsewhere when
    /// they are equal.
    #[must_use]
    pub fn time_match(self) -> TimeMatch {
        match self {
            Self::R => TimeMatch::RTimefix,
            Self::Sas | Self::Stata | Self::Lifelines => TimeMatch::Exact,
        }
    }

    /// Kaplan–Meier: limits on the scale of ln S in R, of ln(−ln S) elsewhere.
    #[must_use]
    pub fn kaplan_meier(self) -> KaplanMeier {
        KaplanMeier::new().transform(match self {
            Self::R => IntervalTransform::Log,
            Self::Sas | Self::Stata | Self::Lifelines => IntervalTransform::LogLog,
        })
    }

    /// The median where S is ½ for a while, for
    /// [`quantile_by`](crate::curve::SurvivalCurve::quantile_by).
    #[must_use]
    pub fn quantile_rule(self) -> QuantileRule {
        match self {
            Self::R => QuantileRule::Midpoint,
            Self::Sas => QuantileRule::SasStrict,
            Self::Stata | Self::Lifelines => QuantileRule::FirstAtOrBelow,
        }
    }

    /// Nelson–Aalen: lifelines lets tied events leave the risk set one by one.
    #[must_use]
    pub fn nelson_aalen(self) -> NelsonAalen {
        NelsonAalen::new().ties(match self {
            Self::R | Self::Sas | Self::Stata => TieCorrection::None,
            Self::Lifelines => TieCorrection::FlemingHarrington,
        })
    }

    /// The weight of the test that is called Wilcoxon: the numbers at risk, in R (`rho = 1`) the pooled
    /// survival before the time.
    #[must_use]
    pub fn wilcoxon(self) -> TestWeight {
        match self {
            Self::R => TestWeight::FlemingHarrington { rho: 1.0, gamma: 0.0 },
            Self::Sas | Self::Stata | Self::Lifelines => TestWeight::Gehan,
        }
    }

    /// The weight of the test that is named after Peto: in R (`rho = 1`) the same as
    /// [`wilcoxon`](Self::wilcoxon), elsewhere the product of 1 − d/(Y + 1) up to the time.
    #[must_use]
    pub fn peto(self) -> TestWeight {
        match self {
            Self::R => TestWeight::FlemingHarrington { rho: 1.0, gamma: 0.0 },
            Self::Sas | Self::Stata | Self::Lifelines => TestWeight::PetoPeto,
        }
    }

    /// A Cox model: Efron's ties in R and lifelines, Breslow's in SAS and Stata.
    #[must_use]
    pub fn cox(self) -> CoxPh {
        CoxPh::new().ties(match self {
            Self::R | Self::Lifelines => Ties::Efron,
            Self::Sas | Self::Stata => Ties::Breslow,
        })
    }

    /// The baseline of a fit: in R with the ties of the fit, elsewhere with Breslow's, which lifelines
    /// takes after Efron's coefficients, too.
    ///
    /// # Errors
    /// As [`CoxFit::baseline_by`].
    pub fn baseline(
        self,
        fit: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<CoxBaseline> {
        match self {
            Self::R => fit.baseline(data, design),
            Self::Sas | Self::Stata | Self::Lifelines => {
                fit.baseline_by(Ties::Breslow, data, design)
            }
        }
    }

    /// How a baseline becomes survival, for
    /// [`form`](crate::regression::cox::StratumBaseline::form): Stata's is that of Kalbfleisch and
    /// Prentice, the others' exp(−Λ).
    #[must_use]
    pub fn survival_form(self) -> SurvivalForm {
        match self {
            Self::R | Self::Sas | Self::Lifelines => SurvivalForm::ExpHazard,
            Self::Stata => SurvivalForm::ProductLimit,
        }
    }
}
