//! What local progression is counted by: ablated tumours, or patients where there is no file of tumours.

use std::collections::HashSet;

use riskset::{CompetingRisks, CoxPh, Design, Groups, RightCensored, regression::cox::CoxFit};

use super::super::cohort::Cohort;
use super::super::patients::Ending;

/// From this size on a tumour is large.
pub(crate) const LARGE_MM: u32 = 30;

/// The names of the endings.
pub(crate) const CAUSES: [(u32, &str); 2] = [(1, "local progression"), (2, "death before it")];

/// The two factors of the primary model.
pub(crate) const FACTORS: [&str; 2] = ["size >= 30 mm", "peridiaphragmatic"];

/// A tumour; or a patient, with the largest size and whether any tumour is beneath the diaphragm.
#[derive(Debug, Clone)]
pub(crate) struct Lesion {
    pub(crate) patient: usize,
    pub(crate) size_mm: Option<u32>,
    pub(crate) peridiaphragmatic: Option<bool>,
    pub(crate) subpleural: Option<bool>,
    pub(crate) near_vessel: Option<bool>,
    pub(crate) ltp: Ending,
}

/// The tumours, in the order of the file; `None` where there are none.
pub(crate) fn tumours(cohort: &Cohort) -> Option<Vec<Lesion>> {
    let place = |id: &str| cohort.patients.iter().position(|patient| patient.id == id);
    let mut last = (String::new(), None);
    let lesions = cohort.tumours.as_ref()?.iter().map(|tumour| {
        if tumour.patient_id != last.0 {
            last = (tumour.patient_id.clone(), place(&tumour.patient_id));
        }
        Some(Lesion {
            patient: last.1?,
            size_mm: tumour.size_mm,
            peridiaphragmatic: tumour.peridiaphragmatic,
            subpleural: tumour.subpleural,
            near_vessel: tumour.near_vessel,
            ltp: tumour.ltp,
        })
    });
    // The reader has matched every tumour with its patient.
    Some(lesions.flatten().collect())
}

/// Patients with their first local progression.
pub(crate) fn patients(cohort: &Cohort) -> Vec<Lesion> {
    let lesion = |(place, patient): (usize, &super::super::patients::Patient)| Lesion {
        patient: place,
        size_mm: patient.largest_mm,
        peridiaphragmatic: patient.peridiaphragmatic,
        subpleural: None,
        near_vessel: None,
        ltp: patient.ltp,
    };
    cohort.patients.iter().enumerate().map(lesion).collect()
}

impl Lesion {
    pub(crate) fn is_large(&self) -> Option<bool> {
        self.size_mm.map(|mm| mm >= LARGE_MM)
    }

    /// Both factors of the primary model, 0 or 1.
    fn factors(&self) -> Option<[f64; 2]> {
        let flag = |flag: bool| f64::from(u8::from(flag));
        Some([flag(self.is_large()?), flag(self.peridiaphragmatic?)])
    }
}

/// With both causes, the rows taken for independent.
pub(crate) fn competing(lesions: &[Lesion]) -> riskset::Result<CompetingRisks> {
    let months = column(lesions, |lesion| lesion.ltp.months);
    let codes = column(lesions, |lesion| u32::from(lesion.ltp.status));
    CompetingRisks::from_codes(&months, &codes, &CAUSES)
}

/// With both causes, the tumours of one patient being a cluster; where each patient has one, the rows are
/// independent.
pub(crate) fn clustered(lesions: &[Lesion]) -> riskset::Result<CompetingRisks> {
    let (data, patients) = (competing(lesions)?, column(lesions, |lesion| lesion.patient));
    match patients.iter().collect::<HashSet<_>>().len() == patients.len() {
        true => Ok(data),
        false => data.with_clusters(&patients),
    }
}

/// Local progression, deaths being censorings; tumours of one patient are a cluster.
pub(crate) fn progression(lesions: &[Lesion]) -> riskset::Result<RightCensored> {
    let data = clustered(lesions)?;
    data.cause_specific(data.cause(CAUSES[0].1)?)
}

/// The lesions of which both factors are known.
pub(crate) fn complete(lesions: &[Lesion]) -> Vec<Lesion> {
    lesions.iter().filter(|lesion| lesion.factors().is_some()).cloned().collect()
}

/// Both factors of complete lesions.
pub(crate) fn factors(lesions: &[Lesion]) -> riskset::Result<Design> {
    let of = |k: usize| column(lesions, |lesion| lesion.factors().map_or(f64::NAN, |x| x[k]));
    Design::builder().numeric(FACTORS[0], &of(0)).numeric(FACTORS[1], &of(1)).build()
}

/// The Cox model of local progression on both factors, its variance clustered on the patient.
pub(crate) fn cause_specific(lesions: &[Lesion]) -> riskset::Result<CoxFit> {
    let lesions = complete(lesions);
    CoxPh::new().fit(&progression(&lesions)?, &factors(&lesions)?)
}

/// A grouping of the lesions of which it is known.
pub(crate) fn grouped(
    lesions: &[Lesion],
    flag: impl Fn(&Lesion) -> Option<bool>,
    names: [&str; 2],
) -> riskset::Result<(Vec<Lesion>, Groups)> {
    let known: Vec<(Lesion, &str)> = (lesions.iter())
        .filter_map(|lesion| Some((lesion.clone(), names[usize::from(flag(lesion)?)])))
        .collect();
    let (known, labels): (Vec<Lesion>, Vec<&str>) = known.into_iter().unzip();
    let groups = Groups::with_levels(&labels, &names)?;
    Ok((known, groups))
}

pub(crate) fn column<T>(lesions: &[Lesion], value: impl Fn(&Lesion) -> T) -> Vec<T> {
    lesions.iter().map(value).collect()
}
