//! Small dense linear algebra for information matrices.

mod backend;
mod exponential;
mod gram;
mod ldl;

pub use backend::Backend;
pub(crate) use exponential::exponential;
pub(crate) use gram::Gram;
pub(crate) use ldl::Ldl;
