//! A ratio with its limits as text.

use super::forest_line::RatioLimits;

/// Decimals that are tried until estimate and limits differ.
const DECIMALS: std::ops::RangeInclusive<usize> = 2..=4;

/// `0.49 (0.36–0.67)`, with as many decimals as it takes to tell estimate and limits apart;
/// `∞ (2.10–∞)` for what has no end.
pub(super) fn ratio_text(ratio: &RatioLimits) -> String {
    let RatioLimits { estimate, lower, upper } = *ratio;
    let known: Vec<f64> = [lower, estimate, upper].into_iter().flatten().collect();
    let differ = |decimals: &usize| {
        let text = |value: f64| number(value, *decimals);
        let mut neighbours = known.iter().zip(known.iter().skip(1));
        neighbours.all(|(&a, &b)| a == b || text(a) != text(b))
    };
    let decimals = DECIMALS.into_iter().find(differ).unwrap_or(*DECIMALS.end());
    let text = |value: f64| number(value, decimals);
    let estimate = match (estimate, lower, upper) {
        (Some(estimate), ..) => text(estimate),
        (None, Some(_), None) => "∞".to_owned(),
        (None, None, Some(_)) => "0".to_owned(),
        (None, ..) => return "not estimable".to_owned(),
    };
    let lower = lower.map_or("0".to_owned(), text);
    let upper = upper.map_or("∞".to_owned(), text);
    format!("{estimate} ({lower}–{upper})")
}

/// A positive number; one that would round to 0 says below what it is.
fn number(value: f64, decimals: usize) -> String {
    match value {
        value if value >= 1e5 => format!("{value:.1e}"),
        value if value >= 99.95 => format!("{value:.0}"),
        value if value >= 9.995 && decimals == 2 => format!("{value:.1}"),
        value => {
            let text = format!("{value:.decimals$}");
            let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
            if zero { format!("<{:.decimals$}", 10f64.powf(-(decimals as f64))) } else { text }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_no_false_zero_and_no_false_one() {
        let text = |estimate, lower, upper| ratio_text(&RatioLimits { estimate, lower, upper });
        assert_eq!(text(Some(0.491), Some(0.357), Some(0.674)), "0.49 (0.36–0.67)");
        assert_eq!(text(Some(1.0042), Some(1.0011), Some(1.0073)), "1.004 (1.001–1.007)");
        assert_eq!(text(Some(0.012), Some(0.0011), Some(0.12)), "0.01 (<0.01–0.12)");
        assert_eq!(text(Some(12.34), Some(1.2), Some(127.0)), "12.3 (1.20–127)");
        assert_eq!(text(Some(3.0), Some(1.1), None), "3.00 (1.10–∞)");
        assert_eq!(text(None, Some(2.1), None), "∞ (2.10–∞)");
        assert_eq!(text(None, None, Some(0.45)), "0 (0–0.45)");
        assert_eq!(text(None, None, None), "not estimable");
    }
}
