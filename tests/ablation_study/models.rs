//! What a model leaves out, and says.

use riskset::Error;

use super::cohort::{Cohort, SEED};
use super::covariates::{AGE, COVARIATES, EXTRAPULMONARY, GROUP, NUMBER, SIZE};
use super::levels::{Extrapulmonary, Therapy};
use super::model::{Endpoint, Model, groups};
use super::patients::Patient;

fn patients(cohort: &Cohort) -> Vec<&Patient> {
    cohort.patients.iter().collect()
}

#[test]
fn nobody_is_left_out_of_the_simulated_cohort() {
    let cohort = Cohort::simulate(SEED, 326);
    for endpoint in Endpoint::ALL {
        let model = Model::new(endpoint, &patients(&cohort), &COVARIATES).unwrap();
        assert_eq!((model.patients.len(), model.design.n_rows()), (326, 326));
        assert_eq!(model.covariates.len(), COVARIATES.len());
        assert_eq!(model.notes, [""; 0]);
    }
    assert_eq!(groups(&patients(&cohort)).unwrap().names(), ["sync", "upfront", "delayed", "none"]);
}

#[test]
fn missing_values_and_empty_levels_are_left_out_aloud() {
    let mut cohort = Cohort::simulate(SEED, 326);
    cohort.patients[3].number = None;
    for patient in &mut cohort.patients {
        if patient.extrapulmonary == Some(Extrapulmonary::Bone) {
            patient.extrapulmonary = Some(Extrapulmonary::Other);
        }
        if patient.extrapulmonary == Some(Extrapulmonary::Liver) {
            patient.os.status = 0;
        }
    }
    let liver = cohort.patients.iter().filter(|p| p.extrapulmonary == Some(Extrapulmonary::Liver));
    let liver = liver.filter(|patient| patient.number.is_some()).count();
    let chosen = [NUMBER, EXTRAPULMONARY];
    let model = Model::new(Endpoint::Os, &patients(&cohort), &chosen).unwrap();
    assert_eq!(model.patients.len(), 325 - liver);
    let columns = model.design.columns();
    assert_eq!(columns.len(), 4, "{columns:?}");
    assert_eq!(
        model.notes,
        [
            "Number of tumours is missing for 1 of 326 patients, who are left out.".to_owned(),
            format!(
                "Extrapulmonary disease: none of the {liver} patients with `liver` has an event; they are \
                 left out, since the hazard ratio would be 0."
            ),
            "Extrapulmonary disease: no patient has `bone`, which is dropped.".to_owned(),
        ]
    );
}

#[test]
fn a_single_level_leaves_the_model_and_the_last_one_is_an_error() {
    let mut cohort = Cohort::simulate(SEED, 80);
    cohort.patients.iter_mut().for_each(|patient| patient.group = Therapy::Sync);
    let model = Model::new(Endpoint::Pfs, &patients(&cohort), &[GROUP, AGE, SIZE]).unwrap();
    let kept: Vec<&str> = model.covariates.iter().map(|covariate| covariate.name).collect();
    assert_eq!(kept, ["Age, per 10 years", "Largest tumour"]);
    assert!(model.notes.last().unwrap().ends_with("it is not in the model."), "{:?}", model.notes);
    let error = Model::new(Endpoint::Pfs, &patients(&cohort), &[GROUP]).unwrap_err();
    assert!(matches!(error, Error::SingleLevel { ref level, .. } if level == "sync"), "{error}");

    cohort.patients.iter_mut().for_each(|patient| patient.pfs.status = 0);
    let error = Model::new(Endpoint::Pfs, &patients(&cohort), &[AGE]).unwrap_err();
    assert_eq!(error, Error::NoEvents { rows: 80 });
}
