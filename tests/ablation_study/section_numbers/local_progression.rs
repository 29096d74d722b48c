//! Section 7.

use std::sync::LazyLock;

use riskset::statistic::Interval;
use riskset::study::Cell;

use super::super::cohort::Cohort;
use super::super::report::Section;
use super::super::sections::local_progression::section;
use super::super::sections::{bootstrap, lesions};
use super::{answers, cohort, near, options, ratio, row, table, value, words};
use crate::golden::case::{list, number};

/// With as few resamples as have limits.
static SECTION: LazyLock<Section> = LazyLock::new(|| section(&cohort(), &options()).unwrap());

const PARTS: [(&str, &str); 5] = [
    ("all", "all"),
    ("size < 30 mm", "small"),
    ("size >= 30 mm", "big"),
    ("elsewhere", "elsewhere"),
    ("peridiaphragmatic", "peri"),
];

#[test]
fn incidences_are_those_of_r() {
    let (table, r) = (table(&SECTION, "ltp-incidence"), &answers("ablation_sections")["incidence"]);
    for (part, theirs) in PARTS.map(|(part, name)| (part, &r[name])) {
        assert_eq!(value(&row(table, part, part).cells[0]), number(&theirs["n"]));
        let causes =
            [("local progression", "ltp", "cif_ltp"), ("death before it", "death", "cif_death")];
        for (label, events, incidence) in causes {
            let cells = &row(table, part, label).cells;
            assert_eq!(value(&cells[0]), number(&theirs[events]));
            for (cell, theirs) in cells[1..].iter().zip(list(&theirs[incidence])) {
                near(value(cell), theirs, 1e-9);
                let Cell::Probability { interval: Some(limits), .. } = cell else {
                    panic!("{cell:?}")
                };
                assert!(limits.lower.unwrap() < value(cell) && value(cell) < limits.upper.unwrap());
            }
        }
        let biased = &row(table, part, "1 - Kaplan-Meier, deaths censored").cells;
        for (cell, theirs) in biased[1..].iter().zip(list(&theirs["one_minus_km"])) {
            near(value(cell), theirs, 1e-9);
        }
    }
}

#[test]
fn gray_s_tests_are_those_of_r() {
    let (table, r) = (table(&SECTION, "ltp-gray"), &answers("ablation_sections")["gray"]);
    for (factor, theirs) in [("size >= 30 mm", &r["size"]), ("peridiaphragmatic", &r["peri"])] {
        for (place, cause) in ["local progression", "death before it"].iter().enumerate() {
            let cells = &row(table, factor, cause).cells;
            near(value(&cells[0]), &theirs["chisq"][place], 1e-8);
            near(value(&cells[2]), &theirs["p"][place], 1e-8);
        }
    }
}

#[test]
fn models_are_those_of_r() {
    let r = answers("ablation_sections");
    for (row, theirs) in table(&SECTION, "ltp-model").rows.iter().zip(list(&r["cause_specific"])) {
        ratio(&row.cells[0], theirs);
        let theirs = ["beta", "se", "se_used", "p"].map(|name| &theirs[name]);
        for (cell, theirs) in row.cells[1..].iter().zip(theirs) {
            near(value(cell), theirs, 1e-9);
        }
    }
    let univariable = table(&SECTION, "ltp-univariable");
    let ratios =
        univariable.rows.iter().filter(|row| matches!(row.cells.get(2), Some(Cell::Ratio { .. })));
    let theirs: Vec<_> =
        list(&r["univariable"]).iter().flat_map(|one| list(&one["rows"])).collect();
    assert_eq!((ratios.clone().count(), theirs.len()), (7, 7));
    for (row, theirs) in ratios.zip(theirs) {
        ratio(&row.cells[2], theirs);
        near(value(&row.cells[3]), &theirs["p"], 1e-8);
    }
}

