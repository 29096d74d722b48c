//! What the numbers of a result may be.

use ndarray::Array2;

use crate::error::{BadCell, Error, Result};

/// How far a sum of products of probabilities comes above 1, or above the one before it, by rounding.
const ROUNDING: f64 = 1e-9;

/// A number, or several of them, each in its row.
pub(crate) trait Numbers {
    /// Shows each number that there is, with its row.
    fn visit(&self, see: &mut dyn FnMut(usize, f64));
}

impl Numbers for f64 {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        see(0, *self);
    }
}

impl<T: Numbers> Numbers for Option<T> {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        self.iter().for_each(|own| own.visit(see));
    }
}

impl<T: Numbers> Numbers for [T] {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        self.iter().enumerate().for_each(|(row, own)| own.visit(&mut |_, number| see(row, number)));
    }
}

impl<T: Numbers> Numbers for Vec<T> {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        self.as_slice().visit(see);
    }
}

impl<T: Numbers, const N: usize> Numbers for [T; N] {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        self.as_slice().visit(see);
    }
}

impl Numbers for Array2<f64> {
    fn visit(&self, see: &mut dyn FnMut(usize, f64)) {
        self.indexed_iter().for_each(|((row, _), &number)| see(row, number));
    }
}

/// Fails with every number for which `holds` is false.
fn each(
    what: &str,
    numbers: &(impl Numbers + ?Sized),
    rule: &'static str,
    mut holds: impl FnMut(f64) -> bool,
) -> Result<()> {
    let mut cells = Vec::new();
    numbers.visit(&mut |row, number| {
        if !holds(number) {
            cells.push(BadCell::new(what, row, number, rule));
        }
    });
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

/// From 0 to 1, but for rounding.
pub(crate) fn probability(what: &str, numbers: &(impl Numbers + ?Sized)) -> Result<()> {
    each(what, numbers, "must be from 0 to 1", |p| (0.0..=1.0 + ROUNDING).contains(&p))
}

/// A count, a spread, a hazard, a ratio, a duration.
pub(crate) fn not_negative(what: &str, numbers: &(impl Numbers + ?Sized)) -> Result<()> {
    let rule = "must be finite and not negative";
    each(what, numbers, rule, |number| (0.0..f64::INFINITY).contains(&number))
}

/// A confidence level, or the share of a quantile.
pub(crate) fn level(what: &str, numbers: &(impl Numbers + ?Sized)) -> Result<()> {
    each(what, numbers, "must be between 0 and 1", |level| level > 0.0 && level < 1.0)
}

/// A correlation.
pub(crate) fn correlation(what: &str, numbers: &(impl Numbers + ?Sized)) -> Result<()> {
    each(what, numbers, "must be from -1 to 1", |number| (-1.0..=1.0).contains(&number))
}

/// A covariance matrix: no variance is negative.
pub(crate) fn covariance(what: &str, matrix: &Array2<f64>) -> Result<()> {
    not_negative(what, &matrix.diag().to_vec())
}

/// Times, each after the one before.
pub(crate) fn ascending(what: &str, times: &[f64]) -> Result<()> {
    let mut last = f64::NEG_INFINITY;
    let rule = "must be finite and ascending";
    let cells: Vec<BadCell> = (times.iter().enumerate())
        .filter(|&(_, &time)| !(time.is_finite() && std::mem::replace(&mut last, time) < time))
        .map(|(row, time)| BadCell::new(what, row, time, rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

/// Which way a curve goes, but for rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// Survival.
    Falls,
    /// A cumulative hazard or incidence, a restricted mean, a count up to a time.
    Rises,
}

impl Course {
    /// Whether it goes from one number to the next.
    fn allows(self, before: f64, number: f64) -> bool {
        match self {
            Self::Falls => number <= before * (1.0 + ROUNDING),
            Self::Rises => number * (1.0 + ROUNDING) >= before,
        }
    }

    /// Fails with every number, each with its row, to which the one before it does not go.
    fn of(self, what: &str, numbers: impl Iterator<Item = (usize, f64)>) -> Result<()> {
        let rule = match self {
            Self::Falls => "must not be above the one before",
            Self::Rises => "must not be below the one before",
        };
        let mut last = None;
        let cells: Vec<BadCell> = numbers
            // The first one only has to be a number.
            .filter(|&(_, number)| match last.replace(number) {
                None => number.is_nan(),
                Some(before) => !self.allows(before, number),
            })
            .map(|(row, number)| BadCell::new(what, row, number, rule))
            .collect();
        if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
    }

    /// The same of numbers at times in any order.
    pub(crate) fn over(self, times: &[f64], what: &str, numbers: &[f64]) -> Result<()> {
        let mut rows: Vec<(usize, (&f64, &f64))> = times.iter().zip(numbers).enumerate().collect();
        rows.sort_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
        self.of(what, rows.into_iter().map(|(row, (_, &number))| (row, number)))
    }
}

/// A survival curve: no number is above the one before, but for rounding.
pub(crate) fn falling(what: &str, numbers: &[f64]) -> Result<()> {
    Course::Falls.of(what, numbers.iter().copied().enumerate())
}

/// A cumulative hazard or incidence: no number is below the one before, but for rounding.
pub(crate) fn rising(what: &str, numbers: &[f64]) -> Result<()> {
    Course::Rises.of(what, numbers.iter().copied().enumerate())
}

/// Of two numbers in the same row the first is not the larger, where both exist.
pub(crate) fn ordered(
    what: &str,
    less: &(impl Numbers + ?Sized),
    more: &(impl Numbers + ?Sized),
    rule: &'static str,
) -> Result<()> {
    let mut largest = Vec::new();
    more.visit(&mut |row, number| largest.push((row, number)));
    let mut cells = Vec::new();
    less.visit(&mut |row, number| {
        let place = largest.binary_search_by_key(&row, |&(row, _)| row).ok();
        let known = place.and_then(|place| largest.get(place));
        if known.is_some_and(|&(_, most)| !(number <= most)) {
            cells.push(BadCell::new(what, row, number, rule));
        }
    });
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn bad(result: Result<()>) -> Vec<(usize, String)> {
        match result {
            Err(Error::InvalidCells { cells }) => {
                cells.into_iter().map(|cell| (cell.row, cell.found)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    fn cell(row: usize, found: &str) -> Vec<(usize, String)> {
        vec![(row, found.to_owned())]
    }

    #[test]
    fn ranges_have_their_ends() {
        assert!(probability("p", &[0.0, 1.0, 1.0 + 1e-15]).is_ok());
        assert_eq!(bad(probability("p", &[0.5, 1.001, 0.0])), cell(1, "1.001"));
        assert_eq!(bad(probability("p", &-1e-300)), cell(0, &(-1e-300).to_string()));
        assert_eq!(bad(probability("p", &Some(f64::NAN))), cell(0, "NaN"));
        assert!(not_negative("n", &[Some(0.0), None, Some(f64::MAX)]).is_ok());
        assert_eq!(bad(not_negative("n", &vec![None, Some(-1.0)])), cell(1, "-1"));
        assert_eq!(bad(not_negative("n", &f64::INFINITY)), cell(0, "inf"));
        assert!(level("level", &0.5).is_ok() && level("level", &None::<f64>).is_ok());
        assert_eq!(bad(level("level", &1.0)), cell(0, "1"));
        assert_eq!(bad(level("level", &0.0)), cell(0, "0"));
        assert!(correlation("r", &[-1.0, 1.0]).is_ok());
        assert_eq!(bad(correlation("r", &[1.5])), cell(0, "1.5"));
    }

    #[test]
    fn matrices_have_rows_and_variances() {
        let matrix = Array2::from_shape_vec((2, 2), vec![1.0, -3.0, -3.0, 2.0]).unwrap();
        assert!(covariance("v", &matrix).is_ok());
        assert_eq!(bad(covariance("v", &-matrix.clone())), [cell(0, "-1"), cell(1, "-2")].concat());
        assert_eq!(bad(not_negative("v", &matrix)), [cell(0, "-3"), cell(1, "-3")].concat());
    }

    #[test]
    fn times_ascend_curves_keep_their_course_and_limits_are_ordered() {
        assert!(ascending("time", &[-1.0, 0.0, 2.0]).is_ok());
        assert_eq!(bad(ascending("time", &[0.0, 0.0, 2.0])), cell(1, "0"));
        assert_eq!(bad(ascending("time", &[0.0, f64::INFINITY])), cell(1, "inf"));
        assert!(falling("s", &[1.0, 0.5, 0.5 + 1e-16, 0.0, 0.0]).is_ok());
        assert_eq!(bad(falling("s", &[0.9, 0.91, 0.5])), cell(1, "0.91"));
        assert_eq!(bad(falling("s", &[0.9, 0.0, 1e-300])), cell(2, &1e-300.to_string()));
        assert!(rising("h", &[0.0, 0.5, 0.5 - 1e-16, 2.0, 2.0]).is_ok());
        assert_eq!(bad(rising("h", &[0.2, 0.1, 0.15, 0.3])), cell(1, "0.1"));
        assert_eq!(bad(rising("h", &[1e-300, 0.0])), cell(1, "0"));
        assert_eq!(bad(rising("h", &[0.1, f64::NAN])), cell(1, "NaN"));
        assert_eq!(bad(falling("s", &[f64::NAN])), cell(0, "NaN"));
        let times = [5.0, 1.0, 3.0];
        assert!(Course::Rises.over(&times, "h", &[0.3, 0.1, 0.2]).is_ok());
        assert_eq!(bad(Course::Rises.over(&times, "h", &[0.15, 0.1, 0.2])), cell(0, "0.15"));
        assert_eq!(bad(Course::Falls.over(&times, "s", &[0.1, 0.3, 0.35])), cell(2, "0.35"));
        let upper = [None, Some(1.0), Some(2.0)];
        assert!(ordered("lower", &[Some(9.0), Some(1.0), None], &upper, "").is_ok());
        assert_eq!(bad(ordered("lower", &[None, None, Some(3.0)], &upper, "")), cell(2, "3"));
        assert_eq!(bad(ordered("lower", &[f64::NAN; 3], &[1.0], "")), cell(0, "NaN"));
    }
}
