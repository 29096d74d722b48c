//! The text of every error: it names the column, the row and the rule.

use riskset::data::{Cause, CompleteCases, RiskTable, TimeMatch, Variance};
use riskset::ndarray::arr2;
use riskset::nonparametric::{AtRiskTable, HazardVariance, TestWeight, TieCorrection};
use riskset::regression::cox::TimeFunction;
use riskset::statistic::Interval;
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen,
    Profile, Result, RightCensored, Ties, Weights,
};

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;

/// The message of what must be an error.
#[track_caller]
pub(super) fn text<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

pub(super) fn data() -> RightCensored {
    RightCensored::new(&[1., 2., 3., 4.], &[true, true, false, true]).unwrap()
}

pub(super) fn design() -> Design {
    Design::builder().numeric("x", &[1., 3., 2., 0.]).build().unwrap()
}

#[test]
fn times() {
    let rule = "must be finite and not negative";
    assert_eq!(
        text(RightCensored::new(&[1., NAN, -1., INFINITY], &[true; 4])),
        format!(
            "`time` row 1 is NaN: {rule}; `time` row 2 is -1: {rule}; `time` row 3 is inf: {rule}"
        )
    );
    assert_eq!(text(RightCensored::new(&[], &[])), "`time` has no rows");
    assert_eq!(text(RightCensored::new(&[1., 2.], &[true])), "`event` has 1 rows, expected 2");
    let many = text(RightCensored::new(&[-1.; 10], &[true; 10]));
    assert!(many.ends_with(&format!("`time` row 7 is -1: {rule}; and 2 more")), "{many}");
    assert_eq!(
        text(RightCensored::from_codes(&[1., 2.], &[1, 3], 1, 2)),
        "`status` row 1 is 3: must be the code for censored or the code for event"
    );
}

#[test]
fn intervals() {
    let new =
        |entry: &[f64], exit: &[f64]| CountingProcess::new(entry, exit, &vec![true; exit.len()]);
    let rule = "must be before the exit time";
    assert_eq!(
        text(new(&[3., 5., 1.], &[3., 4., 2.])),
        format!("`entry` row 0 is 3: {rule}; `entry` row 1 is 5: {rule}")
    );
    assert_eq!(
        text(new(&[NAN, 0.], &[1., INFINITY])),
        "`entry` row 0 is NaN: must be finite and not negative; \
         `exit` row 1 is inf: must be finite and not negative"
    );
    assert_eq!(text(new(&[], &[])), "`exit` has no rows");
    assert_eq!(text(new(&[0.], &[1., 2.])), "`entry` has 1 rows, expected 2");
    assert_eq!(
        text(new(&[1.5], &[1.5 + 1e-12])),
        "`entry` row 0 is 1.5: the near-tie policy takes entry and exit for one time"
    );
    let overlapping = new(&[0., 1.], &[2., 3.]).unwrap().with_ids(&["a", "a"]);
    assert_eq!(
        text(overlapping),
        "`entry` row 1 is 1: must not be before the end of the subject's previous row"
    );
    assert_eq!(
        text(data().with_ids(&[1, 2, 2, 3])),
        "`ids` row 2 is 2: an id may stand once, unless clusters are declared"
    );
    let policy = TimeMatch::Anchored { relative: NAN };
    assert_eq!(text(data().with_time_match(policy)), "option `relative` is NaN: must be in [0, 1)");
}

#[test]
fn weights() {
    let rule = "must be above 0, from 1e-100 to 1e100";
    assert_eq!(
        text(Weights::case(&[1., -2., NAN])),
        format!("`weight` row 1 is -2: {rule}; `weight` row 2 is NaN: {rule}")
    );
    assert_eq!(
        text(Weights::sampling(&[0., INFINITY])),
        format!("`weight` row 0 is 0: {rule}; `weight` row 1 is inf: {rule}")
    );
    assert_eq!(
        text(Weights::frequency(&[1, 0])),
        "`weight` row 1 is 0: must be at least 1 and at most 2^53"
    );
    assert_eq!(
        text(data().with_weights(Weights::case(&[1.]).unwrap())),
        "`weights` has 1 rows, expected 4"
    );
}

