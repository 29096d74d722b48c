//! Probabilities of rectangles under a multivariate normal distribution, without random numbers.
//!
//! Z = L Y with independent standard normal Y_1, …, Y_r, L lower triangular and r the rank of the
//! correlation matrix. A limit on Z_j bounds the last Y it depends on, given those before, so that
//! P(a ≤ Z ≤ b) is an integral of integrals, the innermost of which is a difference of two normal
//! probabilities (Genz 1992, doi:10.1080/10618600.1992.10477010). Up to rank [`MAX_NESTED`] each is
//! done by adaptive quadrature, cut where two limits cross; beyond, by a lattice rule.
//!
//! Variables that depend linearly on those before have no Y of their own and bound earlier ones. A
//! variance left over by those before of less than [`SINGULAR`] is taken for the rounding of a
//! correlation that is singular; the bound of the error does not count it.

#![expect(
    clippy::indexing_slicing,
    reason = "a level is below the rank, and a limit has a coefficient for each up to its own"
)]

use ndarray::Array2;

use super::normal::{normal_density, normal_sf};
use super::normal_lattice;
pub(crate) use super::quadrature::Estimate;
use super::quadrature::integrate;
use super::whole::whole;

/// The most variables.
pub(crate) const MAX_DIMENSION: usize = 8;
/// The highest rank that is integrated level by level.
const MAX_NESTED: usize = 4;
/// A variance left over by the variables before that counts as none: some rounding errors of 1.
const SINGULAR: f64 = 1e-14;
/// A coefficient of a dependent variable that is nothing but rounding.
const NO_COEFFICIENT: f64 = 1e-8;
/// Density and tail at this distance beyond a limit no longer count.
const FAR_SQUARED: f64 = 81.0;
/// Error aimed at in an integral, as a fraction of the probability of its first limit.
const TOLERANCE: f64 = 1e-10;

/// P(max |Z_i| > z), with a bound of its error.
pub(crate) fn two_sided_tail(correlation: &Array2<f64>, z: f64) -> Estimate {
    // By symmetry twice the event that Z_i is the first beyond the limits, and above.
    let tail = first_beyond(correlation, z, -z);
    Estimate { value: (2.0 * tail.value).min(1.0), error: 2.0 * tail.error }
}

/// P(max Z_i > z), with a bound of its error.
pub(crate) fn upper_tail(correlation: &Array2<f64>, z: f64) -> Estimate {
    let tail = first_beyond(correlation, z, f64::NEG_INFINITY);
    Estimate { value: tail.value.min(1.0), error: tail.error }
}

