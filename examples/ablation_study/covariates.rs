//! The covariates of the models, recoded as the analysis plan has them.

use super::levels::{Extrapulmonary, Level, Therapy};
use super::patients::Patient;

/// A covariate: a name, and what a patient has of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Covariate {
    pub(crate) name: &'static str,
    pub(crate) values: Values,
}

/// Values of a covariate; `None` is missing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values {
    /// A category, its reference level first.
    Levels(&'static [&'static str], fn(&Patient) -> Option<&'static str>),
    Number(fn(&Patient) -> Option<f64>),
}

impl Covariate {
    const fn levels(
        name: &'static str,
        levels: &'static [&'static str],
        of: fn(&Patient) -> Option<&'static str>,
    ) -> Self {
        Self { name, values: Values::Levels(levels, of) }
    }

    const fn flag(name: &'static str, of: fn(&Patient) -> Option<&'static str>) -> Self {
        Self::levels(name, &["no", "yes"], of)
    }

    /// Whether the patient has a value.
    pub(crate) fn is_known(&self, patient: &Patient) -> bool {
        match self.values {
            Values::Levels(_, of) => of(patient).is_some(),
            Values::Number(of) => of(patient).is_some(),
        }
    }
}

fn yes(flag: Option<bool>) -> Option<&'static str> {
    flag.map(|flag| if flag { "yes" } else { "no" })
}

fn named<L: Level>(level: Option<L>) -> Option<&'static str> {
    level.map(L::name)
}

/// The level that a value reaches: the number of cuts at or below it.
fn reached(value: Option<u32>, cuts: &[u32], levels: &[&'static str]) -> Option<&'static str> {
    value.map(|value| levels[cuts.iter().filter(|cut| value >= **cut).count()])
}

/// A marker above its limit or not; a missing one is a level of its own.
fn marker(value: Option<f64>, limit: f64, levels: &[&'static str]) -> Option<&'static str> {
    Some(levels[value.map_or(2, |value| usize::from(value > limit))])
}

const NUMBERS: &[&str] = &["1", "2", "3-5"];
const SIZES: &[&str] = &["<10 mm", "10-19 mm", "20-29 mm", ">=30 mm"];
const SITES: &[&str] = &["none", "liver", "bone", "abdominal or pelvic", "other"];
const CEAS: &[&str] = &["<=20 ng/mL", ">20 ng/mL", "unknown"];
const CA199S: &[&str] = &["<=37 U/mL", ">37 U/mL", "unknown"];

pub(crate) const GROUP: Covariate =
    Covariate::levels("Systemic therapy", &["none", "sync", "upfront", "delayed"], |patient| {
        Some(Therapy::name(patient.group))
    });
pub(crate) const NUMBER: Covariate = Covariate::levels("Number of tumours", NUMBERS, |patient| {
    reached(patient.number, &[2, 3], NUMBERS)
});
pub(crate) const SIZE: Covariate = Covariate::levels("Largest tumour", SIZES, |patient| {
    reached(patient.largest_mm, &[10, 20, 30], SIZES)
});
pub(crate) const TIMING: Covariate =
    Covariate::levels("Timing of metastases", &["metachronous", "synchronous"], |patient| {
        named(patient.timing)
    });
pub(crate) const EXTRAPULMONARY: Covariate =
    Covariate::levels("Extrapulmonary disease", SITES, |patient| {
        let place = |site| Extrapulmonary::ALL.iter().position(|level| *level == site);
        patient.extrapulmonary.and_then(place).map(|place| SITES[place])
    });
pub(crate) const NODE: Covariate =
    Covariate::flag("Mediastinal lymph node", |patient| yes(patient.mediastinal));
pub(crate) const PERIDIAPHRAGMATIC: Covariate =
    Covariate::flag("Peridiaphragmatic tumour", |patient| yes(patient.peridiaphragmatic));
pub(crate) const AGE: Covariate = Covariate {
    name: "Age, per 10 years",
    values: Values::Number(|patient| patient.age.map(|years| f64::from(years) / 10.0)),
};
pub(crate) const SEX: Covariate =
    Covariate::levels("Sex", &["female", "male"], |patient| named(patient.sex));
pub(crate) const SITE: Covariate =
    Covariate::levels("Primary tumour", &["colon", "rectum"], |patient| named(patient.site));
pub(crate) const STAGE: Covariate =
    Covariate::levels("N stage", &["N0", "N1", "N2"], |patient| named(patient.nodes));
pub(crate) const KRAS: Covariate =
    Covariate::levels("KRAS", &["wild", "mutant", "unknown"], |patient| named(Some(patient.kras)));
pub(crate) const CEA: Covariate =
    Covariate::levels("CEA", CEAS, |patient| marker(patient.cea, 20.0, CEAS));
pub(crate) const CA199: Covariate =
    Covariate::levels("CA19-9", CA199S, |patient| marker(patient.ca199, 37.0, CA199S));
pub(crate) const BILATERAL: Covariate =
    Covariate::flag("Bilateral", |patient| yes(patient.bilateral));
pub(crate) const MODALITY: Covariate =
    Covariate::levels("Modality", &["mwa", "rfa", "cryo"], |patient| named(patient.modality));

/// All of them, in the order of the tables.
pub(crate) const COVARIATES: [Covariate; 16] = [
    GROUP,
    NUMBER,
    SIZE,
    TIMING,
    EXTRAPULMONARY,
    NODE,
    PERIDIAPHRAGMATIC,
    AGE,
    SEX,
    SITE,
    STAGE,
    KRAS,
    CEA,
    CA199,
    BILATERAL,
    MODALITY,
];
