//! Competing risks: incidences, times lost, tests and models.

use arbitrary::{Result, Unstructured};
use riskset::competing::{
    CauseSpecificCox, CensoringTies, FineGray, FineGrayFit, FineGrayVariance, GrayPairwise,
    GrayTest, IncidenceForm, IncidenceVariance, TimeLost,
};
use riskset::data::{Cause, SurvivalData};
use riskset::nonparametric::PairVariance;
use riskset::{AalenJohansen, CompetingRisks, Design, Groups};
use std::fmt::Debug;

use crate::cox_options::cox;
use crate::design::{design, profile};
use crate::finite::{checked, checked_at, checked_unwritten, finite};
use crate::number::{level, option, times};
use crate::options::{adjust, one_of, ties, transform};
use crate::sample::Sample;
use crate::survival::{competing_process, competing_risks};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    if sample.counting {
        let Some(data) = checked(competing_process(&sample)) else { return Ok(()) };
        return incidences(&data, &groups, source);
    }
    let Some(data) = checked(competing_risks(&sample)) else { return Ok(()) };
    gray(&data, &groups, source)?;
    incidences(&data, &groups, source)
}

pub fn run_models(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    if sample.counting {
        let Some(data) = checked(competing_process(&sample)) else { return Ok(()) };
        return models(&data, &design, source);
    }
    let Some(mut data) = checked(competing_risks(&sample)) else { return Ok(()) };
    if source.ratio(1, 4)? {
        let Some(with) = checked(data.with_censoring_strata(&sample.group)) else { return Ok(()) };
        data = with;
    }
    models(&data, &design, source)
}

fn cause(source: &mut Unstructured<'_>) -> Result<Cause> {
    Ok(Cause::new(source.int_in_range(1..=4)?).unwrap())
}

fn incidences<D: SurvivalData + Clone + Debug>(
    data: &CompetingRisks<D>,
    groups: &Groups,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    use IncidenceVariance::{Aalen, Automatic, Delta, Robust};
    let variance = one_of(&[Automatic, Aalen, Delta, Robust], source)?;
    let estimator = AalenJohansen::new()
        .confidence(level(source)?)
        .transform(transform(source)?)
        .variance(variance);
    checked(estimator.fit_by(data, groups));
    let cause = cause(source)?;
    if let Some(fit) = checked(estimator.fit(data)) {
        assert!(!format!("{fit}{fit:#}").is_empty());
        let times = times(source)?;
        checked_at(fit.counts_at(&times));
        if let Some(curve) = checked_unwritten(fit.incidence(cause)) {
            checked_at(curve.at(&times));
            checked(curve.quantile(option(&[0.5, 0.1], source)?));
        }
    }
    let mut lost = TimeLost::new(option(&[1.0, 4.0, 9.0], source)?)
        .variance(variance)
        .confidence(level(source)?);
    if source.arbitrary()? {
        lost = lost.carry_forward();
    }
    checked(lost.fit(data));
    checked(lost.fit_by(data, groups));
    checked(lost.compare(data, groups));
    finite(&data.any_cause());
    checked_unwritten(data.cause_specific(cause));
    Ok(())
}

fn gray(data: &CompetingRisks, groups: &Groups, source: &mut Unstructured<'_>) -> Result<()> {
    let test = GrayTest::new().rho(option(&[0.0, 1.0, -1.0], source)?);
    if let Some(fit) = checked(test.fit(data, groups)) {
        assert!(!fit.to_string().is_empty());
    }
    let variances = [PairVariance::OwnPair, PairVariance::Pooled];
    let pairs = GrayPairwise::new().test(test).adjust(adjust(source)?);
    checked(pairs.variance(one_of(&variances, source)?).fit(data, groups));
    Ok(())
}

fn models<D: SurvivalData + Clone + Debug>(
    data: &CompetingRisks<D>,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let cause = cause(source)?;
    if source.arbitrary()? {
        return cause_specific(data, design, cause, source);
    }
    use FineGrayVariance::{EstimatedWeights, FixedWeights, ModelBased};
    let mut model = FineGray::new(cause)
        .ties(ties(source)?)
        .variance(one_of(&[EstimatedWeights, FixedWeights, ModelBased], source)?)
        .censoring_ties(one_of(&[CensoringTies::EventsFirst, CensoringTies::Cmprsk], source)?);
    if source.ratio(1, 8)? {
        let start = option(&[0.0, 1.0, -30.0], source)?;
        model = model.start(&vec![start; design.columns().len()]);
    }
    let Some(fit) = checked(model.fit(data, design)) else { return Ok(()) };
    assert!(!format!("{fit}{fit:#}").is_empty());
    let level = level(source)?;
    checked(fit.hazard_ratios(level));
    let (one, other) = (profile(design, source)?, profile(design, source)?);
    checked(fit.hazard_ratio("ratio", &one, &other, level));
    checked(fit.term_test("a"));
    if let Some(residuals) = checked_unwritten(fit.residuals(data, design)) {
        checked(Ok(residuals.schoenfeld()));
        finite(&residuals.martingale());
        finite(&(residuals.score(), residuals.dfbeta()));
    }
    incidence(&fit, data, design, source)
}

fn incidence<D: SurvivalData + Clone + Debug>(
    fit: &FineGrayFit,
    data: &CompetingRisks<D>,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let times = times(source)?;
    checked_at(fit.incidence_in("0", data, design, &times));
    let Some(incidence) = checked_at(fit.incidence(data, design, &times)) else { return Ok(()) };
    let incidence = incidence.transform(transform(source)?).confidence(level(source)?);
    checked_at(incidence.at(&profile(design, source)?));
    Ok(())
}

fn cause_specific<D: SurvivalData + Clone + Debug>(
    data: &CompetingRisks<D>,
    design: &Design,
    cause: Cause,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let model = CauseSpecificCox::new(cox(design, source)?);
    checked(model.fit_by_cause(data, &[(cause, design)]));
    let Some(fit) = checked(model.fit(data, design)) else { return Ok(()) };
    assert!(!fit.to_string().is_empty());
    checked(fit.equal_effects("a"));
    let Some(baseline) = checked(fit.baseline(data, design)) else { return Ok(()) };
    let stratum = if source.arbitrary()? { baseline.stratum("0") } else { baseline.single() };
    let Some(stratum) = checked_unwritten(stratum) else { return Ok(()) };
    let stratum = stratum
        .form(one_of(&[IncidenceForm::Exponential, IncidenceForm::ProductLimit], source)?)
        .transform(transform(source)?)
        .confidence(level(source)?);
    let one = profile(design, source)?;
    checked(stratum.time_lost(&one, option(&[1.0, 4.0], source)?));
    if let Some(predicted) = checked(stratum.incidence(&one)) {
        checked_unwritten(predicted.incidence(cause));
    }
    Ok(())
}
