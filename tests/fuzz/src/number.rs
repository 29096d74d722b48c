//! Numbers: mostly tame ones with ties, some of those that break things.

use arbitrary::{Result, Unstructured};

/// How far from ordinary the numbers of a column are.
#[derive(Clone, Copy, PartialEq)]
pub enum Range {
    /// Quarters between 0 and 16: many ties.
    Tame,
    /// Any number from 0, as large, as small and as near to another as can be.
    Positive,
    /// Finite numbers of either sign.
    Finite,
    /// NaN and infinities too.
    Any,
}

const EXTREMES: [f64; 20] = [
    0.0,
    5e-324,
    f64::MIN_POSITIVE,
    1e-300,
    1e-160,
    1e-20,
    1e-9,
    1.0 - f64::EPSILON,
    1.0,
    1.0 + f64::EPSILON,
    1.0 + 1e-11,
    1.0 + 1e-10,
    1.0 + 1e-9,
    700.0,
    1e6,
    9_007_199_254_740_992.0,
    1e20,
    1e160,
    1e300,
    f64::MAX,
];

/// Mostly tame; an extreme range for one column in four.
pub fn range(source: &mut Unstructured<'_>) -> Result<Range> {
    Ok(match source.arbitrary::<u8>()? % 16 {
        0..=10 => Range::Tame,
        11 | 12 => Range::Positive,
        13 | 14 => Range::Finite,
        _ => Range::Any,
    })
}

pub fn number(range: Range, source: &mut Unstructured<'_>) -> Result<f64> {
    let byte: u8 = source.arbitrary()?;
    if range == Range::Tame || byte < 64 {
        return Ok(f64::from(byte % 64) / 4.0);
    }
    let value = if byte < 192 {
        EXTREMES[usize::from(byte) % EXTREMES.len()]
    } else {
        f64::from_bits(source.arbitrary()?)
    };
    Ok(match range {
        Range::Any if byte % 16 == 0 => f64::NAN,
        Range::Any if byte % 16 == 1 => f64::INFINITY,
        Range::Any => value,
        _ if !value.is_finite() => 1.0,
        Range::Finite if byte % 2 == 1 => -value,
        Range::Finite => value,
        _ => value.abs(),
    })
}

/// A number for an option: mostly the one that is meant, sometimes anything.
pub fn option(meant: &[f64], source: &mut Unstructured<'_>) -> Result<f64> {
    let byte: u8 = source.arbitrary()?;
    if byte < 224 {
        return Ok(meant[usize::from(byte) % meant.len()]);
    }
    number(Range::Any, source)
}

pub fn level(source: &mut Unstructured<'_>) -> Result<f64> {
    option(&[0.95, 0.5, 0.999_999, 1e-12], source)
}

pub fn times(source: &mut Unstructured<'_>) -> Result<Vec<f64>> {
    let length = source.int_in_range(0..=4)?;
    let range = range(source)?;
    (0..length).map(|_| number(range, source)).collect()
}
