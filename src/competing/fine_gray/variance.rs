//! Which variance the coefficients of a Fine–Gray model get.

/// The variance of the coefficients of a Fine–Gray model.
///
/// The partial likelihood is not a likelihood here, since the same censored histories make the weights of
/// all: the inverse of its information is a variance only where nobody is censored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum FineGrayVariance {
    /// The sandwich with the error of the estimated weights. The default, and that of R's
    /// `cmprsk::crr`.
    #[default]
    EstimatedWeights,
    /// The sandwich as if the weights were known: R's `finegray` with `coxph(cluster = id)`.
    FixedWeights,
    /// The inverse of the information.
    ModelBased,
}
