//! What a Cox model predicts.

use arbitrary::{Result, Unstructured};
use riskset::data::SurvivalData;
use riskset::regression::cox::{
    CovariatePath, CoxBaseline, Reference, StratumBaseline, SurvivalForm,
};
use riskset::{Design, Ties};

use crate::cox_options::cox;
use crate::design::{design, profile};
use crate::finite::{checked, checked_at, checked_unwritten, finite};
use crate::number::{level, option, times};
use crate::options::{one_of, transform};
use crate::sample::Sample;
use crate::survival::{Visit, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    visit(&sample, &mut Predictions { design, source })
}

struct Predictions<'a, 'b> {
    design: Design,
    source: &'a mut Unstructured<'b>,
}

fn reference(source: &mut Unstructured<'_>) -> Result<Reference> {
    one_of(&[Reference::Zero, Reference::SampleMean, Reference::StratumMean], source)
}

impl Visit for Predictions<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (design, source) = (&self.design, &mut *self.source);
        let model = cox(design, source)?;
        let Some(fit) = checked(model.fit(data, design)) else { return Ok(()) };
        checked(fit.baseline_by(Ties::Breslow, data, design));
        let Some(baseline) = checked(fit.baseline(data, design)) else { return Ok(()) };
        rows(&baseline, data, design, source)?;
        for stratum in ["0", "1", "nowhere"] {
            if let Some(from) = checked_unwritten(baseline.stratum(stratum)) {
                person(from, design, source)?;
            }
        }
        if let Some(from) = checked_unwritten(baseline.single()) {
            person(from, design, source)?;
        }
        checked(baseline.curves_by_stratum(&profile(design, source)?));
        Ok(())
    }
}

fn rows(
    baseline: &CoxBaseline,
    data: &impl SurvivalData,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let Ok(rows) = baseline.rows(data, design) else { return Ok(()) };
    let reference = reference(source)?;
    checked(rows.expected());
    checked(rows.linear_predictors(reference));
    checked(rows.risks(reference));
    checked(rows.terms(reference));
    let times = times(source)?;
    checked(rows.survival_at(&times));
    let row = source.int_in_range(0..=65)?;
    checked_at(rows.at(row, &times));
    checked(rows.curve(row));
    Ok(())
}

fn person(from: StratumBaseline<'_>, design: &Design, source: &mut Unstructured<'_>) -> Result<()> {
    let from = from
        .form(one_of(&[SurvivalForm::ExpHazard, SurvivalForm::ProductLimit], source)?)
        .transform(transform(source)?)
        .confidence(level(source)?);
    let (one, reference) = (profile(design, source)?, reference(source)?);
    if let Some(curve) = checked(from.curve(&one)) {
        finite(&curve.median());
        assert!(!format!("{curve:#}").is_empty());
        checked(curve.quantile(option(&[0.5, 0.1], source)?));
        crate::curves::curve(curve.curve(), source)?;
    }
    checked(from.reference_curve(reference));
    checked_at(from.at(&one, &times(source)?));
    let (start, end) = (option(&[0.0, 1.0], source)?, option(&[4.0, 9.0], source)?);
    checked(from.expected(&one, start, end));
    checked(from.restricted_mean(&one, end));
    checked(from.terms(&one, reference));
    checked(from.linear_predictor(&one, reference));
    checked(from.risk(&one, reference));
    let later = profile(design, source)?;
    checked(from.along(&CovariatePath::new().over(0.0, start, one).over(start, end, later)));
    Ok(())
}
