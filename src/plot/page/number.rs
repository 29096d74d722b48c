//! Numbers of a drawing as text.

/// A coordinate to a thousandth of a point, without trailing zeros.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A count: whole numbers as such, sums of weights to one decimal.
pub(crate) fn count(value: f64) -> String {
    // Rounding noise of a sum of weights is no decimal, and an empty sum is not -0.
    let value = value + 0.0;
    if (value - value.round()).abs() < 1e-6 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_too_many() {
        let written: Vec<String> = [0.0, -0.0001, 12.5, 100.0, 1.0 / 3.0].map(number).into();
        assert_eq!(written, ["0", "0", "12.5", "100", "0.333"]);
        let written: Vec<String> = [100.0, 2.9999999, 2.96, 0.5, -0.0].map(count).into();
        assert_eq!(written, ["100", "3", "3.0", "0.5", "0"]);
    }
}
