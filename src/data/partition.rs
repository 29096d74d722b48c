//! Rows split into cells, each cell keeping the order of time.

#![expect(
    clippy::indexing_slicing,
    reason = "cells are numbered from 0, rows are those of the order"
)]

use std::ops::Range;

/// An order of rows cut into cells: all rows of cell 0 in that order, then those of cell 1, …
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Partition {
    rows: Vec<u32>,
    starts: Vec<usize>,
}

impl Partition {
    /// Splits `order` by the cell of each row, keeping the order within a cell. Linear in rows.
    pub(crate) fn new(order: &[u32], n_cells: usize, cell: impl Fn(usize) -> usize) -> Self {
        if n_cells == 1 {
            return Self { rows: order.to_vec(), starts: vec![0, order.len()] };
        }
        let mut starts = vec![0; n_cells + 1];
        for &row in order {
            starts[cell(row as usize) + 1] += 1;
        }
        for c in 0..n_cells {
            starts[c + 1] += starts[c];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; order.len()];
        for &row in order {
            let place = &mut next[cell(row as usize)];
            rows[*place] = row;
            *place += 1;
        }
        Self { rows, starts }
    }

    /// The rows of one cell.
    pub(crate) fn cell(&self, cell: usize) -> &[u32] {
        &self.rows[self.range(cell)]
    }

    /// Where one cell lies among all rows.
    pub(crate) fn range(&self, cell: usize) -> Range<usize> {
        self.starts[cell]..self.starts[cell + 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_within_each_cell() {
        let partition = Partition::new(&[4, 2, 0, 1, 3], 3, |row| row % 2);
        assert_eq!(partition.cell(0), [4, 2, 0]);
        assert_eq!(partition.cell(1), [1, 3]);
        assert_eq!(partition.cell(2), [] as [u32; 0]);
    }
}
