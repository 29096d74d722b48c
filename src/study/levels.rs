//! Which level of a factor each row of a design has.

use crate::data::{Design, Term};

/// The place of each row's level, 0 being the reference.
#[expect(clippy::indexing_slicing, reason = "a term has its columns in the design")]
pub(super) fn level_codes(design: &Design, term: &Term) -> Vec<usize> {
    let columns = term.columns.clone();
    let code = |row: ndarray::ArrayView1<'_, f64>| {
        let mut places = columns.clone().zip(1..);
        places.find(|(column, _)| row[*column] != 0.0).map_or(0, |(_, place)| place)
    };
    design.matrix().rows().into_iter().map(code).collect()
}

/// The values of a numeric covariate: the first column, of a spline too.
pub(super) fn values(design: &Design, term: &Term) -> Vec<f64> {
    design.matrix().column(term.columns.start).to_vec()
}
