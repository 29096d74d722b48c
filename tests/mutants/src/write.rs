//! The text of a file with its mutants.

use std::collections::BTreeMap;

use super::site::{self, Site};
use super::{Mutant, Place};

/// Where a mutant is in the written text.
pub struct Branch {
    pub number: usize,
    pub start: usize,
    pub end: usize,
}

/// A mutant at its site: the text it has instead of that from `start` to `end`.
struct Change<'a> {
    number: usize,
    start: usize,
    end: usize,
    replacement: &'a str,
}

/// `source` with the `mutants`, and where they are in it.
pub fn with_mutants(source: &str, mutants: &[(usize, &Mutant)]) -> (String, Vec<Branch>) {
    let file = syn::parse_file(source).expect("Rust");
    let lines: Vec<usize> =
        std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |place: &Place| {
        let line = &source[lines[place.line - 1]..];
        let within = line.char_indices().nth(place.column - 1).map_or(line.len(), |(at, _)| at);
        lines[place.line - 1] + within
    };
    let mut sites: BTreeMap<Site, Vec<Change<'_>>> = BTreeMap::new();
    for (number, mutant) in mutants {
        let (start, end) = (offset(&mutant.span.start), offset(&mutant.span.end));
        if let Some(site) = site::of(&file, start..end, &mutant.genre) {
            let change = Change { number: *number, start, end, replacement: &mutant.replacement };
            sites.entry(site).or_default().push(change);
        }
    }
    let mut writer =
        Writer { source, sites: by_place(sites), text: String::new(), branches: vec![] };
    writer.copy(0, source.len(), 0);
    (writer.text, writer.branches)
}

/// The sites in the order in which they begin, the outer ones first.
fn by_place(sites: BTreeMap<Site, Vec<Change<'_>>>) -> Vec<(usize, usize, Site, Vec<Change<'_>>)> {
    let mut placed: Vec<_> = sites
        .into_iter()
        .map(|(site, changes)| {
            let (start, end) = match site {
                Site::Expression(start, end) | Site::Body(start, end) => (start, end),
                Site::Arm(pattern, guard) => guard.unwrap_or((pattern, pattern)),
            };
            (start, end, site, changes)
        })
        .collect();
    let rank = |site: &Site| match site {
        Site::Body(..) => 0,
        Site::Arm(..) => 1,
        Site::Expression(..) => 2,
    };
    placed.sort_by_key(|(start, end, site, _)| (*start, usize::MAX - end, rank(site)));
    placed
}

struct Writer<'a> {
    source: &'a str,
    sites: Vec<(usize, usize, Site, Vec<Change<'a>>)>,
    text: String,
    branches: Vec<Branch>,
}

impl Writer<'_> {
    /// Writes the source from `start` to `end` with the sites from the one numbered `next` on, as far as
    /// they lie in it, and returns the number of the first that does not.
    fn copy(&mut self, start: usize, end: usize, mut next: usize) -> usize {
        let mut at = start;
        while next < self.sites.len() && self.sites[next].1 <= end && self.sites[next].0 < end {
            let (from, to) = (self.sites[next].0, self.sites[next].1);
            self.text += &self.source[at..from];
            next = self.site(next);
            at = to;
        }
        self.text += &self.source[at..end];
        next
    }

    fn site(&mut self, index: usize) -> usize {
        let (start, end) = (self.sites[index].0, self.sites[index].1);
        let changes = std::mem::take(&mut self.sites[index].3);
        match self.sites[index].2.clone() {
            Site::Body(..) => {
                for change in &changes {
                    self.branch(change.number, &format!("return {};", change.replacement));
                    self.text.push(' ');
                }
                self.copy(start, end, index + 1)
            }
            Site::Expression(..) => {
                self.text.push('(');
                for change in &changes {
                    let mutated = [
                        &self.source[start..change.start],
                        change.replacement,
                        &self.source[change.end..end],
                    ]
                    .concat();
                    self.branch(change.number, &mutated);
                    self.text += " else ";
                }
                self.text += "{ ";
                let next = self.copy(start, end, index + 1);
                self.text += " })";
                next
            }
            Site::Arm(_, guard) => {
                self.text += if guard.is_some() { "" } else { " if " };
                for change in &changes {
                    let from = self.text.len();
                    self.text += &format!("!crate::awake::is({})", change.number);
                    let branch =
                        Branch { number: change.number, start: from, end: self.text.len() };
                    self.branches.push(branch);
                }
                if guard.is_none() {
                    return index + 1;
                }
                self.text += " && (";
                let next = self.copy(start, end, index + 1);
                self.text.push(')');
                next
            }
        }
    }

    fn branch(&mut self, number: usize, mutated: &str) {
        self.text += "if ";
        let start = self.text.len();
        self.text += &format!("crate::awake::is({number}) {{ {mutated} }}");
        self.branches.push(Branch { number, start, end: self.text.len() });
    }
}
