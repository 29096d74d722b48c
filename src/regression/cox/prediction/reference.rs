//! What a linear predictor is relative to.

/// The covariates against which a linear predictor, a risk or a baseline hazard is meant.
///
/// Its offset is 0: offsets are always added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Reference {
    /// All columns 0: xβ itself. R's `reference = "zero"`, `basehaz(centered = FALSE)`.
    Zero,
    /// The weighted mean of each column over all rows; a column with no values but −1, 0 and 1 stays
    /// at 0. R's `reference = "sample"`, its `basehaz(centered = TRUE)`, and also its default for a
    /// model without strata.
    SampleMean,
    /// The weighted mean of each column over the rows of the stratum. R's default for a model with
    /// strata.
    StratumMean,
}
