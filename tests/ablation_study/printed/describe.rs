//! Section 0.

use serde_json::json;

use super::{GROUPS, golden, row, same, table};

#[test]
fn groups_follow_up_and_events() {
    let r = golden("study.json");
    let ours = table("groups");
    assert_eq!(ours.rows.len(), 5);
    for name in GROUPS.iter().chain(&["Overall"]) {
        let (cells, theirs) = (&row(ours, name, name).cells, &r["groups"][name]);
        for (cell, field) in cells.iter().zip(["n", "months", "pfs", "os", "ltp"]) {
            same(&format!("{name} {field}"), cell, &[&theirs[field]]);
        }
        let follow_up = ["median", "lo", "hi"].map(|field| &theirs[field]);
        same(name, &cells[5], &follow_up);
        assert_eq!(cells.len(), 6);
    }
    same("follow-up", &row(ours, "Overall", "Overall").cells[4], &[&json!(102)]);
}

#[test]
fn centres_ties_and_missing_values() {
    let r = golden("study.json");
    let ours = table("centres");
    assert_eq!(ours.rows.len(), 6);
    let mut all = 0.0;
    for ours in &ours.rows {
        let theirs = &r["centres"][&ours.label];
        for (group, cell) in GROUPS.iter().zip(&ours.cells) {
            same(&ours.label, cell, &[&theirs[group]]);
        }
        all += super::numbers(&ours.cells[4])[0];
    }
    assert_eq!(all, 326.0);
    let ours = table("endpoints");
    for (name, events) in [("PFS", 265), ("OS", 196), ("LTP", 102)] {
        let cells = &row(ours, name, name).cells;
        same(name, &cells[0], &[&json!(events)]);
        same(name, &cells[1], &[&r["times"][name]]);
    }
    let ours = table("missing");
    assert_eq!(ours.rows.len(), 3);
    for (name, n) in [("kras", 51.0), ("cea", 12.0), ("ca199", 8.0)] {
        same(name, &row(ours, name, name).cells[0], &[&json!(n), &json!(n / 326.0)]);
    }
}
