//! What a fit wants its reader to know.

use std::fmt;

/// What a fit wants its reader to know. Fits carry these; the library prints nothing.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Warning {
    /// Under delayed entry everybody at risk died while others entered later: the product-limit
    /// curve is 0 from here on, whatever follows. Start the curve later, or use exp(−Λ).
    RiskSetEmptied {
        /// The time at which the curve fell to 0.
        time: f64,
    },
    /// Under delayed entry subjects were observed in a state whose probability is estimated as 0 by then:
    /// what they do there counts in the hazards and not in the probabilities.
    ImpossibleState {
        /// The state.
        state: String,
        /// The first time at which somebody is at risk there.
        time: f64,
    },
    /// Nearly equal times were merged by the near-tie policy.
    TimesMerged {
        /// Number of times moved.
        merged: usize,
        /// The largest shift, in the unit of time.
        max_shift: f64,
    },
    /// A column is a linear combination of earlier columns or constant within every risk set; its
    /// coefficient is not estimated and counts as 0.
    AliasedColumn {
        /// The column.
        column: String,
    },
    /// The likelihood keeps rising along this column: its coefficient is infinite.
    InfiniteCoefficient {
        /// The column.
        column: String,
    },
    /// The hazard predicted for one time is above 1, so that the product-limit form leaves nobody there:
    /// those who are left are shared among the causes by their hazards. The exponential form has no such
    /// limit.
    HazardAboveOne {
        /// The first such time.
        time: f64,
        /// The jump of the hazard of all causes there.
        hazard: f64,
    },
    /// A covariate rules a group out, or in: its coefficient in the propensity score is infinite, and the
    /// probability of that group is 0 for some rows, which no weight can make comparable.
    PerfectPrediction {
        /// The group.
        group: String,
        /// The column.
        column: String,
    },
    /// The marginal likelihood is highest without a frailty: its variance is estimated as 0, and the
    /// fit is that of the model without it.
    NoFrailty,
    /// Everybody in a stratum of the censoring distribution has left before the last event: its rows with
    /// a competing event weigh nothing from here on, and what happens to such rows later is not known.
    CensoringReachesZero {
        /// The stratum of the censoring distribution, or `all`.
        group: String,
        /// The time of the last censoring.
        time: f64,
    },
    /// Fewer than ten events for each coefficient: estimates may be far off, and limits too short.
    FewEventsPerCoefficient {
        /// Events of the model.
        events: f64,
        /// Its coefficients.
        coefficients: usize,
    },
    /// The terms of a model were chosen by their univariable p-values, so that what was kept is
    /// overstated.
    TermsChosenByPValue {
        /// The p-value below which a term entered.
        threshold: f64,
    },
    /// A level of a factor in which nobody had the event.
    LevelWithoutEvents {
        /// The factor.
        term: String,
        /// The level.
        level: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RiskSetEmptied { time } => {
                write!(f, "the risk set emptied at {time} while others entered later")
            }
            Self::ImpossibleState { state, time } => write!(
                f,
                "somebody is at risk in `{state}` at {time}, where its probability is estimated as 0: \
                 what happens to them counts in the hazards alone"
            ),
            Self::TimesMerged { merged, max_shift } => {
                write!(f, "{merged} nearly equal times were merged, by at most {max_shift:e}")
            }
            Self::AliasedColumn { column } => {
                write!(f, "`{column}` tells nothing that earlier columns do not: not estimated")
            }
            Self::InfiniteCoefficient { column } => {
                write!(
                    f,
                    "the likelihood has no maximum along `{column}`: its coefficient is infinite; \
                     profile_hazard_ratios gives its limit and its p-value"
                )
            }
            Self::HazardAboveOne { time, hazard } => {
                write!(
                    f,
                    "the predicted hazard at {time} is {hazard}, above 1: the product leaves nobody \
                     there; the exponential form has no such limit"
                )
            }
            Self::CensoringReachesZero { group, time } => write!(
                f,
                "nobody is observed after {time} in the censoring stratum `{group}`: \
                 its rows with a competing event weigh nothing from then on"
            ),
            Self::PerfectPrediction { group, column } => {
                write!(
                    f,
                    "`{column}` rules group `{group}` out or in for some rows: they have nothing to compare with"
                )
            }
            Self::NoFrailty => f.write_str("the variance of the frailty is estimated as 0"),
            Self::FewEventsPerCoefficient { events, coefficients } => {
                let each = events / *coefficients as f64;
                write!(f, "{events} events for {coefficients} coefficients: {each:.1} for each")
            }
            Self::TermsChosenByPValue { threshold } => {
                write!(
                    f,
                    "terms were chosen by their univariable p-values (below {threshold}): the rule drops \
                     terms that matter and overstates those it keeps"
                )
            }
            Self::LevelWithoutEvents { term, level } => {
                write!(f, "`{term}` has no event at level `{level}`")
            }
        }
    }
}
