//! The data of an endpoint and the design of a model: complete cases, levels that can be estimated, and
//! what was left out.

use riskset::data::DesignBuilder;
use riskset::{Design, Error, Groups, RightCensored};

use super::covariates::{Covariate, EXTRAPULMONARY, GROUP, NODE, NUMBER, SIZE, TIMING, Values};
use super::levels::{Level, Therapy};
use super::patients::{Ending, Patient};

/// What patients are followed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Pfs,
    Os,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 2] = [Self::Pfs, Self::Os];

    /// As it is called in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pfs => "Progression-free survival",
            Self::Os => "Overall survival",
        }
    }

    /// As it is called in the names of files.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Pfs => "pfs",
            Self::Os => "os",
        }
    }

    pub(crate) fn ending(self, patient: &Patient) -> Ending {
        match self {
            Self::Pfs => patient.pfs,
            Self::Os => patient.os,
        }
    }

    pub(crate) fn has_event(self, patient: &Patient) -> bool {
        self.ending(patient).status == 1
    }

    /// Months and events.
    pub(crate) fn data(self, patients: &[&Patient]) -> riskset::Result<RightCensored> {
        let months: Vec<f64> = patients.iter().map(|patient| self.ending(patient).months).collect();
        let event: Vec<bool> = patients.iter().map(|patient| self.has_event(patient)).collect();
        RightCensored::new(&months, &event)
    }

    /// The covariates of Model A, those that the abstract names.
    pub(crate) fn model_a(self) -> Vec<Covariate> {
        match self {
            Self::Pfs => vec![GROUP, NUMBER, TIMING, EXTRAPULMONARY],
            Self::Os => vec![GROUP, NUMBER, SIZE, EXTRAPULMONARY, NODE],
        }
    }
}

/// The groups that have patients, in the order of the study.
pub(crate) fn groups(patients: &[&Patient]) -> riskset::Result<Groups> {
    let of = |group: Therapy| patients.iter().any(|patient| patient.group == group);
    let names: Vec<&str> =
        (Therapy::ALL.iter().copied()).filter(|group| of(*group)).map(Level::name).collect();
    let labels: Vec<&str> = patients.iter().map(|patient| patient.group.name()).collect();
    Groups::with_levels(&labels, &names)
}

/// The patients of a model, their outcomes and covariates, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Model<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) patients: Vec<&'a Patient>,
    pub(crate) data: RightCensored,
    pub(crate) design: Design,
    /// The covariates that the design has.
    pub(crate) covariates: Vec<Covariate>,
    /// Who and what was left out, and why.
    pub(crate) notes: Vec<String>,
}

impl<'a> Model<'a> {
    /// The model of the patients that have every covariate.
    ///
    /// A level that no patient has is dropped. The patients of a level without an event are left out: its
    /// hazard ratio would be 0, and without them the other estimates are the same. A covariate of which
    /// a single level is left is dropped; where none stays, the first one is the error.
    pub(crate) fn new(
        endpoint: Endpoint,
        patients: &[&'a Patient],
        covariates: &[Covariate],
    ) -> riskset::Result<Self> {
        let (mut patients, mut notes) = complete(patients, covariates);
        if !patients.is_empty() && !patients.iter().any(|patient| endpoint.has_event(patient)) {
            return Err(Error::NoEvents { rows: patients.len() });
        }
        for covariate in covariates {
            patients = with_events(endpoint, patients, covariate, &mut notes);
        }
        let data = endpoint.data(&patients)?;
        let (mut builder, mut kept, mut refused) = (Design::builder(), Vec::new(), None);
        for covariate in covariates {
            match coded(builder.clone(), &patients, covariate) {
                Ok(more) => {
                    builder = more;
                    kept.push(*covariate);
                }
                Err(error) => {
                    notes.push(format!("{error}; it is not in the model."));
                    refused = refused.or(Some(error));
                }
            }
        }
        match refused {
            Some(error) if kept.is_empty() => Err(error),
            _ => {
                let design = builder.build()?;
                Ok(Self { endpoint, patients, data, design, covariates: kept, notes })
            }
        }
    }
}

/// The patients without a missing value.
fn complete<'a>(
    patients: &[&'a Patient],
    covariates: &[Covariate],
) -> (Vec<&'a Patient>, Vec<String>) {
    let n = patients.len();
    let note = |covariate: &Covariate| {
        let missing = patients.iter().filter(|patient| !covariate.is_known(patient)).count();
        let name = covariate.name;
        (missing > 0)
            .then(|| format!("{name} is missing for {missing} of {n} patients, who are left out."))
    };
    let known = |patient: &&Patient| covariates.iter().all(|covariate| covariate.is_known(patient));
    let complete = patients.iter().copied().filter(known).collect();
    (complete, covariates.iter().filter_map(note).collect())
}

/// The patients whose level of a covariate has events.
fn with_events<'a>(
    endpoint: Endpoint,
    mut patients: Vec<&'a Patient>,
    Covariate { name, values }: &Covariate,
    notes: &mut Vec<String>,
) -> Vec<&'a Patient> {
    let Values::Levels(levels, of) = values else { return patients };
    for level in *levels {
        let (has, others): (Vec<&Patient>, Vec<&Patient>) =
            patients.iter().partition(|patient| of(patient) == Some(level));
        if has.is_empty() {
            notes.push(format!("{name}: no patient has `{level}`, which is dropped."));
        } else if !has.iter().any(|patient| endpoint.has_event(patient)) {
            notes.push(format!(
                "{name}: none of the {} patients with `{level}` has an event; they are left out, since the \
                 hazard ratio would be 0.",
                has.len()
            ));
            patients = others;
        }
    }
    patients
}

/// The design with one more covariate, by the levels that there are.
fn coded(
    builder: DesignBuilder,
    patients: &[&Patient],
    &Covariate { name, values }: &Covariate,
) -> riskset::Result<DesignBuilder> {
    let single = |level: String| Err(Error::SingleLevel { what: name.to_owned(), level });
    match values {
        Values::Levels(levels, of) => {
            let labels: Vec<Option<&str>> = patients.iter().map(|patient| of(patient)).collect();
            let present = |level: &&str| labels.contains(&Some(*level));
            let present: Vec<&str> = levels.iter().copied().filter(present).collect();
            match present.as_slice() {
                [reference, _, ..] => {
                    Ok(builder.factor_with_levels(name, &labels, &present, reference))
                }
                only => single(only.concat()),
            }
        }
        Values::Number(of) => {
            let numbers: Vec<f64> = patients.iter().filter_map(|patient| of(patient)).collect();
            match numbers.first() {
                Some(first) if numbers.iter().any(|number| number != first) => {
                    Ok(builder.numeric(name, &numbers))
                }
                only => single(only.map_or_else(String::new, f64::to_string)),
            }
        }
    }
}
