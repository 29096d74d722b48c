//! The hazard rate, smoothed by a kernel.

use std::fmt;

use super::nelson_aalen_fit::NelsonAalenFit;
use crate::error::{Error, Result};
use crate::statistic::{Interval, Table, normal_multiplier, percent, significant};

/// The hazard rate as a kernel average of the jumps of a Nelson–Aalen estimate.
///
/// # Definition
/// With jumps ΔΛᵢ at tᵢ and bandwidth b,
/// ```text
/// h(t) = Σ K_q((t − tᵢ)/b) ΔΛᵢ / b      Var h(t) = Σ K_q((t − tᵢ)/b)² ΔVᵢ / b²
/// K_q(z) = 12/(1 + q)⁴ · (z + 1) (z (1 − 2q) + (3q² − 2q + 1)/2),    −1 ≤ z ≤ q
/// ```
/// where ΔVᵢ are the increments of the variance of Λ, which count as independent: a fit with the
/// robust variance is refused. K₁ is the Epanechnikov kernel ¾ (1 − z²). Within b of the left end
/// of the range q is the distance to it in bandwidths, and the support ends where the range does;
/// near the right end the same holds mirrored. Every K_q has integral 1 and mean 0, so that a
/// linear hazard is not bent at the ends, where the plain kernel would lose up to half of it.
///
/// Boundary kernels are negative in places: an estimate below 0 is cut to 0 and has no limits. The
/// limits are h exp(± z · standard error / h). They hold for the smoothed hazard: the bias of
/// smoothing is not in them.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | `bandwidth` | required | above 0, at most half the range | `bw.grid` |
/// | [`range`](Self::range) | 0 to the last time | within follow-up | `min.time`, `max.time` |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | |
///
/// # Example
/// Deaths at 2, 5 and 8 among 3, censoring at 10; at time 5 the window of 2 holds one jump of 1/3:
/// ```
/// use riskset::{NelsonAalen, RightCensored, nonparametric::SmoothedHazard};
///
/// let data = RightCensored::new(&[2.0, 5.0, 8.0, 10.0], &[true, true, true, false])?;
/// let hazard = SmoothedHazard::new(2.0).of(&NelsonAalen::new().fit(&data)?, &[5.0, 6.0])?;
/// // K(0)/b · 1/3 = 0.75/2/3, and K(1/2)/b · 1/3 = 0.5625/2/3.
/// assert!((hazard.hazard()[0] - 0.125).abs() < 1e-15);
/// assert!((hazard.hazard()[1] - 0.09375).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `muhaz::muhaz(time, event, bw.method = "global", bw.grid = b, b.cor = "both")`, which gives no
/// standard error.
///
/// # References
/// Müller & Wang 1994, doi:10.2307/2533197; Ramlau-Hansen 1983, doi:10.1214/aos/1176346152.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmoothedHazard {
    bandwidth: f64,
    range: Option<(f64, f64)>,
    confidence: f64,
}

/// A smoothed hazard rate. All columns have one value for each [`time`](Self::time).
///
/// What it estimates, and after whom: [`SmoothedHazard`](crate::nonparametric::SmoothedHazard).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct SmoothedHazardFit {
    time: Vec<f64>,
    hazard: Vec<f64>,
    std_error: Vec<Option<f64>>,
    intervals: Vec<Option<Interval>>,
    bandwidth: f64,
    level: f64,
}

impl SmoothedHazard {
    /// The estimator with its bandwidth, in the unit of time.
    #[must_use]
    pub fn new(bandwidth: f64) -> Self {
        Self { bandwidth, range: None, confidence: 0.95 }
    }

