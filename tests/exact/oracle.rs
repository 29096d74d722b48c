//! Risk sets formed directly from rows, counted in whole numbers and summed in exact fractions.

use num_rational::BigRational;
use num_traits::{FromPrimitive, ToPrimitive, Zero};

use crate::sample::{Row, Sample};

/// k as a fraction.
pub fn whole(k: u64) -> BigRational {
    BigRational::from_u64(k).unwrap()
}

/// The nearest number.
pub fn number(fraction: &BigRational) -> f64 {
    fraction.to_f64().unwrap()
}

/// Which of the columns an estimator is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Columns {
    pub entry: bool,
    pub counts: bool,
}

/// All four choices.
pub const COLUMNS: [Columns; 4] = [
    Columns { entry: false, counts: false },
    Columns { entry: false, counts: true },
    Columns { entry: true, counts: false },
    Columns { entry: true, counts: true },
];

impl Columns {
    fn count(self, row: &Row) -> u64 {
        if self.counts { row.count } else { 1 }
    }

    fn sum<'a>(self, rows: impl Iterator<Item = &'a Row>) -> u64 {
        rows.map(|row| self.count(row)).sum()
    }

    /// entry < t ≤ exit; without entry times everybody is there from the start.
    pub fn at_risk<'a>(self, rows: impl Iterator<Item = &'a Row>, time: f64) -> u64 {
        self.sum(rows.filter(|row| (!self.entry || row.entry < time) && time <= row.exit))
    }

    pub fn events<'a>(self, rows: impl Iterator<Item = &'a Row>, time: f64) -> u64 {
        self.sum(rows.filter(|row| row.event && row.exit == time))
    }

    pub fn censored<'a>(self, rows: impl Iterator<Item = &'a Row>, time: f64) -> u64 {
        self.sum(rows.filter(|row| !row.event && row.exit == time))
    }
}

/// Counts of one population at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    pub time: f64,
    pub n_risk: u64,
    pub n_event: u64,
    pub n_censor: u64,
}

/// Counts at every time somebody leaves.
pub fn counts(sample: &Sample, columns: Columns) -> Vec<Count> {
    let mut times = sample.exit();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let rows = || sample.rows.iter();
    let count = |time| Count {
        time,
        n_risk: columns.at_risk(rows(), time),
        n_event: columns.events(rows(), time),
        n_censor: columns.censored(rows(), time),
    };
    times.into_iter().map(count).collect()
}

/// bᵀ A⁻ b for a positive semi-definite A, with the rank of A.
pub fn quadratic_form(
    mut a: Vec<Vec<BigRational>>,
    mut b: Vec<BigRational>,
) -> (BigRational, usize) {
    let (mut form, mut rank) = (BigRational::zero(), 0);
    for j in 0..b.len() {
        // A zero pivot of such a matrix has a zero row.
        if a[j][j].is_zero() {
            continue;
        }
        rank += 1;
        form += &b[j] * &b[j] / &a[j][j];
        for i in j + 1..b.len() {
            let factor = &a[i][j] / &a[j][j];
            let pivot_row = a[j].clone();
            for (entry, above) in a[i].iter_mut().zip(&pivot_row).skip(j) {
                *entry -= &factor * above;
            }
            let part = &factor * &b[j];
            b[i] -= part;
        }
    }
    (form, rank)
}
