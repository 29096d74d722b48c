//! Propensity scores, weights made of them, standardised curves.

use arbitrary::{Result, Unstructured};
use riskset::adjustment::{
    Balance, BalancingWeights, BalancingWeightsFit, EstimatedWeights, PropensityFit,
    PropensityScores, Standardisation, StandardisedSurvival, TargetPopulation,
};
use riskset::{CoxPh, Design, Groups};

use crate::cox_options::cox;
use crate::design::design;
use crate::finite::{checked, checked_unwritten, finite};
use crate::number::{level, option, times};
use crate::options::{one_of, transform};
use crate::sample::Sample;
use crate::survival::right_censored;

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    if source.arbitrary()? {
        return standardised(&sample, &design, source);
    }
    let mut scores = PropensityScores::new();
    if source.ratio(1, 4)? {
        scores = scores.reference(one_of(&["0", "1", "nobody"], source)?);
    }
    let Some(scores) = checked(scores.fit(&groups, &design)) else { return Ok(()) };
    let targets = [
        TargetPopulation::Everyone,
        TargetPopulation::Overlap,
        TargetPopulation::Group("1".to_owned()),
    ];
    let mut weights = BalancingWeights::new(one_of(&targets, source)?);
    if source.ratio(1, 4)? {
        weights = weights.stabilised();
    }
    if source.ratio(1, 4)? {
        weights = weights.truncated(option(&[0.0, 0.05], source)?, option(&[1.0, 0.95], source)?);
    }
    let Some(weights) = checked(weights.fit(&scores)) else { return Ok(()) };
    weighted(&sample, &groups, &design, &scores, &weights);
    Ok(())
}

fn weighted(
    sample: &Sample,
    groups: &Groups,
    design: &Design,
    scores: &PropensityFit,
    weights: &BalancingWeightsFit,
) {
    if let Some(balance) = checked(Balance::new(groups, design, weights.weights())) {
        finite(&(balance.largest_before(), balance.largest_after()));
    }
    let Some(estimated) = checked_unwritten(EstimatedWeights::new(weights, scores, design)) else {
        return;
    };
    let treatment = Design::builder().factor("group", &sample.group, "0").build();
    let Some(treatment) = checked(treatment) else { return };
    let data = right_censored(sample).and_then(|data| data.with_weights(weights.weights().clone()));
    let Some(data) = checked(data) else { return };
    let Some(fit) = checked(CoxPh::new().fit(&data, &treatment)) else { return };
    if let Some(stacked) = checked(estimated.vcov(&fit, &data, &treatment)) {
        checked(stacked.hazard_ratios(0.95));
    }
}

fn standardised(sample: &Sample, design: &Design, source: &mut Unstructured<'_>) -> Result<()> {
    let Some(data) = checked(right_censored(sample)) else { return Ok(()) };
    let Some(fit) = checked(cox(design, source)?.fit(&data, design)) else { return Ok(()) };
    let mut curves = Standardisation::new(&times(source)?)
        .confidence(level(source)?)
        .transform(transform(source)?);
    if source.arbitrary()? {
        curves = curves.for_these_covariates();
    }
    if source.arbitrary()? {
        curves = curves.restricted_mean(option(&[1.0, 4.0], source)?);
    }
    let made = checked(curves.of(&fit, "group", &data, design));
    if let Some(made) = made {
        contrasts(&made);
    }
    Ok(())
}

fn contrasts(made: &StandardisedSurvival) {
    checked(made.curve("0"));
    checked(made.differences("1", "0"));
    checked(made.ratios("1", "0"));
    checked_unwritten(made.restricted_mean("0"));
    checked(made.restricted_mean_difference("1", "0"));
}
