//! The curves that a case of R's `survfit` asks for.

use std::collections::BTreeSet;

use riskset::curve::SurvivalCurve;
use riskset::data::{SurvivalData, Variance};
use riskset::nonparametric::{HazardVariance, KaplanMeierFit, NelsonAalenFit, TieCorrection};
use riskset::statistic::IntervalTransform;
use riskset::{KaplanMeier, NelsonAalen, Weights};

use super::case::Case;
use super::observed::{Observed, groups};

/// The estimates of one group.
pub struct Curves {
    pub name: String,
    pub kaplan_meier: KaplanMeierFit,
    pub nelson_aalen: NelsonAalenFit,
    /// The curve that R's `stype` asks for: the product limit, or exp(−Λ).
    pub survival: SurvivalCurve,
}

/// One for each group of the case.
pub fn curves(case: &Case, weights: Option<Weights>) -> Vec<Curves> {
    match Observed::new(case, weights) {
        Observed::RightCensored(data) => estimates(case, &data),
        Observed::CountingProcess(data) => estimates(case, &data),
    }
}

fn estimates(case: &Case, data: &impl SurvivalData) -> Vec<Curves> {
    let level = case.spec["conf_int"].as_f64().unwrap();
    let transform = transform(case);
    let robust = robust(case);
    let variance = if robust { Variance::Robust } else { Variance::ModelBased };
    let kaplan_meier = KaplanMeier::new().confidence(level).transform(transform).variance(variance);
    let ties = match case.spec["ctype"].as_u64() {
        Some(1) => TieCorrection::None,
        Some(2) => TieCorrection::FlemingHarrington,
        other => panic!("ctype {other:?}"),
    };
    let variance = if robust { HazardVariance::Robust } else { HazardVariance::Poisson };
    let nelson_aalen = NelsonAalen::new().confidence(level).ties(ties).variance(variance);
    let by_hazard = match case.spec["stype"].as_u64() {
        Some(1) => false,
        Some(2) => true,
        other => panic!("stype {other:?}"),
    };
    let one = |name: &str, kaplan_meier: &KaplanMeierFit, nelson_aalen: &NelsonAalenFit| {
        let product_limit = kaplan_meier.curve().clone();
        let survival = match by_hazard {
            true => nelson_aalen.survival_curve(transform).unwrap(),
            false => product_limit,
        };
        let (kaplan_meier, nelson_aalen) = (kaplan_meier.clone(), nelson_aalen.clone());
        Curves { name: name.to_owned(), kaplan_meier, nelson_aalen, survival }
    };
    match groups(case) {
        None => {
            vec![one("all", &kaplan_meier.fit(data).unwrap(), &nelson_aalen.fit(data).unwrap())]
        }
        Some(groups) => {
            let kaplan_meier = kaplan_meier.fit_by(data, &groups).unwrap();
            let nelson_aalen = nelson_aalen.fit_by(data, &groups).unwrap();
            (kaplan_meier.iter().zip(nelson_aalen.iter()))
                .map(|((name, s), (_, hazard))| one(name, s, hazard))
                .collect()
        }
    }
}

/// R takes the robust variance when told to, and by itself where there are clusters, where an id has
/// several events, and where a weight is not whole.
pub fn robust(case: &Case) -> bool {
    let by_itself =
        || case.text("cluster").is_some() || case.has_fractional_weights() || recurrent(case);
    case.spec["robust"].as_bool().unwrap_or_else(by_itself)
}

/// Whether some id has several events.
pub fn recurrent(case: &Case) -> bool {
    let ids = case.text("id").into_iter().flatten().zip(case.event());
    let with_event: Vec<&String> = ids.filter(|(_, event)| *event).map(|(id, _)| id).collect();
    with_event.iter().collect::<BTreeSet<_>>().len() < with_event.len()
}

fn transform(case: &Case) -> IntervalTransform {
    match case.spec["conf_type"].as_str().unwrap() {
        "plain" => IntervalTransform::Plain,
        // Without limits only the rest of the curve is compared.
        "log" | "none" => IntervalTransform::Log,
        "log-log" => IntervalTransform::LogLog,
        "logit" => IntervalTransform::Logit,
        "arcsin" => IntervalTransform::Arcsin,
        other => panic!("conf_type {other}"),
    }
}
