//! Sections 4 and 5.

use riskset::study::{Cell, TableRow};
use serde_json::{Value, json};

use super::super::report::Block;
use super::{golden, list, numbers, printed, ratios, row, same, same_test, table};

fn ratio(row: &TableRow, theirs: &Value) {
    same(&row.label, &row.cells[2], &["hr", "lo", "hi"].map(|field| &theirs[field]));
}

#[test]
fn each_covariate_alone_is_that_of_r() {
    let r = golden("ablation.json");
    for key in ["pfs", "os"] {
        let ours = table(&format!("univariable-{key}"));
        let theirs = list(&r[key]["univariable"]);
        let rows: Vec<&Value> = theirs.iter().flat_map(|one| list(&one["rows"])).collect();
        assert_eq!((ratios(ours).len(), rows.len()), (29, 29));
        for (row, theirs) in ratios(ours).into_iter().zip(rows) {
            ratio(row, theirs);
            same(&row.label, &row.cells[3], &[&theirs["p"]]);
        }
        let heads: Vec<&TableRow> =
            ours.rows.iter().filter(|row| row.label == row.variable).collect();
        assert_eq!(heads.len(), theirs.len());
        for (row, theirs) in heads.into_iter().zip(theirs) {
            same(&row.label, &row.cells[4], &[&theirs["df"]]);
            same(&row.label, &row.cells[5], &[&theirs["p_lrt"]]);
        }
        let age = &row(ours, "Age, per 10 years", "Age, per 10 years").cells;
        same("n", &age[0], &[&r[key]["n"]]);
        same("events", &age[1], &[&r[key]["events"]]);
    }
}

/// Coefficients, Breslow's differences, tests of factors, likelihood and concordance of one model.
fn model(letter: char, key: &str, theirs: &Value, s: &Value, events: &Value) {
    let ours = table(&format!("model-{letter}-{key}"));
    let (rows, theirs) = (ratios(ours), list(theirs));
    assert_eq!(rows.len(), theirs.len());
    for ((row, theirs), breslow) in rows.iter().zip(theirs).zip(list(&s["breslow"])) {
        ratio(row, theirs);
        let what = format!("{letter} {key} {}", row.label);
        for (cell, field) in row.cells[3..5].iter().zip(["beta", "se"]) {
            same(&what, cell, &[&theirs[field]]);
        }
        let z = theirs["beta"].as_f64().unwrap() / theirs["se"].as_f64().unwrap();
        same(&what, &row.cells[5], &[&json!(z)]);
        same(&what, &row.cells[6], &[&theirs["p"]]);
        let off = (numbers(&row.cells[7])[0] - breslow.as_f64().unwrap()).abs();
        assert!(off < 1e-10, "{what}: off {off:e}");
    }
    let counted: f64 = (ours.rows.iter().filter(|row| row.variable == "Systemic therapy"))
        .filter_map(|row| numbers(&row.cells[1]).first().copied())
        .sum();
    assert_eq!(counted, events.as_f64().unwrap());

    let tests = table(&format!("model-{letter}-terms-{key}"));
    let keys: Vec<&String> = s["wald"].as_object().unwrap().keys().collect();
    assert_eq!(tests.rows.len() - usize::from(!s["joint"].is_null()), keys.len());
    for test in &tests.rows {
        let (wald, lr) = match test.label.strip_prefix("Tumour burden") {
            Some(_) => (&s["joint"], None),
            None => {
                let name = in_r(&test.label);
                (&s["wald"][name], Some(&s["lr"][name]))
            }
        };
        same_test(&test.label, &test.cells[..3], [&wald["chisq"], &wald["df"], &wald["p"]]);
        if let Some(lr) = lr {
            // R's statistic is a difference of two log-likelihoods near a thousand, good to 1e-12 each.
            let off = (numbers(&test.cells[3])[0] - lr["lr"].as_f64().unwrap()).abs();
            assert!(off < 1e-8, "{}: off {off:e}", test.label);
            same_test(
                &test.label,
                &test.cells[3..],
                [&json!(numbers(&test.cells[3])[0]), &wald["df"], &lr["p"]],
            );
        }
    }

    let fit = table(&format!("model-{letter}-fit-{key}"));
    let n = theirs.len() as f64;
    for (name, theirs) in [
        ("Patients", json!(326)),
        ("Events", events.clone()),
        ("Coefficients", json!(n)),
        ("Events per coefficient", json!(events.as_f64().unwrap() / n)),
        ("Log-likelihood without covariates", s["loglik"][0].clone()),
        ("Log-likelihood", s["loglik"][1].clone()),
        ("Harrell's C", s["concordance"].clone()),
    ] {
        same(name, &row(fit, name, name).cells[0], &[&theirs]);
    }
}

