//! Small dense linear algebra for information matrices.

mod backend;
mod columns;
mod combination;
mod deviations;
mod dot;
mod exponential;
mod gram;
mod ldl;
mod row_major;
mod row_sums;
mod running_sums;
mod symmetric_eigen;

pub use backend::Backend;
pub(crate) use combination::write_combination;
pub(crate) use deviations::write_deviations;
pub(crate) use dot::{add_multiple, dot, sum};
pub(crate) use exponential::exponential;
pub(crate) use gram::Gram;
pub(crate) use ldl::Ldl;
pub(crate) use row_major::RowMajor;
pub(crate) use row_sums::{add_row_squares, add_row_sums};
pub(crate) use running_sums::{running_sums, running_sums_back};
pub(crate) use symmetric_eigen::symmetric_eigen;