    /// From where to where the hazard is looked at; jumps outside do not count. Under delayed entry
    /// it should start where enough are at risk, and it may end before the last few.
    #[must_use]
    pub fn range(self, from: f64, to: f64) -> Self {
        Self { range: Some((from, to)), ..self }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The hazard at the times of a grid, in any order.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the bandwidth, the range, the level and a time outside the
    /// range; [`Error::BeyondFollowUp`] for a range past the last time; [`Error::Unsupported`] for a
    /// fit with the robust variance.
    pub fn of(&self, fit: &NelsonAalenFit, grid: &[f64]) -> Result<SmoothedHazardFit> {
        if fit.robust {
            return Err(Error::Unsupported {
                estimator: "SmoothedHazard",
                what: "the robust variance of a smoothed hazard",
                instead: "use HazardVariance::Poisson",
            });
        }
        let z = normal_multiplier(self.confidence)?;
        let window = self.window(fit)?;
        let invalid = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        if let Some(&time) = grid.iter().find(|&&t| !(t >= window.from && t <= window.to)) {
            return invalid("grid", time, "must lie within the range");
        }
        let jumps = jumps(fit, window.from, window.to);
        let smoothed: Vec<(f64, Option<f64>)> =
            grid.iter().map(|&time| window.smooth(&jumps, time)).collect();
        let finite = |(hazard, std_error): &(f64, Option<f64>)| {
            hazard.is_finite() && std_error.is_none_or(f64::is_finite)
        };
        if !smoothed.iter().all(finite) {
            return invalid("bandwidth", self.bandwidth, "is too small for the unit of time");
        }
        let (hazard, std_error): (Vec<f64>, Vec<Option<f64>>) = smoothed.into_iter().unzip();
        let level = self.confidence;
        let intervals = (hazard.iter().zip(&std_error))
            .map(|(&hazard, std_error)| {
                let factor = (z * (*std_error)? / hazard).exp();
                let (lower, upper) = (hazard / factor, hazard * factor);
                (hazard > 0.0 && upper.is_finite()).then(|| Interval::between(lower, upper, level))
            })
            .collect();
        let (time, bandwidth) = (grid.to_vec(), self.bandwidth);
        Ok(SmoothedHazardFit { time, hazard, std_error, intervals, bandwidth, level })
    }

    fn window(self, fit: &NelsonAalenFit) -> Result<Window> {
        let Self { bandwidth, .. } = self;
        let invalid = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        let Some(&last) = fit.time().last() else {
            return Err(Error::Empty { what: "data".to_owned() });
        };
        let (from, to) = self.range.unwrap_or((0.0, last));
        if !(from >= 0.0 && from < to) {
            return invalid("range", from, "must not be negative and start before it ends");
        }
        if !(to <= last) {
            return Err(Error::BeyondFollowUp { what: "data".to_owned(), time: to, last });
        }
        if !(bandwidth > 0.0 && bandwidth <= (to - from) / 2.0) {
            return invalid("bandwidth", bandwidth, "must be above 0 and at most half the range");
        }
        Ok(Window { from, to, bandwidth })
    }
}

/// A jump of Λ: where, how high, and what it adds to the variance.
#[derive(Debug, Clone, Copy)]
struct Jump {
    time: f64,
    height: f64,
    variance: Option<f64>,
}

/// The jumps of a cumulative hazard within a range.
#[expect(clippy::indexing_slicing, reason = "every column has a value at each of the times")]
fn jumps(fit: &NelsonAalenFit, from: f64, to: f64) -> Vec<Jump> {
    let (mut hazard, mut variance) = (0.0, Some(0.0));
    let mut jumps = Vec::new();
    for (k, &time) in fit.time().iter().enumerate() {
        let now = fit.std_error()[k].map(|sigma| sigma * sigma);
        let height = fit.cumulative_hazard()[k] - hazard;
        if fit.n_event()[k] > 0.0 && time >= from && time <= to {
            let step = now.zip(variance).map(|(now, before): (f64, f64)| (now - before).max(0.0));
            jumps.push(Jump { time, height, variance: step });
        }
        (hazard, variance) = (fit.cumulative_hazard()[k], now);
    }
    jumps
}

/// The range that is smoothed over, and how far.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: f64,
    to: f64,
    bandwidth: f64,
}

impl Window {
    /// h and its standard error at a time within the range.
    #[expect(clippy::indexing_slicing, reason = "no more jumps are passed than there are")]
    fn smooth(&self, jumps: &[Jump], time: f64) -> (f64, Option<f64>) {
        let b = self.bandwidth;
        let (left, right) = ((time - self.from) / b, (self.to - time) / b);
        let (mut hazard, mut variance) = (0.0, Some(0.0));
        let start = jumps.partition_point(|jump| jump.time < time - b);
        for jump in jumps[start..].iter().take_while(|jump| jump.time <= time + b) {
            let z = (time - jump.time) / b;
            let k = match left <= right {
                true => kernel(z, left),
                false => kernel(-z, right),
            };
            hazard += k * jump.height;
            variance = match (variance, jump.variance) {
                _ if k == 0.0 => variance,
                (Some(sum), Some(step)) => Some(sum + k * k * step),
                _ => None,
            };
        }
        (hazard.max(0.0) / b, variance.map(|variance| variance.sqrt() / b))
    }
}

