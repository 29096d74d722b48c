//! What the documentation of an estimator says, and where that of its result leads; how to cite it all.

use super::sources::{Source, sources};

/// Rooms in which a struct that can `fit` is an estimator.
const ROOMS: [&str; 7] =
    ["nonparametric", "regression", "competing", "inference", "adjustment", "validation", "study"];

/// What the page of an estimator has, in the words of its headings.
const SECTIONS: [&str; 4] = ["Definition", "Example", "In R", "References"];

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
    let fits =
        ["fit(", "fit<", "fit_by(", "of(", "compare("].map(|fit| format!("    pub fn {fit}"));
    !name.ends_with("Fit")
        && blocks.filter(own).any(|block| fits.iter().any(|f| block.contains(f.as_str())))
}

fn estimators() -> Vec<Documented> {
    let all = sources();
    let rooms = all.iter().filter(|source| ROOMS.contains(&source.room()));
    rooms.flat_map(structs).filter(|found| is_estimator(&found.name, &all)).collect()
}

/// The headings of a page, those in its code left out.
fn sections(doc: &str) -> Vec<&str> {
    let text = doc.split("```").step_by(2).flat_map(str::lines);
    text.filter_map(|line| line.strip_prefix(" # ")).collect()
}

/// An example that asserts a number.
fn has_example(doc: &str) -> bool {
    let examples = doc.split("```").skip(1).step_by(2).filter(|block| block.starts_with('\n'));
    examples.flat_map(str::lines).any(|line| {
        let asserts = line.contains("assert_eq!(") || line.contains(".abs() <");
        asserts && line.chars().any(|c| c.is_ascii_digit())
    })
}

/// Estimators, and whatever else has a definition, options or references, in all sections.
#[test]
fn estimators_have_a_definition_an_example_a_reference_and_a_counterpart() {
    let estimators: Vec<String> = estimators().into_iter().map(|found| found.name).collect();
    let (mut all, mut gaps) = (0, Vec::new());
    for Documented { path, name, doc } in sources().iter().flat_map(structs) {
        let has = sections(&doc);
        let asked = ["Definition", "Options", "References"];
        if !estimators.contains(&name) && !asked.iter().any(|section| has.contains(section)) {
            continue;
        }
        all += 1;
        for section in SECTIONS {
            if !has.iter().any(|heading| heading.starts_with(section)) {
                gaps.push(format!("{path}: {name} has no section {section}"));
            }
        }
        for (is, what) in [
            (has_example(&doc), "an example that asserts a number"),
            (doc.contains("doi:"), "a reference with its DOI"),
        ] {
            if !is {
                gaps.push(format!("{path}: {name} lacks {what}"));
            }
        }
    }
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    assert!(all >= 50, "only {all} estimators were found");
}

/// No other public struct stands alone: it has an example, or a link to where it comes from.
#[test]
fn every_struct_has_an_example_or_a_link() {
    let api = include_str!("../public_api/api.txt");
    let is_public = |name: &str| {
        let ends = [format!("::{name}"), format!("::{name}<")];
        let mut lines = api.lines().filter(|line| line.contains("pub struct "));
        lines.any(|line| line.ends_with(&ends[0]) || line.contains(&ends[1]))
    };
    let mut all = 0;
    for Documented { path, name, doc } in sources().iter().flat_map(structs) {
        if is_public(&name) {
            all += 1;
            let leads = doc.contains("[`") || doc.contains("](") || doc.contains("```\n");
            assert!(leads, "{path}: {name} has neither an example nor a link");
        }
    }
    assert!(all >= 180, "only {all} structs were found");
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
        let leads = estimators.iter().any(leads);
        assert!(leads, "{}: {} names no estimator", found.path, found.name);
    }
    assert!(results >= 20, "only {results} results were found");
}

/// The version to cite is that of the package, in words, as BibTeX and as a citation file.
#[test]
fn the_readme_says_how_to_cite_this_version() {
    let readme = include_str!("../../README.md");
    let (_, cite) = readme.split_once("\n## How to cite\n").unwrap();
    let (cite, _) = cite.split_once("\n## ").unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for said in [
        format!("version {version}, "),
        format!("Version {version}, "),
        format!("\nversion: {version}\n"),
    ] {
        assert!(cite.contains(&said), "{said}");
    }
    for key in ["cff-version: 1.2.0", "message:", "title:", "authors:", "license: MIT"] {
        assert!(cite.contains(&format!("\n{key}")), "{key}");
    }
}

/// Every version says which of its numbers moved.
#[test]
fn every_version_has_its_numerics() {
    let changelog = include_str!("../../CHANGELOG.md");
    let versions: Vec<&str> = changelog.split("\n## [").skip(1).collect();
    assert!(!versions.is_empty());
    for version in versions {
        let (name, text) = version.split_once(']').unwrap();
        let (_, numerics) =
            text.split_once("\n### Numerics\n\n").unwrap_or_else(|| panic!("{name}"));
        assert!(numerics.starts_with("- "), "{name}");
    }
}
