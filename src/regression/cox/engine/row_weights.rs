//! The weights of rows, which take no memory where all are 1.

#![expect(clippy::indexing_slicing, reason = "a place is one of the rows")]

use std::ops::{Index, Range};

use crate::linalg::sum;

/// One weight for each place.
#[derive(Debug, Clone)]
pub(crate) struct RowWeights {
    n: usize,
    /// Empty where all are 1.
    each: Vec<f64>,
}

impl RowWeights {
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &f64> {
        (0..self.n).map(|place| &self[place])
    }

    /// So many of 1.
    pub(super) fn ones(n: usize) -> Self {
        Self { n, each: Vec::new() }
    }

    /// The sum of those of some places.
    pub(super) fn sum(&self, places: Range<usize>) -> f64 {
        let n = places.len();
        self.of(places).map_or(n as f64, sum)
    }

    /// Those of some places; `None` where all are 1.
    pub(super) fn of(&self, places: Range<usize>) -> Option<&[f64]> {
        (!self.each.is_empty()).then(|| &self.each[places])
    }
}

impl Index<usize> for RowWeights {
    type Output = f64;

    #[inline]
    fn index(&self, place: usize) -> &f64 {
        if self.each.is_empty() { &1.0 } else { &self.each[place] }
    }
}

impl From<Vec<f64>> for RowWeights {
    fn from(each: Vec<f64>) -> Self {
        let n = each.len();
        match each.iter().all(|&weight| weight == 1.0) {
            true => Self { n, each: Vec::new() },
            false => Self { n, each },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_are_ones() {
        let ones = RowWeights::ones(3);
        assert_eq!((ones.len(), ones.sum(1..3), ones.of(0..3)), (3, 2.0, None));
        assert!(ones.iter().all(|&weight| weight == 1.0));
    }

    #[test]
    fn whether_they_are_kept_or_not() {
        for weights in [vec![], vec![1.0; 3], vec![1.0, 0.5, 2.0]] {
            let kept = RowWeights::from(weights.clone());
            assert_eq!(kept.len(), weights.len());
            assert!(kept.iter().eq(&weights));
            assert!((0..weights.len()).all(|place| kept[place] == weights[place]));
            assert_eq!(kept.sum(0..weights.len()), weights.iter().sum::<f64>());
            let differ = weights.iter().any(|&weight| weight != 1.0);
            assert_eq!(kept.of(0..weights.len()), differ.then_some(&weights[..]));
        }
    }
}
