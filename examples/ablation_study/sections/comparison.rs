//! Section 10: what this cohort says beside what was published.

use riskset::statistic::Interval;
use riskset::study::{Cell, Table};

use super::super::cohort::Cohort;
use super::super::report::Section;
use super::cells::{maybe, number, p_value, words};
use super::estimates::{Estimate, Estimates};
use super::published::{OF_THE_PAPER, OF_THE_RELATED, PAPER, Published, RELATED, STATEMENTS};

pub(crate) fn section(cohort: &Cohort) -> riskset::Result<Section> {
    let estimates = Estimates::new(cohort)?;
    let paper = table("Published and found here", &OF_THE_PAPER, &estimates)
        .footnote(&format!("Published: {PAPER}."));
    let related = table("A related study", &OF_THE_RELATED, &estimates).footnote(&format!(
        "Published: {RELATED}; 3.866 is the geometric mean of 4.813 and 3.105."
    ));
    Ok(Section::new("10. Beside the published numbers")
        .words(
            "A simulated cohort cannot tell whether the study is right: its effects were set so that the mean \
             over many cohorts is the published number, and agreement is by construction. What it can show is \
             how far one cohort of this size strays from its own truth, and so how much of a difference \
             between two studies is chance. With files of one's own the table compares two studies.",
        )
        .table("comparison", paper)
        .table("comparison-related", related)
        .table("statements", statements(&estimates)))
}

fn table(title: &str, published: &[Published], estimates: &Estimates) -> Table {
    let header = [
        "",
        "Published",
        "This run (95% CI)",
        "Difference, sd of a cohort",
        "Published value within the interval",
    ];
    let line = |table: Table, one: &Published| {
        let found = estimates.estimate(one.quantity);
        let [published, here] = cells(one, found);
        let within = match (found.value, found.interval) {
            (Some(_), Some(interval)) => {
                words(if contains(&interval, one.value) { "yes" } else { "no" })
            }
            _ => Cell::Empty,
        };
        table.row(
            one.name,
            vec![
                published,
                here,
                maybe(found.value.map(|value| difference(one, value)), |d| number(d, 2)),
                within,
            ],
        )
    };
    published.iter().fold(Table::new(title, &header), line).footnote(
        "Differences are in standard deviations over simulated cohorts of 326 patients, of ln for a hazard \
         ratio. The abstracts give no confidence intervals.",
    )
}

/// The published number, and what was found.
fn cells(one: &Published, found: Estimate) -> [Cell; 2] {
    if one.is_ratio() {
        let instead = "not estimated".to_owned();
        let interval = found.value.and(found.interval);
        return [number(one.value, 3), Cell::Ratio { value: found.value, instead, interval }];
    }
    [number(one.value, 1), Cell::Time { value: found.value, interval: found.interval }]
}

/// In standard deviations of one cohort.
fn difference(one: &Published, found: f64) -> f64 {
    let off = if one.is_ratio() { (found / one.value).ln() } else { found - one.value };
    off / one.spread
}

/// Open ends reach for ever.
fn contains(interval: &Interval, value: f64) -> bool {
    interval.lower.is_none_or(|lower| lower <= value)
        && interval.upper.is_none_or(|upper| value <= upper)
}

fn statements(estimates: &Estimates) -> Table {
    let header = ["", "Abstract", "p in this run"];
    let table = Table::new("What the abstract says of significance", &header);
    let line = |table: Table, statement: &super::published::Statement| {
        let p = estimates.p_value(statement.tested);
        table.row(statement.name, vec![words(statement.said), maybe(p, p_value)])
    };
    STATEMENTS.iter().fold(table, line).footnote(
        "Log-rank tests are unadjusted, those of the models Wald's, of local progression with the variance \
         clustered on the patient. The abstract gives a p-value for some, and calls the others independent.",
    )
}
