//! Hazard ratios: of each covariate alone and of all together, and of the treatment within subgroups.

use riskset::data::CompleteCases;
use riskset::plot::ForestPlot;
use riskset::regression::cox::CoxFit;
use riskset::study::{
    Adjustment, ForestData, HazardRatioTable, HazardRatios, Methods, Subgroups, Table,
};
use riskset::{CoxPh, Design, Groups, RightCensored};

use super::super::report::Section;
use super::super::trial::{ARMS, Row};
use super::endpoint::Analysis;
use super::{arms, column, covariates, observed};

/// The multivariable model with the rows it was fitted to.
pub(super) struct Model {
    pub(super) data: RightCensored,
    pub(super) design: Design,
    pub(super) fit: CoxFit,
    complete: CompleteCases,
    ratios: HazardRatioTable,
    subgroups: ForestData,
}

impl Model {
    /// Its part of the methods.
    pub(super) fn said(&self, methods: Methods) -> Methods {
        methods
            .complete_cases(&self.complete)
            .hazard_ratios(&self.ratios)
            .subgroups(&self.subgroups)
    }
}

pub(super) fn section(analysis: &Analysis) -> riskset::Result<(Section, Model)> {
    let model = model(&analysis.rows)?;
    let complete = model.fit.n();
    let mut subgroups = Table::from(&model.subgroups);
    subgroups.title = format!("{}: {}", analysis.title, subgroups.title);
    subgroups.header[4] = "p (of a heading: interaction)".to_owned();
    let mut ratios = Table::from(&model.ratios);
    ratios.title = format!("{}: {}", analysis.title, ratios.title.to_lowercase());
    let section = Section::new(&format!("{}: effects", analysis.title))
        .words(format!(
            "Models are fitted to the {complete} patients whose covariates are all known, with {} {}.",
            model.fit.n_events(),
            analysis.events
        ))
        .table(&analysis.file("hazard_ratios"), ratios)
        .figure(
            &analysis.file("forest"),
            ForestPlot::of(&model.ratios.forest(Adjustment::Multivariable))
                .axis_label(&format!("Hazard ratio of {}", analysis.name))
                .draw()?,
            &format!(
                "{}: hazard ratios of the multivariable model, 95% confidence intervals; \
                 p of a factor by the likelihood ratio.",
                analysis.title
            ),
        )
        .table(&analysis.file("subgroups"), subgroups)
        .figure(
            &analysis.file("subgroups"),
            ForestPlot::of(&model.subgroups)
                .label_heading("Subgroup")
                .directions("favours chemotherapy", "favours observation")
                .draw()?,
            &format!(
                "{}: hazard ratios of {} within subgroups, all randomised; p of a heading: \
                 interaction.",
                analysis.title, model.subgroups.title
            ),
        );
    Ok((section, model))
}

fn model(rows: &[Row]) -> riskset::Result<Model> {
    let complete = CompleteCases::new(rows.len())?
        .numeric("positive nodes", &column(rows, |row| row.nodes))?
        .labels("differentiation", &column(rows, |row| row.differentiation))?;
    let subgroups = subgroups(rows)?;
    let rows = complete.select(rows)?;
    let (data, design) = (observed(&rows)?, covariates(&rows)?);
    let ratios = HazardRatios::new().fit(&data, &design)?;
    let fit = match &ratios.model {
        Some(fit) => fit.clone(),
        None => CoxPh::new().fit(&data, &design)?,
    };
    Ok(Model { data, design, fit, complete, ratios, subgroups })
}

/// Chemotherapy against observation, within what was known at registration.
fn subgroups(rows: &[Row]) -> riskset::Result<ForestData> {
    let grade = column(rows, |row| row.differentiation.unwrap_or("unknown"));
    let age = column(rows, |row| if row.age < 65.0 { "under 65" } else { "65 or above" });
    let nodes = column(rows, |row| match row.nodes {
        nodes if nodes.is_nan() => "unknown",
        nodes if nodes > 4.0 => "more than 4",
        _ => "up to 4",
    });
    Subgroups::new(&arms(rows)?, ARMS[2], ARMS[0])
        .variable("sex", &Groups::new(&column(rows, |row| row.sex))?)
        .variable("age", &Groups::with_levels(&age, &["under 65", "65 or above"])?)
        .variable("obstruction", &Groups::new(&column(rows, |row| row.obstruction))?)
        .variable("adherence to organs", &Groups::new(&column(rows, |row| row.adherence))?)
        .variable(
            "positive nodes",
            &Groups::with_levels(&nodes, &["up to 4", "more than 4", "unknown"])?,
        )
        .variable(
            "differentiation",
            &Groups::with_levels(&grade, &["well", "moderate", "poor", "unknown"])?,
        )
        .variable("surgery to registration", &Groups::new(&column(rows, |row| row.surgery))?)
        .fit(&observed(rows)?)
}
