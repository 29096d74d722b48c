//! Cox models, what is inferred from them, and their residuals.

use arbitrary::{Result, Unstructured};
use riskset::data::SurvivalData;
use riskset::inference::{
    CumulativeSums, LevelPairs, Proportionality, TermHypothesis, TimeTransform,
};
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::{CoxFit, SharedFrailty};
use riskset::{CoxPh, Design, Profile};

use crate::cox_options::cox;
use crate::design::{design, profile};
use crate::finite::{checked, checked_at, checked_unwritten, finite};
use crate::number::{level, number, option, range, times};
use crate::options::{adjust, one_of, ties};
use crate::sample::Sample;
use crate::survival::{Visit, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    if source.ratio(1, 16)? {
        let sets = sample.stratum.as_ref().unwrap_or(&sample.group);
        let model = ConditionalLogistic::new().ties(ties(source)?);
        if let Some(fit) = checked(model.fit(&sample.event, sets, &design)) {
            checked(fit.odds_ratios(level(source)?));
        }
        return Ok(());
    }
    visit(&sample, &mut Models { design, source })
}

pub fn run_diagnostics(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(design) = design(&sample, source)? else { return Ok(()) };
    visit(&sample, &mut Diagnostics { design, source })
}

struct Models<'a, 'b> {
    design: Design,
    source: &'a mut Unstructured<'b>,
}

impl Visit for Models<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (design, source) = (&self.design, &mut *self.source);
        if source.ratio(1, 6)? {
            return frailty(data, design, source);
        }
        let model = cox(design, source)?;
        let range = range(source)?;
        let beta: Result<Vec<f64>> =
            design.columns().iter().map(|_| number(range, source)).collect();
        checked(model.likelihood_at(data, design, &beta?));
        let Some(fit) = checked(model.fit(data, design)) else { return Ok(()) };
        assert!(!format!("{fit}{fit:#}").is_empty());
        finite(&(fit.aic(), fit.bic(), fit.cox_snell_r_squared(), fit.nagelkerke_r_squared()));
        ratios(&fit, design, source)?;
        tests(&fit, data, design, source)
    }
}

fn ratios(fit: &CoxFit, design: &Design, source: &mut Unstructured<'_>) -> Result<()> {
    let level = level(source)?;
    checked(fit.hazard_ratios(level));
    let (one, other) = (profile(design, source)?, profile(design, source)?);
    checked(fit.hazard_ratio("one against other", &one, &other, level));
    let range = range(source)?;
    let weights: Result<Vec<f64>> =
        design.columns().iter().map(|_| number(range, source)).collect();
    checked(fit.contrast("contrast", &weights?, level));
    checked(fit.level_ratios("group", "1", &one, level));
    let pairs = LevelPairs::new().adjust(adjust(source)?).at(one).confidence(level);
    checked(pairs.of(fit, "group"));
    let values = times(source)?;
    for name in ["a", "b"] {
        checked(fit.ratios_along(name, &values, option(&[0.0, 1.0], source)?, &other, level));
        checked_at(fit.coefficient_at(name, &values, level));
    }
    Ok(())
}

fn tests(
    fit: &CoxFit,
    data: &impl SurvivalData,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    match source.int_in_range(0..=4)? {
        0 => drop(checked(fit.term_tests_of(TermHypothesis::TypeII, data, design))),
        1 => drop(checked(fit.term_tests_of(TermHypothesis::TypeIII, data, design))),
        2 => drop(checked(fit.sequential_tests(data, design))),
        3 => drop(checked(fit.profile_hazard_ratios(data, design, level(source)?))),
        _ => {
            drop(checked(fit.linearity_test("a", data, design)));
            let empty = Design::empty(design.n_rows());
            if let Some(null) = checked(CoxPh::new().fit(data, &empty)) {
                checked(fit.compare_nested(data, design, &null, &empty));
            }
        }
    }
    Ok(())
}

fn frailty(data: &impl SurvivalData, design: &Design, source: &mut Unstructured<'_>) -> Result<()> {
    let model =
        if source.arbitrary()? { SharedFrailty::gamma() } else { SharedFrailty::log_normal() };
    let mut model = model.ties(ties(source)?).confidence(level(source)?);
    if source.ratio(1, 4)? {
        model = model.theta(option(&[0.5, 0.0, 1e-8, 10.0], source)?);
    }
    if let Some(fit) = checked(model.fit(data, design)) {
        assert!(!fit.to_string().is_empty());
        checked(fit.hazard_ratios(level(source)?));
    }
    Ok(())
}

struct Diagnostics<'a, 'b> {
    design: Design,
    source: &'a mut Unstructured<'b>,
}

impl Visit for Diagnostics<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (design, source) = (&self.design, &mut *self.source);
        let model = cox(design, source)?;
        let Some(fit) = checked(model.fit(data, design)) else { return Ok(()) };
        checked_unwritten(model.fit_with_residuals(data, design));
        residuals(&fit, data, design, source)?;
        proportionality(&fit, data, design, source)?;
        checked(fit.expected_events(data, design));
        checked(fit.concordance(data, design));
        let sums = CumulativeSums::new().simulations(3).seed(source.arbitrary()?);
        checked(sums.functional_form(&fit, data, design));
        checked(sums.link(&fit, data, design));
        checked(sums.proportionality(&fit, data, design));
        checked(fit.hazard_ratio("none", &Profile::new(), &Profile::new(), 0.95));
        Ok(())
    }
}

fn residuals(
    fit: &CoxFit,
    data: &impl SurvivalData,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let Some(mut residuals) = checked_unwritten(fit.residuals(data, design)) else { return Ok(()) };
    if source.arbitrary()? {
        residuals = residuals.weighted();
    }
    if source.ratio(1, 4)? {
        let Some(collapsed) = checked_unwritten(residuals.clone().by_cluster()) else {
            return Ok(());
        };
        residuals = collapsed;
    }
    finite(&(residuals.martingale(), residuals.deviance(), residuals.cox_snell()));
    finite(&(residuals.score(), residuals.dfbeta(), residuals.dfbetas()));
    checked(Ok((residuals.schoenfeld(), residuals.influence(), residuals.influence().top(2))));
    finite(&residuals.schoenfeld().scaled());
    Ok(())
}

fn proportionality(
    fit: &CoxFit,
    data: &impl SurvivalData,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let transforms = [
        TimeTransform::KaplanMeier,
        TimeTransform::Rank,
        TimeTransform::Log,
        TimeTransform::Identity,
        TimeTransform::custom("root", f64::sqrt),
    ];
    let test = Proportionality::new().transform(one_of(&transforms, source)?);
    if let Some(tested) = checked(test.fit(fit, data, design)) {
        assert!(!format!("{tested:#}").is_empty());
    }
    if let Some(paths) = checked(test.paths(fit, data, design)) {
        for path in &paths.columns {
            checked(path.smooth(source.int_in_range(0..=6)?, level(source)?));
        }
    }
    Ok(())
}
