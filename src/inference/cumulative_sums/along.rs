//! Sums of martingale residuals in the order of a covariate.

#![expect(clippy::indexing_slicing, reason = "a place is one of the values")]

use crate::numerics::to_u32::row_numbers;
use ndarray::Array2;

/// Places in the order of some value.
pub(super) struct Along {
    pub(super) name: String,
    order: Vec<u32>,
    /// Where the places of each distinct value end.
    end: Vec<usize>,
    pub(super) position: Vec<f64>,
}

impl Along {
    /// In the order of `value`, one for each place.
    pub(super) fn new(name: &str, value: Vec<f64>) -> Self {
        let mut order: Vec<u32> = row_numbers(value.len()).collect();
        order.sort_by(|&a, &b| value[a as usize].total_cmp(&value[b as usize]));
        let at = |k: usize| value[order[k] as usize];
        let last = |k: &usize| k + 1 == order.len() || at(k + 1) != at(*k);
        let end: Vec<usize> = (0..order.len()).filter(last).map(|k| k + 1).collect();
        let position = end.iter().map(|&end| at(end - 1)).collect();
        Self { name: name.to_owned(), end, position, order }
    }

    /// Sums over the places up to each distinct value.
    pub(super) fn cumulate(&self, values: &[f64]) -> Vec<f64> {
        let mut sum = 0.0;
        let mut start = 0;
        let to = |&end: &usize| {
            sum += self.order[start..end].iter().map(|&place| values[place as usize]).sum::<f64>();
            start = end;
            sum
        };
        self.end.iter().map(to).collect()
    }

    /// The same for every replicate of `values`, places × replicates, row-major.
    pub(super) fn simulate(&self, values: &Array2<f64>, sink: &mut dyn FnMut(usize, &[f64])) {
        let replicates = values.ncols();
        let all = values.as_slice().unwrap_or_default();
        let mut sum = vec![0.0; replicates];
        let mut start = 0;
        for (k, &end) in self.end.iter().enumerate() {
            for &place in &self.order[start..end] {
                let row = &all[place as usize * replicates..][..replicates];
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
            sink(k, &sum);
            start = end;
        }
    }
}
