//! The distribution of max |Z_i| of correlated standard normal variables, at many points.
//!
//! Z = L Y with r independent Y, and Y = R U with a direction U on the sphere and R² chi-square on r
//! degrees of freedom. With h(U) = max |(L U)_i| ≤ 1
//!
//! ```text
//! P(max |Z_i| > z) = E_U P(χ²_r > z²/h(U)²)
//! ```
//!
//! which is a tail throughout, and the same directions serve every z (Somerville 1998,
//! doi:10.18637/jss.v003.i04). Up to rank 2 the integral over the plane is done to rounding.

use ndarray::Array2;

use super::chi_square::chi_square_sf;
use super::multivariate_normal::{MAX_DIMENSION, rectangle, two_sided_tail};
use super::normal::{normal_quantile, normal_sf};
use super::normal_lattice::PRIME_ROOTS;

/// Directions. With them a tail of rank 4 to 8 is good to about 1e-3 of itself, a quantile to 1e-3.
const DIRECTIONS: u32 = 1 << 17;
/// The rank up to which the integral is done to rounding.
const EXACT: usize = 3;
/// A variance left over by those before that counts as none.
const SINGULAR: f64 = 1e-12;

/// The largest of some correlated standard normal variables, in absolute value.
#[derive(Debug, Clone)]
pub(crate) struct MaxNormal {
    correlation: Array2<f64>,
    rank: usize,
    /// h of every direction; empty up to the rank [`EXACT`].
    reach: Vec<f64>,
}

impl MaxNormal {
    /// `None` for a correlation matrix of a rank above [`MAX_DIMENSION`].
    #[expect(clippy::indexing_slicing, reason = "a rank is at most the number of roots")]
    pub(crate) fn new(correlation: &Array2<f64>) -> Option<Self> {
        let rows = lower(correlation);
        let rank = rows.first().map_or(0, Vec::len);
        if rank > MAX_DIMENSION {
            return None;
        }
        let reach = match rank <= EXACT {
            true => Vec::new(),
            false => (0..DIRECTIONS)
                .map(|point| {
                    // Richtmyer's sequence: multiples of irrational numbers, modulo 1.
                    let at = |k: usize| ((f64::from(point) + 0.5) * PRIME_ROOTS[k]).fract();
                    let y = direction(rank, at);
                    let along =
                        |row: &Vec<f64>| row.iter().zip(&y).map(|(l, y)| l * y).sum::<f64>();
                    rows.iter().map(|row| along(row).abs()).fold(0.0, f64::max)
                })
                .collect(),
        };
        Some(Self { correlation: correlation.clone(), rank, reach })
    }

    /// P(max |Z_i| > z), never below the tail of one variable or above the sum of all.
    pub(crate) fn tail(&self, z: f64) -> f64 {
        let (n, one) = (self.correlation.nrows(), 2.0 * normal_sf(z));
        let tail = match self.reach.len() {
            0 => self.integral(z),
            directions => {
                let beyond = |h: &f64| chi_square_sf((z / h).powi(2), self.rank as f64);
                self.reach.iter().map(beyond).sum::<f64>() / directions as f64
            }
        };
        tail.clamp(one, (n as f64 * one).min(1.0))
    }

    /// To rounding: where the tail is not small, as what lies outside, which takes one integral.
    fn integral(&self, z: f64) -> f64 {
        let n = self.correlation.nrows();
        let outside = 1.0 - rectangle(&self.correlation, &vec![-z; n], &vec![z; n]).value;
        if outside > 1e-3 { outside } else { two_sided_tail(&self.correlation, z).value }
    }

    /// The z with P(max |Z_i| > z) = p, between the bounds that one variable and the sum of all
    /// set, to 1e-9.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let n = self.correlation.nrows() as f64;
        let (mut low, mut high) = (-normal_quantile(p / 2.0), -normal_quantile(p / 2.0 / n));
        // False position on ln P with the end that stays weighed down (Illinois), a bracket throughout.
        let gap = |z: f64| self.tail(z).ln() - p.ln();
        let (mut at_low, mut at_high) = (gap(low), gap(high));
        for _ in 0..60 {
            if !(high - low > 1e-10) || at_low <= 0.0 || at_high >= 0.0 {
                break;
            }
            let next = low + (high - low) * at_low / (at_low - at_high);
            let at_next = gap(next);
            if at_next.abs() < 1e-9 {
                return next;
            }
            match at_next > 0.0 {
                true => (low, at_low, at_high) = (next, at_next, at_high / 2.0),
                false => (high, at_high, at_low) = (next, at_next, at_low / 2.0),
            }
        }
        if at_low <= 0.0 { low } else { high }
    }
}

