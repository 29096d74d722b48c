//! What the documentation of an estimator says, and where that of its result leads.

use super::sources::{Source, sources};

/// Rooms in which a struct that can `fit` is an estimator.
const ROOMS: [&str; 7] =
    ["nonparametric", "regression", "competing", "inference", "adjustment", "validation", "study"];

/// A public struct and its documentation.
struct Documented {
    path: String,
    name: String,
    doc: String,
}

/// The public structs of a file, each with the comment before it.
fn structs(source: &Source) -> Vec<Documented> {
    let mut doc = String::new();
    let mut found = Vec::new();
    for line in source.text.split("#[cfg(test)]\nmod ").next().unwrap().lines() {
        if let Some(said) = line.strip_prefix("///") {
            doc.push_str(said);
            doc.push('\n');
        } else if let Some(rest) = line.strip_prefix("pub struct ") {
            let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
            found.push(Documented {
                path: source.path.clone(),
                name,
                doc: std::mem::take(&mut doc),
            });
        } else if !line.starts_with(['#', ' ', ')']) {
            doc.clear(); // anything but an attribute ends it
        }
    }
    found
}

/// Whether a struct takes data and gives a result.
fn is_estimator(name: &str, all: &[Source]) -> bool {
    let blocks = all.iter().flat_map(|source| source.text.split("\n}\n"));
    let own = |block: &&str| {
        let mut heads = block.lines().filter(|line| line.starts_with("impl"));
        heads.any(|head| {
            head == format!("impl {name} {{") || head == format!("impl<'a> {name}<'a> {{")
        })
    };
    let fits = ["    pub fn fit(", "    pub fn fit<", "    pub fn fit_by(", "    pub fn of("];
    !name.ends_with("Fit") && blocks.filter(own).any(|block| fits.iter().any(|f| block.contains(f)))
}

fn estimators() -> Vec<Documented> {
    let all = sources();
    let rooms = all.iter().filter(|source| ROOMS.contains(&source.room()));
    rooms.flat_map(structs).filter(|found| is_estimator(&found.name, &all)).collect()
}

/// A DOI, or a year as in the reference to a book or a journal.
fn has_reference(doc: &str) -> bool {
    let year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    doc.contains("doi:") || doc.split(|c: char| !c.is_alphanumeric()).any(year)
}

/// An example that asserts something.
fn has_example(doc: &str) -> bool {
    doc.split("```")
        .skip(1)
        .step_by(2)
        .any(|block| block.starts_with('\n') && block.contains("assert"))
}

#[test]
fn estimators_have_an_example_a_reference_and_a_counterpart() {
    let all = estimators();
    assert!(all.len() >= 30, "only {} estimators were found", all.len());
    let mut gaps = Vec::new();
    for Documented { path, name, doc } in all {
        for (is, what) in [
            (has_example(&doc), "an example with assertions"),
            (has_reference(&doc), "a reference"),
            (doc.contains("in R |") || doc.contains("# In R"), "its counterpart in R"),
            (doc.lines().count() > 5, "a definition"),
        ] {
            if !is {
                gaps.push(format!("{path}: {name} lacks {what}"));
            }
        }
    }
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

/// A result says whose it is, so that definition and references are one step away.
#[test]
fn results_lead_to_their_estimator() {
    let estimators: Vec<String> = estimators().into_iter().map(|found| found.name).collect();
    let mut results = 0;
    for found in sources().iter().flat_map(structs).filter(|found| found.name.ends_with("Fit")) {
        results += 1;
        let leads = |name: &String| {
            found.doc.contains(&format!("[`{name}`]")) || found.doc.contains(&format!("[`{name}::"))
        };
        let own = has_example(&found.doc) && has_reference(&found.doc);
        let leads = own || estimators.iter().any(leads);
        assert!(leads, "{}: {} names no estimator", found.path, found.name);
    }
    assert!(results >= 20, "only {results} results were found");
}
