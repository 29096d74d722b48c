//! The tables of a paper: what is refused, what is said instead of a number, how it is printed.

use riskset::data::CompleteCases;
use riskset::regression::cox::TimeFunction;
use riskset::statistic::LevelDifference;
use riskset::study::{
    Baseline, Cell, ForestData, ForestRowKind, HazardRatios, LevelTest, Methods, NumberTest,
    Selection, Style, Subgroups, SurvivalSummary, Table,
};
use riskset::{CoxPh, Design, Groups, RightCensored, Warning, Weights};

const ARM: [&str; 6] = ["old", "old", "old", "new", "new", "new"];

fn arm() -> Groups {
    Groups::new(&ARM).unwrap()
}

fn text<T: std::fmt::Debug>(result: riskset::Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_baseline_table_refuses_by_name() {
    let infinite = Baseline::new().numeric("age", &[1.0, 2.0, f64::INFINITY]);
    let three = Groups::new(&["a", "b", "a"]).unwrap();
    let rule = "`age` row 2 is inf: must be finite, or NaN if missing";
    assert_eq!(text(infinite.by(&three)), rule);
    let short = Baseline::new().numeric("age", &[1.0, 2.0]);
    assert_eq!(text(short.by(&three)), "`age` has 2 rows, expected 3");
    let unknown = Baseline::new().factor("sex", &["f", "x", "m"], &["f", "m"]);
    assert_eq!(text(unknown.by(&three)), "`sex` has no level `x`; its levels are f, m");
    let twice = Baseline::new().factor("sex", &["f", "m", "m"], &["f", "f"]);
    assert_eq!(text(twice.overall()), "the name `f` is given twice");
    let same = short.clone().numeric("age", &[1.0, 2.0]);
    assert_eq!(text(same.overall()), "the name `age` is given twice");
    assert_eq!(text(Baseline::new().overall()), "`baseline` has no rows");
    let weights = Weights::case(&[1.0, 2.0]).unwrap();
    let weighted = short.weights(&weights);
    assert!(weighted.overall().is_ok());
    assert_eq!(
        text(weighted.clone().number_test(NumberTest::Anova).overall()),
        "Baseline: a test of weighted rows is not possible; use standardised differences"
    );
    assert_eq!(text(weighted.by(&three)), "`weights` has 2 rows, expected 3");
    let table = Baseline::new().by(&three).unwrap();
    assert_eq!(text(table.row("age")), "no characteristic is named `age`; there are ");
}

/// Groups without any value, levels that nobody has, all values equal: no test, and no panic.
#[test]
fn what_has_nothing_to_compare_has_no_test() {
    let nan = f64::NAN;
    let table = Baseline::new()
        .numeric("one group", &[1.0, 2.0, 3.0, nan, nan, nan])
        .numeric("nobody", &[nan; 6])
        .numeric("equal", &[7.0; 6])
        .factor("one level", &["a"; 6], &["a", "b"])
        .factor("no level", &[None::<&str>; 6], &["a", "b"])
        .number_test(NumberTest::KruskalWallis)
        .level_test(LevelTest::FisherExact)
        .differences(LevelDifference::Mahalanobis)
        .by(&arm())
        .unwrap();
    assert!(table.rows.iter().all(|row| row.test.is_none()));
    let largest = |name| table.row(name).unwrap().differences.as_ref().unwrap().largest();
    assert_eq!(largest("one group"), None);
    assert_eq!(largest("equal"), Some(0.0));
    assert_eq!(largest("one level"), Some(0.0));
    assert_eq!(largest("no level"), None);
    assert_eq!(table.row("nobody").unwrap().summary.n_missing(), 6.0);
    assert!(!table.to_string().contains("NaN"));
}

#[test]
fn a_baseline_table_prints() {
    let table = Baseline::new()
        .numeric("age", &[50.0, 60.0, f64::NAN, 55.0, 65.0, 70.0])
        .factor("sex", &["f", "m", "m", "f", "f", "m"], &["f", "m"])
        .level_test(LevelTest::Pearson)
        .permutations(99)
        .differences(LevelDifference::LargestLevel)
        .by(&arm())
        .unwrap();
    let expected = "\
Baseline characteristics
                            new (n=3)        old (n=3)    Overall (n=6) Largest SMD     p
age                                                                            1.13
  mean (SD)                63.3 (7.6)       55.0 (7.1)       60.0 (7.9)
  median [quartiles] 65.0 [60.0–67.5] 55.0 [52.5–57.5] 60.0 [55.0–65.0]
  missing                           0                1                1
sex                                                                            0.71 1.00†
  f                         2 (66.7%)        1 (33.3%)        3 (50.0%)
  m                         1 (33.3%)        2 (66.7%)        3 (50.0%)
Missing values are counted on a line of their own and left out of shares, means, quartiles and tests.
SMD: standardised mean difference, the largest between two groups.
Tests: Pearson's chi-square test by permutation.
† p-value by 99 permutations: an expected count is below 5.
";
    assert_eq!(table.to_string(), expected, "\n{table}");
}

fn cohort() -> (RightCensored, Vec<f64>, Vec<&'static str>, Vec<&'static str>) {
    let rows = 0..80_usize;
    let time: Vec<f64> = rows.clone().map(|row| ((row * 37) % 80 + 1) as f64).collect();
    let site = |row: usize| if row % 8 == 7 { "bone" } else { ["lung", "liver"][row % 2] };
    let event: Vec<bool> = rows.clone().map(|row| row % 4 != 0 && site(row) != "bone").collect();
    let age = rows.clone().map(|row| ((row * 17) % 41 + 30) as f64).collect();
    let arm = rows.clone().map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
    (RightCensored::new(&time, &event).unwrap(), age, arm, rows.map(site).collect())
}

#[test]
fn a_level_without_events_is_named_and_has_a_limit() {
    let (data, age, _, site) = cohort();
    let design = Design::builder().factor("site", &site, "lung").numeric("age", &age);
    let design = design.build().unwrap();
    let table = HazardRatios::new().fit(&data, &design).unwrap();
    let bone = &table.term("site").unwrap().rows[1];
    assert_eq!((bone.label.as_str(), bone.n, bone.n_events), ("bone", 10.0, 0.0));
    for ratio in [&bone.univariable, &bone.multivariable] {
        let ratio = ratio.as_ref().unwrap();
        assert_eq!((ratio.estimate, ratio.interval.unwrap().lower), (None, None));
        let upper = ratio.interval.unwrap().upper.unwrap();
        assert!(upper > 0.0 && upper < 1.0 && ratio.test.unwrap().p_value < 0.05);
    }
    let level = Warning::LevelWithoutEvents { term: "site".into(), level: "bone".into() };
    assert!(table.warnings.contains(&level));
    assert_eq!(level.to_string(), "`site` has no event at level `bone`");

    // The others are those of the model without its rows.
    let kept: Vec<usize> = (0..80).filter(|&row| site[row] != "bone").collect();
    let pick = |values: &[f64]| kept.iter().map(|&row| values[row]).collect::<Vec<_>>();
    let event: Vec<bool> = kept.iter().map(|&row| data.event()[row]).collect();
    let without = RightCensored::new(&pick(data.time()), &event).unwrap();
    let site: Vec<&str> = kept.iter().map(|&row| site[row]).collect();
    let smaller = Design::builder().factor("site", &site, "lung").numeric("age", &pick(&age));
    let smaller = CoxPh::new().fit(&without, &smaller.build().unwrap()).unwrap();
    let ours = [&table.terms[0].rows[2], &table.terms[1].rows[0]]
        .map(|row| row.multivariable.as_ref().unwrap().estimate.unwrap().ln());
    for (ours, theirs) in ours.iter().zip(smaller.coefficients()) {
        assert!((ours - theirs.estimate.unwrap()).abs() < 1e-9);
    }
    let printed = table.to_string();
    assert!(printed.contains("0 (0–0."), "{printed}");
    assert!(printed.contains("Note: `site` has no event at level `bone`."), "{printed}");
    let text = Methods::new().hazard_ratios(&table).paragraph();
    assert!(
        text.contains("its limit and its p-value are those of the profile likelihood"),
        "{text}"
    );
}

#[test]
fn hazard_ratios_refuse_by_name() {
    let (data, age, arm, _) = cohort();
    let design = Design::builder().numeric("age", &age).factor("arm", &arm, "old").build().unwrap();
    let of = |rule| text(HazardRatios::new().selection(rule).fit(&data, &design));
    let threshold = Selection::PValue { threshold: 0.0, forced: Vec::new() };
    assert_eq!(of(threshold), "option `threshold` is 0: must be above 0 and at most 1");
    let forced = Selection::PValue { threshold: 0.1, forced: vec!["sex".to_owned()] };
    assert_eq!(of(forced), "no term is named `sex`; there are age, arm");
    let listed = Selection::Terms(vec!["sex".to_owned()]);
    assert_eq!(of(listed), "no term is named `sex`; there are age, arm");
    let models = [
        (CoxPh::new().firth(), "a penalised model is not possible; fit it by itself"),
        (
            CoxPh::new().time_varying("age", TimeFunction::Log),
            "a coefficient that follows time is not possible; fit that model by itself",
        ),
    ];
    for (model, rule) in models {
        let only = Design::builder().numeric("age", &age).build().unwrap();
        let error = text(HazardRatios::new().model(model).fit(&data, &only));
        assert_eq!(error, format!("HazardRatios: {rule}"));
    }
    let nothing = Selection::PValue { threshold: 1e-300, forced: Vec::new() };
    let table = HazardRatios::new().selection(nothing).fit(&data, &design).unwrap();
    assert!(table.model.is_none() && table.selected().is_empty());
    assert_eq!(table.events_per_coefficient(), None);
    assert_eq!(
        text(HazardRatios::new().confidence(1.0).fit(&data, &design)),
        "option `confidence` is 1: must be between 0 and 1"
    );
}

/// Under a robust variance there is no likelihood ratio, and Wald's test stands in, and says so.
#[test]
fn a_robust_variance_has_walds_tests() {
    let (data, age, arm, _) = cohort();
    let clusters: Vec<usize> = (0..80).map(|row| row / 2).collect();
    let data = data.with_clusters(&clusters).unwrap();
    let design = Design::builder().numeric("age", &age).factor("arm", &arm, "old").build().unwrap();
    let table = HazardRatios::new().fit(&data, &design).unwrap();
    assert!(table.robust);
    let test = table.term("arm").unwrap().multivariable.unwrap();
    assert_eq!(test.kind, riskset::statistic::TestKind::Wald);
    let text = Methods::new().hazard_ratios(&table).paragraph();
    assert!(text.contains("a robust (sandwich) variance"), "{text}");
    assert!(text.contains("tested by Wald tests"), "{text}");
    let groups = Groups::new(&arm).unwrap();
    let survival = SurvivalSummary::new().by(&data, &groups).unwrap();
    assert!(survival.overall.follow_up.is_some() && survival.overall.follow_up_interval.is_none());
}

#[test]
fn few_events_and_chosen_terms_are_warned_of() {
    let (data, age, arm, site) = cohort();
    let design =
        Design::builder().spline("age", &age, &[35.0, 50.0, 65.0]).factor("arm", &arm, "old");
    let design = design.factor("site", &site, "lung").interaction("arm", "site").build().unwrap();
    let rule = Selection::PValue { threshold: 1.0, forced: Vec::new() };
    let table = HazardRatios::new().selection(rule).fit(&data, &design).unwrap();
    let few = Warning::FewEventsPerCoefficient { events: 50.0, coefficients: 6 };
    assert!(table.warnings.contains(&few), "{:?}", table.warnings);
    assert_eq!(few.to_string(), "50 events for 6 coefficients: 8.3 for each");
    assert!(table.warnings.contains(&Warning::TermsChosenByPValue { threshold: 1.0 }));
    let text = Methods::new().hazard_ratios(&table).paragraph();
    assert!(
        text.contains("p-value below 1 entered the multivariable model; such a rule"),
        "{text}"
    );
    assert!(text.contains("with 8.3 events for each coefficient"), "{text}");
}

#[test]
fn subgroups_say_what_they_cannot_compare() {
    let (data, _, arm, site) = cohort();
    let groups = Groups::new(&arm).unwrap();
    let unknown = Subgroups::new(&groups, "newest", "old").fit(&data);
    assert_eq!(text(unknown), "`treatment` has no level `newest`; its levels are new, old");
    let one = Groups::new(&["all"; 80]).unwrap();
    let short = Groups::new(&["all"; 3]).unwrap();
    let start = Subgroups::new(&groups, "new", "old");
    let wrong = start.clone().variable("sex", &short).fit(&data);
    assert_eq!(text(wrong), "`sex` has 3 rows, expected 80");
    let forest = start
        .variable("sex", &one)
        .variable("site", &Groups::new(&site).unwrap())
        .variable("arm", &groups)
        .fit(&data)
        .unwrap();
    let note = |variable: &str, label: &str| {
        let same =
            |row: &&riskset::study::ForestRow| row.variable == variable && row.label == label;
        forest.rows.iter().find(same).unwrap().note.clone().unwrap_or_default()
    };
    assert_eq!(note("sex", "sex"), "all rows are of one level");
    assert_eq!(note("site", "bone"), "too few events");
    assert_eq!(note("arm", "new"), "one treatment only");
    let text = Methods::new().subgroups(&forest).paragraph();
    assert!(text.contains("of new against old was estimated within the levels of sex, site, arm"));
}

/// A factor by a number and by a spline: the ratios stand at values of the number.
#[test]
fn interactions_become_ratios_at_values() {
    let (data, age, arm, _) = cohort();
    let knots = riskset::data::spline_knots(&age, 3).unwrap();
    let design = Design::builder().factor("arm", &arm, "old").spline("age", &age, &knots);
    let design = design.interaction("arm", "age").build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let forest = ForestData::of_fit(&fit, &data, &design, 0.95).unwrap();
    let labels: Vec<&str> = forest.rows.iter().map(|row| row.label.as_str()).collect();
    let expected = [
        "arm",
        "age",
        "60.25 against 40 (arm=old)",
        "arm:age",
        "old (age=40)",
        "new (age=40)",
        "old (age=50)",
        "new (age=50)",
        "old (age=60.25)",
        "new (age=60.25)",
    ];
    assert_eq!(labels, expected);
    assert_eq!(forest.rows[0].kind, ForestRowKind::Omitted);
    assert!(forest.rows[9].estimate.is_some() && forest.rows[9].n.is_none());
}

#[test]
fn a_survival_summary_prints_what_is_not_reached() {
    let data =
        RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true, false, true, false, false, false]);
    let summary = SurvivalSummary::new().times(&[3.0, 7.0]).restricted_mean(9.0);
    let table = summary.by(&data.unwrap(), &arm()).unwrap();
    let printed = table.to_string();
    assert!(printed.contains("NR (NR–NR)") || printed.contains("NR (3.0–NR)"), "{printed}");
    assert!(printed.contains("follow-up too short"), "{printed}");
    assert!(printed.contains("† fewer than 5 at risk."), "{printed}");
    assert!(!printed.contains("NaN") && !printed.contains("inf"), "{printed}");
}

