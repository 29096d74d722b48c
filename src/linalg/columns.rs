//! Loops over rows that keep numbers of several columns at hand.

/// What is done with some of the columns of all rows.
pub(super) trait OverRows {
    /// With `8 W + 4 M + S` columns from `column` on. It is to become part of the caller, in the instructions
    /// of its processor.
    fn take<const W: usize, const M: usize, const S: usize>(&mut self, column: usize);
}

/// Takes all of p columns: as many at a time as there is room for, so that the rows are read few times and
/// their sums do not wait for one another, and at last one by one.
#[inline(always)]
pub(super) fn in_turn(p: usize, work: &mut impl OverRows) {
    let mut column = 0;
    while column + 32 <= p {
        work.take::<4, 0, 0>(column);
        column += 32;
    }
    match (p - column) / 4 {
        0 => {}
        1 => work.take::<0, 1, 0>(column),
        2 => work.take::<1, 0, 0>(column),
        3 => work.take::<1, 1, 0>(column),
        4 => work.take::<2, 0, 0>(column),
        5 => work.take::<2, 1, 0>(column),
        6 => work.take::<3, 0, 0>(column),
        _ => work.take::<3, 1, 0>(column),
    }
    for column in p / 4 * 4..p {
        work.take::<0, 0, 1>(column);
    }
}

/// One number for each of `8 W + 4 M + S` columns, in vectors as long as a processor has them.
pub(super) struct Lanes<const W: usize, const M: usize, const S: usize> {
    wide: [[f64; 8]; W],
    narrow: [[f64; 4]; M],
    single: [f64; S],
}

impl<const W: usize, const M: usize, const S: usize> Lanes<W, M, S> {
    pub(super) const ZERO: Self =
        Self { wide: [[0.0; 8]; W], narrow: [[0.0; 4]; M], single: [0.0; S] };

    /// Those at the head of a slice.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "from a column on there are as many numbers as lanes"
    )]
    pub(super) fn of(from: &[f64]) -> Self {
        let mut lanes = Self::ZERO;
        let (wide, rest) = from.split_at(8 * W);
        let (narrow, single) = rest.split_at(4 * M);
        lanes.wide.as_flattened_mut().copy_from_slice(wide);
        lanes.narrow.as_flattened_mut().copy_from_slice(narrow);
        lanes.single.copy_from_slice(&single[..S]);
        lanes
    }

    /// Writes them to the head of a slice.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "from a column on there are as many numbers as lanes"
    )]
    pub(super) fn write(&self, into: &mut [f64]) {
        let (wide, rest) = into.split_at_mut(8 * W);
        let (narrow, single) = rest.split_at_mut(4 * M);
        wide.copy_from_slice(self.wide.as_flattened());
        narrow.copy_from_slice(self.narrow.as_flattened());
        single[..S].copy_from_slice(&self.single);
    }

    /// All numbers times a factor.
    #[inline(always)]
    pub(super) fn times(mut self, factor: f64) -> Self {
        self.wide.iter_mut().flatten().for_each(|number| *number *= factor);
        self.narrow.iter_mut().flatten().for_each(|number| *number *= factor);
        self.single.iter_mut().for_each(|number| *number *= factor);
        self
    }

    /// Makes each of two numbers what `to` makes of them and a third.
    #[inline(always)]
    pub(super) fn change(&mut self, other: &Self, to: impl Fn(f64, f64) -> f64) {
        for (a, b) in self.wide.iter_mut().zip(&other.wide) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a = to(*a, *b));
        }
        for (a, b) in self.narrow.iter_mut().zip(&other.narrow) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a = to(*a, *b));
        }
        self.single.iter_mut().zip(&other.single).for_each(|(a, b)| *a = to(*a, *b));
    }
}
