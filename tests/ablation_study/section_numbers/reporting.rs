//! Section 11.

use riskset::study::Cell;

use super::super::cohort::Cohort;
use super::super::sections::reporting::section;
use super::{cohort, options, row, table, words};

#[test]
fn the_paragraph_says_what_was_done() {
    let text = words(&section(&cohort(), &options()).unwrap());
    for part in [
        "Characteristics are given as mean (standard deviation) and median [quartiles]",
        "Survival was estimated by the Kaplan–Meier method",
        "Curves of 4 groups were compared by the log-rank test. The p-values of 6 tests were adjusted by Holm's",
        "Local progression was analysed by tumour",
        "resampled patients (seed 22296)",
        "Efron's method for ties and a robust (sandwich) variance",
        "636 rows had 124 events.",
        "The hazard ratio of sync against none was estimated within the levels of",
        "(Rust).",
        "bone 16",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// The digests are those of this cohort and of these options.
#[test]
fn the_manifest_tells_cohorts_apart() {
    let digests = |cohort: &Cohort| -> Vec<Cell> {
        let section = section(cohort, &options()).unwrap();
        table(&section, "manifest").rows.iter().map(|row| row.cells[0].clone()).collect()
    };
    let (one, other) = (digests(&Cohort::simulate(1, 40)), digests(&Cohort::simulate(2, 40)));
    assert_eq!((one.len(), &one), (7, &digests(&Cohort::simulate(1, 40))));
    // Version and options are the same.
    let same: Vec<bool> = one.iter().zip(&other).map(|(a, b)| a == b).collect();
    assert_eq!(same, [true, true, false, false, false, false, false]);
}

#[test]
fn every_item_has_a_place_or_is_said_to_have_none() {
    let section = section(&Cohort::simulate(1, 40), &options()).unwrap();
    let table = table(&section, "reporting-list");
    assert!(
        table.rows.iter().all(|row| matches!(&row.cells[0], Cell::Text(text) if !text.is_empty()))
    );
    let absent = Cell::Text("not in the data".to_owned());
    assert_eq!(row(table, "Eligibility", "Eligibility").cells[0], absent);
    assert_eq!(table.rows.iter().filter(|row| row.cells[0] == absent).count(), 5);
}

#[test]
fn degenerate_cohorts() {
    let mut no_file = Cohort::simulate(1, 40);
    no_file.tumours = None;
    let text = words(&section(&no_file, &options()).unwrap());
    assert!(
        text.contains("analysed by patient") && !text.contains("taken for a cluster"),
        "{text}"
    );
    for n in 1..4 {
        section(&Cohort::simulate(2, n), &options()).unwrap();
    }
}
