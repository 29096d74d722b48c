//! Section 9.

use riskset::study::Cell;

use super::super::cohort::Cohort;
use super::super::levels::Therapy;
use super::super::sections::subgroups::section;
use super::{answers, cohort, near, options, ratio, table, value, words};
use crate::golden::case::list;

#[test]
fn the_forests_are_those_of_r() {
    let (section, r) = (section(&cohort(), &options()).unwrap(), answers("ablation"));
    for endpoint in ["pfs", "os"] {
        let table = table(&section, &format!("subgroups-{endpoint}"));
        // The row of all patients, then for each variable its test and its levels.
        let mut rows = table.rows[1..].iter();
        let mut left_out = 0;
        for variable in list(&r[endpoint]["subgroup"]) {
            near(value(&rows.next().unwrap().cells[3]), &variable["p_interaction"], 1e-8);
            for theirs in list(&variable["rows"]) {
                let cells = &rows.next().unwrap().cells;
                near(value(&cells[0]), &theirs["n"], 0.0);
                match &cells[2] {
                    Cell::Text(why) => {
                        assert_eq!(why, "too few events");
                        assert!(value(&cells[1]) < 10.0);
                        left_out += 1;
                    }
                    hr => ratio(hr, theirs),
                }
            }
        }
        assert_eq!((rows.next(), left_out), (None, 0));
    }
}

#[test]
fn degenerate_cohorts() {
    let mut one_group = Cohort::simulate(1, 60);
    one_group.patients.iter_mut().for_each(|patient| patient.group = Therapy::None);
    let text = words(&section(&one_group, &options()).unwrap());
    assert!(text.contains("Overall survival: not estimated"), "{text}");

    let mut missing = Cohort::simulate(1, 120);
    missing.patients.iter_mut().take(30).for_each(|patient| patient.number = None);
    let text = words(&section(&missing, &options()).unwrap());
    assert!(text.contains("missing") && text.contains("too few events"), "{text}");
    for n in 1..8 {
        section(&Cohort::simulate(2, n), &options()).unwrap();
    }
}