#[test]
fn the_other_questions_are_those_of_r() {
    let r = answers("ablation_sections");
    let table = table(&SECTION, "ltp-questions");
    let lines = [
        ("cause-specific hazard (primary)", "cause_specific"),
        ("probability (Fine-Gray)", "fine_gray_clustered"),
        ("first progression of a patient", "patient_level"),
        ("progression or death", "progression_free"),
        ("first progression of a patient, or death", "patient_progression_free"),
    ];
    for (label, name) in lines {
        let cells = &row(table, label, label).cells;
        ratio(&cells[2], &r[name][0]);
        ratio(&cells[3], &r[name][1]);
    }
    // The likelihood is flat in the variance of the frailty, which R's search finds to six digits.
    let label = "hazard given the patient (gamma frailty)";
    let cells = &row(table, label, label).cells;
    for (cell, beta) in cells[2..].iter().zip(list(&r["frailty"]["beta"])) {
        assert!((value(cell).ln() - number(beta)).abs() < 1e-6, "{cell:?} {beta}");
    }
    let theta = format!("Variance of the frailty: {:.4}.", number(&r["frailty"]["theta"]));
    assert!(table.footnotes.contains(&theta), "{:?}", table.footnotes);
}

/// The bootstrap is that of its seed; what it says of the spread agrees with the standard error.
#[test]
fn limits_by_resampled_patients() {
    let cohort = cohort();
    let tumours = lesions::tumours(&cohort).unwrap();
    let limits = |seed, resamples| -> Option<Interval> {
        let n = cohort.patients.len();
        bootstrap::limits(&tumours, n, &[&|_| true], &[36.0], seed, resamples).unwrap()[0][0][0]
    };
    let first = limits(7, 199).unwrap();
    assert_eq!(Some(first), limits(7, 199));
    assert_ne!(Some(first), limits(8, 199));
    // R's variance takes tumours for independent.
    let naive = 2.0 * 1.96 * 0.000_228_922_730_65_f64.sqrt();
    let ratio = (first.upper.unwrap() - first.lower.unwrap()) / naive;
    assert!((0.75..1.4).contains(&ratio), "{ratio}");
    assert_eq!(limits(7, 19), None, "nineteen resamples have no tail of 2.5 %");
    // Every resample of one patient is that patient.
    let alone = lesions::patients(&Cohort::simulate(4, 1));
    let limits = bootstrap::limits(&alone, 1, &[&|_| true], &[500.0], 1, 39).unwrap();
    let all = bootstrap::incidences(&alone, &[500.0]).unwrap().unwrap();
    for (limits, estimate) in limits[0].iter().zip(&all) {
        assert_eq!(limits[0], Interval::new(estimate[0], estimate[0], 0.95).ok());
    }
}

/// Each says what cannot be estimated, and nothing panics.
#[test]
fn degenerate_cohorts() {
    let mut no_file = Cohort::simulate(1, 60);
    no_file.tumours = None;
    let text = words(&section(&no_file, &options()).unwrap());
    assert!(
        text.contains("The unit is the patient") && text.contains("no file of tumours"),
        "{text}"
    );

    let mut no_event = Cohort::simulate(1, 20);
    let free =
        |ltp: &mut super::super::patients::Ending| ltp.status = 2 * u8::from(ltp.status == 2);
    no_event.patients.iter_mut().for_each(|patient| free(&mut patient.ltp));
    no_event.tumours.iter_mut().flatten().for_each(|tumour| free(&mut tumour.ltp));
    let text = words(&section(&no_event, &options()).unwrap());
    assert!(text.contains("Cause-specific Cox model: not possible, since no events"), "{text}");

    let mut unknown = Cohort::simulate(1, 20);
    for tumour in unknown.tumours.iter_mut().flatten() {
        (tumour.size_mm, tumour.peridiaphragmatic, tumour.subpleural) = (None, None, Some(true));
    }
    let text = words(&section(&unknown, &options()).unwrap());
    assert!(text.contains("lack size or location") && text.contains("all are `yes`"), "{text}");
    assert!(text.contains("not in the data"), "{text}");

    for n in 1..4 {
        let text = words(&section(&Cohort::simulate(3, n), &options()).unwrap());
        assert!(text.contains("Cumulative incidence"), "{text}");
    }
}
