//! Whether memory holds a table whose sides are counts that a user gives.

use std::hint::black_box;

use crate::error::{Error, Result};

/// The most bytes that one table may take, with what it is made from: 16 GiB.
const MOST: f64 = (1_u64 << 34) as f64;

/// Fails where a table with cells `T` is larger than supported, or than the allocator has. Asked before
/// every table whose size is a product of counts that a user gives each by itself: an allocation that fails
/// would end the process, and one that the system only promises would end it later.
pub(crate) fn room_for<T>(what: &'static str, sides: &[usize]) -> Result<()> {
    let cells: f64 = sides.iter().map(|&side| side as f64).product();
    let bytes = cells * size_of::<T>() as f64;
    let count = sides.iter().fold(size_of::<T>(), |product, &side| product.saturating_mul(side));
    let mut trial = Vec::<u8>::new();
    // Out of the optimiser's sight, which knows that nothing is done with it.
    match bytes <= MOST && black_box(&mut trial).try_reserve_exact(count).is_ok() {
        true => Ok(()),
        false => Err(Error::TooLarge { what, bytes }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_beyond_every_integer_is_refused() {
        let sides = [usize::MAX; 3];
        let bytes = (usize::MAX as f64).powi(3) * 8.0;
        assert_eq!(room_for::<f64>("it", &sides), Err(Error::TooLarge { what: "it", bytes }));
        assert!(room_for::<f64>("it", &[1 << 16, 1 << 15, 2]).is_err());
    }

    #[test]
    fn what_memory_holds_is_not() {
        assert_eq!(room_for::<f64>("it", &[1 << 10, 1 << 10]), Ok(()));
        assert_eq!(room_for::<f64>("it", &[usize::MAX, 0]), Ok(()));
    }
}
