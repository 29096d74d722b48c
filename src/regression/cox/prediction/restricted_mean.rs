//! The restricted mean of a predicted curve.

use super::covariates::{Covariates, Cumulative};
use super::stratum_baseline::StratumBaseline;
use crate::error::{Error, Result};
use crate::nonparametric::{RestrictedMean, RestrictedMeanFit};

/// The area under S up to τ, its variance summed from τ backwards.
#[expect(clippy::indexing_slicing, reason = "no more times are passed than there are")]
pub(super) fn of(
    from: &StratumBaseline<'_>,
    covariates: &Covariates,
    tau: f64,
    level: f64,
) -> Result<RestrictedMeanFit> {
    let model = RestrictedMean::new(tau).confidence(level);
    let z = model.check()?;
    let (stratum, p) = (from.stratum, from.n_columns());
    let at = from.relative(covariates)?;
    let whole = |n: usize| {
        let mut sum = Cumulative::new(p);
        sum.add(stratum.sums.first(n), &at);
        sum
    };
    let m = stratum.time.partition_point(|&time| time < tau);
    let last = stratum.last_time().unwrap_or(0.0);
    let end = whole(m);
    from.std_error(&end, &at)?;
    if tau > last && from.form.survival(&end) > 0.0 {
        let what = stratum.name.clone();
        return Err(Error::BeyondFollowUp { what, time: tau, last });
    }
    let (mut area, mut right) = (0.0, tau);
    let mut derivative = Cumulative::new(p);
    for k in (0..m).rev() {
        let time = stratum.time[k];
        area += from.form.survival(&whole(k + 1)) * (right - time);
        right = time;
        let mut jump = Cumulative::new(p);
        jump.add(stratum.sums.jump(k), &at);
        derivative.variance += area * area * jump.variance;
        for (sum, slope) in derivative.slope.iter_mut().zip(&jump.slope) {
            *sum += area * slope;
        }
    }
    area += right;
    let std_error = from.std_error(&derivative, &at)?;
    Ok(model.with_limits(area, std_error, z))
}
