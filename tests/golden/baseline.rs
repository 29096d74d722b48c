//! Baseline characteristics against base R; `generate/47_baseline.R` made the numbers.

use riskset::statistic::{LevelDifference, StandardisedDifferences};
use riskset::study::{
    Baseline, BaselineSummary, BaselineTable, BaselineTestKind, LevelTest, NumberTest,
};
use riskset::{Groups, Weights};
use serde_json::Value;
use std::fs;

use super::case::{folder, list, number, numbers, text};
use super::compare::{Bound, Comparison};
use super::frame::Frame;

struct Study {
    frame: Frame,
    answers: Value,
    groups: Groups,
}

impl Study {
    fn read(name: &str, file: &str, group: &str) -> Self {
        let text = fs::read_to_string(folder("golden/baseline.json")).unwrap();
        let mut all: Value = serde_json::from_str(&text).unwrap();
        let frame = Frame::read(&folder("data").join(file));
        let groups = Groups::new(frame.text(group)).unwrap();
        Self { frame, answers: all[name].take(), groups }
    }

    fn weights(&self) -> Weights {
        let weight = |row: usize| 0.5 + (row % 7) as f64 / 3.0;
        Weights::case(&(1..=self.frame.n_rows()).map(weight).collect::<Vec<_>>()).unwrap()
    }

    fn values(&self, column: &str) -> Vec<f64> {
        let text = self.frame.text(column).iter();
        text.map(|text| if text.is_empty() { f64::NAN } else { text.parse().unwrap() }).collect()
    }

    fn of_number(&self, column: &str, test: NumberTest) -> BaselineTable {
        Baseline::new()
            .numeric("x", &self.values(column))
            .number_test(test)
            .differences(LevelDifference::LargestLevel)
            .by(&self.groups)
            .unwrap()
    }
}

fn differences(comparison: &mut Comparison, ours: &StandardisedDifferences, theirs: &Value) {
    let ours: Vec<f64> = ours.pairs.iter().map(|pair| pair.value.unwrap()).collect();
    let theirs = theirs.as_array().map_or_else(|| vec![number(theirs)], |_| numbers(theirs));
    comparison.column(Bound::Likelihood, "differences", &ours, &theirs);
}

fn test(comparison: &mut Comparison, table: &BaselineTable, kind: BaselineTestKind, r: &Value) {
    let test = table.rows[0].test.unwrap();
    comparison.same("kind", &test.kind, &kind);
    if let Some(p) = r.as_f64() {
        return comparison.value(Bound::PValue, "p", test.p_value, p);
    }
    let what = kind.to_string();
    comparison.value(Bound::Likelihood, &what, test.statistic.unwrap(), number(&r["statistic"]));
    comparison.value(Bound::Likelihood, "df", test.df.unwrap(), number(&r["df"]));
    comparison.optional(Bound::Count, "error df", test.df_error, r["df_error"].as_f64());
    comparison.value(Bound::PValue, "p", test.p_value, number(&r["p"]));
}