#[test]
fn methods_name_what_was_done() {
    let (data, age, arm, _) = cohort();
    let groups = Groups::new(&arm).unwrap();
    let baseline = Baseline::new().numeric("age", &age).number_test(NumberTest::Anova).by(&groups);
    let survival = SurvivalSummary::new().restricted_mean(60.0).by(&data, &groups).unwrap();
    let log_rank = riskset::LogRank::new().fit(&data, &groups).unwrap();
    let design = Design::builder().numeric("age", &age).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let ph = riskset::inference::Proportionality::new().fit(&fit, &data, &design).unwrap();
    let complete = CompleteCases::new(3).unwrap().numeric("cea", &[1.0, f64::NAN, 2.0]).unwrap();
    let text = Methods::new()
        .sentence("The study is made up.")
        .complete_cases(&complete)
        .baseline(&baseline.unwrap())
        .survival(&survival)
        .log_rank(&log_rank)
        .adjusted(riskset::statistic::Adjust::Holm, 6)
        .cox(&fit, 0.9)
        .unwrap()
        .proportionality(&ph)
        .to_string();
    for part in [
        "The study is made up. Complete cases were analysed: 1 of 3 rows were left out for missing values \
         (cea 1).",
        "mean (standard deviation) and median [quartiles] and were compared by analysis of variance.",
        "pointwise 95% confidence intervals (log scale)",
        "Mean survival was restricted to a time of 60.",
        "Curves of 2 groups were compared by the log-rank test.",
        "The p-values of 6 tests were adjusted by Holm's method.",
        "Hazard ratios with 90% confidence intervals (Wald)",
        "(time transform: km); global test p=",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for level in [f64::NAN, 0.0, 1.0, 95.0] {
        let error = Methods::new().cox(&fit, level).unwrap_err().to_string();
        assert!(error.contains("must be between 0 and 1"), "{error}");
    }
}

#[test]
fn formats_escape_what_they_take_for_their_own() {
    let labels = ["a|b_c", "<\"x\">, 50%", "a|b_c", "a|b_c", "<\"x\">, 50%", "\\&{$}#^~"];
    let table = Baseline::new().labels("m & m\n*", &labels).by(&arm()).unwrap();
    let table = Table::from(&table);
    let markdown = table.to_markdown();
    assert!(markdown.contains("| m &amp; m \\* |"), "{markdown}");
    assert!(markdown.contains("| &emsp;a\\|b\\_c | 1 (33.3%) |"), "{markdown}");
    let pipes = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<usize> =
        markdown.lines().filter(|line| line.starts_with('|')).map(pipes).collect();
    assert!(lines.iter().all(|n| *n == 5), "{markdown}");

    let html = table.to_html();
    assert!(html.contains("&lt;&quot;x&quot;&gt;, 50%</th>"), "{html}");
    assert!(html.contains("<caption>Baseline characteristics</caption>"), "{html}");
    assert_eq!(html.matches("<tr>").count(), html.matches("</tr>").count());

    let latex = table.to_latex();
    assert!(latex.contains("\\quad $<$\"x\"$>$, 50\\% & 1 (33.3\\%)"), "{latex}");
    let odd = "\\textbackslash{}\\&\\{\\$\\}\\#\\textasciicircum{}\\textasciitilde{}";
    assert!(latex.contains(odd), "{latex}");

    let csv = table.to_csv();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(&reader.headers().unwrap()[2], "new (n=3) n");
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((&records[1][0], &records[1][1]), ("m & m\n*", "<\"x\">, 50%"));
    assert_eq!(records[1][3].parse::<f64>().unwrap(), 1.0 / 3.0);

    let json: serde_json::Value = serde_json::from_str(&table.to_json()).unwrap();
    assert_eq!(json["rows"][1]["variable"], "m & m\n*");
    assert_eq!(json["rows"][2]["label"], "\\&{$}#^~");
    assert_eq!(json["rows"][1]["cells"][0]["share"].as_f64(), Some(1.0 / 3.0));
    assert!(json["rows"][0]["cells"][0].is_null());
}

/// An interaction that is named brings its terms along, also beside a p-value.
#[test]
fn named_interactions_bring_their_terms() {
    let (data, age, arm, site) = cohort();
    let kind: Vec<&str> =
        site.iter().map(|site| if *site == "bone" { "liver" } else { *site }).collect();
    let design = Design::builder().numeric("age", &age).factor("arm", &arm, "old");
    let design = design.factor("site", &kind, "lung").interaction("arm", "site").build().unwrap();
    let named = vec!["arm:site".to_owned()];
    let of = |rule: &Selection| {
        let table = HazardRatios::new().selection(rule.clone()).fit(&data, &design).unwrap();
        table.selected().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = ["arm", "site", "arm:site"];
    assert_eq!(of(&Selection::Terms(named.clone())), expected);
    assert_eq!(of(&Selection::PValue { threshold: 1e-300, forced: named }), expected);
    let mains = vec!["arm".to_owned(), "site".to_owned()];
    assert_eq!(of(&Selection::Terms(mains.clone())), mains);
    assert_eq!(of(&Selection::PValue { threshold: 1e-300, forced: mains }), expected);
    let all = ["age", "arm", "site", "arm:site"];
    assert_eq!(of(&Selection::All), all);
}

/// More decimals than a number can be written with.
#[test]
fn a_cell_with_endless_decimals() {
    let endless = Cell::Number { value: 0.5, decimals: usize::MAX };
    let table = Table::new("title", &["", "number"]).row("row", vec![endless]);
    for text in [table.to_html(), table.to_latex(), table.to_markdown()] {
        assert!(text.contains("0.500"), "{text}");
    }
    assert!(Style::default().interval(Some(0.5), None, usize::MAX).starts_with("0.500"));
}