/// A direction in `rank` dimensions from uniform numbers: coordinates in pairs, whose squared lengths
/// are the spacings of uniform numbers and whose angles are uniform. An odd one is left over, and the
/// rest is a direction again.
fn direction(rank: usize, uniform: impl Fn(usize) -> f64) -> Vec<f64> {
    let pairs = rank.div_ceil(2);
    let (mut y, mut left) = (Vec::with_capacity(2 * pairs), 1.0);
    for pair in 0..pairs {
        let after = pairs - pair - 1;
        let kept = if after == 0 { 0.0 } else { uniform(pairs + pair).powf(1.0 / after as f64) };
        let length = f64::sqrt(left * (1.0 - kept));
        left *= kept;
        let (sine, cosine) = (std::f64::consts::TAU * uniform(pair)).sin_cos();
        y.extend([length * cosine, length * sine]);
    }
    y.truncate(rank);
    let length = y.iter().map(|y| y * y).sum::<f64>().sqrt();
    y.iter().map(|y| y / length).collect()
}

/// Rows of L with L Lᵀ the correlation, as many columns as its rank; the largest variance left is the
/// next pivot.
#[expect(clippy::indexing_slicing, reason = "a pivot is one of the variables")]
fn lower(correlation: &Array2<f64>) -> Vec<Vec<f64>> {
    let n = correlation.nrows();
    let mut rows = vec![Vec::new(); n];
    let mut left = vec![1.0; n];
    while let Some(pivot) = (0..n).max_by(|&a, &b| f64::total_cmp(&left[a], &left[b]))
        && left[pivot] > SINGULAR
    {
        let (root, own) = (f64::sqrt(left[pivot]), rows[pivot].clone());
        for j in 0..n {
            let shared: f64 = rows[j].iter().zip(&own).map(|(a, b): (&f64, &f64)| a * b).sum();
            let value = (correlation[[j, pivot]] - shared) / root;
            rows[j].push(value);
            left[j] -= value * value;
        }
        left[pivot] = 0.0;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The differences of k independent variables of equal variance.
    fn differences(k: usize) -> Array2<f64> {
        let pairs: Vec<(usize, usize)> =
            (0..k).flat_map(|a| (a + 1..k).map(move |b| (a, b))).collect();
        let unit = |pair: (usize, usize), j: usize| {
            f64::from(u8::from(pair.0 == j)) - f64::from(u8::from(pair.1 == j))
        };
        Array2::from_shape_fn((pairs.len(), pairs.len()), |(i, j)| {
            (0..k).map(|l| unit(pairs[i], l) * unit(pairs[j], l) / 2.0).sum()
        })
    }

    /// R 4.2.2: `ptukey(z * sqrt(2), k, Inf, lower.tail = FALSE)`, and where it is 0.05.
    #[test]
    fn the_range_of_equal_variables() {
        let cases = [
            (2, [1.336144025377e-01, 1.241933065158e-02, 5.733031456234e-07], 1.9599639845401),
            (3, [2.909049556605e-01, 3.324180346973e-02, 1.714961180066e-06], 2.3437005863843),
            (4, [4.374518351585e-01, 5.989401072775e-02, 3.420259582221e-06], 2.5690317725534),
            (5, [5.624494379178e-01, 9.057780385929e-02, 5.684686796625e-06], 2.7277743708744),
            (7, [7.450136431461e-01, 1.591104579414e-01, 1.187375853895e-05], 2.9483200175116),
            (9, [8.560118824035e-01, 2.317308819454e-01, 2.024934984679e-05], 3.1017303412384),
        ];
        for (k, tails, quantile) in cases {
            let max = MaxNormal::new(&differences(k)).unwrap();
            assert_eq!(max.rank, k - 1);
            // R's own algorithm is good to about 1e-8.
            let bound = if k <= 4 { 1e-8 } else { 1e-3 };
            // The sphere takes its time without optimisation.
            let points = if k <= 4 { 0..3 } else { 1..2 };
            for (z, tail) in points.map(|i| ([1.5, 2.5, 5.0][i], tails[i])) {
                let found = max.tail(z);
                assert!((found / tail - 1.0).abs() <= bound, "{k} {z}: {found:e} for {tail:e}");
            }
            if k <= 4 {
                let found = max.quantile(0.05);
                assert!((found - quantile).abs() <= 0.1 * bound, "{k}: {found} for {quantile}");
            }
        }
    }

    #[test]
    fn ranks_beyond_the_lattice_are_refused() {
        assert!(MaxNormal::new(&Array2::eye(MAX_DIMENSION)).is_some());
        assert!(MaxNormal::new(&Array2::eye(MAX_DIMENSION + 1)).is_none());
    }
}
