//! Small dense linear algebra for information matrices.

mod backend;
mod gram;
mod ldl;

pub use backend::Backend;
pub(crate) use gram::Gram;
pub(crate) use ldl::Ldl;
