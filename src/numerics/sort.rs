//! Stable ascending order of finite numbers.

/// Maps a finite number to an integer that sorts the same way.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | (1 << 63) } else { !bits }
}

/// Row numbers in ascending order of `values`, equal values in row order.
///
/// The caller has made sure that the values are finite, carry no negative zero, and are at most
/// `u32::MAX` in number. Input that is sorted already is recognised in one pass.
pub(crate) fn order(values: &[f64]) -> Vec<u32> {
    let rows = 0..values.len() as u32;
    if values.is_sorted() {
        return rows.collect();
    }
    let mut keyed: Vec<(u64, u32)> = values.iter().map(|&v| key(v)).zip(rows).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_stably_across_signs_and_scales() {
        let values = [3.0, -1.0, 0.0, 3.0, 1e-300, -1e300, 1e300];
        assert_eq!(order(&values), [5, 1, 2, 4, 0, 3, 6]);
        assert_eq!(order(&[1.0, 1.0, 2.0]), [0, 1, 2]);
    }
}
