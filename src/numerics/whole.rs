//! From floating-point to whole numbers, in one place.

/// The whole part of a number, such as a count or a place among values: 0 where it is negative or none,
/// the largest there is where it is larger. Nothing wraps around.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast keeps to the range of the type, which is what is wanted"
)]
pub(crate) fn whole(x: f64) -> usize {
    x as usize
}

/// The same with its sign, for an exponent or a place to either side of 0.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "as above")]
pub(crate) fn whole_signed(x: f64) -> i32 {
    x as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_to_the_range() {
        let cases =
            [(2.0, 2), (2.999, 2), (-0.0, 0), (-3.0, 0), (f64::NAN, 0), (1e300, usize::MAX)];
        for (x, expected) in cases {
            assert_eq!(whole(x), expected, "{x}");
        }
        let cases = [(2.0, 2), (-2.999, -2), (f64::NAN, 0), (1e300, i32::MAX), (-1e300, i32::MIN)];
        for (x, expected) in cases {
            assert_eq!(whole_signed(x), expected, "{x}");
        }
    }
}
