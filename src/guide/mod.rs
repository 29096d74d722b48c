//! Pages to read: how the crate is used by those who know another system.

/// What stands for each call of R, and every place where the answer is another.
#[doc = include_str!("for_r_users.md")]
pub mod for_r_users {}

/// Why systems give different numbers, and how to have those of another one.
#[doc = include_str!("conventions.md")]
pub mod conventions {}

/// Which question each estimator of competing risks answers, and the conventions they share.
#[doc = include_str!("competing_risks.md")]
pub mod competing_risks {}
