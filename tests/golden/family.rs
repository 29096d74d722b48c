//! The cases of one kind: those compared, and those not yet, with the reason.

use std::collections::BTreeSet;
use std::fs;

use super::case::{Case, folder};
use super::compare::Comparison;

/// All cases of the reference set whose names begin alike.
pub struct Family {
    pub prefix: &'static str,
    pub cases: &'static [&'static str],
    /// Name, without the prefix, and reason.
    pub skipped: &'static [(&'static str, &'static str)],
    /// How many cases the reference set has.
    pub total: usize,
}

impl Family {
    /// Compares every case; fails when one is neither compared nor listed as skipped.
    pub fn compare(&self, compare: impl Fn(&Case, &mut Comparison)) {
        let skipped = self.skipped.iter().map(|(name, _)| *name);
        let known: BTreeSet<&str> = self.cases.iter().copied().chain(skipped).collect();
        assert_eq!(known.len(), self.total, "{}: cases listed", self.prefix);
        assert_eq!(self.cases.len() + self.skipped.len(), self.total, "{}", self.prefix);
        assert!(self.skipped.iter().all(|(_, reason)| !reason.is_empty()));
        let listed: BTreeSet<String> = self.cases.iter().map(|name| self.name(name)).collect();
        assert_eq!(listed, self.files(), "{}: cases listed and files there", self.prefix);
        let mut comparison = Comparison::new();
        for name in &listed {
            comparison.begin(name);
            compare(&Case::read(name), &mut comparison);
            comparison.end();
        }
        comparison.finish(self.prefix, listed.len());
    }

    fn name(&self, name: &str) -> String {
        format!("{}_{name}", self.prefix)
    }

    /// The cases of this family in the folder.
    fn files(&self) -> BTreeSet<String> {
        let start = self.name("");
        (fs::read_dir(folder("golden/expected")).unwrap())
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .filter(|name| name.starts_with(&start))
            .collect()
    }
}
