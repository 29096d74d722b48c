//! Table 1: counts, chi-square and Kruskal–Wallis tests.

use riskset::statistic::LevelDifference;
use riskset::study::{
    Baseline, BaselineSummary, BaselineTable, BaselineTestKind, LevelTest, NumberTest,
};

use super::cohort::{Cohort, near, near_p};
use crate::golden::case::{list, number};

fn table(cohort: &Cohort) -> BaselineTable {
    let start = Baseline::new()
        .numeric("age", &cohort.frame.numbers("age"))
        .number_test(NumberTest::KruskalWallis)
        .level_test(LevelTest::Pearson)
        .permutations(4999)
        .seed(22296)
        .differences(LevelDifference::LargestLevel);
    let columns = cohort.columns.iter().filter(|column| column.name != "group");
    let add = |baseline: Baseline, column: &super::cohort::Column| {
        baseline.factor(column.name, &column.labels, column.levels)
    };
    columns.fold(start, add).by(&cohort.group()).unwrap()
}

#[test]
fn table_1_is_that_of_r() {
    let cohort = Cohort::read();
    let table = table(&cohort);
    assert_eq!(table.n, [52.0, 108.0, 52.0, 114.0]);
    let theirs = cohort.answers["table1"].as_object().unwrap();
    assert_eq!(table.rows.len(), theirs.len());
    let mut permuted = 0;
    for row in &table.rows {
        let (name, r, test) = (&row.name, &theirs[&row.name], row.test.unwrap());
        match &row.summary {
            BaselineSummary::Number { by_group, .. } => {
                for (ours, group) in by_group.iter().zip(&table.groups) {
                    near(name, ours.mean.unwrap(), &r["mean"][group]);
                    near(name, ours.std_deviation.unwrap(), &r["sd"][group]);
                }
                near(name, test.statistic.unwrap(), &r["kruskal"]);
                near_p(name, test.p_value, &r["p"]);
            }
            BaselineSummary::Levels { by_group, .. } => {
                for (level, counts) in list(&r["counts"]).iter().enumerate() {
                    for (ours, group) in by_group.iter().zip(&table.groups) {
                        assert_eq!(ours.counts[level], number(&counts[group]), "{name}");
                    }
                }
                near(name, test.statistic.unwrap(), &r["chisq"]);
                near(name, test.df.unwrap(), &r["df"]);
                near(name, test.min_expected.unwrap(), &r["min_expected"]);
                let small = number(&r["min_expected"]) < 5.0;
                assert_eq!(test.kind == BaselineTestKind::PearsonByPermutation, small, "{name}");
                if small {
                    // Four standard errors, and what the chi-square distribution is off.
                    permuted += 1;
                    assert!((test.p_value - number(&r["p"])).abs() < 0.03, "{name} {test:?}");
                } else {
                    near_p(name, test.p_value, &r["p"]);
                }
            }
            _ => unreachable!(),
        }
        assert!(row.differences.as_ref().unwrap().largest().unwrap() < 1.0);
    }
    assert_eq!(permuted, 4);
}
