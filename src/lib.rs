#![doc = include_str!("../README.md")]
// What can panic or change a number is denied in all of the library, by the list below: a cast that can
// truncate or change its sign is a checked one, or states its bound (`numerics::to_u32`, `numerics::whole`).
//
// An index that reads better than its alternatives, or costs less in a hot loop, stays with its bound as the
// reason of an `expect` of `clippy::indexing_slicing`, on a function or at the top of a file. What comes from
// users is checked, or asked for by `get`.
//
// `clippy::arithmetic_side_effects` is denied where users' integers come in and counts are printed: in
// `curve`, `statistic`, `study` and `validation::resampling`. Elsewhere an integer is bounded by what lies in
// memory; tests/contract/absurd_counts.rs asks every public function that takes a count for more than there
// can be.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::dbg_macro,
        clippy::print_stdout,
        clippy::print_stderr,
        clippy::unreachable,
        clippy::get_unwrap,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic_in_result_fn,
        clippy::unwrap_in_result,
        clippy::exit,
        clippy::cast_lossless,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

pub mod adjustment;
#[cfg(feature = "serde")]
mod checked;
pub mod competing;
pub mod curve;
pub mod data;
mod error;
pub mod guide;
pub mod inference;
mod linalg;
pub mod nonparametric;
mod numerics;
#[cfg(feature = "plot")]
pub mod plot;
pub mod regression;
mod room;
pub mod statistic;
pub mod study;
pub mod validation;

pub use ndarray;

pub use competing::AalenJohansen;
pub use data::{CompetingRisks, CountingProcess, Design, Groups, Profile, RightCensored, Weights};
pub use error::{BadCell, Error, Result, Warning};
pub use linalg::Backend;
pub use nonparametric::{KaplanMeier, LogRank, NelsonAalen};
pub use regression::cox::{CoxPh, Ties};