/// Σ_i P(Z_i > z, lower ≤ Z_k ≤ z for k < i): tails as tails, never 1 − P.
fn first_beyond(correlation: &Array2<f64>, z: f64, lower: f64) -> Estimate {
    let n = correlation.nrows();
    let mut total = Estimate::default();
    for i in 0..n {
        let limits = |k: usize| match k {
            _ if k < i => (lower, z),
            _ if k == i => (z, f64::INFINITY),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let (low, high): (Vec<f64>, Vec<f64>) = (0..n).map(limits).unzip();
        let part = rectangle(correlation, &low, &high);
        total.value += part.value;
        total.error += part.error;
    }
    total
}

/// P(lower ≤ Z ≤ upper) of at most [`MAX_DIMENSION`] standard normal variables with this
/// correlation matrix, which may be singular, and a bound of its error. Limits may be infinite.
pub(crate) fn rectangle(correlation: &Array2<f64>, lower: &[f64], upper: &[f64]) -> Estimate {
    let Some(region) = Region::new(correlation, lower, upper) else {
        return Estimate { value: 1.0, error: 0.0 };
    };
    match region.levels.len() {
        rank if rank > MAX_NESTED => normal_lattice::probability(&region),
        rank => {
            let mut errors = vec![0.0; rank];
            let value = region.nested(0, &mut [0.0; MAX_DIMENSION], &mut errors);
            let inner: f64 = errors[1..].iter().sum();
            Estimate { value, error: errors[0] + region.first * inner }
        }
    }
}

/// P(low ≤ Y ≤ high) of one standard normal variable, to full relative precision.
pub(super) fn between(low: f64, high: f64) -> f64 {
    match () {
        () if !(low < high) => 0.0,
        () if low > 0.0 => normal_sf(low) - normal_sf(high),
        () if high < 0.0 => normal_sf(-high) - normal_sf(-low),
        () => 1.0 - normal_sf(high) - normal_sf(-low),
    }
}

/// lower ≤ Σ coefficient_l Y_l ≤ upper.
#[derive(Debug, Clone)]
struct Limit {
    coefficient: Vec<f64>,
    lower: f64,
    upper: f64,
}

/// A rectangle as limits on independent variables, each listed with the last one it depends on.
#[derive(Debug, Clone)]
pub(super) struct Region {
    levels: Vec<Vec<Limit>>,
    /// Probability of the first limit alone.
    pub(super) first: f64,
}

impl Region {
    /// Begins with the least probable limit, then takes the variable with most variance left: the
    /// small variances, which make sharp bends, come last. `None` where nothing is limited.
    fn new(correlation: &Array2<f64>, lower: &[f64], upper: &[f64]) -> Option<Self> {
        let limited = |&j: &usize| lower[j] > f64::NEG_INFINITY || upper[j] < f64::INFINITY;
        let mut rest: Vec<usize> = (0..lower.len()).filter(limited).collect();
        let alone = |j: usize| between(lower[j], upper[j]);
        let mut next =
            (0..rest.len()).min_by(|&a, &b| alone(rest[a]).total_cmp(&alone(rest[b])))?;
        let first = alone(rest[next]);
        let n = lower.len();
        let mut rows = vec![Vec::<f64>::new(); n];
        let mut variance = vec![1.0; n];
        let mut levels: Vec<Vec<Limit>> = Vec::new();
        let limit =
            |row: Vec<f64>, j: usize| Limit { coefficient: row, lower: lower[j], upper: upper[j] };
        while !rest.is_empty() && (levels.is_empty() || variance[rest[next]] > SINGULAR) {
            let pivot = rest.swap_remove(next);
            let root = f64::sqrt(variance[pivot]);
            for &j in &rest {
                let shared: f64 = rows[j].iter().zip(&rows[pivot]).map(|(a, b)| a * b).sum();
                let coefficient = (correlation[[j, pivot]] - shared) / root;
                rows[j].push(coefficient);
                variance[j] -= coefficient * coefficient;
            }
            rows[pivot].push(root);
            levels.push(vec![limit(std::mem::take(&mut rows[pivot]), pivot)]);
            next = (0..rest.len())
                .max_by(|&a, &b| variance[rest[a]].total_cmp(&variance[rest[b]]))
                .unwrap_or(0);
        }
        for j in rest {
            let level = rows[j].iter().rposition(|c| c.abs() > NO_COEFFICIENT).unwrap_or(0);
            rows[j].truncate(level + 1);
            levels[level].push(limit(std::mem::take(&mut rows[j]), j));
        }
        Some(Self { levels, first })
    }

    /// Number of independent variables.
    pub(super) fn rank(&self) -> usize {
        self.levels.len()
    }

    /// The limits of Y at one level, given those before.
    pub(super) fn range(&self, level: usize, y: &[f64]) -> (f64, f64) {
        let mut range = (f64::NEG_INFINITY, f64::INFINITY);
        for limit in &self.levels[level] {
            let known: f64 = limit.coefficient[..level].iter().zip(y).map(|(c, y)| c * y).sum();
            let own = limit.coefficient[level];
            let (a, b) = ((limit.lower - known) / own, (limit.upper - known) / own);
            range = (range.0.max(a.min(b)), range.1.min(a.max(b)));
        }
        range
    }

    /// The probability of the limits from one level on, given the variables before. Raises the
    /// error of each level to the largest met.
    fn nested(&self, level: usize, y: &mut [f64; MAX_DIMENSION], errors: &mut [f64]) -> f64 {
        let (low, high) = self.range(level, y);
        if level + 1 == self.rank() {
            return between(low, high);
        }
        let from = low.max(-(high.min(0.0).powi(2) + FAR_SQUARED).sqrt());
        let to = high.min((low.max(0.0).powi(2) + FAR_SQUARED).sqrt());
        if !(from < to) {
            return 0.0;
        }
        let ends = self.ends(level, y, from, to);
        let tolerance = if level == 0 { TOLERANCE * self.first } else { 0.1 * TOLERANCE };
        let (mut y, mut below) = (*y, errors.to_vec());
        let integral = integrate(&ends, tolerance, |value| {
            y[level] = value;
            normal_density(value) * self.nested(level + 1, &mut y, &mut below)
        });
        errors.copy_from_slice(&below);
        errors[level] = errors[level].max(integral.error);
        integral.value
    }

    /// Where to cut the range of one level: where two limits of the next level cross, and so that
    /// no panel is wide.
    fn ends(&self, level: usize, y: &[f64], from: f64, to: f64) -> Vec<f64> {
        // Limits of the next level as lines: at 0, and slope.
        let mut lines = Vec::new();
        for limit in &self.levels[level + 1] {
            let known: f64 = limit.coefficient[..level].iter().zip(y).map(|(c, y)| c * y).sum();
            let own = limit.coefficient[level + 1];
            let slope = -limit.coefficient[level] / own;
            lines.push(((limit.lower - known) / own, slope));
            lines.push(((limit.upper - known) / own, slope));
        }
        let mut ends = vec![from, to];
        for (k, a) in lines.iter().enumerate() {
            // Where a limit passes 0, its probability changes most.
            ends.push(-a.0 / a.1);
            ends.extend(lines[..k].iter().map(|b| (b.0 - a.0) / (a.1 - b.1)));
        }
        let pieces = ((to - from) / 3.0).ceil().min(20.0);
        ends.extend((1..whole(pieces)).map(|k| from + (to - from) * k as f64 / pieces));
        ends.retain(|end| *end >= from && *end <= to);
        ends.sort_unstable_by(f64::total_cmp);
        ends.dedup_by(|b, a| *b - *a <= 1e-12 && *b != to);
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr2, array};

    const INF: f64 = f64::INFINITY;

    #[track_caller]
    fn assert_near(found: Estimate, expected: f64, tolerance: f64) {
        let difference = (found.value - expected).abs();
        assert!(difference <= tolerance, "{found:?} is not {expected:e}");
        assert!(difference <= found.error + 1e-15, "{found:?} is not {expected:e}");
    }

    fn equicorrelated(n: usize, rho: f64) -> Array2<f64> {
        Array2::from_shape_fn((n, n), |(i, j)| if i == j { 1.0 } else { rho })
    }

    /// P(|Z_i| ≤ z for all i) and P(Z_i ≤ z for all i) as integrals over the common part.
    fn common_part(n: i32, rho: f64, z: f64) -> (f64, f64) {
        let (shared, own) = (rho.sqrt(), (1.0 - rho).sqrt());
        let over = |inside: &dyn Fn(f64) -> f64| {
            let ends: Vec<f64> = (-18..=18).map(|k| f64::from(k) / 2.0).collect();
            integrate(&ends, 1e-15, |y| normal_density(y) * inside(y).powi(n)).value
        };
        let high = |y: f64| (z - shared * y) / own;
        let two = over(&|y| between((-z - shared * y) / own, high(y)));
        (two, over(&|y| between(-INF, high(y))))
    }

    #[test]
    fn independent_variables_multiply() {
        for n in 1..=3 {
            for z in [0.4, 1.7, 3.0] {
                let each = between(-z, z);
                let found = rectangle(&Array2::eye(n), &vec![-z; n], &vec![z; n]);
                assert_near(found, each.powi(n as i32), 1e-11);
                let tail = two_sided_tail(&Array2::eye(n), z);
                let p = -(n as f64 * (-2.0 * normal_sf(z)).ln_1p()).exp_m1();
                assert_near(tail, p, 1e-10 * p);
            }
        }
    }

    #[test]
    fn equicorrelated_variables_are_a_single_integral() {
        let two_and_three = [0.1, 0.9, 0.9999].map(|rho| [(2, rho), (3, rho)]);
        for (n, rho) in two_and_three.into_iter().flatten().chain([(4, 0.5)]) {
            for z in if n == 4 { vec![1.0] } else { vec![0.5, 2.0, 3.5] } {
                let (two, upper) = common_part(n, rho, z);
                let (r, n) = (equicorrelated(n as usize, rho), n as usize);
                assert_near(rectangle(&r, &vec![-z; n], &vec![z; n]), two, 1e-9);
                assert_near(rectangle(&r, &vec![-INF; n], &vec![z; n]), upper, 1e-9);
                assert_near(two_sided_tail(&r, z), 1.0 - two, 1e-9);
                assert_near(upper_tail(&r, z), 1.0 - upper, 1e-9);
            }
        }
    }

    #[test]
    fn a_variable_twice_or_reversed_changes_nothing() {
        for z in [0.2, 1.9, 6.0, 20.0] {
            let p = 2.0 * normal_sf(z);
            for rho in [1.0, -1.0] {
                let r = arr2(&[[1.0, rho, 1.0], [rho, 1.0, rho], [1.0, rho, 1.0]]);
                assert_near(two_sided_tail(&r, z), p, 1e-14 * p);
            }
            let r = equicorrelated(3, 1.0);
            assert_near(upper_tail(&r, z), 0.5 * p, 1e-14 * p);
        }
        let half = arr2(&[[1.0, 0.5, 1.0], [0.5, 1.0, 0.5], [1.0, 0.5, 1.0]]);
        let (two, _) = common_part(2, 0.5, 1.3);
        assert_near(rectangle(&half, &[-1.3; 3], &[1.3; 3]), two, 1e-10);
    }

    /// The third is the sum of the first two, scaled: a hexagon in the plane, by polar coordinates.
    #[test]
    fn dependent_variables_bound_the_others() {
        let r = array![[1.0, -0.5, 0.5], [-0.5, 1.0, 0.5], [0.5, 0.5, 1.0]];
        for z in [0.7, 1.5, 2.5] {
            // Six equal corners: 1 − (12/2π) ∫ exp(−(z/cos θ)²/2) dθ over 0..π/6.
            let sixth = std::f64::consts::PI / 6.0;
            let corner = |angle: f64| (-0.5 * (z / angle.cos()).powi(2)).exp();
            let outside = integrate(&[0.0, sixth], 1e-16, corner).value / sixth;
            assert_near(two_sided_tail(&r, z), outside, 1e-10);
            assert_near(rectangle(&r, &[-z; 3], &[z; 3]), 1.0 - outside, 1e-10);
        }
    }

    /// R 4.2.2, mvtnorm 1.1-3: `pmvnorm` with `Miwa(steps = 4097)` and `TVPACK(1e-15)`.
    #[test]
    fn agrees_with_mvtnorm() {
        let r = array![
            [1.0, 0.5, 0.3, 0.2],
            [0.5, 1.0, 0.4, 0.1],
            [0.3, 0.4, 1.0, 0.6],
            [0.2, 0.1, 0.6, 1.0]
        ];
        let cases = [
            (1.0, 0.7303865024875222, 0.4045150815384583),
            (2.2, 0.09603147646172683, 0.0481589719153489),
        ];
        for (z, two, upper) in cases {
            // Miwa's algorithm on a grid is itself good to about 1e-9.
            assert!((two_sided_tail(&r, z).value - two).abs() <= 1e-9, "{z}");
            assert!((upper_tail(&r, z).value - upper).abs() <= 1e-9, "{z}");
        }
        let three = Array2::from_shape_fn((3, 3), |at| r[at]);
        assert_near(rectangle(&three, &[-INF; 3], &[1.0, 2.0, 0.5]), 0.6058592878053779, 1e-10);
        let near = array![[1.0, 0.9999, 0.98], [0.9999, 1.0, 0.979], [0.98, 0.979, 1.0]];
        assert_near(
            rectangle(&near, &[-INF; 3], &[1.0, 1.001, 0.5]),
            0.691_313_010_071_404_2,
            1e-10,
        );
    }

    #[test]
    fn a_lattice_serves_beyond_rank_four() {
        let (two, upper) = common_part(5, 0.3, 2.0);
        let r = equicorrelated(5, 0.3);
        assert_near(rectangle(&r, &[-2.0; 5], &[2.0; 5]), two, 1e-6);
        assert_near(rectangle(&r, &[-INF; 5], &[2.0; 5]), upper, 1e-6);
    }
}
