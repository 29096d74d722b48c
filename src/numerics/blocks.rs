//! Work in blocks at fixed places, on one thread or several, with the same bits.

use std::ops::Range;

/// Cuts `0..n` into blocks of `size`, the last one shorter.
pub(crate) fn cut(n: usize, size: usize) -> Vec<Range<usize>> {
    (0..n).step_by(size.max(1)).map(|start| start..(start + size).min(n)).collect()
}

/// Applies `work` to each block and returns the results in the order of the blocks.
///
/// With the feature `rayon` the blocks run on its threads. What depends on the number of threads
/// is only when each block runs; folding the results in order gives the same bits either way.
pub(crate) fn map<T: Send>(
    blocks: &[Range<usize>],
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        blocks.par_iter().cloned().map(&work).collect()
    }
    #[cfg(not(feature = "rayon"))]
    blocks.iter().cloned().map(&work).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_everything_once_and_in_order() {
        assert_eq!(cut(5, 2), [0..2, 2..4, 4..5]);
        assert!(cut(0, 2).is_empty());
        let starts = map(&cut(100, 7), |block| block.start);
        assert_eq!(starts, (0..100).step_by(7).collect::<Vec<_>>());
    }
}
