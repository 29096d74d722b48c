//! Section 8: the effect of the groups under other analyses.

use riskset::inference::HazardRatio;
use riskset::plot::{CurvePlot, Drawing};
use riskset::regression::cox::CoxFit;
use riskset::study::{Cell, Table};
use riskset::{CoxPh, Error, KaplanMeier, RightCensored, Ties};
use std::collections::BTreeSet;

use super::super::cohort::Cohort;
use super::super::covariates::{COVARIATES, GROUP};
use super::super::levels::{Kras, Level, Therapy};
use super::super::model::{Endpoint, Model};
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{LEVEL, add_figure, add_table, count, maybe, number, patients, ratio, words};
use super::propensity::{CUTS, Propensity, Weighting};

/// Months of the landmark.
pub(crate) const LANDMARK: f64 = 3.0;

/// Fewer clusters than this are too few for their sandwich variance.
const FEW_CLUSTERS: usize = 40;

/// The groups that are compared with no systemic therapy.
const TREATED: [Therapy; 3] = [Therapy::Sync, Therapy::Upfront, Therapy::Delayed];

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let mut section = Section::new("8. Sensitivity of the treatment effect");
    if !patients.iter().any(|patient| patient.group == Therapy::None)
        || !patients.iter().any(|patient| patient.group != Therapy::None)
    {
        return Ok(section
            .words("Patients with and without systemic therapy are needed: nothing to compare."));
    }
    let propensity = Propensity::new(&patients);
    let weightings = propensity.as_ref().map_err(Clone::clone).and_then(Propensity::weightings);
    let weighted = match (&propensity, &weightings) {
        (Ok(propensity), Ok(weightings)) => Ok((propensity, weightings)),
        (Err(error), _) | (_, Err(error)) => Err(error.clone()),
    };
    for endpoint in Endpoint::ALL {
        let name = format!("sensitivity-{}", endpoint.key());
        section = section.table(&name, effects(endpoint, &patients, weighted.clone()));
    }
    let n = centres(&patients).len();
    if (2..FEW_CLUSTERS).contains(&n) {
        section = section.words(format!(
            "Warning: {n} centres are too few clusters for a sandwich variance. Intervals clustered on the \
             centre are too short, and shown for that alone."
        ));
    }
    section = section.words(
        "A weighted hazard ratio is marginal and that of the model conditional on the \
         covariates: with strong effects they differ without any confounding. Upfront therapy is defined by what \
         comes later, so that whoever progresses or dies early cannot be in that group; in a simulated cohort \
         there is no such bias and the landmark should change little, in real data a change is a warning.",
    );
    section =
        add_table(section, "weights", "Weights", weighted.clone().map(|(_, all)| weights(all)));
    let Ok((propensity, weightings)) = weighted else { return Ok(section) };
    let left_out = patients.len() - propensity.patients.len();
    if left_out > 0 {
        section = section.words(format!(
            "{left_out} patients with a missing baseline value have no weight and are not in the weighted lines."
        ));
    }
    let warnings = propensity.warnings();
    if !warnings.is_empty() {
        section = section.words(format!("Of the propensity model: {warnings}."));
    }
    for endpoint in Endpoint::ALL {
        section = add_figure(
            section,
            &format!("weighted-{}", endpoint.key()),
            "Kaplan-Meier curves under stabilised weights.",
            curves(endpoint, propensity, weightings, &options.source.mark()),
        );
    }
    Ok(section)
}

/// The model that an analysis fits, or why there is none.
type Answer = riskset::Result<(CoxFit, Vec<String>)>;

/// Each analysis of an endpoint.
fn effects(
    endpoint: Endpoint,
    patients: &[&Patient],
    weighted: riskset::Result<(&Propensity<'_>, &[Weighting; 3])>,
) -> Table {
    let title = format!("{}: hazard ratio against no systemic therapy (95% CI)", endpoint.name());
    let mut table = Table::new(&title, &["", "n", "Events", "sync", "upfront", "delayed"]);
    let mut notes: Vec<String> = Vec::new();
    let efron = CoxPh::new();
    let a = |patients: &[&Patient]| fit(endpoint, patients, &efron, |data, _| Ok(data));
    let with_centre = filtered(patients, |patient| patient.centre.is_some());
    let late = filtered(patients, |patient| endpoint.ending(patient).months > LANDMARK);
    let complete = filtered(patients, is_complete);
    let mut lines: Vec<(&str, Answer)> = vec![
        ("crude", crude(endpoint, patients, |data, _| Ok(data))),
        ("model A", a(patients)),
        (
            "model A, stratified by centre",
            fit(endpoint, &with_centre, &efron, |data, rows| data.with_strata(&labels(rows))),
        ),
        (
            "model A, clustered on centre",
            several(&with_centre).and_then(|()| {
                fit(endpoint, &with_centre, &efron, |data, rows| data.with_clusters(&labels(rows)))
            }),
        ),
        (
            "model A, Breslow's ties",
            fit(endpoint, patients, &efron.clone().ties(Ties::Breslow), |data, _| Ok(data)),
        ),
        ("model A, from 3 months on", a(&late)),
        ("model A, nothing missing", a(&complete)),
    ];
    match weighted {
        Ok((propensity, weightings)) => lines.extend(weightings.iter().map(|weighting| {
            let weigh = |data: RightCensored, rows: &[&Patient]| {
                data.with_weights(propensity.weights_of(rows, weighting)?)
            };
            (weighting.name, crude(endpoint, &propensity.patients, weigh))
        })),
        Err(error) => lines.push(("weighted", Err(error))),
    }
    for (name, answer) in lines {
        let cells = match answer {
            Ok((fit, left_out)) => {
                notes.extend(
                    left_out.into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>(),
                );
                let counts = [Cell::Count(fit.n()), Cell::Count(fit.n_events())];
                counts.into_iter().chain(treated(&fit)).collect()
            }
            Err(error) => vec![Cell::Empty, Cell::Empty, words(format!("not estimated: {error}"))],
        };
        table = table.row(name, cells);
    }
    let (events, censored): (Vec<&Patient>, Vec<&Patient>) = (patients.iter())
        .filter(|patient| endpoint.ending(patient).months <= LANDMARK)
        .partition(|patient| endpoint.has_event(patient));
    let covariates: Vec<&str> = endpoint.model_a().iter().map(|covariate| covariate.name).collect();
    table = table.footnote(&format!("Model A: {}.", covariates.join(", "))).footnote(&format!(
        "The landmark leaves out {} patients with an event by {LANDMARK} months and {} no longer followed.",
        events.len(),
        censored.len()
    ));
    notes.iter().fold(table, |table, note| table.footnote(note))
}

fn labels(patients: &[&Patient]) -> Vec<String> {
    patients.iter().filter_map(|patient| patient.centre.clone()).collect()
}

/// The centres that have patients.
fn centres<'a>(patients: &[&'a Patient]) -> BTreeSet<&'a str> {
    patients.iter().filter_map(|patient| patient.centre.as_deref()).collect()
}