#[test]
fn labels() {
    assert_eq!(text(data().with_strata(&[1])), "`strata` has 1 rows, expected 4");
    assert_eq!(text(data().with_clusters(&[1])), "`clusters` has 1 rows, expected 4");
    assert_eq!(text(data().with_ids(&[1])), "`ids` has 1 rows, expected 4");
    assert_eq!(
        text(data().with_strata(&[Some("a"), None, Some("b"), None])),
        "`strata` row 1 is missing: every row needs a label; \
         `strata` row 3 is missing: every row needs a label"
    );
    assert_eq!(text(Groups::new(&[] as &[&str])), "`groups` has no rows");
    assert_eq!(
        text(Groups::with_levels(&["a", "c"], &["a", "b"])),
        "`groups` has no level `c`; its levels are a, b"
    );
    assert_eq!(text(Groups::with_levels(&["a"], &["a", "a"])), "the name `a` is given twice");
}

#[test]
fn designs() {
    let rule = "must be finite; leave out incomplete rows first";
    let build = Design::builder().numeric("x", &[1., NAN]).numeric("y", &[INFINITY, 2.]);
    assert_eq!(text(build.build()), format!("`x` row 1 is NaN: {rule}; `y` row 0 is inf: {rule}"));
    let build = Design::builder().numeric("x", &[1., 2.]);
    assert_eq!(text(build.clone().numeric("x", &[3., 4.]).build()), "the name `x` is given twice");
    assert_eq!(text(build.clone().numeric("y", &[3.]).build()), "`y` has 1 rows, expected 2");
    assert_eq!(text(build.clone().offset(&[3.]).build()), "`offset` has 1 rows, expected 2");
    assert_eq!(
        text(build.clone().factor("arm", &["a", "a"], "a").build()),
        "`arm` has a single level, `a`: at least two are needed"
    );
    assert_eq!(
        text(build.clone().factor("arm", &["a", "b"], "c").build()),
        "`arm` has no level `c`; its levels are a, b"
    );
    assert_eq!(
        text(build.clone().factor("arm", &[Some("a"), None], "a").build()),
        "`arm` row 1 is missing: every row needs a label"
    );
    assert_eq!(
        text(build.clone().interaction("x", "z").build()),
        "no term is named `z`; there are x"
    );
    assert_eq!(text(Design::builder().build()), "`design` has no rows");
    assert_eq!(
        text(build.clone().spline("s", &[1., 2.], &[1., 2.]).build()),
        "option `knots` is 2: at least three knots are needed"
    );
    assert_eq!(
        text(build.spline("s", &[1., 2.], &[1., 3., 2.]).build()),
        "option `knots` is 2: knots must be finite and ascending"
    );
    let matrix = arr2(&[[1., 2.], [3., 4.]]);
    assert_eq!(text(Design::from_matrix(&matrix, &["x"])), "`column names` has 1 rows, expected 2");
    assert_eq!(
        text(CompleteCases::new(3).unwrap().numeric("x", &[1.])),
        "`x` has 1 rows, expected 3"
    );
}

#[test]
fn competing_risks() {
    let new = |names: &[(u32, &str)]| CompetingRisks::from_codes(&[1., 2.], &[1, 3], names);
    assert_eq!(
        text(new(&[(1, "death")])),
        "`cause` row 1 is 3: must be 0 (censored) or the code of a listed cause"
    );
    assert_eq!(
        text(new(&[(0, "none")])),
        "option `cause` is 0: 0 means censored and cannot be a cause"
    );
    assert_eq!(text(new(&[(1, "a"), (3, "a")])), "the name `a` is given twice");
    let data = new(&[(1, "relapse"), (3, "death")]).unwrap();
    assert_eq!(text(data.cause("cure")), "no cause is named `cure`; there are relapse, death");
    assert_eq!(
        text(data.cause_specific(Cause::new(2).unwrap())),
        "no cause is named `2`; there are 1, 3"
    );
}

#[test]
fn competing_risks_with_entry_times() {
    let new = |exit: &[f64], codes: &[u32]| {
        CompetingRisks::counting_process(&[0., 2., 2.], exit, codes, &[(1, "relapse")])
    };
    assert_eq!(
        text(new(&[2., 2., 3.], &[0, 0, 1])),
        "`entry` row 1 is 2: must be before the exit time"
    );
    assert_eq!(text(new(&[3., 3.], &[0, 0])), "`entry` has 3 rows, expected 2");
    assert_eq!(text(new(&[2., 3., 4.], &[0, 0])), "`codes` has 2 rows, expected 3");
    let data = new(&[2., 3., 4.], &[1, 0, 1]).unwrap();
    assert_eq!(
        text(data.clone().with_ids(&["a", "a", "b"])),
        "`entry` row 1 is 2: must not come after the subject's event"
    );
    assert_eq!(
        text(data.clone().with_ids(&["b", "a", "a"])),
        "`entry` row 2 is 2: must not be before the end of the subject's previous row"
    );
    assert_eq!(text(data.with_ids(&["b", "a"])), "`ids` has 2 rows, expected 3");
}

