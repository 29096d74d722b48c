//! Subgroups of the treatment, with the tests of their interactions.

use riskset::CoxPh;
use riskset::study::{ForestData, ForestRowKind, Subgroups};

use super::cohort::{Cohort, MODEL_A, near, near_p};
use crate::golden::case::{list, text};

const VARIABLES: [&str; 5] = ["num", "syn", "mln", "male", "rect"];

#[test]
fn subgroups_are_those_of_r() {
    let cohort = Cohort::read();
    for endpoint in ["pfs", "os"] {
        let data = cohort.data(endpoint);
        let start = Subgroups::new(&cohort.group(), "sync", "none").min_events(0);
        let subgroups = VARIABLES
            .iter()
            .fold(start, |subgroups, name| subgroups.variable(name, &cohort.column(name).groups()));
        let forest = subgroups.fit(&data).unwrap();
        assert_eq!((forest.rows[0].kind, forest.rows[0].n), (ForestRowKind::Overall, Some(160.0)));
        let mut compared = 0;
        for theirs in list(&cohort.answers[endpoint]["subgroup"]) {
            let variable = text(&theirs["variable"]);
            let mut rows = forest.rows.iter().filter(|row| row.variable == variable);
            let heading = rows.next().unwrap();
            assert_eq!(heading.kind, ForestRowKind::Heading);
            near_p(&variable, heading.test.unwrap().p_value, &theirs["p_interaction"]);
            for (ours, theirs) in rows.zip(list(&theirs["rows"])) {
                assert_eq!(ours.label, text(&theirs["level"]));
                assert_eq!((ours.kind, ours.test), (ForestRowKind::Ratio, None));
                let what = format!("{endpoint} {variable} {}", ours.label);
                near(&what, ours.n.unwrap(), &theirs["n"]);
                near(&what, ours.estimate.unwrap(), &theirs["hr"]);
                near(&what, ours.interval.unwrap().lower.unwrap(), &theirs["lo"]);
                near(&what, ours.interval.unwrap().upper.unwrap(), &theirs["hi"]);
                compared += 1;
            }
        }
        assert_eq!(compared, 11);
    }
}

/// A level with few events keeps its counts, and says why it has no ratio.
#[test]
fn levels_with_few_events_are_left_out_by_name() {
    let cohort = Cohort::read();
    let subgroups = Subgroups::new(&cohort.group(), "sync", "none");
    let forest =
        subgroups.variable("epm", &cohort.column("epm").groups()).fit(&cohort.data("os")).unwrap();
    let bone = forest.rows.iter().find(|row| row.label == "bone").unwrap();
    assert_eq!((bone.kind, bone.estimate), (ForestRowKind::Omitted, None));
    assert_eq!(bone.note.as_deref(), Some("too few events"));
    assert!(bone.n.unwrap() > 0.0 && bone.n_events.unwrap() < 10.0);
    assert_eq!(forest.notes[1], "No hazard ratio for a level with fewer than 10 events.");
}

/// Every coefficient of model A is a row, below the reference of its factor.
#[test]
fn the_forest_of_a_model_has_every_coefficient() {
    let cohort = Cohort::read();
    for (endpoint, terms) in MODEL_A {
        let (data, design) = (cohort.data(endpoint), cohort.design(terms));
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let forest = ForestData::of_fit(&fit, &data, &design, 0.95).unwrap();
        let of = |kind| forest.rows.iter().filter(move |row| row.kind == kind);
        assert_eq!(of(ForestRowKind::Heading).count(), terms.len());
        assert_eq!(of(ForestRowKind::Reference).count(), terms.len());
        let theirs = list(&cohort.answers[endpoint]["model"]);
        assert_eq!(of(ForestRowKind::Ratio).count(), theirs.len());
        for (ours, theirs) in of(ForestRowKind::Ratio).zip(theirs) {
            near(&ours.label, ours.estimate.unwrap(), &theirs["hr"]);
            near(&ours.label, ours.interval.unwrap().upper.unwrap(), &theirs["hi"]);
            near_p(&ours.label, ours.test.unwrap().p_value, &theirs["p"]);
        }
        let events: f64 = forest.rows[1..5].iter().map(|row| row.n_events.unwrap()).sum();
        assert_eq!(events, data.n_events() as f64);
    }
}
