//! Resampling: a statistic again on rows drawn, or left out.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod bootstrap;
mod bootstrap_fit;
mod cox;
mod jackknife;
mod quantile;
mod replicates;
mod units;

pub use bootstrap::Bootstrap;
pub use bootstrap_fit::BootstrapFit;
pub use jackknife::{Jackknife, JackknifeFit};
pub use replicates::ResamplingFailure;
