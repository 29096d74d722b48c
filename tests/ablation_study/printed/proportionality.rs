//! Section 6.

use serde_json::Value;

use super::super::report::Block;
use super::{golden, list, printed, row, same, same_test, table, with};

#[test]
fn tests_of_proportional_hazards_are_those_of_r() {
    let r = golden("study.json");
    for (key, n) in [("pfs", 5), ("os", 6)] {
        let ours = table(&format!("proportional-hazards-{key}"));
        assert_eq!(ours.rows.len(), n);
        for (transform, cells) in [("zph_km", 0..3), ("zph_identity", 3..6)] {
            let theirs = list(&r[key][transform]);
            assert_eq!(theirs.len(), n);
            for (ours, theirs) in ours.rows.iter().zip(theirs) {
                let what = format!("{key} {transform} {}", ours.label);
                let theirs = ["chisq", "df", "p"].map(|field| &theirs[field]);
                same_test(&what, &ours.cells[cells.clone()], theirs);
            }
        }
    }
}

/// Only the group of progression-free survival is below 0.05.
#[test]
fn periods_are_those_of_r() {
    let r = golden("study.json");
    let (periods, means) = (table("periods-pfs"), table("mean-differences-pfs"));
    for theirs in list(&r["pfs"]["mean_differences"]) {
        let group = theirs["group"].as_str().unwrap();
        for (place, cell) in row(periods, group, group).cells.iter().enumerate() {
            let theirs = with(&r["pfs"]["periods"], "term", &format!("{group}{}", place + 1));
            same(group, cell, &["hr", "lo", "hi"].map(|field| &theirs[field]));
        }
        let pair = format!("{group} - none");
        let fields = ["difference", "lo", "hi", "p"].map(|field| &theirs[field]);
        for (cell, theirs) in row(means, &pair, &pair).cells.iter().zip(fields) {
            same(&pair, cell, &[theirs as &Value]);
        }
    }
    assert_eq!((periods.rows.len(), means.rows.len()), (3, 3));
    let named =
        |block: &Block| matches!(block, Block::Table(name, _) if name.contains("periods-os"));
    assert!(!printed().sections[6].blocks.iter().any(named));
}
