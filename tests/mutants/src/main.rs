//! Many mutants in one build: puts those that cargo-mutants lists in FOLDER/list.json into the sources in
//! FOLDER/tree, each behind the question whether it is the one awake, which `awake.rs` answers.
//! FOLDER/left_out has the numbers of those that do not compile; FOLDER/places gets the places of the others.

mod site;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

/// A mutant as cargo-mutants lists it.
#[derive(Deserialize)]
struct Mutant {
    file: String,
    genre: String,
    span: Span,
    replacement: String,
}

#[derive(Deserialize)]
struct Span {
    start: Place,
    end: Place,
}

/// Line and column, in characters, from 1.
#[derive(Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Mutant {
    /// Whether it returns early from a function what that cannot also return in the end: of the iterators
    /// behind one `impl Iterator`, all have one type.
    fn is_another_type(&self) -> bool {
        self.replacement.contains("::std::iter::")
    }

    /// Whether it repeats what cannot be copied, which the compiler says of one at a time.
    fn repeats(&self) -> bool {
        self.replacement.contains("[Vec::leak(")
    }
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder"));
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let mutants: Vec<Mutant> =
        serde_json::from_str(&read("list.json")).expect("the list of cargo-mutants");
    let left_out: BTreeSet<usize> =
        read("left_out").lines().map(|line| line.parse().expect("a number")).collect();
    let mut by_file: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate() {
        if !left_out.contains(&number) && !mutant.is_another_type() && !mutant.repeats() {
            by_file.entry(&mutant.file).or_default().push((number, mutant));
        }
    }
    let mut places = String::new();
    for (file, of_file) in by_file {
        let path = folder.join("tree").join(file);
        let source = fs::read_to_string(&path).expect("the source");
        let (text, branches) = write::with_mutants(&source, &of_file);
        fs::write(path, text).expect("the source");
        for branch in branches {
            places += &format!("{file} {} {} {}\n", branch.start, branch.end, branch.number);
        }
    }
    fs::write(folder.join("places"), places).expect("the places");
}
