//! The hazard ratio of a coefficient with the limits that exist.

use crate::data::{Design, SurvivalData};
use crate::error::Result;
use crate::inference::HazardRatio;
use crate::regression::cox::{CoefficientStatus, CoxFit};

/// Wald's limits and test; for an infinite coefficient, of which Wald knows nothing, those of the
/// profile likelihood. Under a robust variance there is no likelihood, and only the status is left.
pub(super) fn whole_ratio<D: SurvivalData>(
    fit: &CoxFit,
    data: &D,
    design: &Design,
    column: usize,
    level: f64,
) -> Result<HazardRatio> {
    let wald = fit.hazard_ratio_of(column, level)?;
    let infinite =
        matches!(wald.status, CoefficientStatus::PlusInfinity | CoefficientStatus::MinusInfinity);
    if !infinite || fit.is_robust() {
        return Ok(wald);
    }
    fit.profile_hazard_ratio(&wald.name, data, design, level)
}
