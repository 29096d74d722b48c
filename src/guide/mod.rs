//! Pages to read: how the crate is used by those who know another system, and why it is as it is.

/// What stands for each call of R, and every place where the answer is another.
#[doc = include_str!("for_r_users.md")]
pub mod for_r_users {}

/// Why systems give different numbers, and how to have those of another one.
#[doc = include_str!("conventions.md")]
pub mod conventions {}

/// What stands for each call of lifelines, and where the answer is another.
#[doc = include_str!("for_lifelines_users.md")]
pub mod for_lifelines_users {}

/// Which question each estimator of competing risks answers, and the conventions they share.
#[doc = include_str!("competing_risks.md")]
pub mod competing_risks {}

/// Which standard error belongs to which rows.
#[doc = include_str!("choosing_a_variance.md")]
pub mod choosing_a_variance {}

/// Mistakes that do not compile.
#[doc = include_str!("what_the_types_prevent.md")]
pub mod what_the_types_prevent {}

/// What is left out, and what is left to others.
#[doc = include_str!("what_we_do_not_do.md")]
pub mod what_we_do_not_do {}
