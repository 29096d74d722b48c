//! The simulated cohort against its specification.

use proptest::prelude::*;
use std::collections::HashMap;
use std::fs;

use super::cohort::{Cohort, N, SEED};
use super::patients::Ending;
use super::table::Table;
use super::{patients, tumours};

fn committed(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/");
    fs::read(format!("{folder}{name}")).unwrap()
}

/// `tests/data` has the files of two independent implementations, which wrote the same bytes.
#[test]
fn the_files_of_the_default_seed_come_out_byte_for_byte() {
    let cohort = Cohort::simulate(SEED, N);
    assert!(cohort.patients_csv().unwrap() == committed("ablation_patients.csv"));
    assert!(cohort.tumours_csv().unwrap() == committed("ablation_tumours.csv"));
}

/// Writes a cohort and reads it back.
fn read_back(cohort: &Cohort) -> Cohort {
    let (patients, tumours) = (cohort.patients_csv().unwrap(), cohort.tumours_csv().unwrap());
    let patients = Table::read("patients.csv", patients.as_slice(), &patients::COLUMNS);
    let tumours = Table::read("tumours.csv", tumours.as_slice(), &tumours::COLUMNS);
    Cohort::of(patients, Some(tumours)).unwrap()
}

#[test]
fn what_is_written_is_read() {
    for (seed, n) in [(SEED, N), (1, 40), (7, 1)] {
        let cohort = Cohort::simulate(seed, n);
        assert_eq!(read_back(&cohort), cohort);
    }
}

/// Each patient depends on the seed and its place alone, so that the last digit of n moves only groups.
#[test]
fn groups_have_their_sizes() {
    let sizes = |n: usize| {
        let mut sizes = [0; 4];
        Cohort::simulate(3, n).patients.iter().for_each(|p| sizes[p.group as usize] += 1);
        sizes
    };
    assert_eq!(sizes(326), [108, 52, 114, 52]);
    assert_eq!(sizes(652), [216, 104, 228, 104]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_row_contradicts_itself(seed: u64) {
        let cohort = Cohort::simulate(seed, 2000);
        let mut first: HashMap<&str, Ending> = HashMap::new();
        for tumour in cohort.tumours.as_ref().unwrap() {
            let earliest = first.entry(&tumour.patient_id).or_insert(tumour.ltp);
            if tumour.ltp.months < earliest.months
                || (tumour.ltp.months == earliest.months && tumour.ltp.status == 1)
            {
                *earliest = tumour.ltp;
            }
            prop_assert!((3..=49).contains(&tumour.size_mm.unwrap()));
        }
        for patient in &cohort.patients {
            prop_assert_eq!(patient.contradictions(), []);
            prop_assert_eq!(first[patient.id.as_str()], patient.ltp);
            prop_assert!(patient.os.months > 0.0 && patient.pfs.months > 0.0);
            prop_assert!((25..=85).contains(&patient.age.unwrap()));
            prop_assert!((1..=5).contains(&patient.number.unwrap()));
            prop_assert!((4..=49).contains(&patient.largest_mm.unwrap()));
            let date = patient.entry.unwrap().to_string();
            prop_assert!("2014-03-01" <= date.as_str() && date.as_str() <= "2022-10-31");
        }
        prop_assert!(cohort.patients.is_sorted_by_key(|patient| patient.entry));
    }
}
