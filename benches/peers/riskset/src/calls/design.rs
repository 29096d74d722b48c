//! The covariates as a design.

use peer_protocol::Data;
use riskset::Design;
use riskset::ndarray::ArrayView2;

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
