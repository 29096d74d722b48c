//! The tables of a paper, whatever the data.

use proptest::prelude::*;
use riskset::statistic::LevelDifference;
use riskset::study::{
    Adjustment, Baseline, ForestRowKind, HazardRatioRowKind, HazardRatios, Selection, Table,
};
use riskset::{Design, Groups, RightCensored, Weights};

#[derive(Debug, Clone)]
struct Cohort {
    time: Vec<f64>,
    event: Vec<bool>,
    age: Vec<f64>,
    stage: Vec<u8>,
    site: Vec<u8>,
    arm: Vec<u8>,
}

fn cohorts() -> impl Strategy<Value = Cohort> {
    let row = (1..30_u32, prop::bool::weighted(0.8), 20..80_u32, 0..3_u8, 0..4_u8, 0..3_u8);
    prop::collection::vec(row, 30..60).prop_map(|rows| Cohort {
        time: rows.iter().map(|row| f64::from(row.0)).collect(),
        event: rows.iter().map(|row| row.1).collect(),
        age: rows.iter().map(|row| f64::from(row.2)).collect(),
        // Every level occurs.
        stage: rows
            .iter()
            .enumerate()
            .map(|(i, row)| if i < 3 { i as u8 } else { row.3 })
            .collect(),
        site: rows.iter().enumerate().map(|(i, row)| if i < 4 { i as u8 } else { row.4 }).collect(),
        arm: rows.iter().enumerate().map(|(i, row)| if i < 3 { i as u8 } else { row.5 }).collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// No term can be dropped: a row for each coefficient, and one for the reference of each factor.
    #[test]
    fn rows_are_coefficients_and_references(cohort in cohorts(), threshold in 0.05..1.0_f64) {
        let Cohort { time, event, age, stage, site, .. } = &cohort;
        prop_assume!(event.iter().any(|&event| event));
        let data = RightCensored::new(time, event).unwrap();
        let design = Design::builder()
            .spline("age", age, &[30.0, 50.0, 70.0])
            .factor("stage", stage, "0")
            .factor("site", site, "2")
            .interaction("stage", "site")
            .build()
            .unwrap();
        let forced = vec!["age".to_owned()];
        let rule = Selection::PValue { threshold, forced };
        // What no maximum can be found for is an error by name, and not of interest here.
        let Ok(table) = HazardRatios::new().selection(rule).fit(&data, &design) else { return Ok(()) };
        let rows: Vec<_> = table.terms.iter().flat_map(|term| &term.rows).collect();
        let of = |kind| rows.iter().filter(|row| row.kind == kind).count();
        prop_assert_eq!(of(HazardRatioRowKind::Coefficient), design.columns().len());
        prop_assert_eq!(of(HazardRatioRowKind::Reference), 2);
        prop_assert_eq!(table.terms.len(), design.terms().len());
        let alone = rows.iter().filter(|row| row.univariable.is_some()).count();
        prop_assert_eq!(alone, 2 + 2 + 3);
        let together = rows.iter().filter(|row| row.multivariable.is_some()).count();
        prop_assert_eq!(together, table.model.as_ref().unwrap().coefficients().len());
        let names = table.selected();
        let both = names.contains(&"stage") && names.contains(&"site");
        prop_assert_eq!(names.contains(&"stage:site"), both);
        for term in table.terms.iter().take(3).skip(1) {
            let n: f64 = term.rows.iter().map(|row| row.n).sum();
            let events: f64 = term.rows.iter().map(|row| row.n_events).sum();
            prop_assert_eq!((n, events), (table.n, table.n_events));
        }
        let forest = table.forest(Adjustment::Univariable);
        let headings = forest.rows.iter().filter(|row| row.kind == ForestRowKind::Heading).count();
        prop_assert_eq!(forest.rows.len() - headings, rows.len());
        let printed = Table::from(&table).to_csv();
        prop_assert!(!printed.contains("NaN") && !printed.contains("inf"), "{}", printed);
    }

    /// Equal weights change nothing but the counts; a shift and a scale change no standardised difference.
    #[test]
    fn differences_have_no_unit(cohort in cohorts(), shift in -9.0..9.0_f64, scale in 0.1..9.0_f64) {
        let groups = Groups::new(&cohort.arm).unwrap();
        let moved: Vec<f64> = cohort.age.iter().map(|age| shift + scale * age).collect();
        let table = |age: &[f64], weight: Option<f64>| {
            let start = Baseline::new().numeric("age", age).labels("site", &cohort.site);
            let start = start.differences(LevelDifference::Mahalanobis);
            match weight {
                None => start.by(&groups).unwrap(),
                Some(weight) => {
                    let weights = Weights::sampling(&vec![weight; age.len()]).unwrap();
                    start.weights(&weights).by(&groups).unwrap()
                }
            }
        };
        let plain = table(&cohort.age, None);
        for other in [table(&moved, None), table(&cohort.age, Some(0.7))] {
            for (a, b) in plain.rows.iter().zip(&other.rows) {
                let pairs = |row: &riskset::study::BaselineRow| row.differences.clone().unwrap().pairs;
                for (a, b) in pairs(a).iter().zip(pairs(b)) {
                    prop_assert_eq!(a.value.is_some(), b.value.is_some());
                    let (a, b) = (a.value.unwrap_or(0.0), b.value.unwrap_or(0.0));
                    prop_assert!((a - b).abs() < 1e-9, "{} {}", a, b);
                }
            }
        }
        // Two groups change places.
        let swapped = Baseline::new().numeric("age", &cohort.age);
        let names = Groups::with_levels(&cohort.arm, &["2", "1", "0"]).unwrap();
        let swapped = swapped.differences(LevelDifference::LargestLevel).by(&names).unwrap();
        let first = plain.rows[0].differences.as_ref().unwrap();
        let second = swapped.rows[0].differences.as_ref().unwrap();
        prop_assert_eq!(first.pairs[1].value, second.pairs[1].value.map(|value| -value));
    }
}