#[test]
fn curves_and_tests() {
    let groups = Groups::new(&["a", "b", "a", "b"]).unwrap();
    for level in [0.0, 1.0, NAN, 95.0] {
        assert_eq!(
            text(KaplanMeier::new().confidence(level).fit(&data())),
            format!("option `confidence` is {level}: must be between 0 and 1")
        );
        assert!(NelsonAalen::new().confidence(level).fit(&data()).is_err());
    }
    let fit = KaplanMeier::new().fit_by(&data(), &groups).unwrap();
    assert_eq!(text(fit.get("c")), "no group is named `c`; there are a, b");
    let quantile = fit.get("a").unwrap().curve().quantile(NAN);
    assert_eq!(text(quantile), "option `p` is NaN: must be between 0 and 1");
    let short = Groups::new(&["a"]).unwrap();
    assert_eq!(text(KaplanMeier::new().fit_by(&data(), &short)), "`groups` has 1 rows, expected 4");
    assert_eq!(text(LogRank::new().fit(&data(), &short)), "`groups` has 1 rows, expected 4");
    let empty = Groups::with_levels(&["a"; 4], &["a", "b"]).unwrap();
    assert_eq!(text(KaplanMeier::new().fit_by(&data(), &empty)), "`b` has no rows");
    assert_eq!(
        text(LogRank::new().fit(&data(), &Groups::new(&["a"; 4]).unwrap())),
        "`groups` has a single level, `a`: at least two are needed"
    );
    let none = RightCensored::new(&[1., 2., 3., 4.], &[false; 4]).unwrap();
    assert_eq!(text(LogRank::new().fit(&none, &groups)), "no events among 4 rows");
    for (rho, gamma, option, value) in
        [(-1.0, 0.0, "rho", "-1"), (0.0, -0.5, "gamma", "-0.5"), (INFINITY, 0.0, "rho", "inf")]
    {
        let weighted = LogRank::new().weight(TestWeight::FlemingHarrington { rho, gamma });
        assert_eq!(
            text(weighted.fit(&data(), &groups)),
            format!("option `{option}` is {value}: must be finite and not negative")
        );
    }
    let apart = data().with_strata(&["a", "b", "a", "b"]).unwrap();
    assert_eq!(
        text(LogRank::new().fit(&apart, &groups)),
        "no two groups are at risk together at any event time: there is nothing to compare"
    );
    assert_eq!(
        text(AtRiskTable::new(&data(), &groups, &[NAN])),
        "option `times` is NaN: must be a number"
    );
    let table = RiskTable::new(&data());
    assert_eq!(text(table.series("x", "all")), "no stratum is named `x`; there are all");
    let corrected = NelsonAalen::new().ties(TieCorrection::FlemingHarrington);
    assert_eq!(
        text(corrected.variance(HazardVariance::Binomial).fit(&data())),
        "NelsonAalen: this variance with the Fleming-Harrington correction is not possible; \
         use HazardVariance::Poisson"
    );
}

#[test]
fn weights_an_estimator_cannot_take() {
    let sampling = data().with_weights(Weights::sampling(&[0.5; 4]).unwrap()).unwrap();
    assert_eq!(
        text(LogRank::new().fit(&sampling, &Groups::new(&[1, 2, 1, 2]).unwrap())),
        "LogRank: the hypergeometric variance under case or sampling weights is not possible; \
         use inference::WeightedLogRank, or Weights::frequency for counts"
    );
    assert_eq!(
        text(CoxPh::new().variance(Variance::ModelBased).fit(&sampling, &design())),
        "CoxPh: the model-based variance under sampling weights is not possible; \
         use Variance::Robust"
    );
    assert_eq!(
        text(RiskTable::new(&sampling).merge(&RiskTable::new(&data()))),
        "RiskTable: adding or removing counts of different kinds of weights is not possible; \
         count all rows with one kind"
    );
    let many = data().with_weights(Weights::frequency(&[1 << 40, 1, 1, 1]).unwrap()).unwrap();
    let expected = "1099511627776 events at time 1: at most 10000000 can be taken one by one";
    assert_eq!(text(CoxPh::new().fit(&many, &design())), expected);
    let corrected = NelsonAalen::new().ties(TieCorrection::FlemingHarrington);
    assert_eq!(text(corrected.fit(&many)), expected);
}

