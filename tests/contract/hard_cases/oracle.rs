//! The partial likelihood of untied rows in exact fractions.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

pub fn exact(value: f64) -> BigRational {
    BigRational::from_float(value).unwrap()
}

/// Rows with distinct exits in ascending order; covariates are small whole numbers.
#[derive(Debug, Clone, Copy)]
pub struct Untied<'a> {
    pub event: &'a [bool],
    pub x: &'a [f64],
    pub weight: &'a [f64],
}

impl Untied<'_> {
    /// Σ over events of w (x − Σ w x rˣ / Σ w rˣ), the derivative by ln r.
    fn score(&self, r: &BigRational) -> BigRational {
        let (mut s0, mut s1, mut score) =
            (BigRational::zero(), BigRational::zero(), BigRational::zero());
        for row in (0..self.x.len()).rev() {
            let (x, w) = (exact(self.x[row]), exact(self.weight[row]));
            let risk = &w * power(r, self.x[row]);
            s1 += &x * &risk;
            s0 += risk;
            if self.event[row] {
                score += w * (x - &s1 / &s0);
            }
        }
        score
    }

    /// Fails unless the maximum is within `distance` of `beta`, for certain: the score falls, so that
    /// it is enough to know its sign on both sides.
    #[track_caller]
    pub fn assert_maximum_near(&self, beta: f64, distance: f64) {
        let sign = |beta: f64| self.score(&exact(beta.exp()));
        assert!(sign(beta - distance).is_positive(), "the maximum is below {beta} − {distance:e}");
        assert!(sign(beta + distance).is_negative(), "the maximum is above {beta} + {distance:e}");
    }
}

fn power(r: &BigRational, exponent: f64) -> BigRational {
    (0..exponent as u32).fold(BigRational::one(), |product, _| product * r)
}
