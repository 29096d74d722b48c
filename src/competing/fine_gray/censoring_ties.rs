//! Failures and censorings at one time, in the distribution of the censoring times.

/// Who is at risk of being censored at a time at which others fail, and how the error of that estimate enters
/// the variance.
///
/// | | at risk at u | in the variance |
/// |---|---|---|
/// | `EventsFirst` | those who fail at u have gone | the derivative of the weights as they are |
/// | `Cmprsk` | those who fail at u are there | the formula as Fine and Gray print it |
///
/// Without ties between failures and censorings the coefficients agree. The variances differ by what
/// 1 − dΛ differs from 1, Λ being the hazard of censoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum CensoringTies {
    /// Failures come before censorings, as everywhere in this crate; R's `survival::finegray`.
    #[default]
    EventsFirst,
    /// The censorings' own Kaplan–Meier estimate, all failures at u still at risk; R's `cmprsk::crr`.
    Cmprsk,
}
