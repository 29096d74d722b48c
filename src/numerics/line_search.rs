//! Maxima and roots of a function of one variable between two ends.

use crate::error::Result;

/// Evaluations spent on one maximum or root.
const MAX_EVALUATIONS: usize = 200;

/// The larger part of a golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Where a function is highest between `ends`, starting from an inner place and the value there, which
/// is no lower than those at the ends. Golden sections, sped up by the parabola through the three best
/// places, until the place is known to `tolerance`.
///
/// Source: Brent 1973, chapter 5.
pub(crate) fn maximum(
    mut f: impl FnMut(f64) -> Result<f64>,
    ends: [f64; 2],
    (start, value): (f64, f64),
    tolerance: f64,
) -> Result<f64> {
    let [mut low, mut high] = ends;
    let (mut best, mut second, mut third) = ((start, value), (start, value), (start, value));
    let (mut step, mut before): (f64, f64) = (0.0, 0.0);
    for _ in 0..MAX_EVALUATIONS {
        let x = best.0;
        if (high - low) / 2.0 + (x - (low + high) / 2.0).abs() <= 2.0 * tolerance {
            break;
        }
        let parabola = vertex(best, second, third)
            .filter(|v| (v - x).abs() < before.abs() / 2.0 && *v > low && *v < high);
        before = step;
        step = match parabola {
            Some(v) => v - x,
            None => {
                before = if x < (low + high) / 2.0 { high - x } else { low - x };
                (1.0 - GOLDEN) * before
            }
        };
        let next = x + if step.abs() >= tolerance { step } else { tolerance.copysign(step) };
        let tried = (next, f(next)?);
        if tried.1 >= best.1 {
            if next < x {
                high = x;
            } else {
                low = x;
            }
            (third, second, best) = (second, best, tried);
        } else {
            if next < x {
                low = next;
            } else {
                high = next;
            }
            if tried.1 >= second.1 || second.0 == x {
                (third, second) = (second, tried);
            } else if tried.1 >= third.1 || third.0 == x || third.0 == second.0 {
                third = tried;
            }
        }
    }
    Ok(best.0)
}

/// Where the parabola through three points is highest.
fn vertex(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Option<f64> {
    let (ab, ac) = ((a.0 - b.0) * (a.1 - c.1), (a.0 - c.0) * (a.1 - b.1));
    let shift = ((a.0 - b.0) * ab - (a.0 - c.0) * ac) / (2.0 * (ab - ac));
    Some(a.0 - shift).filter(|x| x.is_finite())
}

/// Where a function changes its sign between two places whose values differ in sign: the secant with
/// the value of an end that stays halved, to `tolerance`.
///
/// Source: Dowell & Jarratt 1971, doi:10.1007/BF01934364.
pub(crate) fn crossing(
    mut f: impl FnMut(f64) -> Result<f64>,
    ends: [(f64, f64); 2],
    tolerance: f64,
) -> Result<f64> {
    let [mut a, mut b] = ends;
    for _ in 0..MAX_EVALUATIONS {
        if a.1 == 0.0 || (b.0 - a.0).abs() <= tolerance {
            return Ok(a.0);
        }
        let x = b.0 - b.1 * (b.0 - a.0) / (b.1 - a.1);
        let next = (x, f(x)?);
        if next.1 == 0.0 || (x - b.0).abs() <= tolerance {
            return Ok(x);
        }
        if (next.1 > 0.0) == (b.1 > 0.0) {
            a.1 /= 2.0;
        } else {
            a = b;
        }
        b = next;
    }
    Ok(b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_maximum() {
        for (place, ends) in [(0.3, [-1.0, 2.0]), (1.9, [1.8, 4.0]), (-2.5, [-9.0, -2.0])] {
            let f = |x: f64| Ok(-(x - place).powi(2) / (1.0 + (x - place).abs()) - 7.0);
            let start = (ends[0] + ends[1]) / 2.0;
            let value = f(start).unwrap();
            let found = maximum(f, ends, (start, value), 1e-6).unwrap();
            approx::assert_abs_diff_eq!(found, place, epsilon = 1e-5);
        }
    }

    #[test]
    fn finds_a_crossing() {
        let mut calls = 0;
        let f = |x: f64| {
            calls += 1;
            Ok(x.exp() - 5.0)
        };
        let ends = [(0.0, -4.0), (10.0, 10_f64.exp() - 5.0)];
        let found = crossing(f, ends, 1e-13).unwrap();
        approx::assert_abs_diff_eq!(found, 5_f64.ln(), epsilon = 1e-13);
        assert!(calls < 40, "{calls}");
    }
}
