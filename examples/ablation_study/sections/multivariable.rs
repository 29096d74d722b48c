//! Section 5: the model of the abstract, and that of the usual rule.

use riskset::ndarray::Array2;
use riskset::plot::{Drawing, ForestPlot};
use riskset::regression::cox::CoxFit;
use riskset::statistic::TestResult;
use riskset::study::{Cell, ForestData, Table};
use riskset::{CoxPh, Ties};

use super::super::cohort::Cohort;
use super::super::covariates::{COVARIATES, Covariate, GROUP, NUMBER, SIZE};
use super::super::model::{Endpoint, Model};
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{
    LEVEL, add_figure, add_table, count, number, p_value, patients, ratio, test_cells,
};
use super::covariate_rows::covariate_rows;

/// A covariate enters Model B below this univariable p-value.
const THRESHOLD: f64 = 0.1;

/// Below this many events for each coefficient the table warns.
const FEW_EVENTS: f64 = 10.0;

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let mut section = Section::new("5. Multivariable models").words(format!(
        "Model A, the primary one, has the factors that the abstract names. Model B follows the usual \
         rule: every covariate with a univariable likelihood-ratio p below {THRESHOLD}, and the group \
         always. That rule drops factors that matter (in cohorts simulated like this one the mediastinal \
         node in 47%, the timing in 23%) and overstates those that stay."
    ));
    for endpoint in Endpoint::ALL {
        let chosen = chosen(endpoint, &patients);
        for (letter, covariates) in [("A", endpoint.model_a()), ("B", chosen)] {
            if letter == "B" {
                let names: Vec<&str> = covariates.iter().map(|covariate| covariate.name).collect();
                let names = names.join(", ");
                section = section.words(format!("{}, Model B takes in: {names}.", endpoint.name()));
            }
            section = of_model(section, letter, endpoint, &patients, &covariates, options);
        }
    }
    Ok(section)
}

/// The covariates of Model B.
fn chosen(endpoint: Endpoint, patients: &[&Patient]) -> Vec<Covariate> {
    let enters = |covariate: &Covariate| {
        let p = super::univariable::whole(endpoint, patients, *covariate);
        covariate.name == GROUP.name || p.is_some_and(|p| p < THRESHOLD)
    };
    COVARIATES.into_iter().filter(enters).collect()
}

/// The tables of one model, and the figure of the primary one.
fn of_model(
    section: Section,
    letter: &str,
    endpoint: Endpoint,
    patients: &[&Patient],
    covariates: &[Covariate],
    options: &Options,
) -> Section {
    let title = format!("{}, Model {letter}", endpoint.name());
    let fitted = Model::new(endpoint, patients, covariates).and_then(|model| {
        let fit = CoxPh::new().fit(&model.data, &model.design)?;
        Ok((model, fit))
    });
    let (model, fit) = match fitted {
        Ok(fitted) => fitted,
        Err(error) => return section.words(format!("{title}: no model, since {error}.")),
    };
    let key = |what: &str| format!("model-{}-{what}{}", letter.to_lowercase(), endpoint.key());
    let section = add_table(section, &key(""), &title, coefficients(&title, &model, &fit));
    let section = add_table(section, &key("terms-"), &title, terms(&title, &model, &fit));
    let section = section.table(&key("fit-"), quality(&title, &model, &fit));
    if letter == "A" {
        return add_figure(section, &key("forest-"), &title, forest(&title, &model, &fit, options));
    }
    section
}

