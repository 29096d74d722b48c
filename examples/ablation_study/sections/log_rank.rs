//! Section 3: log-rank tests of all groups and of every pair.

use riskset::nonparametric::{LogRankFit, Pairwise, TestWeight};
use riskset::statistic::{Adjust, TestResult};
use riskset::study::{Cell, Table};
use riskset::{Groups, LogRank};

use super::super::cohort::Cohort;
use super::super::model::{Endpoint, groups};
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{add_table, number, p_value, patients, test_cells};

pub(crate) fn section(cohort: &Cohort) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let section = Section::new("3. Log-rank tests").words(
        "Which pairs differ depends on the adjustment for six tests, so that all are here; Holm's is the \
         primary one. Each pair is tested on its two groups alone.",
    );
    Ok(Endpoint::ALL.into_iter().fold(section, |section, endpoint| {
        let (name, key) = (endpoint.name(), endpoint.key());
        let section = add_table(
            section,
            &format!("log-rank-groups-{key}"),
            &format!("{name}: observed and expected events"),
            observed(endpoint, &patients),
        );
        let section = section.table(&format!("log-rank-{key}"), tests(endpoint, &patients));
        let pairs = pairs(endpoint, &patients);
        add_table(section, &format!("pairs-{key}"), &format!("{name}: pairs of groups"), pairs)
    }))
}

fn observed(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<Table> {
    let fit = LogRank::new().fit(&endpoint.data(patients)?, &groups(patients)?)?;
    let title = format!("{}: observed and expected events", endpoint.name());
    let table = Table::new(&title, &["Group", "Patients", "Observed", "Expected"]);
    Ok(fit.groups().iter().zip(fit.counts()).fold(table, |table, (name, counts)| {
        let cells =
            vec![Cell::Count(counts.n), Cell::Count(counts.observed), number(counts.expected, 2)];
        table.row(name, cells)
    }))
}

fn tests(endpoint: Endpoint, patients: &[&Patient]) -> Table {
    let title = format!("{}: tests of all groups", endpoint.name());
    let known: Vec<&Patient> =
        patients.iter().copied().filter(|patient| patient.centre.is_some()).collect();
    let overall = |weight| fit(endpoint, patients, weight).map(|fit| *fit.test());
    let fits = [
        ("Log-rank", overall(TestWeight::LogRank)),
        ("Log-rank, stratified by centre", by_centre(endpoint, &known)),
        ("Peto-Peto", overall(TestWeight::PetoPeto)),
    ];
    let table = Table::new(&title, &["Test", "Chi-square", "df", "p"]);
    let table = fits.into_iter().fold(table, |table, (name, test)| {
        table.row(name, test_cells(test.as_ref().map_err(ToString::to_string)))
    });
    match patients.len() - known.len() {
        0 => table,
        n => table
            .footnote(&format!("{n} patients without a centre are not in the stratified test.")),
    }
}

pub(super) fn fit(
    endpoint: Endpoint,
    patients: &[&Patient],
    weight: TestWeight,
) -> riskset::Result<LogRankFit> {
    LogRank::new().weight(weight).fit(&endpoint.data(patients)?, &groups(patients)?)
}

fn by_centre(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<TestResult> {
    let centres: Vec<&str> =
        patients.iter().filter_map(|patient| patient.centre.as_deref()).collect();
    let data = endpoint.data(patients)?.with_strata(&centres)?;
    Ok(*LogRank::new().fit(&data, &groups(patients)?)?.test())
}

fn pairs(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<Table> {
    let (data, groups): (_, Groups) = (endpoint.data(patients)?, groups(patients)?);
    let adjusts = [Adjust::Holm, Adjust::Bonferroni, Adjust::BenjaminiHochberg];
    let adjusted = adjusts.map(|adjust| Pairwise::new().adjust(adjust).fit(&data, &groups));
    let [holm, bonferroni, benjamini_hochberg] = adjusted;
    let (holm, others) = (holm?, [bonferroni?, benjamini_hochberg?]);
    let title = format!("{}: log-rank tests of pairs of groups", endpoint.name());
    let header =
        ["Pair", "Chi-square", "p", "p (Holm)", "p (Bonferroni)", "p (Benjamini-Hochberg)"];
    let table = Table::new(&title, &header);
    Ok(holm.iter().enumerate().fold(table, |table, (place, pair)| {
        let mut cells = vec![
            number(pair.test.statistic, 3),
            p_value(pair.test.p_value),
            p_value(pair.adjusted),
        ];
        cells.extend(others.iter().map(|pairs| p_value(pairs[place].adjusted)));
        table.row(&format!("{} - {}", pair.a, pair.b), cells)
    }))
}
