//! Resampling of Cox models.

use super::bootstrap::Bootstrap;
use super::bootstrap_fit::BootstrapFit;
use super::jackknife::{Jackknife, JackknifeFit};
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, CoxPh};

impl Bootstrap {
    /// Bootstraps the coefficients of a Cox model, one value a column of the design. A sample on which a
    /// coefficient is aliased or infinite, or which does not converge, is a failure.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit) and [`CoxPh::fit`]; [`Error::NotEstimable`] for a coefficient without a
    /// finite estimate on the data given.
    pub fn fit_cox<D: SurvivalData + Sync>(
        &self,
        data: &D,
        design: &Design,
        model: &CoxPh,
    ) -> Result<BootstrapFit> {
        let near = started(data, design, model)?;
        self.fit(data, |sample, rows| coefficients(&near.fit(sample, &taken(design, rows))?))
    }
}

impl Jackknife {
    /// The jackknife of the coefficients of a Cox model, one value a column of the design.
    ///
    /// # Errors
    /// As [`Bootstrap::fit_cox`].
    pub fn fit_cox<D: SurvivalData + Sync>(
        &self,
        data: &D,
        design: &Design,
        model: &CoxPh,
    ) -> Result<JackknifeFit> {
        let near = started(data, design, model)?;
        self.fit(data, |sample, rows| coefficients(&near.fit(sample, &taken(design, rows))?))
    }
}

/// The model with its estimate to start from, which is near that of most samples.
fn started(data: &impl SurvivalData, design: &Design, model: &CoxPh) -> Result<CoxPh> {
    let estimate = coefficients(&model.fit(data, design)?)?;
    Ok(model.clone().start(&estimate))
}

fn taken(design: &Design, rows: &[usize]) -> Design {
    design.take(rows.iter().copied())
}

fn coefficients(fit: &CoxFit) -> Result<Vec<f64>> {
    let finite = fit.coefficients().iter().map(|coefficient| {
        let none = || Error::NotEstimable { column: coefficient.name.clone() };
        coefficient.estimate.ok_or_else(none)
    });
    finite.collect()
}
