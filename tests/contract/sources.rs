//! The source files, and what every one of them must keep to.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of `src`.
#[derive(Debug)]
pub struct Source {
    /// Path below `src`, with `/` between its parts.
    pub path: String,
    pub text: String,
}

/// All files of `src`, in the order of their paths.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let rust = path.extension().is_some_and(|extension| extension == "rs");
            if path.is_dir() {
                open.push(path);
            } else if rust {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
    };
    found.into_iter().map(read).collect()
}

impl Source {
    /// The folder or file directly below `src`.
    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The lines that are code: no comments, no unit tests, which stand last.
    pub fn code(&self) -> String {
        let before_tests = self.text.split("#[cfg(test)]\nmod ").next().unwrap();
        let code = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", source.path);
    }
}

#[test]
fn nothing_is_exported_by_glob() {
    for source in sources() {
        let mut lines = source.text.lines().map(str::trim_start);
        let glob = lines.any(|line| line.starts_with("pub") && line.contains("::*"));
        assert!(!glob, "{} exports by glob", source.path);
    }
}

#[test]
fn no_folder_is_a_lumber_room() {
    for source in sources() {
        let words = ["utils", "util", "common", "helpers", "helper", "misc", "prelude"];
        let mut parts = source.path.trim_end_matches(".rs").split('/');
        assert!(!parts.any(|part| words.contains(&part)), "{}", source.path);
    }
}

/// Such a derive leaves public functions of the type itself, which check nothing.
#[test]
fn no_derive_leaves_functions_beside_the_traits() {
    for source in sources() {
        assert!(!source.code().contains("remote = "), "{}", source.path);
    }
}
