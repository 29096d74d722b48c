//! Curves of survival and hazard, and what is read off them.

use arbitrary::{Result, Unstructured};
use riskset::curve::{ByGroup, QuantileRule, SurvivalCurve};
use riskset::data::{RiskTable, SurvivalData};
use riskset::nonparametric::{
    AtRiskTable, BandKind, Bands, Estimand, HazardTransform, HazardVariance, InfluenceFunctions,
    KaplanMeierFit, LifeTable, NelsonAalenFit, RestrictedMean, SmoothedHazard, TieCorrection,
};
use riskset::{Groups, KaplanMeier, NelsonAalen};

use crate::finite::{checked, checked_at, finite};
use crate::number::{level, option, times};
use crate::options::{one_of, transform, variance};
use crate::sample::Sample;
use crate::survival::{Visit, right_censored, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    visit(&sample, &mut Curves { groups, source })
}

pub fn run_functionals(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    if source.ratio(1, 4)? {
        return life_tables(&sample, &groups, source);
    }
    visit(&sample, &mut Functionals { groups, source })
}

struct Curves<'a, 'b> {
    groups: Groups,
    source: &'a mut Unstructured<'b>,
}

impl Visit for Curves<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (groups, source) = (&self.groups, &mut *self.source);
        let mut km = KaplanMeier::new()
            .confidence(level(source)?)
            .transform(transform(source)?)
            .variance(variance(source)?);
        if source.ratio(1, 4)? {
            km = km.reverse();
        }
        if let Some(fit) = checked(km.fit(data)) {
            kaplan_meier(&fit, source)?;
        }
        checked(km.fit_by(data, groups));
        if let Some(table) = checked(RiskTable::by(data, groups)) {
            checked(km.fit_table(&table));
            checked(table.merge(&table));
            checked(table.remove(&table));
            checked(Ok(table.pooled()));
        }
        let times = times(source)?;
        // The times themselves may be infinite: up to the end of everything.
        if let Ok(table) = AtRiskTable::new(data, groups, &times) {
            checked_at(Ok(table.clone()));
            finite(&(table.weighted(), table.rows()));
        }
        nelson_aalen(data, groups, source)
    }
}

fn kaplan_meier(fit: &KaplanMeierFit, source: &mut Unstructured<'_>) -> Result<()> {
    assert!(!format!("{fit}{fit:#}").is_empty());
    checked_at(fit.at(&times(source)?));
    curve(fit.curve(), source)?;
    if let Some(given) = checked(fit.given(option(&[0.0, 1.0, 2.5], source)?)) {
        finite(&given.curve());
    }
    let kinds = [BandKind::EqualPrecision, BandKind::HallWellner];
    let mut bands = Bands::new()
        .kind(one_of(&kinds, source)?)
        .transform(transform(source)?)
        .confidence(option(&[0.95, 0.9, 0.5], source)?);
    if source.arbitrary()? {
        bands = bands.range(option(&[0.0, 1.0], source)?, option(&[4.0, 9.0], source)?);
    }
    checked(bands.of(fit));
    Ok(())
}

pub fn curve(curve: &SurvivalCurve, source: &mut Unstructured<'_>) -> Result<()> {
    let rules = [QuantileRule::Midpoint, QuantileRule::FirstAtOrBelow, QuantileRule::SasStrict];
    checked(curve.quantile_by(option(&[0.5, 0.25, 0.75, 1.0], source)?, one_of(&rules, source)?));
    finite(&curve.median());
    finite(&curve.survival_at(option(&[0.0, 1.0, 5.0], source)?));
    let tau = option(&[1.0, 5.0, 1e300], source)?;
    checked(RestrictedMean::new(tau).of_curve(curve));
    checked(RestrictedMean::new(tau).carry_forward().of_curve(curve));
    Ok(())
}

fn nelson_aalen(
    data: &impl SurvivalData,
    groups: &Groups,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    use HazardVariance::{Binomial, Greenwood, Poisson, Robust};
    let na = NelsonAalen::new()
        .confidence(level(source)?)
        .variance(one_of(&[Poisson, Binomial, Greenwood, Robust], source)?)
        .transform(one_of(&[HazardTransform::Log, HazardTransform::Plain], source)?)
        .ties(one_of(&[TieCorrection::None, TieCorrection::FlemingHarrington], source)?);
    checked(na.fit_by(data, groups));
    let Some(fit) = checked(na.fit(data)) else { return Ok(()) };
    assert!(!fit.to_string().is_empty());
    finite(&fit.cumulative_hazard_at(option(&[0.0, 1.0, 5.0], source)?));
    if let Some(made) = checked(fit.survival_curve(transform(source)?)) {
        curve(&made, source)?;
    }
    smoothed(&fit, source)
}

fn smoothed(fit: &NelsonAalenFit, source: &mut Unstructured<'_>) -> Result<()> {
    let mut smoothed = SmoothedHazard::new(option(&[1.0, 4.0, 0.1], source)?);
    if source.arbitrary()? {
        smoothed = smoothed.range(option(&[0.0, 1.0], source)?, option(&[4.0, 9.0], source)?);
    }
    checked(smoothed.confidence(level(source)?).of(fit, &times(source)?));
    Ok(())
}

struct Functionals<'a, 'b> {
    groups: Groups,
    source: &'a mut Unstructured<'b>,
}

impl Visit for Functionals<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (groups, source) = (&self.groups, &mut *self.source);
        let mut mean = RestrictedMean::new(option(&[1.0, 2.5, 8.0], source)?)
            .confidence(level(source)?)
            .variance(variance(source)?);
        if source.arbitrary()? {
            mean = mean.carry_forward();
        }
        checked(mean.fit(data));
        checked(mean.fit_by(data, groups));
        if let Some(comparison) = checked(mean.compare_by(data, groups)) {
            checked(comparison.contrast("1", "0"));
        }
        let estimands = [Estimand::Survival, Estimand::CumulativeHazard, Estimand::RestrictedMean];
        let mut influence = InfluenceFunctions::new(one_of(&estimands, source)?);
        if source.arbitrary()? {
            influence = influence.carry_forward();
        }
        let times = times(source)?;
        if let Some(fit) = checked(influence.fit(data, &times)) {
            finite(&fit.pseudo_values());
        }
        checked(influence.fit_by(data, groups, &times));
        let fits = KaplanMeier::new().fit_by(data, groups);
        if let Some(fits) = checked(fits) {
            compare(&fits, mean);
        }
        Ok(())
    }
}

fn compare(fits: &ByGroup<KaplanMeierFit>, mean: RestrictedMean) {
    checked(fits.tau_common());
    checked(mean.compare(fits));
}

fn life_tables(sample: &Sample, groups: &Groups, source: &mut Unstructured<'_>) -> Result<()> {
    let table = LifeTable::new(&times(source)?);
    checked(table.of_counts(&sample.exit, &sample.weight));
    let Some(data) = checked(right_censored(sample)) else { return Ok(()) };
    checked(table.fit(&data));
    checked(table.fit_by(&data, groups));
    Ok(())
}
