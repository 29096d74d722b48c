//! One row of `tumours.csv`.

use super::patients::Ending;

/// The columns, in order.
pub(crate) const COLUMNS: [&str; 8] = [
    "patient_id",
    "tumour",
    "size_mm",
    "peridiaphragmatic",
    "subpleural",
    "near_vessel",
    "ltp_months",
    "ltp_status",
];

/// An ablated tumour; tumours of one patient are a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tumour {
    pub(crate) patient_id: String,
    /// Counted from 1, which is the largest.
    pub(crate) tumour: u32,
    pub(crate) size_mm: Option<u32>,
    pub(crate) peridiaphragmatic: Option<bool>,
    pub(crate) subpleural: Option<bool>,
    pub(crate) near_vessel: Option<bool>,
    /// Local tumour progression: 0 censored, 1 progression, 2 death before it.
    pub(crate) ltp: Ending,
}

impl Tumour {
    /// The row as text, in the order of [`COLUMNS`].
    pub(crate) fn record(&self) -> [String; COLUMNS.len()] {
        let flag =
            |value: Option<bool>| value.map_or_else(String::new, |v| u8::from(v).to_string());
        [
            self.patient_id.clone(),
            self.tumour.to_string(),
            self.size_mm.map_or_else(String::new, |mm| mm.to_string()),
            flag(self.peridiaphragmatic),
            flag(self.subpleural),
            flag(self.near_vessel),
            format!("{:.2}", self.ltp.months),
            self.ltp.status.to_string(),
        ]
    }
}
