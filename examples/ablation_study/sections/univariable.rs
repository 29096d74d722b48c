//! Section 4: each covariate alone.

use riskset::CoxPh;
use riskset::regression::cox::CoxFit;
use riskset::study::{Cell, Table};

use super::super::cohort::Cohort;
use super::super::covariates::{COVARIATES, Covariate};
use super::super::model::{Endpoint, Model};
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{LEVEL, count, p_value, patients, ratio};
use super::covariate_rows::covariate_rows;

pub(crate) fn section(cohort: &Cohort) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let section = Section::new("4. Each covariate alone").words(
        "Cox models of one covariate each, with Efron's ties, on the patients that have it. The \
         disease-free interval is not among them: it is 0 for all synchronous metastases.",
    );
    Endpoint::ALL.into_iter().try_fold(section, |section, endpoint| {
        Ok(section.table(&format!("univariable-{}", endpoint.key()), table(endpoint, &patients)?))
    })
}

/// The model of one covariate.
fn alone<'a>(
    endpoint: Endpoint,
    patients: &[&'a Patient],
    covariate: Covariate,
) -> riskset::Result<(Model<'a>, CoxFit)> {
    let model = Model::new(endpoint, patients, &[covariate])?;
    let fit = CoxPh::new().fit(&model.data, &model.design)?;
    Ok((model, fit))
}

/// The likelihood-ratio p-value of the whole covariate; `None` where it has no model.
pub(super) fn whole(
    endpoint: Endpoint,
    patients: &[&Patient],
    covariate: Covariate,
) -> Option<f64> {
    let (_, fit) = alone(endpoint, patients, covariate).ok()?;
    fit.likelihood_ratio().map(|test| test.p_value)
}

fn table(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<Table> {
    let header = [
        "Covariate",
        "Patients",
        "Events",
        "HR (95% CI)",
        "p (Wald)",
        "df",
        "p (likelihood ratio, all levels)",
    ];
    let mut table = Table::new(&format!("{}: each covariate alone", endpoint.name()), &header);
    for covariate in COVARIATES {
        match alone(endpoint, patients, covariate) {
            Ok((model, fit)) => {
                let ratios = fit.hazard_ratios(LEVEL)?;
                let whole = fit.likelihood_ratio().map_or(vec![Cell::Empty; 2], |test| {
                    vec![test.df.map_or(Cell::Empty, count), p_value(test.p_value)]
                });
                let cells = |column: usize| {
                    let found: &riskset::inference::HazardRatio = &ratios[column];
                    let p = found.test.map_or(Cell::Empty, |test| p_value(test.p_value));
                    vec![ratio(found), p]
                };
                table.rows.extend(covariate_rows(&model, &covariate, whole, cells));
                table.footnotes.extend(model.notes);
            }
            Err(error) => {
                let words = Cell::Text(format!("no model: {error}"));
                table = table.row(covariate.name, vec![Cell::Empty, Cell::Empty, words]);
            }
        }
    }
    Ok(table)
}