fn in_r(name: &str) -> &'static str {
    match name {
        "Systemic therapy" => "group",
        "Number of tumours" => "num",
        "Largest tumour" => "size",
        "Timing of metastases" => "syn",
        "Extrapulmonary disease" => "epm",
        "Mediastinal lymph node" => "mln",
        "Peridiaphragmatic tumour" => "peri",
        "Sex" => "male",
        "KRAS" => "kr",
        "Bilateral" => "bilateral",
        other => panic!("{other}"),
    }
}

#[test]
fn models_a_and_b_are_those_of_r() {
    let (ablation, study) = (golden("ablation.json"), golden("study.json"));
    for key in ["pfs", "os"] {
        let (r, s) = (&ablation[key], &study[key]);
        model('a', key, &r["model"], &s["model_a"], &r["events"]);
        model('b', key, &r["selected_model"], &s["model_b"], &r["events"]);
        let terms = table(&format!("model-b-terms-{key}"));
        let chosen: Vec<&str> = terms.rows.iter().map(|row| in_r(&row.label)).collect();
        assert_eq!(
            chosen,
            list(&r["selected"]).iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>()
        );
    }
}

/// Patients and events of every level, in every table that has them.
#[test]
fn levels_have_the_patients_and_events_of_r() {
    let study = golden("study.json");
    for key in ["pfs", "os"] {
        for (name, expected) in [("univariable", 43), ("model-a", 0), ("model-b", 0)] {
            let ours = table(&format!("{name}-{key}"));
            let mut compared = 0;
            for rows in ours.rows.chunk_by(|a, b| a.variable == b.variable) {
                let Some(theirs) = study[key]["levels"].get(&rows[0].variable) else {
                    assert_eq!(rows[0].variable, "Age, per 10 years");
                    continue;
                };
                let (levels, theirs) = (&rows[1..], list(theirs));
                assert_eq!(levels.len(), theirs.len(), "{}", rows[0].variable);
                for (row, theirs) in levels.iter().zip(theirs) {
                    let what = format!("{name} {key} {} {}", row.variable, row.label);
                    same(&what, &row.cells[0], &[&theirs["n"]]);
                    same(&what, &row.cells[1], &[&theirs["events"]]);
                    compared += 1;
                }
            }
            assert!(compared > 10 && (expected == 0 || compared == expected), "{compared}");
        }
    }
}

#[test]
fn the_choice_of_model_b_is_said() {
    let words: Vec<&str> = (printed().sections[5].blocks.iter())
        .filter_map(|block| match block {
            Block::Words(words) => Some(words.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(words.len(), 3);
    assert!(words[0].contains("drops factors that matter"));
    let all = "Overall survival, Model B takes in: Systemic therapy, Largest tumour, Extrapulmonary disease, \
               Mediastinal lymph node, Sex.";
    assert_eq!(words[2], all);
}

/// A hazard ratio that there is has limits and a p-value beside it.
#[test]
fn no_ratio_is_left_without_its_error() {
    for name in ["univariable-pfs", "univariable-os", "model-a-os", "model-b-pfs"] {
        for row in ratios(table(name)) {
            let Cell::Ratio { value, interval, .. } = &row.cells[2] else { unreachable!() };
            assert!(value.is_some() && interval.unwrap().upper.is_some(), "{name} {}", row.label);
        }
    }
}
