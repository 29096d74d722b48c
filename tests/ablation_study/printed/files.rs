//! The files of a report.

use std::fs;
use std::path::PathBuf;

use super::super::analysis::{report, write};
use super::super::options::Options;
use super::super::report::{Block, Report};
use super::super::source::Source;
use super::{cohort, options, printed};

/// Names and contents of what is written.
fn written(report: &Report, options: &Options, name: &str) -> Vec<(String, String)> {
    let folder = std::env::temp_dir().join(format!("riskset-{name}-{}", std::process::id()));
    write(report, options, &folder).unwrap();
    let files = fs::read_dir(&folder).unwrap().map(|file| {
        let path: PathBuf = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    let files = files.collect();
    fs::remove_dir_all(folder).unwrap();
    files
}

#[test]
fn every_file_says_that_the_data_are_simulated() {
    let files = written(printed(), &options(), "simulated");
    let [mut tables, mut figures] = [0, 0];
    for block in printed().sections.iter().flat_map(|section| &section.blocks) {
        tables += usize::from(matches!(block, Block::Table(..)));
        figures += usize::from(matches!(block, Block::Figure(..)));
    }
    assert_eq!((files.len(), figures), (2 * tables + figures + 2, 9));
    for (name, text) in &files {
        if ["report.html", "SIMULATED.txt"].contains(&name.as_str()) {
            assert!(text.contains(&printed().banner), "{name}");
            continue;
        }
        assert!(name.starts_with("simulated-"), "{name}");
        // RFC 4180 has no comments: of a CSV file the name alone can say it.
        if name.ends_with(".json") || name.ends_with(".svg") {
            assert!(text.contains("SIMULATED data, seed 22296, picked"), "{name}");
        }
    }
    let text = printed().to_string();
    assert!(text.starts_with("SIMULATED data, 326 patients, seed 22296, picked"));
}

#[test]
fn files_of_a_user_name_his_data_instead() {
    let source = Source::Files { patients: "p.csv".into(), tumours: Some("t.csv".into()) };
    let options = Options { permutations: 9, ..Options::new(source) };
    let report = report(&cohort(), &options).unwrap();
    for (name, text) in written(&report, &options, "files") {
        assert!(!text.contains("SIMULATED") && !name.contains("simulated"), "{name}");
        if name.ends_with(".json") || name.ends_with(".svg") || name == "README.txt" {
            assert!(text.contains("Data of p.csv and t.csv"), "{name}");
        }
    }
}
