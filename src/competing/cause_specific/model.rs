//! A Cox model for every cause, as a request.

use super::fit::{CauseFit, CauseSpecificCoxFit};
use crate::data::{Cause, CompetingRisks, Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, CoxPh};

/// Cause-specific Cox regression: a proportional hazards model for the hazard of every cause.
///
/// # Definition
/// The hazard of cause k in stratum s is
/// ```text
/// λₖₛ(t|x) = lim P(t ≤ T < t + h, cause k | T ≥ t, x) / h = λ₀ₖₛ(t) exp(xβₖ + offset)
/// ```
/// the rate at which cause k strikes those who are still free of any. The likelihood is a product over
/// causes, so each βₖ is that of a [`CoxPh`] to which the other causes are censorings.
///
/// A ratio exp(βₖ) speaks of rates. What becomes of them in the end depends on the hazards of all causes:
/// a covariate that leaves the hazard of cause k alone still lowers its incidence when it raises that of
/// another. [`CauseSpecificCoxFit::baseline`] has the incidences.
///
/// # Variance
/// That of each [`CoxPh`], from its information or robust; see [`CauseSpecificCoxFit::vcov`] for all causes together.
///
/// # Options
/// Those of the [`CoxPh`] it is made of, for every cause.
///
/// # Example
/// Two causes; without covariates the incidence of each is that of Aalen and Johansen. Of five, one each is
/// lost to the causes at 1 and at 2:
/// ```
/// use riskset::competing::{CauseSpecificCox, IncidenceForm};
/// use riskset::{CompetingRisks, CoxPh, Design, Profile};
///
/// let causes = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4., 5.], &[1, 2, 0, 1, 0], &causes)?;
/// let design = Design::empty(5);
/// let fit = CauseSpecificCox::new(CoxPh::new()).fit(&data, &design)?;
/// assert_eq!(fit.named("relapse")?.n_events(), 2.0);
/// let baseline = fit.baseline(&data, &design)?;
/// let person = baseline.single()?.form(IncidenceForm::ProductLimit).incidence(&Profile::new())?;
/// // 1/5, then S = 3/5 of whom one of two.
/// let relapse = person.incidence_of("relapse")?.at(&[4.0])?[0].incidence;
/// assert!((relapse - (1.0 / 5.0 + 3.0 / 5.0 / 2.0)).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `coxph(Surv(time, factor(cause)) ~ x, id = id)`, one `coxph` a cause, and `riskRegression::CSC`.
/// DIFFERENCE: the first takes Breslow's ties whatever `ties` says, and Efron's only where it is not given
/// (survival 3.5-3); here they are those of the `CoxPh`.
///
/// # References
/// Prentice et al. 1978, doi:10.2307/2530374; Putter, Fiocco & Geskus 2007, doi:10.1002/sim.2712.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CauseSpecificCox {
    model: CoxPh,
}

impl CauseSpecificCox {
    /// With the options of a Cox model, which hold for every cause.
    #[must_use]
    pub fn new(model: CoxPh) -> Self {
        Self { model }
    }

    /// Fits every cause on the same design. A cause without events has no fit, and says so when asked.
    ///
    /// # Errors
    /// [`Error::NoEvents`] where no cause has any; [`Error::InCause`] around what
    /// [`CoxPh::fit`] says of a cause.
    pub fn fit(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<CauseSpecificCoxFit> {
        self.fit_designs(data, &vec![design; data.causes().len()])
    }

    /// Fits every cause on a design of its own. A profile then speaks of the covariates of all.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::UnknownName`] for a cause that the data do not list,
    /// [`Error::DuplicateName`] for one with two designs, [`Error::LengthMismatch`] where one has none.
    pub fn fit_by_cause(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[(Cause, &Design)],
    ) -> Result<CauseSpecificCoxFit> {
        self.fit_designs(data, &in_order(data, designs)?)
    }

    fn fit_designs(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[&Design],
    ) -> Result<CauseSpecificCoxFit> {
        let mut causes = Vec::with_capacity(designs.len());
        for ((cause, label), design) in data.causes().iter().zip(designs) {
            let fit = self.fit_one(data, *cause, design);
            let fit = fit.map_err(|error| Error::in_cause(label, error))?;
            causes.push(CauseFit { cause: *cause, label: label.clone(), fit });
        }
        CauseSpecificCoxFit::new(causes, data, designs)
    }

    fn fit_one(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        cause: Cause,
        design: &Design,
    ) -> Result<Option<CoxFit>> {
        match self.model.fit(&data.cause_specific(cause)?, design) {
            Err(Error::NoEvents { .. }) => Ok(None),
            fit => fit.map(Some),
        }
    }
}

/// The design of each cause, in the order in which the data list them.
pub(super) fn in_order<'a>(
    data: &CompetingRisks<impl SurvivalData>,
    designs: &[(Cause, &'a Design)],
) -> Result<Vec<&'a Design>> {
    for (place, (cause, _)) in designs.iter().enumerate() {
        data.place(*cause)?;
        if designs.iter().take(place).any(|(other, _)| other == cause) {
            return Err(Error::DuplicateName { name: cause.to_string() });
        }
    }
    let of = |cause: Cause| designs.iter().find(|(known, _)| *known == cause).map(|(_, d)| *d);
    let ordered: Vec<&Design> = data.causes().iter().filter_map(|(cause, _)| of(*cause)).collect();
    match ordered.len() == data.causes().len() {
        true => Ok(ordered),
        false => Err(Error::LengthMismatch {
            what: "designs".to_owned(),
            expected: data.causes().len(),
            found: ordered.len(),
        }),
    }
}
