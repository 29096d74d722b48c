//! Weights that make the groups alike in their baseline.

use riskset::adjustment::{
    Balance, BalancingWeights, BalancingWeightsFit, PropensityFit, PropensityScores,
    TargetPopulation,
};
use riskset::{Design, Groups, Weights};

use super::super::covariates::{
    AGE, Covariate, EXTRAPULMONARY, NODE, NUMBER, SIZE, TIMING, Values,
};
use super::super::model::groups;
use super::super::patients::Patient;

/// What the probability of a group depends on, beside the centre.
const COVARIATES: [Covariate; 6] = [NUMBER, SIZE, TIMING, EXTRAPULMONARY, NODE, AGE];

/// Shares of the weights beyond which they are cut.
pub(crate) const CUTS: [f64; 2] = [0.01, 0.99];

/// The patients of whom everything is known, and the probability of each group for each of them.
pub(crate) struct Propensity<'a> {
    pub(crate) patients: Vec<&'a Patient>,
    groups: Groups,
    design: Design,
    scores: PropensityFit,
}

/// The weights of an analysis, and what they do.
pub(crate) struct Weighting {
    pub(crate) name: &'static str,
    pub(crate) weights: BalancingWeightsFit,
    pub(crate) balance: Balance,
}

impl<'a> Propensity<'a> {
    pub(crate) fn new(patients: &[&'a Patient]) -> riskset::Result<Self> {
        let known = |patient: &&Patient| {
            patient.centre.is_some()
                && COVARIATES.iter().all(|covariate| covariate.is_known(patient))
        };
        let patients: Vec<&Patient> = patients.iter().copied().filter(known).collect();
        let (groups, design) = (groups(&patients)?, design(&patients)?);
        let scores = PropensityScores::new().fit(&groups, &design)?;
        Ok(Self { patients, groups, design, scores })
    }

    /// Stabilised, stabilised and cut, and overlap weights.
    pub(crate) fn weightings(&self) -> riskset::Result<[Weighting; 3]> {
        let everyone = BalancingWeights::new(TargetPopulation::Everyone).stabilised();
        let overlap = BalancingWeights::new(TargetPopulation::Overlap);
        Ok([
            self.weighting("IPTW, stabilised", &everyone)?,
            self.weighting("IPTW, truncated", &everyone.truncated(CUTS[0], CUTS[1]))?,
            self.weighting("overlap weights", &overlap)?,
        ])
    }

    fn weighting(
        &self,
        name: &'static str,
        weights: &BalancingWeights,
    ) -> riskset::Result<Weighting> {
        let weights = weights.fit(&self.scores)?;
        let balance = Balance::new(&self.groups, &self.design, weights.weights())?;
        Ok(Weighting { name, weights, balance })
    }

    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// What the fit warns of: groups that a covariate rules out.
    pub(crate) fn warnings(&self) -> String {
        let warnings: Vec<String> =
            self.scores.warnings().iter().map(ToString::to_string).collect();
        warnings.join("; ")
    }

    /// The weights of some of the patients.
    pub(crate) fn weights_of(
        &self,
        patients: &[&Patient],
        weighting: &Weighting,
    ) -> riskset::Result<Weights> {
        // Both are in the order of the cohort.
        let mut wanted = patients.iter().peekable();
        let all = self.patients.iter().zip(weighting.weights.values());
        let of = all.filter(|(patient, _)| {
            wanted.next_if(|other| std::ptr::eq(**other, **patient)).is_some()
        });
        Weights::sampling(&of.map(|(_, weight)| *weight).collect::<Vec<f64>>())
    }
}

/// The covariates and the centre; what is the same for all is left out.
fn design(patients: &[&Patient]) -> riskset::Result<Design> {
    let mut design = Design::builder();
    for Covariate { name, values } in COVARIATES {
        match values {
            Values::Levels(levels, of) => {
                let labels: Vec<Option<&str>> =
                    patients.iter().map(|patient| of(patient)).collect();
                let there: Vec<&str> =
                    levels.iter().copied().filter(|level| labels.contains(&Some(level))).collect();
                if let [reference, _, ..] = there.as_slice() {
                    design = design.factor_with_levels(name, &labels, &there, reference);
                }
            }
            Values::Number(of) => {
                let numbers: Vec<f64> = patients.iter().filter_map(|patient| of(patient)).collect();
                design = design.numeric(name, &numbers);
            }
        }
    }
    let centres: Vec<Option<&str>> =
        patients.iter().map(|patient| patient.centre.as_deref()).collect();
    let mut there: Vec<&str> = centres.iter().copied().flatten().collect();
    there.sort_unstable();
    there.dedup();
    if let [reference, _, ..] = there.as_slice() {
        design = design.factor_with_levels("Centre", &centres, &there, reference);
    }
    design.build()
}
