//! One row of `patients.csv`.

use jiff::civil::Date;

use super::levels::{Extrapulmonary, Kras, Level, Modality, Nodes, Sex, Site, Therapy, Timing};

/// The columns, in order.
pub(crate) const COLUMNS: [&str; 27] = [
    "patient_id",
    "centre",
    "entry_date",
    "group",
    "age",
    "sex",
    "primary_site",
    "n_stage",
    "kras",
    "cea",
    "ca199",
    "tumour_number",
    "largest_mm",
    "bilateral",
    "metastasis_timing",
    "dfi_months",
    "extrapulmonary",
    "mediastinal_ln",
    "peridiaphragmatic",
    "modality",
    "ltp_months",
    "ltp_status",
    "pfs_months",
    "pfs_status",
    "pfs_type",
    "os_months",
    "os_status",
];

/// Months since the first ablation, to the hundredth, and how follow-up ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ending {
    pub(crate) months: f64,
    pub(crate) status: u8,
}

/// A patient. Covariates that are missing are `None`; in a simulated cohort only CEA and CA19-9 are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Patient {
    pub(crate) id: String,
    pub(crate) centre: Option<String>,
    /// Of the first ablation, which is time zero.
    pub(crate) entry: Option<Date>,
    pub(crate) group: Therapy,
    pub(crate) age: Option<u32>,
    pub(crate) sex: Option<Sex>,
    pub(crate) site: Option<Site>,
    pub(crate) nodes: Option<Nodes>,
    pub(crate) kras: Kras,
    /// ng/mL.
    pub(crate) cea: Option<f64>,
    /// U/mL.
    pub(crate) ca199: Option<f64>,
    pub(crate) number: Option<u32>,
    pub(crate) largest_mm: Option<u32>,
    pub(crate) bilateral: Option<bool>,
    pub(crate) timing: Option<Timing>,
    /// Disease-free interval in months, 0 for synchronous metastases.
    pub(crate) dfi_months: Option<f64>,
    pub(crate) extrapulmonary: Option<Extrapulmonary>,
    pub(crate) mediastinal: Option<bool>,
    /// Any tumour beneath the diaphragm.
    pub(crate) peridiaphragmatic: Option<bool>,
    pub(crate) modality: Option<Modality>,
    /// First local tumour progression: 0 censored, 1 progression, 2 death before it.
    pub(crate) ltp: Ending,
    /// Progression or death: 0 or 1.
    pub(crate) pfs: Ending,
    /// 0 censored, 1 local, 2 elsewhere, 3 death without progression.
    pub(crate) pfs_type: u8,
    /// Death: 0 or 1.
    pub(crate) os: Ending,
}

impl Patient {
    /// The row as text, in the order of [`COLUMNS`].
    pub(crate) fn record(&self) -> [String; COLUMNS.len()] {
        [
            self.id.clone(),
            text(self.centre.as_ref(), String::clone),
            text(self.entry, |date| date.to_string()),
            self.group.name().to_owned(),
            text(self.age, |years| years.to_string()),
            level(self.sex),
            level(self.site),
            level(self.nodes),
            self.kras.name().to_owned(),
            text(self.cea, |value| format!("{value:.1}")),
            text(self.ca199, |value| format!("{value:.1}")),
            text(self.number, |number| number.to_string()),
            text(self.largest_mm, |mm| mm.to_string()),
            flag(self.bilateral),
            level(self.timing),
            text(self.dfi_months, |months| format!("{months:.1}")),
            level(self.extrapulmonary),
            flag(self.mediastinal),
            flag(self.peridiaphragmatic),
            level(self.modality),
            format!("{:.2}", self.ltp.months),
            self.ltp.status.to_string(),
            format!("{:.2}", self.pfs.months),
            self.pfs.status.to_string(),
            self.pfs_type.to_string(),
            format!("{:.2}", self.os.months),
            self.os.status.to_string(),
        ]
    }

    /// The rules that a row breaks, each with the column to look at.
    pub(crate) fn contradictions(&self) -> Vec<(&'static str, String)> {
        let Self { ltp, pfs, os, pfs_type, .. } = *self;
        let mut found = Vec::new();
        let mut rule = |holds: bool, column, text: String| {
            if !holds {
                found.push((column, text));
            }
        };
        let (p, l, o) = (pfs.months, ltp.months, os.months);
        rule(p <= o, "pfs_months", format!("progression at {p} after the end of follow-up at {o}"));
        rule(
            l <= o,
            "ltp_months",
            format!("local progression at {l} after the end of follow-up at {o}"),
        );
        rule(p <= l, "pfs_months", format!("progression at {p} after the local one at {l}"));
        let dead = os.status == 1;
        rule(!dead || pfs.status == 1, "pfs_status", "0 for a patient who died".to_owned());
        rule(
            ltp.status != 1 || pfs.status == 1,
            "pfs_status",
            "0 after a local progression".to_owned(),
        );
        rule(ltp.status != 2 || dead, "ltp_status", "2 for a patient who did not die".to_owned());
        rule(
            ltp.status != 2 || l == o,
            "ltp_months",
            format!("died before local progression at {l}, but dead at {o}"),
        );
        let typed = (pfs_type == 0) == (pfs.status == 0);
        rule(typed, "pfs_type", format!("{pfs_type} with pfs_status {}", pfs.status));
        if let (Some(timing), Some(months)) = (self.timing, self.dfi_months) {
            let fits = (months == 0.0) == (timing == Timing::Synchronous);
            rule(fits, "dfi_months", format!("{months} with {} metastases", timing.name()));
        }
        let one = self.number == Some(1) && self.bilateral == Some(true);
        rule(!one, "bilateral", "1 for a single tumour".to_owned());
        found
    }
}

fn text<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or_else(String::new, text)
}

fn level<L: Level>(value: Option<L>) -> String {
    text(value, |level| level.name().to_owned())
}

fn flag(value: Option<bool>) -> String {
    text(value, |flag| u8::from(flag).to_string())
}
