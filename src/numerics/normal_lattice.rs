//! A multivariate normal probability of high rank by a lattice rule.

use super::multivariate_normal::{MAX_DIMENSION, Region, between};
use super::normal::{normal_quantile, normal_sf};
use super::quadrature::Estimate;

/// Generating vector of an embedded rank-1 lattice for 2¹⁰ to 2²⁰ points (Cools, Kuo & Nuyens 2006,
/// doi:10.1137/06065074X).
const GENERATOR: [u32; MAX_DIMENSION] =
    [1, 182_667, 469_891, 498_753, 110_745, 446_247, 250_185, 118_627];
/// Shifted copies of the lattice; their spread tells the error.
const SHIFTS: u32 = 8;
const FEWEST: u32 = 1 << 11;
const MOST: u32 = 1 << 15;
/// Error aimed at, as a fraction of the probability of the first limit.
const TOLERANCE: f64 = 1e-9;

/// Doubles the points until the bound is small enough or the points are used up. The bound is three
/// standard errors of the mean of the shifted copies, and their last change.
pub(super) fn probability(region: &Region) -> Estimate {
    let mut points = FEWEST;
    let mut before: Option<f64> = None;
    loop {
        let copies: Vec<f64> = (0..SHIFTS).map(|shift| copy(region, points, shift)).collect();
        let n = f64::from(SHIFTS);
        let value = copies.iter().sum::<f64>() / n;
        let squares: f64 = copies.iter().map(|copy| (copy - value).powi(2)).sum();
        let change = before.map_or(f64::INFINITY, |before| (value - before).abs());
        let error = (3.0 * (squares / (n * (n - 1.0))).sqrt()).max(change);
        if error <= TOLERANCE * region.first || points >= MOST {
            return Estimate { value, error };
        }
        before = Some(value);
        points *= 2;
    }
}

/// The mean over one shifted lattice, folded so that the integrand continues periodically.
#[expect(
    clippy::indexing_slicing,
    reason = "a level is below the rank, which is at most `MAX_DIMENSION`"
)]
fn copy(region: &Region, points: u32, shift: u32) -> f64 {
    let shifts: Vec<f64> = (0..MAX_DIMENSION)
        .map(|k| ((f64::from(shift) + 0.5) * PRIME_ROOTS[k] + 0.5 * PRIME_ROOTS[k]).fract())
        .collect();
    let sum: f64 = (0..points)
        .map(|point| {
            let at = |level: usize| {
                let step = u64::from(point) * u64::from(GENERATOR[level]) % u64::from(points);
                let x = (step as f64 / f64::from(points) + shifts[level]).fract();
                1.0 - (2.0 * x - 1.0).abs()
            };
            weight(region, at)
        })
        .sum();
    sum / f64::from(points)
}

pub(super) const PRIME_ROOTS: [f64; MAX_DIMENSION] = [
    std::f64::consts::SQRT_2,
    1.732_050_807_568_877_2,
    2.236_067_977_499_79,
    2.645_751_311_064_590_7,
    3.316_624_790_355_4,
    3.605_551_275_463_989,
    4.123_105_625_617_661,
    4.358_898_943_540_674,
];

/// The product of the probabilities of the levels, each given a point of the ones before.
#[expect(
    clippy::indexing_slicing,
    reason = "a level is below the rank, which is at most `MAX_DIMENSION`"
)]
fn weight(region: &Region, at: impl Fn(usize) -> f64) -> f64 {
    let mut y = [0.0; MAX_DIMENSION];
    let mut product = 1.0;
    for level in 0..region.rank() {
        let (low, high) = region.range(level, &y);
        let width = between(low, high);
        if !(width > 0.0) {
            return 0.0;
        }
        product *= width;
        if level + 1 < region.rank() {
            y[level] = inside(low, high, width, at(level));
        }
    }
    product
}

/// The point below which a fraction `u` of the normal probability between two limits lies.
fn inside(low: f64, high: f64, width: f64, u: f64) -> f64 {
    let (below, above) = (normal_sf(-low), normal_sf(high));
    let (from_below, from_above) = (below + u * width, above + (1.0 - u) * width);
    let least = f64::MIN_POSITIVE;
    let y = if from_below <= from_above {
        normal_quantile(from_below.max(least))
    } else {
        -normal_quantile(from_above.max(least))
    };
    y.clamp(low, high)
}