/// Every coefficient by Efron's ties, and how far Breslow's are from it.
fn coefficients(title: &str, model: &Model<'_>, fit: &CoxFit) -> riskset::Result<Table> {
    let breslow = CoxPh::new().ties(Ties::Breslow).fit(&model.data, &model.design)?;
    let ratios = fit.hazard_ratios(LEVEL)?;
    let cells = |column: usize| {
        let coefficient = &fit.coefficients()[column];
        let decimals = |value: Option<f64>, decimals| {
            value.map_or(Cell::Empty, |value| number(value, decimals))
        };
        let test = ratios[column].test;
        let other = breslow.coefficients()[column].estimate;
        let difference = other.zip(coefficient.estimate).map(|(other, own)| other - own);
        vec![
            ratio(&ratios[column]),
            decimals(coefficient.estimate, 4),
            decimals(coefficient.std_error, 4),
            decimals(test.map(|test| test.statistic), 3),
            test.map_or(Cell::Empty, |test| p_value(test.p_value)),
            decimals(difference, 5),
        ]
    };
    let header = [
        "Covariate",
        "Patients",
        "Events",
        "HR (95% CI)",
        "β",
        "SE",
        "z",
        "p",
        "β Breslow - Efron",
    ];
    let mut table = Table::new(title, &header);
    for covariate in &model.covariates {
        table.rows.extend(covariate_rows(model, covariate, Vec::new(), cells));
    }
    table.footnotes.clone_from(&model.notes);
    table.footnotes.extend(fit.warnings().iter().map(ToString::to_string));
    Ok(table)
}

/// The tests of whole factors, and of number and size together.
fn terms(title: &str, model: &Model<'_>, fit: &CoxFit) -> riskset::Result<Table> {
    let tests = fit.term_tests(&model.data, &model.design)?;
    let header = ["Factor", "Wald chi-square", "df", "p", "LR chi-square", "df", "p"];
    let mut table = Table::new(&format!("{title}: tests of factors"), &header);
    for test in &tests.tests {
        let cells = |test: &Result<TestResult, riskset::inference::NoTest>| {
            test_cells(test.as_ref().map_err(ToString::to_string))
        };
        table = table.row(&test.term, [cells(&test.wald), cells(&test.likelihood_ratio)].concat());
    }
    let burden: Vec<usize> = (model.design.terms().iter())
        .filter(|term| [NUMBER.name, SIZE.name].contains(&term.name.as_str()))
        .flat_map(|term| term.columns.clone())
        .collect();
    let has = |covariate: Covariate| model.covariates.iter().any(|own| own.name == covariate.name);
    if has(NUMBER) && has(SIZE) {
        let mut contrasts = Array2::zeros((burden.len(), fit.coefficients().len()));
        burden.iter().enumerate().for_each(|(row, &column)| contrasts[[row, column]] = 1.0);
        let test = fit.wald_test(&contrasts);
        let cells = test_cells(test.as_ref().map_err(ToString::to_string));
        table = table.row("Tumour burden: number and size", cells);
    }
    Ok(table)
}

/// How much the model rests on, and how well it discriminates.
fn quality(title: &str, model: &Model<'_>, fit: &CoxFit) -> Table {
    let coefficients = fit.coefficients().iter().filter(|found| found.estimate.is_some()).count();
    // Nothing is left to share where all are aliased or infinite.
    let each = (coefficients > 0).then(|| fit.n_events() / coefficients as f64);
    let concordance = match fit.concordance(&model.data, &model.design) {
        Ok(found) => number(found.concordance, 4),
        Err(error) => Cell::Text(error.to_string()),
    };
    let table = Table::new(&format!("{title}: the fit"), &["Quantity", "Value"])
        .row("Patients", vec![Cell::Count(fit.n())])
        .row("Events", vec![Cell::Count(fit.n_events())])
        .row("Coefficients", vec![count(coefficients)])
        .row("Events per coefficient", vec![each.map_or(Cell::Empty, |each| number(each, 1))])
        .row("Log-likelihood without covariates", vec![number(fit.log_likelihood_null(), 4)])
        .row("Log-likelihood", vec![number(fit.log_likelihood(), 4)])
        .row("Harrell's C", vec![concordance]);
    if each.is_some_and(|each| each < FEW_EVENTS) {
        return table
            .footnote("Fewer than 10 events per coefficient: the model asks much of the data.");
    }
    table
}

fn forest(
    title: &str,
    model: &Model<'_>,
    fit: &CoxFit,
    options: &Options,
) -> riskset::Result<Drawing> {
    let forest = ForestData::of_fit(fit, &model.data, &model.design, LEVEL)?;
    ForestPlot::of(&forest).title(title).caption(&options.source.mark()).draw()
}
