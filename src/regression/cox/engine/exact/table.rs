//! A table of rows of one width, two neighbours of which are in use at a time.

#![expect(clippy::indexing_slicing, reason = "a row is one of the table")]

use std::ops::Range;

/// Rows of `width` cells each.
#[derive(Debug, Clone)]
pub(super) struct Table<T> {
    cells: Vec<T>,
    width: usize,
}

impl<T: Copy> Table<T> {
    pub(super) fn new(rows: usize, width: usize, cell: T) -> Self {
        Self { cells: vec![cell; rows * width], width }
    }

    fn range(&self, row: usize) -> Range<usize> {
        row * self.width..(row + 1) * self.width
    }

    pub(super) fn row(&self, row: usize) -> &[T] {
        &self.cells[self.range(row)]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [T] {
        let range = self.range(row);
        &mut self.cells[range]
    }

    /// A row and the one that follows it.
    pub(super) fn pair_mut(&mut self, row: usize) -> (&mut [T], &mut [T]) {
        let range = self.range(row).start..self.range(row + 1).end;
        self.cells[range].split_at_mut(self.width)
    }
}
