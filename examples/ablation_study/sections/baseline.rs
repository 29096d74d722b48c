//! Section 1: baseline characteristics by group.

use riskset::statistic::LevelDifference;
use riskset::study::{Baseline, BaselineTable, LevelTest, NumberTest, Table};

use super::super::cohort::Cohort;
use super::super::covariates::{COVARIATES, Covariate, GROUP, Values};
use super::super::model::groups;
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{add_table, patients};

type Number = (&'static str, fn(&Patient) -> Option<f64>);

const NUMBERS: [Number; 5] = [
    ("Age, years", |patient| patient.age.map(f64::from)),
    ("Largest tumour, mm", |patient| patient.largest_mm.map(f64::from)),
    ("Disease-free interval, months (0 if synchronous)", |patient| patient.dfi_months),
    ("CEA, ng/mL", |patient| patient.cea),
    ("CA19-9, U/mL", |patient| patient.ca199),
];

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let table = table(&patients(cohort), options).map(|table| {
        let mut table = Table::from(&table);
        table.title = "Baseline characteristics by group".to_owned();
        table
    });
    let section = Section::new("1. Baseline characteristics").words(
        "Outcomes are not tested here. With groups this small a p-value says little about balance: the \
         standardised difference does.",
    );
    Ok(add_table(section, "baseline", "Baseline characteristics", table))
}

pub(super) fn table(patients: &[&Patient], options: &Options) -> riskset::Result<BaselineTable> {
    let centre: Vec<Option<&str>> =
        patients.iter().map(|patient| patient.centre.as_deref()).collect();
    let start = Baseline::new()
        .number_test(NumberTest::KruskalWallis)
        .level_test(LevelTest::Pearson)
        .permutations(options.permutations)
        .seed(options.source.seed())
        .differences(LevelDifference::LargestLevel)
        .labels("Centre", &centre);
    let start = NUMBERS.iter().fold(start, |table, (name, of)| {
        let values: Vec<f64> =
            patients.iter().map(|patient| of(patient).unwrap_or(f64::NAN)).collect();
        table.numeric(name, &values)
    });
    let factors = COVARIATES.iter().filter(|covariate| covariate.name != GROUP.name);
    let add = |table: Baseline, Covariate { name, values }: &Covariate| match values {
        Values::Levels(levels, of) => {
            let labels: Vec<Option<&str>> = patients.iter().map(|patient| of(patient)).collect();
            table.factor(name, &labels, levels)
        }
        Values::Number(_) => table,
    };
    factors.fold(start, add).by(&groups(patients)?)
}
