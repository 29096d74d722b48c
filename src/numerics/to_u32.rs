//! From places to 32 bits, in one place.

use std::ops::Range;

/// A row, a level or another place that is kept in 32 bits. Data of more than `u32::MAX` rows are refused
/// where they come in, and nothing that is kept so is more numerous than rows.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "data have at most u32::MAX rows")]
pub(crate) fn to_u32(place: usize) -> u32 {
    debug_assert!(u32::try_from(place).is_ok(), "{place} takes more than 32 bits");
    place as u32
}

/// The numbers of `n` rows.
pub(crate) fn row_numbers(n: usize) -> Range<u32> {
    0..to_u32(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_place() {
        assert_eq!([0, 7, u32::MAX].map(|place| to_u32(place as usize)), [0, 7, u32::MAX]);
        assert_eq!(row_numbers(3).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
