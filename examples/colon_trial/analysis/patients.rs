//! Who is in the trial: flow, missing values, characteristics by arm.

use riskset::statistic::LevelDifference;
use riskset::study::{Baseline, BaselineTable, Cell, Table};

use super::super::report::Section;
use super::super::trial::{ARMS, Row};
use super::competing::causes;
use super::{GRADES, LAYERS, arms, column};

pub(super) fn section(recurrence: &[Row], death: &[Row], baseline: &BaselineTable) -> Section {
    let text = format!(
        "The file has a row for recurrence ({}) and a row for death ({}). Arms are compared as randomised. \
         Characteristics are not tested between arms: chance alone can have made them differ.",
        recurrence.len(),
        death.len()
    );
    Section::new("Patients")
        .words(text)
        .table("flow", flow(recurrence, death))
        .table("missing", missing(death))
        .table("baseline", baseline)
}

/// What became of the patients of each arm.
fn flow(recurrence: &[Row], death: &[Row]) -> Table {
    let causes = causes(recurrence, death);
    let count = |rows: &[Row], belongs: &dyn Fn(usize, &Row) -> bool| {
        let arms = ARMS.iter().map(|arm| {
            let of_arm = rows.iter().enumerate().filter(|(_, row)| row.arm == *arm);
            of_arm.filter(|(place, row)| belongs(*place, row)).count()
        });
        let counts: Vec<usize> = arms.collect();
        let all = counts.iter().sum();
        counts.into_iter().chain([all]).map(|n| Cell::Count(n as f64)).collect::<Vec<Cell>>()
    };
    let header = ["", ARMS[0], ARMS[1], ARMS[2], "all"];
    Table::new("Patients by arm", &header)
        .row("randomised", count(death, &|_, _| true))
        .row("recurrence", count(recurrence, &|_, row| row.event))
        .row("death", count(death, &|_, row| row.event))
        .row("death without recurrence", count(recurrence, &|place, _| causes[place] == 2))
        .row("neither", count(recurrence, &|place, _| causes[place] == 0))
        .row("all covariates known", count(death, &|_, row| is_complete(row)))
}

fn is_complete(row: &Row) -> bool {
    !row.nodes.is_nan() && row.differentiation.is_some()
}

/// Only these columns of the file may be without a value.
fn missing(rows: &[Row]) -> Table {
    let n = rows.len() as f64;
    let line = |missing: &dyn Fn(&Row) -> bool| {
        let count = rows.iter().filter(|row| missing(row)).count() as f64;
        vec![Cell::CountShare { count, share: Some(count / n) }]
    };
    Table::new("Missing values", &["", "patients"])
        .row("positive nodes", line(&|row| row.nodes.is_nan()))
        .row("differentiation", line(&|row| row.differentiation.is_none()))
        .row("either", line(&|row| !is_complete(row)))
        .footnote("All other covariates are known of everybody.")
}

pub(super) fn baseline(rows: &[Row]) -> riskset::Result<BaselineTable> {
    const NO_YES: [&str; 2] = ["no", "yes"];
    Baseline::new()
        .factor("sex", &column(rows, |row| row.sex), &["female", "male"])
        .numeric("age, years", &column(rows, |row| row.age))
        .factor("obstruction", &column(rows, |row| row.obstruction), &NO_YES)
        .factor("perforation", &column(rows, |row| row.perforation), &NO_YES)
        .factor("adherence to organs", &column(rows, |row| row.adherence), &NO_YES)
        .numeric("positive nodes", &column(rows, |row| row.nodes))
        .factor("differentiation", &column(rows, |row| row.differentiation), &GRADES)
        .factor("local spread", &column(rows, |row| row.spread), &LAYERS)
        .factor("surgery to registration", &column(rows, |row| row.surgery), &["short", "long"])
        .differences(LevelDifference::LargestLevel)
        .by(&arms(rows)?)
}