#[test]
fn what_exact_ties_cannot_take() {
    let exact = CoxPh::new().ties(Ties::ExactPartial);
    let weighted = |weights| data().with_weights(weights).unwrap();
    for weights in [Weights::case(&[0.5; 4]), Weights::sampling(&[0.5; 4])] {
        let data = weighted(weights.unwrap());
        let at = text(exact.likelihood_at(&data, &design(), &[0.0]));
        assert_eq!(
            at,
            "CoxPh: a weight other than a frequency under Ties::ExactPartial is not possible; \
             use Ties::Efron or Ties::Breslow, or Weights::frequency"
        );
        assert!(exact.fit(&data, &design()).is_err());
    }
    let robust = "CoxPh: the robust variance under Ties::ExactPartial is not possible; \
                  use Ties::Efron or Ties::Breslow, or Variance::ModelBased";
    let asked = exact.clone().variance(Variance::Robust);
    assert_eq!(text(asked.fit(&data(), &design())), robust);
    let clusters = data().with_clusters(&[1, 1, 2, 2]).unwrap();
    assert_eq!(text(exact.fit(&clusters, &design())), robust);
    assert!(exact.clone().variance(Variance::ModelBased).fit(&clusters, &design()).is_ok());
    // Three of 2^40 + 3 rows: the rows alone are too many.
    let many = weighted(Weights::frequency(&[1 << 40, 1, 1, 1]).unwrap());
    assert_eq!(
        text(exact.fit(&many, &design())),
        "1099511627776 events at time 1: at most 1 can be taken one by one"
    );
    let tied = RightCensored::new(&[1., 1., 1., 2.], &[true, true, false, false]).unwrap();
    let half = Weights::frequency(&[1_000_000, 1_000_000, 2_000_000, 1]).unwrap();
    assert_eq!(
        text(exact.fit(&tied.with_weights(half).unwrap(), &design())),
        "2000000 events at time 1: at most 999 can be taken one by one"
    );
}

#[test]
fn functions_of_time() {
    let with = |function| text(CoxPh::new().time_varying("x", function).fit(&data(), &design()));
    let cuts = |cuts: &[f64]| with(TimeFunction::step(cuts));
    let rule = "must be finite and ascending";
    assert_eq!(cuts(&[2., 1.]), format!("option `cuts` is 1: {rule}"));
    assert_eq!(cuts(&[2., 2.]), format!("option `cuts` is 2: {rule}"));
    assert_eq!(cuts(&[NAN]), format!("option `cuts` is NaN: {rule}"));
    assert_eq!(cuts(&[]), "`cuts` has no rows");
    let tabulated =
        |times, values| with(TimeFunction::Tabulated { name: "g".into(), times, values });
    assert_eq!(tabulated(vec![2., 1.], vec![0., 0.]), format!("option `times` is 1: {rule}"));
    assert_eq!(tabulated(vec![1., 2.], vec![0.]), "`values` has 1 rows, expected 2");
    assert_eq!(tabulated(vec![1., 2.], vec![0., 1.]), "`g` has no finite value at time 4");
    let infinite = TimeFunction::tabulated("1/(t - 2)", &[1., 2., 4.], |t| 1.0 / (t - 2.0));
    assert_eq!(with(infinite), "`1/(t - 2)` has no finite value at time 2");
    let at_zero = RightCensored::new(&[0., 2., 3., 4.], &[true; 4]).unwrap();
    let log = CoxPh::new().time_varying("x", TimeFunction::Log);
    assert_eq!(text(log.fit(&at_zero, &design())), "`ln(time)` has no finite value at time 0");
    let unknown = CoxPh::new().time_varying("y", TimeFunction::Log);
    assert_eq!(text(unknown.fit(&data(), &design())), "no term is named `y`; there are x");
    let twice = log.clone().time_varying("x", TimeFunction::Log);
    assert_eq!(text(twice.fit(&data(), &design())), "the name `x:ln(time)` is given twice");
    assert_eq!(
        text(log.clone().start(&[0.]).fit(&data(), &design())),
        "`start` has 1 rows, expected 2"
    );
    let early = TimeFunction::step(&[1.5]);
    let fit = CoxPh::new().time_varying("x", early).fit(&data(), &design()).unwrap();
    assert_eq!(text(fit.coefficient_at("y", &[1.], 0.95)), "no column is named `y`; there are x");
    assert_eq!(
        text(fit.coefficient_at("x", &[NAN], 0.95)),
        "option `time` is NaN: must be a number"
    );
    assert!(fit.coefficient_at("x", &[1.0], 1.0).is_err());
}

