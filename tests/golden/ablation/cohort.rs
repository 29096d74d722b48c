//! The cohort, recoded as for R, and R's numbers.

use riskset::{Design, Groups, RightCensored};
use serde_json::Value;
use std::fs;

use crate::golden::case::folder;
use crate::golden::frame::Frame;

/// A column: its name in R, its levels with the reference first, and the level of each row.
pub struct Column {
    pub name: &'static str,
    pub levels: &'static [&'static str],
    pub labels: Vec<String>,
}

impl Column {
    pub fn groups(&self) -> Groups {
        Groups::with_levels(&self.labels, self.levels).unwrap()
    }
}

pub struct Cohort {
    pub frame: Frame,
    pub answers: Value,
    pub columns: Vec<Column>,
}

/// The primary model of each endpoint.
pub const MODEL_A: [(&str, &[&str]); 2] =
    [("pfs", &["group", "num", "syn", "epm"]), ("os", &["group", "num", "size", "epm", "mln"])];

const FLAG: &[&str] = &["0", "1"];

/// `low` up to the limit, `high` above, `unknown` where it is missing.
fn cut(text: &str, limit: f64, names: &[&str]) -> String {
    let value: Option<f64> = text.parse().ok();
    names[value.map_or(2, |value| usize::from(value > limit))].to_owned()
}

impl Cohort {
    pub fn read() -> Self {
        let text = fs::read_to_string(folder("golden/ablation.json")).unwrap();
        let frame = Frame::read(&folder("data/ablation_patients.csv"));
        let mut cohort =
            Self { frame, answers: serde_json::from_str(&text).unwrap(), columns: Vec::new() };
        cohort.recode();
        cohort
    }

    fn recode(&mut self) {
        let number = |text: &str| match text {
            "1" | "2" => text.to_owned(),
            _ => "3-5".to_owned(),
        };
        let size = |text: &str| {
            let mm: f64 = text.parse().unwrap();
            ["<1", "1-2", "2-3", ">=3"][[10.0, 20.0, 30.0].iter().filter(|c| mm >= **c).count()]
                .to_owned()
        };
        let is = |level: &'static str| move |text: &str| u8::from(text == level).to_string();
        let same = |text: &str| text.to_owned();
        let cea: &[&str] = &["<=20", ">20", "unknown"];
        let ca: &[&str] = &["<=37", ">37", "unknown"];
        self.add("group", "group", &["none", "sync", "upfront", "delayed"], same);
        self.add("num", "tumour_number", &["1", "2", "3-5"], number);
        self.add("size", "largest_mm", &["<1", "1-2", "2-3", ">=3"], size);
        self.add("syn", "metastasis_timing", FLAG, is("synchronous"));
        let sites = &["none", "liver", "bone", "abdominal_pelvic", "other"];
        self.add("epm", "extrapulmonary", sites, same);
        self.add("mln", "mediastinal_ln", FLAG, same);
        self.add("peri", "peridiaphragmatic", FLAG, same);
        self.add("male", "sex", FLAG, is("male"));
        self.add("rect", "primary_site", FLAG, is("rectum"));
        self.add("ns", "n_stage", &["N0", "N1", "N2"], same);
        self.add("kr", "kras", &["wild", "mutant", "unknown"], same);
        self.add("cea3", "cea", &["<=20", ">20", "unknown"], |text| cut(text, 20.0, cea));
        self.add("ca3", "ca199", &["<=37", ">37", "unknown"], |text| cut(text, 37.0, ca));
        self.add("bilateral", "bilateral", FLAG, same);
        self.add("mod", "modality", &["mwa", "rfa", "cryo"], same);
    }

    fn add(
        &mut self,
        name: &'static str,
        column: &str,
        levels: &'static [&'static str],
        recode: impl Fn(&str) -> String,
    ) {
        let labels = self.frame.text(column).iter().map(|text| recode(text)).collect();
        self.columns.push(Column { name, levels, labels });
    }

    pub fn column(&self, name: &str) -> &Column {
        self.columns.iter().find(|column| column.name == name).unwrap()
    }

    pub fn group(&self) -> Groups {
        self.column("group").groups()
    }

    /// `pfs` or `os`.
    pub fn data(&self, endpoint: &str) -> RightCensored {
        let column = |what: &str| self.frame.numbers(&format!("{endpoint}_{what}"));
        let event: Vec<bool> = column("status").iter().map(|&code| code == 1.0).collect();
        RightCensored::new(&column("months"), &event).unwrap()
    }

    /// Ten years of age are a unit.
    pub fn design(&self, terms: &[&str]) -> Design {
        let age: Vec<f64> = self.frame.numbers("age").iter().map(|age| age / 10.0).collect();
        let add = |design: riskset::data::DesignBuilder, name: &&str| match *name {
            "age10" => design.numeric(name, &age),
            _ => {
                let column = self.column(name);
                design.factor_with_levels(name, &column.labels, column.levels, column.levels[0])
            }
        };
        terms.iter().fold(Design::builder(), add).build().unwrap()
    }
}

/// Within 1e-9 of R's number, which has 15 digits.
#[track_caller]
pub fn near(what: &str, ours: f64, theirs: &Value) {
    within(what, ours, theirs, 1e-9);
}

/// A p-value, within 1e-8 of R's.
#[track_caller]
pub fn near_p(what: &str, ours: f64, theirs: &Value) {
    within(what, ours, theirs, 1e-8);
}

#[track_caller]
fn within(what: &str, ours: f64, theirs: &Value, bound: f64) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}: R has {theirs}"));
    let off = (ours - theirs).abs();
    assert!(off <= bound * theirs.abs(), "{what}: ours {ours:e}, R {theirs:e}, off {off:e}");
}
