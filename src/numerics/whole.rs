//! From floating-point to whole numbers, in one place.

/// The whole part of a number, such as a count or a place among values: 0 where it is negative or none,
/// the largest there is where it is larger. Nothing wraps around.
#[inline]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast keeps to the range of the type, which is what is wanted"
)]
pub(crate) fn whole(x: f64) -> usize {
    x as usize
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
    }
}
