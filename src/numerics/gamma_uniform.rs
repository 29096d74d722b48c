//! The incomplete gamma functions for large a and x near a.
//!
//! A power series or continued fraction needs about √a terms there; this
//! expansion about the normal distribution takes constant time.

use super::gamma_kernel::{deviance, polynomial};
use super::normal::{normal_hazard, normal_ln_sf, normal_sf_of_root};

/// From here on three terms of the expansion have full precision.
const UNIFORM_FROM: f64 = 1e5;
/// Largest |x − a|/a at which the coefficients are used.
const WIDTH: f64 = 0.1;

/// Temme's uniform expansion about the normal distribution,
/// Q(a, x) ~ Q(z) + φ(z)/√a·(c₀(η) + c₁(η)/a + …), z = η√a,
/// η²/2 = x/a − 1 − ln(x/a) (DLMF 8.12.3–8.12.10; Temme 1979,
/// DOI 10.1137/0510071).
pub(crate) struct Uniform {
    /// z², as an unevaluated sum.
    square: (f64, f64),
    /// z, with the sign of x − a.
    z: f64,
    /// (c₀ + c₁/a + c₂/a²)/√a, with c₂ at η = 0.
    correction: f64,
}

impl Uniform {
    /// Whether the expansion is both accurate and worthwhile.
    pub(crate) fn applies(a: f64, x: f64) -> bool {
        a >= UNIFORM_FROM && (x - a).abs() <= WIDTH * a
    }

    /// The expansion at a and x, for which it [`applies`](Self::applies).
    pub(crate) fn new(a: f64, x: f64) -> Self {
        const C0: [f64; 9] = [
            -1.0 / 3.0,
            1.0 / 12.0,
            -2.0 / 135.0,
            1.0 / 864.0,
            1.0 / 2835.0,
            -139.0 / 777_600.0,
            1.0 / 25_515.0,
            -571.0 / 261_273_600.0,
            -281.0 / 151_559_100.0,
        ];
        const C1: [f64; 5] =
            [-1.0 / 540.0, -1.0 / 288.0, 1.0 / 378.0, -77.0 / 77_760.0, 1.0 / 4860.0];
        const C2: f64 = 25.0 / 6048.0;
        let (high, low) = deviance(a, x);
        let z = (2.0 * high).sqrt().copysign(x - a);
        let eta = z / a.sqrt();
        let series = polynomial(&C0, eta) + (polynomial(&C1, eta) + C2 / a) / a;
        Self { square: (2.0 * high, 2.0 * low), z, correction: series / a.sqrt() }
    }

    /// Q(a, x).
    pub(crate) fn upper(&self) -> f64 {
        self.normal_tail(self.z) * (1.0 + self.correction * normal_hazard(self.z))
    }

    /// P(a, x).
    pub(crate) fn lower(&self) -> f64 {
        self.normal_tail(-self.z) * (1.0 - self.correction * normal_hazard(-self.z))
    }

    /// ln Q(a, x).
    pub(crate) fn ln_upper(&self) -> f64 {
        normal_ln_sf(self.z) + libm::log1p(self.correction * normal_hazard(self.z))
    }

    /// Q(±|z|) from z² rather than from the rounded z.
    fn normal_tail(&self, z: f64) -> f64 {
        let (high, low) = self.square;
        let tail = normal_sf_of_root(high) * (1.0 - 0.5 * low);
        if z >= 0.0 { tail } else { 1.0 - tail }
    }
}
