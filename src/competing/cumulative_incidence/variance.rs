//! The variances of a cumulative incidence.

use crate::data::{Rows, Variance, WeightKind};
use crate::error::{Error, Result};

/// Which variance a cumulative incidence gets.
///
/// With S the survival before a time s of events, Y at risk, d of them with an event and dₖ with one of
/// cause k, the variance of Fₖ(t) is the sum over s ≤ t of
/// ```text
/// S² { Var eₖ − 2 g Cov(eₖ, e) + g² Var e }        g = (Fₖ(t) − Fₖ(s)) / S(s)
/// ```
/// where eₖ is the error of dₖ/Y and e that of d/Y:
///
/// | | Var eₖ | Cov(eₖ, e) | Var e |
/// |---|---|---|---|
/// | `Aalen` | v(dₖ) | v(dₖ) | v(dₖ) + v(d − dₖ) |
/// | `Delta` | dₖ (Y − dₖ)/Y³ | dₖ (Y − d)/Y³ | d (Y − d)/Y³ |
///
/// with v(d) = d (Y − d) / (Y² (Y − 1)), and 1/Y² where d = 1.
///
/// `Aalen` takes the events of a cause for drawn without replacement and the causes for independent,
/// `Delta` the events at one time for multinomial. For a single cause `Delta` is Greenwood's variance.
///
/// Aalen 1978, doi:10.1214/aos/1176344198; Marubini & Valsecchi 1995, *Analysing survival data from
/// clinical trials and observational studies*, 10.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum IncidenceVariance {
    /// `Robust` where the data have clusters or sampling weights, `Delta` under case weights, which have
    /// no Y − 1, otherwise `Aalen`.
    #[default]
    Automatic,
    /// R's `cmprsk::cuminc`; SAS's `error=aalen`, which differs where several causes are tied.
    Aalen,
    /// SAS's `error=delta`. Without weights and entry times it is R's infinitesimal jackknife.
    Delta,
    /// The infinitesimal jackknife over clusters, or subjects or rows where there are none: R's
    /// `survfit`.
    Robust,
}

impl IncidenceVariance {
    /// The variance that option and data lead to, never `Automatic`.
    pub(in crate::competing) fn resolve(
        self,
        estimator: &'static str,
        rows: &Rows,
    ) -> Result<Self> {
        let choice = match self {
            Self::Automatic => Variance::Automatic,
            Self::Robust => Variance::Robust,
            Self::Aalen | Self::Delta => Variance::ModelBased,
        };
        if rows.robust(estimator, choice)? {
            return Ok(Self::Robust);
        }
        match (self, rows.weight_kind()) {
            (Self::Aalen, Some(WeightKind::Case)) => Err(Error::Unsupported {
                estimator,
                what: "Aalen's variance under case weights",
                instead: "use IncidenceVariance::Delta",
            }),
            (Self::Automatic, Some(WeightKind::Case)) => Ok(Self::Delta),
            (Self::Automatic, _) => Ok(Self::Aalen),
            (chosen, _) => Ok(chosen),
        }
    }

    /// The errors of dₖ/Y and d/Y at one time; `left` is Y − d.
    pub(in crate::competing) fn errors(self, d_cause: f64, d: f64, y: f64, left: f64) -> Errors {
        match self {
            Self::Delta => {
                let product = |a: f64, left: f64| a / y * (left.max(0.0) / y) / y;
                Errors {
                    cause: product(d_cause, left + (d - d_cause)),
                    both: product(d_cause, left),
                    any: product(d, left),
                }
            }
            _ => {
                let (cause, others) = (without_replacement(d_cause, y), d - d_cause);
                let any = cause + without_replacement(others.max(0.0), y);
                Errors { cause, both: cause, any }
            }
        }
    }
}

/// d (Y − d) / (Y² (Y − 1)).
fn without_replacement(d: f64, y: f64) -> f64 {
    let factor = if d > 1.0 { (y - d) / (y - 1.0) } else { 1.0 };
    d / y / y * factor
}

/// Variances and covariance of the errors at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::competing) struct Errors {
    pub(in crate::competing) cause: f64,
    pub(in crate::competing) both: f64,
    pub(in crate::competing) any: f64,
}
