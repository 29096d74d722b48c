//! One number for many: rows that stand in the order of theirs stand in one order, whatever order they came in.

/// A number made of two: each bit of either moves about half of its own.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is one of the two")]
pub(crate) fn mixed(a: u64, b: u64) -> u64 {
    // Odd numbers without a pattern, so that neither factor is 0 or 1.
    let product = u128::from(a ^ 0x9E37_79B9_7F4A_7C15) * u128::from(b ^ 0xBF58_476D_1CE4_E5B9);
    product as u64 ^ (product >> 64) as u64
}

/// The fingerprint of what came before and some values. Those of others, equally many, differ, but for one
/// pair in about 10¹⁹.
#[inline]
pub(crate) fn fingerprint(before: u64, values: &[f64]) -> u64 {
    let (pairs, last) = values.as_chunks::<2>();
    let of_pairs = pairs.iter().fold(before, |number, [a, b]| {
        mixed(number ^ a.to_bits(), number.rotate_left(32) ^ b.to_bits())
    });
    last.iter().fold(of_pairs, |number, a| mixed(number, a.to_bits()))
}

/// n rows in the order of their fingerprints. Rows that share one keep their order.
pub(crate) fn by_fingerprint(n: usize, of: impl Fn(usize) -> u64) -> Vec<usize> {
    let mut rows: Vec<(u64, usize)> = (0..n).map(|row| (of(row), row)).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Rows of 0 and 1, which differ in few bits, and of small whole numbers.
    #[test]
    fn different_rows_have_different_fingerprints() {
        let bits = |k: u32| -> Vec<f64> { (0..12).map(|bit| f64::from(k >> bit & 1)).collect() };
        let whole = |k: u32| vec![f64::from(k % 16), f64::from(k / 16 % 16), f64::from(k / 256)];
        for row in [&bits as &dyn Fn(u32) -> Vec<f64>, &whole] {
            let numbers: Vec<u64> = (0..1 << 12).map(|k| fingerprint(0, &row(k))).collect();
            // Two of 4,096 numbers without a pattern share a half once in 500 times.
            let distinct = |part: &dyn Fn(u64) -> u64| {
                numbers.iter().map(|&number| part(number)).collect::<HashSet<u64>>().len()
            };
            assert_eq!(distinct(&|number| number), 1 << 12);
            assert_eq!(distinct(&|number| number >> 32), 1 << 12);
            assert_eq!(distinct(&|number| number & 0xFFFF_FFFF), 1 << 12);
        }
    }

    #[test]
    fn the_order_of_values_and_what_came_before_tell() {
        let numbers = [
            fingerprint(0, &[]),
            fingerprint(1, &[]),
            fingerprint(0, &[0.0]),
            fingerprint(0, &[1.0, 2.0]),
            fingerprint(0, &[2.0, 1.0]),
            fingerprint(1, &[1.0, 2.0]),
            fingerprint(0, &[1.0, 2.0, 3.0]),
            fingerprint(0, &[2.0, 1.0, 3.0]),
        ];
        assert_eq!(HashSet::from(numbers).len(), numbers.len());
    }

    #[test]
    fn rows_stand_in_one_order() {
        let values = [3.0, 1.0, 2.0, 1.0];
        let order = by_fingerprint(4, |row| fingerprint(0, &values[row..=row]));
        let back = by_fingerprint(4, |row| fingerprint(0, &values[3 - row..=3 - row]));
        let of = |order: &[usize], at: &dyn Fn(usize) -> usize| -> Vec<f64> {
            order.iter().map(|&row| values[at(row)]).collect()
        };
        assert_eq!(of(&order, &|row| row), of(&back, &|row| 3 - row));
        let first = order.iter().position(|&row| row == 1);
        assert_eq!(order.iter().position(|&row| row == 3), first.map(|place| place + 1));
    }
}
