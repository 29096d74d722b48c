//! The covariates as a design.

use peer_protocol::Data;
use riskset::Design;
use riskset::ndarray::{Array2, ArrayView2};

/// Names of the columns.
pub fn names(p: usize) -> Vec<String> {
    (0..p).map(|j| format!("x{j}")).collect()
}

/// The design of a matrix that lies row by row.
pub fn design(data: &Data, names: &[String]) -> Design {
    let matrix = ArrayView2::from_shape((data.time.len(), data.p), &data.x).expect("a matrix");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Design::from_matrix(matrix, &names).expect("a design")
}

/// A matrix of one's own, for a design that keeps it.
pub fn matrix(data: &Data) -> Array2<f64> {
    Array2::from_shape_vec((data.time.len(), data.p), data.x.clone()).expect("a matrix")
}

/// The design that keeps a matrix.
pub fn keeping(matrix: Array2<f64>, names: &[String]) -> Design {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Design::from_owned(matrix, &names).expect("a design")
}
