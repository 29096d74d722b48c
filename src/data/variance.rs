//! The choice between a model-based and a robust variance.

/// Which variance an estimate gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Variance {
    /// Robust where the data have clusters or sampling weights, model-based otherwise. Never
    /// inferred from the values of the weights.
    #[default]
    Automatic,
    /// What the model says of independent rows: Greenwood's formula for a curve, the inverse of the
    /// observed information for coefficients. Refused with sampling weights.
    ModelBased,
    /// The sum over clusters of squared weighted influences: the infinitesimal jackknife of a curve,
    /// the sandwich DᵀD with D the dfbeta residuals for coefficients. Without clusters each row, or
    /// each subject where there are ids, is its own. No small-sample factor. R's `robust = TRUE`.
    ///
    /// Lin & Wei 1989, doi:10.1080/01621459.1989.10478874; Efron 1981, doi:10.1080/01621459.1981.10477650.
    Robust,
}
