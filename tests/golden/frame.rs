//! A CSV file as columns of text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use riskset::data::CompleteCases;

/// Columns of text by name; an empty field is a missing value.
pub struct Frame {
    rows: usize,
    columns: BTreeMap<String, Vec<String>>,
}

impl Frame {
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let column = |j: usize| records.iter().map(|record| record[j].to_owned()).collect();
        let columns = names.into_iter().enumerate().map(|(j, name)| (name, column(j))).collect();
        Self { rows: records.len(), columns }
    }

    pub fn n_rows(&self) -> usize {
        self.rows
    }

    /// A column as it is written.
    pub fn text(&self, name: &str) -> &[String] {
        self.columns.get(name).unwrap_or_else(|| panic!("no column `{name}`"))
    }

    /// A column of numbers without missing values.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |text: &String| text.parse().unwrap_or_else(|_| panic!("{name}: `{text}`"));
        self.text(name).iter().map(number).collect()
    }

    /// The rows, counted from 0, that have a value in each of these columns.
    pub fn complete(&self, names: &[String]) -> Vec<usize> {
        let mut complete = CompleteCases::new(self.rows).unwrap();
        for name in names {
            let values = self.text(name).iter().map(String::as_str);
            let present: Vec<Option<&str>> =
                values.map(|value| Some(value).filter(|value| !value.is_empty())).collect();
            complete = complete.labels(name, &present).unwrap();
        }
        complete.rows()
    }

    /// Keeps these rows.
    pub fn select(&self, rows: &[usize]) -> Self {
        let pick = |column: &[String]| rows.iter().map(|&row| column[row].clone()).collect();
        let columns = self.columns.iter().map(|(name, column)| (name.clone(), pick(column)));
        Self { rows: rows.len(), columns: columns.collect() }
    }

    /// The combinations of columns that occur, sorted by the first column, then the next.
    pub fn combine(&self, names: &[String]) -> Combined {
        let columns: Vec<&[String]> = names.iter().map(|name| self.text(name)).collect();
        let key = |row: usize| columns.iter().map(|c| Key::of(&c[row])).collect::<Vec<_>>();
        let keys: Vec<Vec<Key>> = (0..self.rows).map(key).collect();
        let levels: Vec<&Vec<Key>> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let codes = keys.iter().map(|key| levels.binary_search(&key).unwrap()).collect();
        let name = |key: &Vec<Key>| key.iter().map(Key::text).collect::<Vec<_>>().join(", ");
        Combined { codes, names: levels.into_iter().map(name).collect() }
    }
}

/// Rows as codes into a sorted table of names.
pub struct Combined {
    pub codes: Vec<usize>,
    pub names: Vec<String>,
}

/// A value that sorts as a number if it is one, otherwise as text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    fn of(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Number)
    }

    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}
