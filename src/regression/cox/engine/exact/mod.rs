//! The exact partial likelihood of tied events.
//!
//! Given that d of those at risk have the event, which d is a matter of their risks:
//! ```text
//! L = Π_{i ∈ D} r_i / e_d(r),   e_d(r) = Σ over all sets of d at risk of the product of their risks
//! ```
//! So the events are d of n independent yes-or-no draws, given that there are d of them. They are drawn
//! here one row after the other: of the rows from the i-th on, j are still to be chosen, and the i-th
//! is one of them with probability
//! ```text
//! q_i(j) = r_i / (r_i + R_{i+1}(j)),   R_i(j) = e_j(r_i, r_{i+1}, …) / e_{j−1}(r_i, r_{i+1}, …)
//! ```
//! The ratios follow from one row to the next by sums and quotients of positive numbers, so that
//! nothing overflows and nothing cancels. With the rows of the events first, the likelihood is
//! Π q_i(d − i), and the score and the information are sums over the steps of what a choice adds to the
//! expected sum of covariates.
//!
//! Sources: Gail, Lubin & Rubinstein 1981, doi:10.1093/biomet/68.3.703; Chen & Liu 1997, *Statistica
//! Sinica* 7, 875–892.

mod chain;
mod risk;
mod separation;
mod table;
mod tied;

pub(crate) use separation::ranks_events_highest;
pub(crate) use tied::{add_derivatives, log_likelihood, too_many};
