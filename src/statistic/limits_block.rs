//! Limits of many survival probabilities at once.

#![expect(clippy::indexing_slicing, reason = "a block takes no more than fit into it")]

use multiversion::multiversion;

use super::interval::IntervalTransform;
use crate::numerics::exp::exp_all;
use crate::numerics::ln::ln_all;

/// How many at once.
pub(super) const BLOCK: usize = 256;

/// What a probability is at least to be taken with the others.
const LEAST: f64 = 1e-300;

/// What exponents are taken of a block at once: others are rare.
const LARGEST: f64 = 700.0;

/// Limits of a block of survival probabilities, and room to find them.
pub(super) struct LimitsBlock {
    steps: [f64; BLOCK],
    ln: [f64; BLOCK],
}

impl Default for LimitsBlock {
    fn default() -> Self {
        let column = [0.0; BLOCK];
        Self { steps: column, ln: column }
    }
}

impl LimitsBlock {
    /// Writes the lower and the upper limits of at most a block. `steps` are the distances on the scale of ln S.
    pub(super) fn fill(
        &mut self,
        transform: IntervalTransform,
        survival: &[f64],
        steps: impl Iterator<Item = f64>,
        (lower, upper): (&mut [f64], &mut [f64]),
    ) {
        self.steps.iter_mut().zip(steps).for_each(|(place, step)| *place = step);
        let inside = survival.iter().all(|&s| (LEAST..1.0).contains(&s));
        let done = inside
            && match transform {
                IntervalTransform::Log => self.log(survival, lower, upper),
                IntervalTransform::LogLog => self.log_log(survival, lower, upper),
                _ => false,
            };
        if !done {
            for (place, (&survival, &step)) in survival.iter().zip(&self.steps).enumerate() {
                let limits = transform.limits(survival, step, 1.0).unwrap_or((0.0, 0.0));
                (lower[place], upper[place]) = limits;
            }
        }
    }

    /// S exp(± step), where no exponent is too large.
    fn log(&mut self, survival: &[f64], lower: &mut [f64], upper: &mut [f64]) -> bool {
        let factors = &mut self.steps[..survival.len()];
        if !all_within(factors) {
            return false;
        }
        exp_all(factors);
        write_apart(survival, factors, lower, upper);
        true
    }

    /// exp(ln S · exp(± step / ln S)), where no exponent is too large.
    fn log_log(&mut self, survival: &[f64], lower: &mut [f64], upper: &mut [f64]) -> bool {
        let ln = &mut self.ln[..survival.len()];
        ln.copy_from_slice(survival);
        ln_all(ln);
        let factors = &mut *lower;
        for (factor, (step, ln)) in factors.iter_mut().zip(self.steps.iter().zip(&*ln)) {
            *factor = -step / ln;
        }
        if !all_within(factors) {
            return false;
        }
        exp_all(factors);
        for ((lower, upper), ln) in lower.iter_mut().zip(&mut *upper).zip(ln) {
            let factor = *lower;
            (*lower, *upper) = (*ln * factor, *ln / factor);
        }
        if !(all_within(lower) && all_within(upper)) {
            return false;
        }
        exp_all(lower);
        exp_all(upper);
        for limit in lower.iter_mut().chain(upper) {
            *limit = limit.clamp(0.0, 1.0);
        }
        true
    }
}

/// S over factors and times them, kept between 0 and 1.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn write_apart(survival: &[f64], factors: &[f64], lower: &mut [f64], upper: &mut [f64]) {
    let limits = lower.iter_mut().zip(upper);
    for ((lower, upper), (survival, factor)) in limits.zip(survival.iter().zip(factors)) {
        *lower = (survival / factor).clamp(0.0, 1.0);
        *upper = (survival * factor).clamp(0.0, 1.0);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn all_within(exponents: &[f64]) -> bool {
    exponents.iter().fold(true, |within, exponent| within & (exponent.abs() <= LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    /// Blocks without an end of the scale, with both, and with an exponent that is too large.
    #[test]
    fn equal_those_of_one_at_a_time() {
        use IntervalTransform::{Arcsin, Log, LogLog, Logit, Plain};
        let inner: Vec<f64> = (1..=BLOCK).map(|k| k as f64 / 257.0).collect();
        let mut ends = inner.clone();
        (ends[0], ends[9], ends[255]) = (0.0, 1.0, 1.0);
        for transform in [Plain, Log, LogLog, Logit, Arcsin] {
            for survival in [&inner[..], &inner[..7], &ends] {
                for sigma in [0.0, 0.001, 0.3, 4.0, 800.0] {
                    let mut block = LimitsBlock::default();
                    let steps = (0..survival.len()).map(|k| sigma * (k % 5) as f64);
                    let [mut lower, mut upper] = [(); 2].map(|()| vec![f64::NAN; survival.len()]);
                    block.fill(transform, survival, steps.clone(), (&mut lower, &mut upper));
                    for (k, step) in steps.enumerate() {
                        let limits = transform.limits(survival[k], step, 1.0);
                        let (low, high) = limits.unwrap_or_default();
                        assert_close(lower[k], low, 1e-13);
                        assert_close(upper[k], high, 1e-13);
                    }
                }
            }
        }
    }
}
