//! One reference case: what was asked of R, the rows it used, and what it answered.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

use super::frame::Frame;

/// A case with its rows: filtered, and complete in every column the case uses.
pub struct Case {
    pub name: String,
    pub spec: Value,
    pub expected: Value,
    pub frame: Frame,
}

/// A folder of the tests.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

impl Case {
    pub fn read(name: &str) -> Self {
        let path = folder("golden/expected").join(format!("{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["name"], name);
        let frame = Frame::read(&folder(json["data"].as_str().unwrap()));
        let (spec, expected) = (json["spec"].take(), json["expected"].take());
        let rows = rows(&frame, &spec);
        if let Some(theirs) = expected["rows"].as_array() {
            let theirs: Vec<usize> = theirs.iter().map(index).collect();
            assert_eq!(rows, theirs, "{name}: the rows that R used");
        }
        let frame = frame.select(&rows);
        Self { name: name.to_owned(), spec, expected, frame }
    }

    /// One of several requests of a case: `small`, `large`.
    pub fn part(&self, role: &str) -> Self {
        let (name, spec) = (self.name.clone(), self.spec[role].clone());
        let frame = self.frame.select(&rows(&self.frame, &spec));
        Self { name, spec, expected: Value::Null, frame }
    }

    /// A column that the case names, as text: `cluster`, `id`.
    pub fn text(&self, role: &str) -> Option<&[String]> {
        self.spec[role].as_str().map(|column| self.frame.text(column))
    }

    /// A column that the case names, as numbers: `time`, `start`, `weights`, `offset`.
    pub fn numbers(&self, role: &str) -> Option<Vec<f64>> {
        self.spec[role].as_str().map(|column| self.frame.numbers(column))
    }

    /// Whether each row ends with the event.
    pub fn event(&self) -> Vec<bool> {
        let code = self.spec["event_code"].as_f64().unwrap_or(1.0);
        self.numbers("status").unwrap().into_iter().map(|status| status == code).collect()
    }

    /// The columns listed under a role: `group`, `strata`.
    pub fn columns(&self, role: &str) -> Vec<String> {
        names(&self.spec[role])
    }

    pub fn has_fractional_weights(&self) -> bool {
        self.numbers("weights").is_some_and(|weights| weights.iter().any(|w| w.fract() != 0.0))
    }
}

/// The rows that pass the filter and have a value in every column used.
fn rows(frame: &Frame, spec: &Value) -> Vec<usize> {
    let mut used = Vec::new();
    for role in ["time", "start", "status", "weights", "offset", "cluster", "id"] {
        used.extend(spec[role].as_str().map(str::to_owned));
    }
    // A score may be one minus a column.
    used.extend(spec["score"].as_str().map(|score| score.trim_start_matches("1 - ").to_owned()));
    for role in ["strata", "group"] {
        used.extend(names(&spec[role]));
    }
    for term in spec["terms"].as_array().into_iter().flatten() {
        columns_of(term, &mut used);
    }
    let mut rows = frame.complete(&used);
    if let Some(column) = spec["filter"]["column"].as_str() {
        let equals = spec["filter"]["equals"].to_string();
        let column = frame.text(column);
        rows.retain(|&row| column[row] == equals);
    }
    rows
}

/// One column, several, or none.
fn names(value: &Value) -> Vec<String> {
    let one = value.as_str().map(str::to_owned).into_iter();
    one.chain(value.as_array().into_iter().flatten().map(text)).collect()
}

/// The columns of a term.
fn columns_of(term: &Value, used: &mut Vec<String>) {
    used.extend(term["column"].as_str().map(str::to_owned));
    used.extend(term["sum"].as_array().into_iter().flatten().map(text));
    for part in term["interaction"].as_array().into_iter().flatten() {
        columns_of(part, used);
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}")).to_owned()
}

fn index(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("not an index: {value}")) as usize
}

/// A number that R must have.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

/// A number, or `None` where R has NA, NaN or an infinity.
pub fn optional(value: &Value) -> Option<f64> {
    assert!(
        value.is_number() || value.is_null() || ["NaN", "Inf", "-Inf"].contains(&&*text(value)),
        "not a number of R: {value}"
    );
    value.as_f64()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub fn matrix(value: &Value) -> Vec<Vec<f64>> {
    list(value).iter().map(numbers).collect()
}