/// K_q at z, on [−1, q]; q of at least 1 is the Epanechnikov kernel.
fn kernel(z: f64, q: f64) -> f64 {
    let q = q.min(1.0);
    if !(z >= -1.0 && z <= q) {
        return 0.0;
    }
    let slope = z * (1.0 - 2.0 * q) + (3.0 * q * q - 2.0 * q + 1.0) / 2.0;
    12.0 / (1.0 + q).powi(4) * (z + 1.0) * slope
}

impl SmoothedHazardFit {
    /// The times of the grid.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The hazard rate, events per unit of time, not negative.
    #[must_use]
    pub fn hazard(&self) -> &[f64] {
        &self.hazard
    }

    /// Its standard error; `None` where the variance of Λ is not defined.
    #[must_use]
    pub fn std_error(&self) -> &[Option<f64>] {
        &self.std_error
    }

    /// Its limits; `None` where the estimate is 0.
    #[must_use]
    pub fn intervals(&self) -> &[Option<Interval>] {
        &self.intervals
    }

    /// The bandwidth, in the unit of time.
    #[must_use]
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// Confidence level of the limits.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }
}

/// A line for each time of the grid.
impl fmt::Display for SmoothedHazardFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let limit = |of: fn(&Interval) -> Option<f64>| {
            let limits: Vec<Option<f64>> =
                self.intervals.iter().map(|interval| interval.as_ref().and_then(of)).collect();
            significant(&limits, 4, "-")
        };
        let percent = percent(self.level);
        let table = Table::default()
            .column("time", significant(&given(&self.time), 7, ""))
            .column("hazard", significant(&given(&self.hazard), 4, ""))
            .column("std.err", significant(&self.std_error, 4, "-"))
            .column(&format!("lower {percent}"), limit(|interval| interval.lower))
            .column(&format!("upper {percent}"), limit(|interval| interval.upper));
        write!(f, "{table}")
    }
}

#[cfg(feature = "serde")]
impl SmoothedHazardFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            hazard: not_negative,
            std_error: not_negative,
            bandwidth: not_negative,
            level: level,
        })?;
        crate::checked::same_lengths(
            self.time.len(),
            &[
                ("hazard", self.hazard.len()),
                ("std_error", self.std_error.len()),
                ("intervals", self.intervals.len()),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simpson's rule, exact for cubics.
    fn simpson(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
        (to - from) / 6.0 * (f(from) + 4.0 * f((from + to) / 2.0) + f(to))
    }

    #[test]
    fn kernels_have_integral_one_and_mean_zero() {
        for q in [0.0, 0.1, 0.25, 0.5, 0.8, 1.0] {
            let moment = |power| simpson(-1.0, q, |z| z.powi(power) * kernel(z, q));
            approx::assert_abs_diff_eq!(moment(0), 1.0, epsilon = 1e-14);
            approx::assert_abs_diff_eq!(moment(1), 0.0, epsilon = 1e-14);
        }
        assert_eq!(kernel(0.5, 1.0), 0.75 * 0.75);
        assert_eq!(kernel(0.5, 7.0), 0.75 * 0.75);
        assert_eq!((kernel(0.0, 0.0), kernel(-0.5, 0.0), kernel(0.1, 0.0)), (6.0, 0.0, 0.0));
    }

    #[test]
    fn a_jump_away_from_the_ends_keeps_its_height() {
        let window = Window { from: 0.0, to: 10.0, bandwidth: 1.5 };
        let jumps =
            [(3.0, 0.25), (3.5, 0.1)].map(|(time, height)| Jump { time, height, variance: None });
        // Knots at the edges of both kernels, between which the estimate is a parabola.
        let knots = [1.5, 2.0, 4.5, 5.0];
        let area: f64 = (knots.windows(2))
            .map(|pair| simpson(pair[0], pair[1], |time| window.smooth(&jumps, time).0))
            .sum();
        approx::assert_abs_diff_eq!(area, 0.35, epsilon = 1e-14);
    }

    #[test]
    fn a_constant_hazard_is_recovered_up_to_the_ends() {
        let window = Window { from: 0.0, to: 10.0, bandwidth: 2.0 };
        let step = 1e-4;
        let jumps: Vec<Jump> = (0..100_000)
            .map(|k| (f64::from(k) + 0.5) * step)
            .map(|time| Jump { time, height: 0.3 * step, variance: Some(step * step) })
            .collect();
        for time in [0.0, 0.4, 1.0, 1.9, 5.0, 8.5, 9.7, 10.0] {
            let (hazard, std_error) = window.smooth(&jumps, time);
            approx::assert_abs_diff_eq!(hazard, 0.3, epsilon = 1e-4);
            assert!(std_error.unwrap() > 0.0);
        }
    }
}
