//! Data on which software fails, each with its right answer: by exact arithmetic, in closed form, or
//! by an invariance. `tests/contract/README.md` sets them beside R's answers, which `in_r.R` prints.

mod oracle;
mod scales;
mod separated;
mod single_ties;
mod strata;
mod times;
mod weights;

use riskset::regression::cox::CoxFit;
use riskset::{Design, RightCensored};

/// Eight rows in the order of their exits.
const EVENT: [bool; 8] = [true, true, false, true, true, true, false, true];
const X: [f64; 8] = [1., 3., 2., 5., 4., 0., 2., 1.];

fn ranks() -> [f64; 8] {
    [1., 2., 3., 4., 5., 6., 7., 8.]
}

fn rows(time: &[f64]) -> RightCensored {
    RightCensored::new(time, &EVENT).unwrap()
}

fn design(x: &[f64]) -> Design {
    Design::builder().numeric("x", x).build().unwrap()
}

fn estimate(fit: &CoxFit) -> f64 {
    fit.coefficients()[0].estimate.unwrap()
}

fn std_error(fit: &CoxFit) -> f64 {
    fit.coefficients()[0].std_error.unwrap()
}
