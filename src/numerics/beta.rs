//! The tails of the F and t distributions, by the incomplete beta function.

use std::f64::consts::TAU;

use super::gamma_kernel::{deviance, stirling_remainder};

/// Upper tail of the F distribution, P(F > f).
///
/// P(F > f) = I_x(d₂/2, d₁/2) with x = d₂/(d₂ + d₁ f).
///
/// Domain: f ≥ 0 (a negative f counts as 0) including ∞, d₁, d₂ > 0.
///
/// Source: Abramowitz & Stegun 26.6.2.
pub(crate) fn f_sf(f: f64, d1: f64, d2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    let over = d1 * f / d2;
    beta(Odds(1.0 / over), d2 / 2.0, d1 / 2.0)
}

/// P(|T| > |t|) of Student's t distribution.
///
/// It is the upper tail of F at t² on 1 and ν degrees of freedom.
///
/// Domain: any t including ±∞, ν > 0.
///
/// Source: Abramowitz & Stegun 26.7.1.
pub(crate) fn t_two_sided(t: f64, df: f64) -> f64 {
    f_sf(t * t, 1.0, df)
}

/// The argument of the incomplete beta function as x/(1 − x), so that neither x nor 1 − x loses digits.
#[derive(Debug, Clone, Copy)]
struct Odds(f64);

impl Odds {
    /// x and 1 − x.
    fn parts(self) -> (f64, f64) {
        match self.0 {
            odds if odds.is_infinite() => (1.0, 0.0),
            odds => (odds / (1.0 + odds), 1.0 / (1.0 + odds)),
        }
    }
}

/// The regularised incomplete beta function I_x(a, b).
fn beta(odds: Odds, a: f64, b: f64) -> f64 {
    let (x, y) = odds.parts();
    if x == 0.0 || y == 0.0 {
        return x;
    }
    // a − (a + b) x, without cancellation but that of a and b x/y.
    let excess = (a - b * odds.0) * y;
    match excess > 0.0 {
        true => kernel(x, y, a, b) / fraction(x, a, b, excess),
        false => 1.0 - kernel(y, x, b, a) / fraction(y, b, a, -excess),
    }
}

/// x^a y^b / B(a, b): with n = a + b, the deviances D of a from n x and of b from n y, and the remainders s
/// of Stirling's formula it is √(a b / (2π n)) exp(s(n) − s(a) − s(b) − D(a, n x) − D(b, n y)), in which
/// nothing large cancels. (Loader 2000, *Fast and accurate computation of binomial probabilities*.)
fn kernel(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let n = a + b;
    let ((d1, low1), (d2, low2)) = (deviance(a, n * x), deviance(b, n * y));
    let stirling = stirling_remainder(n) - stirling_remainder(a) - stirling_remainder(b);
    (a / n * b / TAU).sqrt() * libm::exp(stirling - low1 - low2) * libm::exp(-d1) * libm::exp(-d2)
}

/// The continued fraction of x^a y^b / (B(a, b) I_x(a, b)), for an excess a − (a + b) x above 0:
/// ```text
/// β₀ + α₁/(β₁ + α₂/(β₂ + …))      αₙ = (a + n − 1)(a + b + n − 1) n (b − n) x² / (a + 2n − 1)²
/// βₙ = n + n (b − n) x/(a + 2n − 1) + (a + n)/(a + 2n + 1) · (excess + 1 + n (2 − x))
/// ```
/// by Lentz's method. It takes some √(a + b) steps at the most. (DiDonato & Morris 1992,
/// doi:10.1145/131766.131776.)
fn fraction(x: f64, a: f64, b: f64, excess: f64) -> f64 {
    const STEPS: u32 = 1_000_000;
    let beta = |n: f64| {
        let first = n * (b - n) / (a + 2.0 * n - 1.0) * x;
        n + first + (a + n) / (a + 2.0 * n + 1.0) * (excess + 1.0 + n * (2.0 - x))
    };
    let mut value = a / (a + 1.0) * (excess + 1.0);
    let (mut c, mut d) = (value, 0.0);
    for n in (1..STEPS).map(f64::from) {
        let m = a + 2.0 * n - 1.0;
        let alpha = (a + n - 1.0) / m * ((a + b + n - 1.0) / m) * n * (b - n) * x * x;
        let beta = beta(n);
        d = 1.0 / (beta + alpha * d);
        c = beta + alpha / c;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
#[allow(clippy::excessive_precision, clippy::float_cmp, reason = "reference values have 20 digits")]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    // Reference values: mpmath, 80 digits (`special_functions.py` beside the goldens).

    #[test]
    fn f_sf_matches_mpmath() {
        let reference = [
            (1e-06, 1.0, 1.0, 0.99936338043983888214),
            (1.0, 1.0, 1.0, 0.5),
            (161.4, 1.0, 1.0, 0.050007348139564308483),
            (40000000000.0, 1.0, 1.0, 3.1830988618113808915e-6),
            (0.3, 2.0, 3.5, 0.75813636449852770731),
            (3.1, 3.0, 322.0, 0.02696137750331393189),
            (2.63, 3.0, 322.0, 0.050174597933519385573),
            (0.9, 3.0, 322.0, 0.44143354883797797704),
            (60.0, 3.0, 322.0, 7.7274663208545767374e-31),
            (900.0, 3.0, 322.0, 3.7150029852098296482e-156),
            (1.2, 50.0, 40.0, 0.27733655730831569396),
            (5.0, 50.0, 400.0, 1.0455000399623907773e-20),
            (1.05, 1000.0, 2000.0, 0.18430154863827191143),
            (1.5, 1000.0, 2000.0, 2.1149895091996168958e-14),
            (0.5, 7.0, 1000000.0, 0.83522520457415296299),
            (20.0, 7.0, 1000000.0, 5.1061998474293796104e-27),
            (3.84, 1.0, 1000000000.0, 0.050043521526066259298),
        ];
        for (f, d1, d2, expected) in reference {
            assert_close(f_sf(f, d1, d2), expected, 1e-13);
        }
    }

    #[test]
    fn t_two_sided_matches_mpmath() {
        let reference = [
            (0.001, 1.0, 0.99936338043983888211),
            (12.7, 1.0, 0.050024327689344160055),
            (100000000.0, 1.0, 6.3661977236758132185e-9),
            (2.1, 17.3, 0.05068822302286752784),
            (0.2, 158.0, 0.84173776517980221624),
            (1.97, 324.0, 0.049689727090943097433),
            (8.5, 324.0, 7.0369518431732623828e-16),
            (40.0, 324.0, 2.2551546382460304934e-127),
            (3.0, 2.5, 0.072576095549031843893),
            (2.0, 1000000.0, 0.045500533851319208421),
            (15.0, 100000.0, 8.3402765534685096432e-51),
        ];
        for (t, df, expected) in reference {
            assert_close(t_two_sided(t, df), expected, 1e-13);
            assert_eq!(t_two_sided(-t, df), t_two_sided(t, df));
        }
    }

    #[test]
    fn limits_are_exact() {
        for (d1, d2) in [(1.0, 1.0), (3.0, 322.0), (0.5, 1e6)] {
            assert_eq!(f_sf(0.0, d1, d2), 1.0);
            assert_eq!(f_sf(f64::INFINITY, d1, d2), 0.0);
            assert_eq!(t_two_sided(f64::NEG_INFINITY, d2), 0.0);
        }
    }
}
