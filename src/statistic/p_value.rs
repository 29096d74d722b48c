//! How p-values are written.

use crate::numerics::whole::whole;

/// Three significant digits, never a false zero: `0.00143`, `2.1e-09`, `<2e-16`.
pub(crate) fn text(p_value: f64) -> String {
    match p_value {
        p if p < 2e-16 => "<2e-16".to_owned(),
        p if p < 1e-4 => {
            let text = format!("{p:.2e}");
            let (digits, exponent) = text.split_once("e-").unwrap_or((&text, "0"));
            format!("{digits}e-{exponent:0>2}")
        }
        p => {
            let decimals = whole(2.0 - p.log10().floor());
            let text = format!("{p:.decimals$}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

/// The short form of clinical papers: `<0.001`, `0.049`, `0.23`.
pub(crate) fn short(p_value: f64) -> String {
    match p_value {
        p if p < 0.001 => "<0.001".to_owned(),
        p if p < 0.1 => format!("{p:.3}"),
        p => format!("{p:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_small_and_large_values() {
        let written: Vec<String> = [1.0, 0.5, 0.0312, 0.00143, 2.1e-9, 1e-20].map(text).into();
        assert_eq!(written, ["1", "0.5", "0.0312", "0.00143", "2.10e-09", "<2e-16"]);
        let written: Vec<String> = [0.2345, 0.0491, 0.0001].map(short).into();
        assert_eq!(written, ["0.23", "0.049", "<0.001"]);
    }
}
