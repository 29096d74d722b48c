//! Cohorts of which some things cannot be said: a sentence takes their place.

use super::super::analysis::report;
use super::super::cohort::{Cohort, SEED};
use super::super::levels::{Extrapulmonary, Therapy};
use super::super::options::Options;
use super::super::patients::Patient;
use super::options;

/// The text of a changed cohort, which must not say that there is no number by printing one.
fn text(n: usize, change: impl Fn(usize, &mut Patient)) -> String {
    let mut cohort = Cohort::simulate(SEED, n);
    cohort.patients.iter_mut().enumerate().for_each(|(row, patient)| change(row, patient));
    let report = report(&cohort, &Options { permutations: 9, ..options() }).unwrap();
    assert_eq!(report.sections.len(), 12);
    let text = report.to_string();
    assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
    text
}

#[track_caller]
fn says(text: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
}

#[test]
fn one_group_only() {
    let text = text(120, |_, patient| patient.group = Therapy::Sync);
    says(
        &text,
        &[
            "pairs of groups: not possible, since `groups` has a single level, `sync`",
            "`Systemic therapy` has a single level, `sync`: at least two are needed; it is not in the model.",
            "Overall survival, Model A: the fit",
        ],
    );
}

#[test]
fn no_events() {
    let text = text(120, |_, patient| {
        (patient.os.status, patient.pfs.status, patient.pfs_type) = (0, 0, 0);
        patient.ltp.status = 0;
    });
    says(
        &text,
        &[
            "Overall survival: pairs of groups: not possible, since no events among 120 rows",
            "no model: no events among 120 rows",
            "Overall survival, Model A: no model, since no events among 120 rows.",
            "Overall survival: no test, since no events among 120 rows.",
        ],
    );
}

#[test]
fn all_tied() {
    let text = text(326, |_, patient| {
        for ending in [&mut patient.os, &mut patient.pfs, &mut patient.ltp] {
            ending.months = 10.0;
        }
    });
    says(&text, &["follow-up too short", "OS     196              1"]);
}

#[test]
fn a_level_without_an_event() {
    let text = text(326, |_, patient| {
        if patient.extrapulmonary == Some(Extrapulmonary::Other) {
            (patient.os.status, patient.pfs.status, patient.pfs_type) = (0, 0, 0);
        }
    });
    says(
        &text,
        &[
            "Extrapulmonary disease: none of the 17 patients with `other` has an event; they are left out",
        ],
    );
    assert!(!text.contains("not estimated"), "{text}");
}

#[test]
fn a_group_without_an_event_and_one_of_a_single_patient() {
    says(
        &text(326, |_, patient| {
            if patient.group == Therapy::Upfront {
                (patient.os.status, patient.pfs.status, patient.pfs_type) = (0, 0, 0);
            }
        }),
        &[
            "Systemic therapy: none of the 52 patients with `upfront` has an event; they are left out",
        ],
    );
    let text = text(80, |row, patient| {
        patient.group = if row == 0 { Therapy::Delayed } else { Therapy::None };
    });
    says(&text, &["delayed - none"]);
}

#[test]
fn a_centre_of_one_patient_and_patients_without_one() {
    let lone = |row: usize, patient: &mut Patient| {
        if row == 5 {
            patient.centre = Some("C9".to_owned());
        }
    };
    let text_of_one = text(326, lone);
    says(&text_of_one, &["C9", "Log-rank, stratified by centre"]);
    says(
        &text(326, |row, patient| patient.centre = patient.centre.take().filter(|_| row > 2)),
        &["3 patients without a centre are not in the stratified test."],
    );
}

#[test]
fn everything_missing_that_may_be() {
    let text = text(60, |_, patient| {
        (patient.age, patient.sex, patient.site, patient.nodes) = (None, None, None, None);
        (patient.number, patient.largest_mm, patient.bilateral) = (None, None, None);
        (patient.timing, patient.dfi_months, patient.extrapulmonary) = (None, None, None);
        (patient.mediastinal, patient.peridiaphragmatic, patient.modality) = (None, None, None);
        (patient.centre, patient.entry) = (None, None);
    });
    says(&text, &["Overall survival, Model A: no model, since"]);
}

#[test]
fn few_patients() {
    for n in [1, 2, 5, 12] {
        let text = text(n, |_, _| ());
        says(&text, &[&format!("{n} patients read")]);
    }
}
