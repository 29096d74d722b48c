//! A folder imports from folders on lower floors and from itself, from nowhere else.

use super::sources::{Source, sources};

/// The floors of the house, from the ground.
const FLOORS: [&[&str]; 14] = [
    &["error"],
    &["numerics", "checked", "room"],
    &["linalg"],
    &["data", "statistic"],
    &["curve"],
    &["nonparametric"],
    &["regression"],
    &["competing"],
    &["inference"],
    &["validation"],
    &["adjustment"],
    &["study"],
    &["plot"],
    &["guide"],
];

fn floor(room: &str) -> usize {
    let found = FLOORS.iter().position(|rooms| rooms.contains(&room));
    found.unwrap_or_else(|| panic!("`{room}` has no floor: add it to the table"))
}

/// The names that follow `crate::`, the members of a group each by itself.
fn imported(code: &str) -> Vec<String> {
    let name = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_owned()
    };
    let after = code.split("crate::").skip(1);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            None => vec![name(rest)],
            Some(group) => members(group).iter().map(|member| name(member.trim())).collect(),
        })
        .collect()
}

/// The members of a group whose brace is open: the commas of inner groups do not count.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut members) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => members.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                members.last_mut().unwrap().push(c);
            }
        }
    }
    members.retain(|member| !member.trim().is_empty());
    members
}

/// The folder a name belongs to; the crate root re-exports some types.
fn room_of(name: &str, root: &Source) -> String {
    if name.starts_with(|c: char| c.is_lowercase()) {
        return name.to_owned();
    }
    let line = root.text.lines().find(|line| {
        let words = || line.split(|c: char| !c.is_alphanumeric() && c != '_');
        line.starts_with("pub use") && words().any(|word| word == name)
    });
    let line = line.unwrap_or_else(|| panic!("the crate root has no `{name}`"));
    line.trim_start_matches("pub use ").split("::").next().unwrap().to_owned()
}

#[test]
fn every_folder_imports_from_below() {
    let all = sources();
    let root = all.iter().find(|source| source.path == "lib.rs").unwrap();
    let mut breaches = Vec::new();
    for source in all.iter().filter(|source| source.path != "lib.rs") {
        let room = source.room();
        for name in imported(&source.code()) {
            let from = room_of(&name, root);
            if from != room && floor(&from) >= floor(room) {
                breaches.push(format!("{} imports from {from}", source.path));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// `super` stays within the folder.
#[test]
fn no_path_climbs_out_of_its_folder() {
    for source in sources() {
        let folders = source.path.matches('/').count();
        let allowed = folders - usize::from(folders > 0 && source.path.ends_with("/mod.rs"));
        let climb = "super::".repeat(allowed + 1);
        assert!(!source.code().contains(&climb), "{} climbs out", source.path);
    }
}

#[test]
fn paths_are_read_in_every_form() {
    let code = "use crate::data::{Rows, Weights};\npub(crate) use crate::error;\n\
                use crate::{curve::{A, B}, statistic};\nfn f() -> crate::Result<()> { g::<crate::linalg::Ldl>() }";
    assert_eq!(imported(code), ["data", "error", "curve", "statistic", "Result", "linalg"]);
}