#[test]
fn matched_sets() {
    let fit = |case: &[bool], sets: &[i32]| {
        text(riskset::regression::ConditionalLogistic::new().fit(case, sets, &design()))
    };
    assert_eq!(fit(&[true; 4], &[1, 2, 3]), "`sets` has 3 rows, expected 4");
    assert_eq!(
        fit(&[true, false, true, true], &[1, 2, 3, 3]),
        "none of 3 matched sets has both a case and a control"
    );
    assert_eq!(fit(&[true, false], &[1, 1]), "`design` has 4 rows, expected 2");
}

#[test]
fn cox_models() {
    let cox = CoxPh::new();
    let short = Design::builder().numeric("x", &[1.]).build().unwrap();
    assert_eq!(text(cox.fit(&data(), &short)), "`design` has 1 rows, expected 4");
    let none = RightCensored::new(&[1., 2., 3., 4.], &[false; 4]).unwrap();
    assert_eq!(text(cox.fit(&none, &design())), "no events among 4 rows");
    let fit = |cox: CoxPh| text(cox.fit(&data(), &design()));
    assert_eq!(fit(cox.clone().start(&[1., 2.])), "`start` has 2 rows, expected 1");
    assert_eq!(fit(cox.clone().start(&[NAN])), "option `start` is NaN: must be finite");
    let rule = "must be between 0 and 1";
    for value in [NAN, 1.0] {
        let text_of = fit(cox.clone().tolerance(value));
        assert_eq!(text_of, format!("option `tolerance` is {value}: {rule}"));
    }
    let text_of = fit(cox.clone().max_iterations(0));
    assert_eq!(text_of, "option `max_iterations` is 0: must be at least 1");
    let text_of = fit(cox.clone().max_iterations(1));
    assert!(text_of.starts_with("no convergence in 1 iterations (Newton decrement "), "{text_of}");
    assert_eq!(
        fit(cox.clone().start(&[1e300])),
        "the partial likelihood is not finite at the starting values"
    );
    assert_eq!(
        text(cox.likelihood_at(&data(), &design(), &[1e300])),
        "the partial likelihood is not finite at the given coefficients"
    );
    let huge = Design::builder().numeric("x", &[1e300, 0., 0., 0.]).build().unwrap();
    assert_eq!(
        text(cox.fit(&data(), &huge)),
        "`x` varies by 3.75e299: rescale it to between 1e-100 and 1e100"
    );
}

#[test]
fn contrasts_and_profiles() {
    let arm = ["a", "b", "b", "a"];
    let design = Design::builder().numeric("x", &[1., 3., 2., 0.]).factor("arm", &arm, "a");
    let fit = CoxPh::new().fit(&data(), &design.build().unwrap()).unwrap();
    assert_eq!(text(fit.hazard_ratios(1.5)), "option `confidence` is 1.5: must be between 0 and 1");
    assert_eq!(text(fit.contrast("c", &[1.], 0.95)), "`contrast` has 1 rows, expected 2");
    assert_eq!(
        text(fit.contrast("c", &[1., NAN], 0.95)),
        "option `contrast` is NaN: must be finite"
    );
    let full = Profile::new().number("x", 1.0).level("arm", "a");
    let row = |profile: Profile| text(fit.coding().row(&profile));
    assert_eq!(row(Profile::new().number("x", 1.0)), "the profile says nothing about `arm`");
    assert_eq!(row(full.clone().number("y", 1.0)), "no term is named `y`; there are x, arm");
    assert_eq!(row(full.clone().level("arm", "c")), "`arm` has no level `c`; its levels are a, b");
    assert_eq!(row(full.clone().number("x", NAN)), "`x` row 0 is NaN: must be finite");
    assert_eq!(row(full.clone().level("x", "a")), "`x` row 0 is a: a numeric term takes a number");
    assert_eq!(row(full.number("arm", 1.0)), "`arm` row 0 is 1: a factor takes a level");
}

#[test]
fn intervals_made_by_hand() {
    assert_eq!(Interval::new(0.5, 0.5, 0.95).unwrap().upper, Some(0.5));
    let order = "must not be above `upper`";
    for lower in [2.5, NAN] {
        let found = text(Interval::new(lower, 2.0, 0.95));
        assert_eq!(found, format!("option `lower` is {lower}: {order}"));
    }
    assert_eq!(text(Interval::new(1.0, NAN, 0.95)), format!("option `lower` is 1: {order}"));
    let level = text(Interval::new(1.0, 2.0, 95.0));
    assert_eq!(level, "option `level` is 95: must be between 0 and 1");
}
