//! Weights from propensity scores.

use super::fit::BalancingWeightsFit;
use super::target::{TargetPopulation, Tilt};
use super::truncation::Truncation;
use crate::adjustment::propensity::PropensityFit;
use crate::data::Weights;
use crate::error::{Error, Result};

/// Weights under which the groups have the same covariates, those of a
/// [`TargetPopulation`].
///
/// # Definition
/// With e_g the [propensity scores](crate::adjustment::PropensityScores) of a row and h the target's share of
/// it, the weight is h/e_own:
/// ```text
/// Everyone h = 1        Group(a) h = e_a        Overlap h = 1/Σ_g 1/e_g
/// ```
/// They come as [sampling weights](Weights::sampling), so that a Kaplan–Meier curve, a
/// [`WeightedLogRank`](crate::inference::WeightedLogRank) test, a [`CoxPh`](crate::CoxPh) model and a
/// restricted mean take the robust variance by themselves. That variance takes the weights for known.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`stabilised`](Self::stabilised) | no | for `Everyone`: times the share of the row's own group |
/// | [`truncated`](Self::truncated) | no | cut at two quantiles of the weights; what was cut is reported |
///
/// # Example
/// In the cell `large` one of four has the new treatment, in the other cell two of three:
/// ```
/// use riskset::adjustment::{BalancingWeights, PropensityScores, TargetPopulation};
/// use riskset::{Design, Groups};
///
/// let arm = Groups::new(&["new", "new", "old", "new", "old", "old", "old"])?;
/// let design = Design::builder().numeric("large", &[0., 0., 0., 1., 1., 1., 1.]).build()?;
/// let scores = PropensityScores::new().fit(&arm, &design)?;
/// let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores)?;
/// for (found, expected) in weights.values().iter().zip([1.5, 1.5, 3.0, 4.0]) {
///     assert!((found - expected).abs() < 1e-12);
/// }
/// // Both arms now stand for all seven.
/// assert!(weights.by_group().iter().all(|group| (group.total - 7.0).abs() < 1e-12));
/// let overlap = BalancingWeights::new(TargetPopulation::Overlap).fit(&scores)?;
/// assert!((overlap.values()[3] - 0.75).abs() < 1e-12);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `WeightIt::weightit`, `PSweight::PSweight`.
///
/// # References
/// Robins, Hernán & Brumback 2000, doi:10.1097/00001648-200009000-00011; Li & Li 2019,
/// doi:10.1214/19-AOAS1282; Cole & Hernán 2008, doi:10.1093/aje/kwn164.
#[derive(Debug, Clone, PartialEq)]
pub struct BalancingWeights {
    target: TargetPopulation,
    stabilised: bool,
    truncated: Option<[f64; 2]>,
}

impl BalancingWeights {
    /// Weights for a target population.
    #[must_use]
    pub fn new(target: TargetPopulation) -> Self {
        Self { target, stabilised: false, truncated: None }
    }

    /// Multiplies each weight by the share of its own group among all rows, so that they vary about 1.
    /// For [`TargetPopulation::Everyone`] only.
    #[must_use]
    pub fn stabilised(self) -> Self {
        Self { stabilised: true, ..self }
    }

    /// Raises weights below one quantile of all weights to it, and lowers those above the other: 0.01 and
    /// 0.99 are usual. A quantile between two values is interpolated, as R's type 7. This trades balance
    /// for spread; [`Truncation`] says how much was cut.
    #[must_use]
    pub fn truncated(self, lower: f64, upper: f64) -> Self {
        Self { truncated: Some([lower, upper]), ..self }
    }

    /// The weights of the rows that the scores were fitted to.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a target group that has no rows; [`Error::Unsupported`] for stabilised
    /// weights of another target than everyone; [`Error::InvalidOption`] unless the quantiles are
    /// 0 ≤ lower < upper ≤ 1; [`Error::InvalidCells`] for a weight outside 1e-100 to 1e100.
    #[expect(clippy::indexing_slicing, reason = "a row has the code of a group")]
    pub fn fit(&self, scores: &PropensityFit) -> Result<BalancingWeightsFit> {
        let tilt = self.tilt(scores)?;
        let names = scores.groups().names();
        let codes = scores.groups().codes();
        let mut shares = vec![0.0; names.len()];
        codes.iter().for_each(|&code| shares[code as usize] += 1.0 / codes.len() as f64);
        let probabilities = scores.probabilities();
        let mut values: Vec<f64> = (probabilities.rows().into_iter().enumerate())
            .map(|(row, e)| {
                let own = scores.own(row);
                tilt.weight(e, own) * if self.stabilised { shares[own] } else { 1.0 }
            })
            .collect();
        let truncation = match self.truncated {
            None => None,
            Some(quantiles) => Some(Truncation::of(&mut values, quantiles)?),
        };
        let weights = Weights::sampling(&values)?;
        Ok(BalancingWeightsFit::new(
            self.target.clone(),
            self.stabilised,
            weights,
            scores.groups(),
            truncation,
        ))
    }

    fn tilt(&self, scores: &PropensityFit) -> Result<Tilt> {
        match &self.target {
            TargetPopulation::Everyone => Ok(Tilt::Everyone),
            _ if self.stabilised => Err(Error::Unsupported {
                estimator: "BalancingWeights",
                what: "stabilising the weights of another target than everyone",
                instead: "leave stabilised out",
            }),
            TargetPopulation::Group(name) => place(scores, name).map(Tilt::Group),
            TargetPopulation::Overlap => Ok(Tilt::Overlap),
        }
    }
}

/// Where the group of a name stands.
fn place(scores: &PropensityFit, name: &str) -> Result<usize> {
    let names = scores.groups().names();
    let found = names.iter().position(|group| group == name);
    found.ok_or_else(|| Error::UnknownName {
        kind: "group",
        name: name.to_owned(),
        known: names.to_vec(),
    })
}