/// A single cluster has no variance.
fn several(patients: &[&Patient]) -> riskset::Result<()> {
    match centres(patients).into_iter().collect::<Vec<_>>().as_slice() {
        [] => Err(Error::SingleLevel { what: "centre".to_owned(), level: "missing".to_owned() }),
        [only] => Err(Error::SingleLevel { what: "centre".to_owned(), level: (*only).to_owned() }),
        _ => Ok(()),
    }
}

/// Patients without any missing value, unknown KRAS and markers among them.
fn is_complete(patient: &Patient) -> bool {
    let marker = patient.cea.is_some() && patient.ca199.is_some() && patient.kras != Kras::Unknown;
    marker && COVARIATES.iter().all(|covariate| covariate.is_known(patient))
}

fn filtered<'a>(patients: &[&'a Patient], keep: impl Fn(&Patient) -> bool) -> Vec<&'a Patient> {
    patients.iter().copied().filter(|patient| keep(patient)).collect()
}

/// Model A, with what the analysis does to the rows.
fn fit(
    endpoint: Endpoint,
    patients: &[&Patient],
    cox: &CoxPh,
    change: impl Fn(RightCensored, &[&Patient]) -> riskset::Result<RightCensored>,
) -> Answer {
    let model = Model::new(endpoint, patients, &endpoint.model_a())?;
    let data = change(model.data, &model.patients)?;
    Ok((cox.fit(&data, &model.design)?, model.notes))
}

/// The group alone.
fn crude(
    endpoint: Endpoint,
    patients: &[&Patient],
    change: impl Fn(RightCensored, &[&Patient]) -> riskset::Result<RightCensored>,
) -> Answer {
    let model = Model::new(endpoint, patients, &[GROUP])?;
    let data = change(model.data, &model.patients)?;
    Ok((CoxPh::new().fit(&data, &model.design)?, model.notes))
}

/// The cells of the three groups.
fn treated(fit: &CoxFit) -> Vec<Cell> {
    let Ok(ratios) = fit.hazard_ratios(LEVEL) else { return Vec::new() };
    let cell = |group: Therapy| {
        let name = format!("{}={}", GROUP.name, group.name());
        ratios.iter().find(|hr: &&HazardRatio| hr.name == name).map_or(Cell::Empty, ratio)
    };
    TREATED.map(cell).to_vec()
}

/// Range and effective number of the weights, and the balance without and with them.
fn weights(weightings: &[Weighting; 3]) -> Table {
    let header =
        ["", "Smallest", "Largest", "Effective n", "Largest standardised difference", "Cut"];
    let before = weightings[0].balance.largest_before();
    let mut table = Table::new("Weights", &header).row(
        "none",
        vec![
            Cell::Empty,
            Cell::Empty,
            count(weightings[0].weights.overall().n),
            maybe(before, |value| number(value, 3)),
        ],
    );
    for Weighting { name, weights, balance } in weightings {
        let all = weights.overall();
        let cut = weights.truncation().map_or(Cell::Empty, |cut| {
            words(format!("{} raised, {} lowered", cut.n_raised, cut.n_lowered))
        });
        let cells = vec![
            number(all.smallest, 3),
            number(all.largest, 3),
            number(all.n_effective, 1),
            maybe(balance.largest_after(), |value| number(value, 3)),
            cut,
        ];
        table = table.row(name, cells);
    }
    table
        .footnote("Effective n: (sum of weights)² / sum of squares. The difference is the largest over all covariates, levels and pairs of groups.")
        .footnote(&format!("Truncated at the quantiles {} and {} of all weights.", CUTS[0], CUTS[1]))
}

fn curves(
    endpoint: Endpoint,
    propensity: &Propensity<'_>,
    weightings: &[Weighting; 3],
    mark: &str,
) -> riskset::Result<Drawing> {
    let weights = weightings[0].weights.weights().clone();
    let data = endpoint.data(&propensity.patients)?.with_weights(weights)?;
    CurvePlot::survival(&KaplanMeier::new().fit_by(&data, propensity.groups())?)
        .title(&format!("{}, weighted", endpoint.name()))
        .caption(mark)
        .time_label("Months since the first ablation")
        .tick_step(12.0)
        .time_limit(84.0)
        .percent(true)
        .draw()
}
