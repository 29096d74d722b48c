//! Where the ticks of an axis stand, and what is written there.

use crate::numerics::whole::whole;

/// The smallest of 1, 2, 5 × 10ᵏ that divides `span` into at most `at_most` parts.
pub(crate) fn nice_step(span: f64, at_most: usize) -> f64 {
    let least = span / at_most.max(1) as f64;
    let decade = 10f64.powf(least.log10().floor());
    // A hair of tolerance, so that 0.2 × 5 is no more than 1.
    let enough = |factor: &&f64| **factor * decade >= least * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].iter().find(enough).unwrap_or(&10.0) * decade
}

/// The multiples of a step from 0 up to `end`.
pub(crate) fn steps(end: f64, step: f64) -> Vec<f64> {
    let last = whole(end / step * (1.0 + 1e-12));
    (0..=last).map(|k| k as f64 * step).collect()
}

/// The multiples of a step as text, with as many decimals as the step has.
pub(crate) fn labels(ticks: &[f64], step: f64) -> Vec<String> {
    let largest = ticks.iter().fold(0.0, |most: f64, tick| most.max(tick.abs()));
    if largest >= 1e7 || step < 1e-4 {
        return ticks.iter().map(|&tick| exponential(tick)).collect();
    }
    let enough = |decimals: &u8| {
        let scaled = step * 10f64.powi(i32::from(*decimals));
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    };
    let decimals = usize::from((0..6).find(enough).unwrap_or(6));
    ticks.iter().map(|tick| format!("{tick:.decimals$}")).collect()
}

/// `2e9`, `2.5e-7`.
fn exponential(tick: f64) -> String {
    if tick == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{tick:.3e}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_nice() {
        let of = |span, at_most| nice_step(span, at_most);
        assert_eq!(
            [of(161.0, 8), of(1.0, 5), of(3329.0, 10), of(100.0, 5)],
            [50.0, 0.2, 500.0, 20.0]
        );
        assert_eq!(steps(60.0, 12.0), [0.0, 12.0, 24.0, 36.0, 48.0, 60.0]);
        assert_eq!(labels(&steps(1.0, 0.2), 0.2)[3], "0.6");
        assert_eq!(labels(&steps(1.0, 0.25), 0.25), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(labels(&steps(4e9, 2e9), 2e9), ["0", "2e9", "4e9"]);
    }
}
