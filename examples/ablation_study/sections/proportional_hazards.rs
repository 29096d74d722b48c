//! Section 6: whether the hazards of Model A are proportional.

use riskset::CoxPh;
use riskset::inference::{Proportionality, ProportionalityFit, TimeTransform};
use riskset::nonparametric::RestrictedMean;
use riskset::regression::cox::TimeFunction;
use riskset::statistic::Interval;
use riskset::study::{Cell, Table};

use super::super::cohort::Cohort;
use super::super::covariates::GROUP;
use super::super::model::{Endpoint, Model, groups};
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{LEVEL, add_table, number, p_value, patients, ratio_of_ln, test_cells};
use super::kaplan_meier::TAU;

/// Months at which a hazard ratio may change.
const CUTS: [f64; 2] = [12.0, 36.0];

pub(crate) fn section(cohort: &Cohort) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let mut section = Section::new("6. Proportional hazards").words(
        "Score test of adding time-dependent coefficients to Model A, the test itself and not its \
         approximation by an averaged variance, along 1 - S(t) of Kaplan-Meier and along time. Where the \
         group is below 0.05, one hazard ratio does not tell all, and those of three periods and the \
         restricted means stand beside it.",
    );
    for endpoint in Endpoint::ALL {
        let name = endpoint.name();
        match tested(endpoint, &patients) {
            Ok((model, fits)) => {
                let title = format!("{name}, Model A: tests of proportional hazards");
                let key = endpoint.key();
                section =
                    section.table(&format!("proportional-hazards-{key}"), table(&title, &fits));
                if group_changes(&fits[0]) {
                    let what = format!("{name}: hazard ratios by period");
                    section = add_table(
                        section,
                        &format!("periods-{key}"),
                        &what,
                        periods(&what, &model),
                    );
                    let what =
                        format!("{name}: differences of the means of the first {TAU} months");
                    let means = means(&what, endpoint, &patients);
                    section = add_table(section, &format!("mean-differences-{key}"), &what, means);
                }
            }
            Err(error) => section = section.words(format!("{name}: no test, since {error}.")),
        }
    }
    Ok(section)
}

/// Model A with its tests, along Kaplan-Meier and along time.
fn tested<'a>(
    endpoint: Endpoint,
    patients: &[&'a Patient],
) -> riskset::Result<(Model<'a>, [ProportionalityFit; 2])> {
    let model = Model::new(endpoint, patients, &endpoint.model_a())?;
    let fit = CoxPh::new().fit(&model.data, &model.design)?;
    let along = |transform| {
        Proportionality::new().transform(transform).fit(&fit, &model.data, &model.design)
    };
    let fits = [along(TimeTransform::KaplanMeier)?, along(TimeTransform::Identity)?];
    Ok((model, fits))
}

fn group_changes(fit: &ProportionalityFit) -> bool {
    let group = fit.terms().iter().find(|term| term.name == GROUP.name);
    group.and_then(|term| term.test).is_some_and(|test| test.p_value < 0.05)
}

fn table(title: &str, [km, identity]: &[ProportionalityFit; 2]) -> Table {
    let header =
        ["Factor", "Chi-square (KM)", "df", "p (KM)", "Chi-square (time)", "df", "p (time)"];
    let none = || "not tested".to_owned();
    let terms = km.terms().iter().zip(identity.terms());
    let table = terms.fold(Table::new(title, &header), |table, (km, identity)| {
        let cells = [km, identity].map(|term| test_cells(term.test.as_ref().ok_or_else(none)));
        table.row(&km.name, cells.concat())
    });
    let cells = [km, identity].map(|fit| test_cells(fit.global().ok_or_else(none)));
    table.row("All", cells.concat())
}

/// The hazard ratio of each group in each period, the other covariates being constant.
fn periods(title: &str, model: &Model<'_>) -> riskset::Result<Table> {
    let [first, second] = CUTS;
    let periods = [format!("0-{first}"), format!("{first}-{second}"), format!("> {second}")]
        .map(|period| format!("{period} months, HR (95% CI)"));
    let header: Vec<&str> =
        ["Group"].into_iter().chain(periods.iter().map(String::as_str)).collect();
    let varying = CoxPh::new().time_varying(GROUP.name, TimeFunction::step(&CUTS));
    let fit = varying.fit(&model.data, &model.design)?;
    let columns = model.design.coding().term(GROUP.name)?.columns.clone();
    let mut table = Table::new(title, &header);
    for column in &model.design.columns()[columns] {
        // A period ends with its cut.
        let found = fit.coefficient_at(column, &[first, second, second + 1.0], LEVEL)?;
        let cells = found.into_iter().map(|at| ratio_of_ln(at.estimate, at.interval)).collect();
        let level = column.split_once('=').map_or(column.as_str(), |(_, level)| level);
        table = table.row(level, cells);
    }
    Ok(table)
}

/// Restricted means against the last group, which is that without therapy.
fn means(title: &str, endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<Table> {
    let (data, groups) = (endpoint.data(patients)?, groups(patients)?);
    let means = RestrictedMean::new(TAU).confidence(LEVEL).compare_by(&data, &groups)?;
    let mut table = Table::new(title, &["Pair", "Difference, months", "Lower", "Upper", "p"]);
    let Some((reference, others)) = groups.names().split_last() else { return Ok(table) };
    for group in others {
        let difference = means.contrast(group, reference)?.difference;
        let Interval { lower, upper, .. } = difference.interval;
        let limit = |limit: Option<f64>| limit.map_or(Cell::Empty, |limit| number(limit, 2));
        let p = difference.test.map_or(Cell::Empty, |test| p_value(test.p_value));
        let cells = vec![number(difference.estimate, 2), limit(lower), limit(upper), p];
        table = table.row(&format!("{group} - {reference}"), cells);
    }
    Ok(table)
}
