//! Section 1.

use riskset::study::Cell;
use serde_json::Value;

use super::{GROUPS, golden, list, numbers, row, same, table};

/// Name of the table, name in R.
const FACTORS: [(&str, &str); 14] = [
    ("Number of tumours", "num"),
    ("Largest tumour", "size"),
    ("Timing of metastases", "syn"),
    ("Extrapulmonary disease", "epm"),
    ("Mediastinal lymph node", "mln"),
    ("Peridiaphragmatic tumour", "peri"),
    ("Sex", "male"),
    ("Primary tumour", "rect"),
    ("N stage", "ns"),
    ("KRAS", "kr"),
    ("CEA", "cea3"),
    ("CA19-9", "ca3"),
    ("Bilateral", "bilateral"),
    ("Modality", "mod"),
];

/// Largest |difference| / root of the mean variance over pairs of groups.
fn largest(means: &[f64], variances: &[f64]) -> f64 {
    let pairs = (0..means.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let difference = |(a, b): (usize, usize)| {
        (means[a] - means[b]).abs() / ((variances[a] + variances[b]) / 2.0).sqrt()
    };
    pairs.map(difference).fold(0.0, f64::max)
}

/// A p-value by 9999 permutations lies within four standard errors of that by a million.
fn permuted(what: &str, cell: &Cell, theirs: &Value) {
    let Cell::PValue { value, marked: true } = cell else { panic!("{what}: {cell:?}") };
    let p = theirs.as_f64().unwrap();
    let bound = 4.0 * (p * (1.0 - p) * (1.0 / 9999.0 + 1e-6)).sqrt();
    assert!((value - p).abs() < bound, "{what}: {value}, {p}");
}

#[test]
fn factors_are_those_of_r() {
    let (ablation, study) = (golden("ablation.json"), golden("study.json"));
    let ours = table("baseline");
    let mut n_permuted = 0;
    for (name, key) in FACTORS {
        let theirs = &ablation["table1"][key];
        let head = &row(ours, name, name).cells;
        let levels = ours.rows.iter().filter(|row| row.variable == name && row.label != name);
        let levels: Vec<_> = levels.collect();
        assert_eq!(levels.len(), list(&theirs["counts"]).len(), "{name}");
        let mut difference = 0.0_f64;
        for (level, counts) in levels.iter().zip(list(&theirs["counts"])) {
            let of = |group: &str| counts[group].as_f64().unwrap();
            let n = |group: &str| -> f64 {
                list(&theirs["counts"]).iter().map(|counts| counts[group].as_f64().unwrap()).sum()
            };
            let shares = GROUPS.map(|group| of(group) / n(group));
            for ((cell, group), share) in level.cells.iter().zip(GROUPS).zip(shares) {
                assert_eq!(numbers(cell), [of(group), share], "{name} {} {group}", level.label);
            }
            let all: f64 = GROUPS.map(of).iter().sum();
            assert_eq!(numbers(&level.cells[4]), [all, all / 326.0]);
            difference =
                difference.max(largest(&shares, &shares.map(|share| share * (1.0 - share))));
        }
        let smd = numbers(&head[5])[0];
        assert!((smd - difference).abs() <= 1e-12, "{name}: {smd}, {difference}");
        if theirs["min_expected"].as_f64().unwrap() < 5.0 {
            n_permuted += 1;
            permuted(name, &head[6], &study["permuted"][key]);
        } else {
            same(name, &head[6], &[&theirs["p"]]);
        }
    }
    assert_eq!(n_permuted, 4);
    permuted("Centre", &row(ours, "Centre", "Centre").cells[6], &study["permuted"]["centre"]);
    for centre in ["C1", "C2", "C3", "C4", "C5", "C6"] {
        let cells = &row(ours, "Centre", centre).cells;
        for (cell, group) in cells.iter().zip(GROUPS) {
            assert_eq!(numbers(cell)[0], study["centres"][centre][group].as_f64().unwrap());
        }
    }
}

#[test]
fn numbers_are_those_of_r() {
    let r = golden("study.json");
    let ours = table("baseline");
    for (name, key) in [
        ("Age, years", "age"),
        ("Largest tumour, mm", "largest_mm"),
        ("Disease-free interval, months (0 if synchronous)", "dfi_months"),
        ("CEA, ng/mL", "cea"),
        ("CA19-9, U/mL", "ca199"),
    ] {
        let theirs = &r["numbers"][key];
        let columns = GROUPS.iter().chain(&["Overall"]);
        for (place, group) in columns.enumerate() {
            let (what, theirs) = (format!("{name} {group}"), &theirs["groups"][group]);
            let cell = |label| &row(ours, name, label).cells[place];
            same(&what, cell("mean (SD)"), &[&theirs["mean"], &theirs["sd"]]);
            let quartiles: Vec<&Value> = list(&theirs["q"]).iter().collect();
            same(&what, cell("median [quartiles]"), &quartiles);
            if theirs["missing"] != 0 {
                same(&what, cell("missing"), &[&theirs["missing"]]);
            }
        }
        let head = &row(ours, name, name).cells;
        same(name, &head[6], &[&theirs["p"]]);
        let of = |field: &str| GROUPS.map(|group| theirs["groups"][group][field].as_f64().unwrap());
        let difference = largest(&of("mean"), &of("sd").map(|sd| sd * sd));
        assert!((numbers(&head[5])[0] - difference).abs() <= 1e-12, "{name}");
    }
}