fn of_numbers(comparison: &mut Comparison, study: &Study, columns: &[(&str, &str)]) {
    for (name, column) in columns {
        comparison.begin(name);
        let r = &study.answers["numbers"][name];
        let table = study.of_number(column, NumberTest::KruskalWallis);
        let BaselineSummary::Number { by_group, .. } = &table.rows[0].summary else { panic!() };
        comparison.same("groups", &by_group.len(), &list(&r["groups"]).len());
        for (ours, theirs) in by_group.iter().zip(list(&r["by_group"])) {
            comparison.value(Bound::Count, "n", ours.n, number(&theirs["n"]));
            comparison.value(Bound::Count, "missing", ours.n_missing, number(&theirs["missing"]));
            comparison.value(Bound::Curve, "mean", ours.mean.unwrap(), number(&theirs["mean"]));
            let sd = ours.std_deviation.unwrap();
            comparison.value(Bound::Curve, "sd", sd, number(&theirs["sd"]));
            let quartiles = [ours.lower_quartile, ours.median, ours.upper_quartile];
            let quartiles = quartiles.map(Option::unwrap);
            comparison.column(
                Bound::Curve,
                "quartiles",
                &quartiles,
                &numbers(&theirs["quartiles"]),
            );
            let range = [ours.minimum.unwrap(), ours.maximum.unwrap()];
            comparison.column(Bound::Count, "range", &range, &numbers(&theirs["range"]));
        }
        differences(comparison, table.rows[0].differences.as_ref().unwrap(), &r["smd"]);
        test(comparison, &table, BaselineTestKind::KruskalWallis, &r["kruskal"]);
        let anova = study.of_number(column, NumberTest::Anova);
        test(comparison, &anova, BaselineTestKind::Anova, &r["anova"]);
        if !r["welch"].is_null() {
            let welch = study.of_number(column, NumberTest::WelchT);
            test(comparison, &welch, BaselineTestKind::WelchT, &r["welch"]);
            let ranks = study.of_number(column, NumberTest::Wilcoxon);
            test(comparison, &ranks, BaselineTestKind::Wilcoxon, &r["wilcoxon"]);
        }
        let weighted = Baseline::new()
            .numeric("x", &study.values(column))
            .weights(&study.weights())
            .differences(LevelDifference::LargestLevel)
            .by(&study.groups)
            .unwrap();
        differences(comparison, weighted.rows[0].differences.as_ref().unwrap(), &r["smd_weighted"]);
    }
}

fn of_levels(comparison: &mut Comparison, study: &Study, name: &str, labels: &[Option<String>]) {
    comparison.begin(name);
    let r = &study.answers["levels"][name];
    let table = |method, test| {
        let baseline = Baseline::new().labels("x", labels).differences(method).level_test(test);
        baseline.permutations(0).by(&study.groups).unwrap()
    };
    let ours = table(LevelDifference::LargestLevel, LevelTest::Pearson);
    let BaselineSummary::Levels { levels, by_group, overall } = &ours.rows[0].summary else {
        panic!()
    };
    let theirs: Vec<String> = list(&r["levels"]).iter().map(text).collect();
    comparison.same("levels", levels, &theirs);
    for (ours, theirs) in by_group.iter().zip(list(&r["counts"])) {
        comparison.column(Bound::Count, "counts", &ours.counts, &numbers(theirs));
    }
    comparison.value(Bound::Count, "missing", overall.n_missing, number(&r["missing"]));
    test(comparison, &ours, BaselineTestKind::Pearson, &r["pearson"]);
    let expected = ours.rows[0].test.unwrap().min_expected.unwrap();
    comparison.value(Bound::Curve, "expected", expected, number(&r["pearson"]["min_expected"]));
    differences(comparison, ours.rows[0].differences.as_ref().unwrap(), &r["smd"]);
    let other = table(LevelDifference::Mahalanobis, LevelTest::FisherExact);
    differences(comparison, other.rows[0].differences.as_ref().unwrap(), &r["mahalanobis"]);
    if !r["fisher"].is_null() {
        test(comparison, &other, BaselineTestKind::FisherExact, &r["fisher"]);
    }
}

#[test]
fn baseline_characteristics_are_those_of_r() {
    let mut comparison = Comparison::new();
    let lung = Study::read("lung", "lung.csv", "sex");
    let columns =
        [("age", "age"), ("meal", "meal_cal"), ("loss", "wt_loss"), ("karno", "pat_karno")];
    of_numbers(&mut comparison, &lung, &columns);
    let poor = |text: &String| {
        Some(text)
            .filter(|text| !text.is_empty())
            .map(|text| u8::from(text > &"1".into()).to_string())
    };
    let poor: Vec<Option<String>> = lung.frame.text("ph_ecog").iter().map(poor).collect();
    of_levels(&mut comparison, &lung, "poor", &poor);
    let ablation = Study::read("ablation", "ablation_patients.csv", "group");
    let columns = [("age", "age"), ("cea", "cea"), ("largest", "largest_mm")];
    of_numbers(&mut comparison, &ablation, &columns);
    for name in ["kras", "n_stage", "bilateral"] {
        let labels: Vec<Option<String>> =
            ablation.frame.text(name).iter().cloned().map(Some).collect();
        of_levels(&mut comparison, &ablation, name, &labels);
    }
    comparison.finish("baseline", 11);
}
