//! What is written as JSON reads back the same, and what does not hold together is refused.

use riskset::adjustment::{
    Balance, BalancingWeights, EstimatedWeights, PropensityScores, Standardisation,
    TargetPopulation,
};
use riskset::competing::{
    CauseSpecificCox, FineGray, GrayPairwise, GrayTest, StateOccupation, TimeLost, TransitionCounts,
};
use riskset::curve::ByGroup;
use riskset::data::{IntervalCensored, Landmark, MultiState, RiskTable, TimeMatch};
use riskset::inference::{
    CumulativeSums, LevelPairs, Proportionality, TwoArmTrial, WeightedLogRank,
};
use riskset::nonparametric::{
    AtRiskTable, Estimand, FixedTime, HazardVariance, InfluenceFit, InfluenceFunctions,
    KaplanMeierFit, LifeTable, MaxCombo, OneSampleLogRank, RestrictedMean, SmoothedHazard,
    Turnbull,
};
use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::{
    CovariatePath, CoxBaseline, CoxFit, Reference, Ridge, SharedFrailty, TimeFunction,
};
use riskset::statistic::{IntervalTransform, LevelDifference};
use riskset::study::{Baseline, HazardRatios, NumberTest, Subgroups, SurvivalSummary, Table};
use riskset::validation::{Bootstrap, Concordance, Jackknife, Score};
use riskset::{
    AalenJohansen, CompetingRisks, CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank,
    NelsonAalen, Profile, RightCensored, Weights,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

const TIME: [f64; 6] = [1.0, 2.5, 2.5, 4.0, 5.0, 6.0];
const EVENT: [bool; 6] = [true, true, false, true, false, true];
const ARM: [&str; 6] = ["a", "b", "b", "a", "a", "b"];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &EVENT).unwrap()
}

fn design() -> Design {
    Design::builder()
        .numeric("age", &[50.0, 61.0, 47.0, 58.0, 70.0, 66.0])
        .factor("arm", &ARM, "a")
        .offset(&[0.0, 0.1, 0.2, 0.0, 0.1, 0.2])
        .build()
        .unwrap()
}

#[track_caller]
fn returns<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value);
    super::number_ranges::are_checked(value);
}

/// Reads `value` back after `old` has been replaced by `new` in its text.
#[track_caller]
fn refused<T: Serialize + DeserializeOwned + Debug>(value: &T, old: &str, new: &str, rule: &str) {
    let text = serde_json::to_string(value).unwrap();
    assert!(text.contains(old), "{text}");
    let error = serde_json::from_str::<T>(&text.replacen(old, new, 1)).unwrap_err();
    assert!(error.to_string().contains(rule), "{error}");
}

#[test]
fn data_return() {
    let full = data()
        .with_weights(Weights::frequency(&[1, 2, 1, 3, 1, 1]).unwrap())
        .and_then(|data| data.with_strata(&ARM))
        .and_then(|data| data.with_clusters(&[1, 1, 2, 2, 3, 3]))
        .and_then(|data| data.with_ids(&[8, 9, 10, 11, 12, 13]))
        .unwrap();
    returns(&full);
    returns(&design());
    returns(&Groups::with_levels(&ARM, &["b", "a"]).unwrap());
    returns(&RiskTable::by(&full, &Groups::new(&ARM).unwrap()).unwrap());
    let causes = [(1, "relapse"), (2, "death")];
    returns(&CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 0, 2], &causes).unwrap());
    let late = CompetingRisks::counting_process(&[0., 1.], &[1., 2.], &[0, 2], &causes).unwrap();
    let late = late.with_weights(Weights::case(&[0.5, 0.5]).unwrap()).unwrap();
    returns(&late.with_ids(&["p1", "p1"]).unwrap());
    let rows = CountingProcess::new(&[0.0, 1.0, 0.0], &[1.0, 3.0, 2.0], &[false, true, true]);
    returns(&rows.and_then(|rows| rows.with_ids(&[7, 7, 8])).unwrap());
    let episodes = data().split_at(&[3.0]).unwrap();
    returns(&episodes);
    refused(&episodes, "\"source\":[0", "\"source\":[9", "episodes does not hold together");
    refused(&episodes, "\"phase\":[0,", "\"phase\":[", "`phase` has 8 rows, expected 9");
    returns(&data().landmark(2.0).unwrap());
}

#[test]
fn cumulative_incidences_return() {
    let causes = [(1, "relapse"), (2, "death"), (3, "never")];
    let data = CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 0, 2], &causes).unwrap();
    let groups = Groups::new(&ARM).unwrap();
    returns(&AalenJohansen::new().fit_by(&data, &groups).unwrap());
    let fit = AalenJohansen::new().fit(&data).unwrap();
    returns(&fit);
    returns(&fit.counts_at(&[2.0]).unwrap());
    returns(&fit.curves()[0].at(&[2.0]).unwrap());
    let whole = "cumulative incidence does not hold together";
    refused(&fit, "\"incidence\":[0.1", "\"incidence\":[1.1", "must be from 0 to 1");
    refused(&fit, "\"last\":6.0", "\"last\":3.0", whole);
    refused(&fit, "\"last\":6.0", "\"last\":7.0", "cumulative incidences with their counts");
    refused(&fit, "\"survival\":[", "\"survival\":[1.0,", "`survival` has 6 rows, expected 5");
    let pairs = data.with_clusters(&[1, 1, 2, 2, 3, 3]).unwrap();
    returns(&TimeLost::new(4.0).compare(&pairs, &groups).unwrap());
    let late = [0.0, 0.5, 2.0, 0.0, 3.0, 4.5];
    let data = CompetingRisks::counting_process(&late, &TIME, &[1, 2, 0, 1, 0, 2], &causes);
    returns(&AalenJohansen::new().fit(&data.unwrap()).unwrap());
}

#[test]
fn times_return_as_given_with_their_policy() {
    let near = RightCensored::new(&[1.0, 1.0 + 1e-12, 2.5], &[true, true, false]).unwrap();
    assert_eq!(near.tie_report().merged, 1);
    returns(&near);
    let exact = near.with_time_match(TimeMatch::Exact).unwrap();
    returns(&exact);
    // An interval that the default policy takes for a point.
    returns(&exact.split_at(&[1e-20]).unwrap());
}

#[test]
fn results_return() {
    let (data, groups) = (data(), Groups::new(&ARM).unwrap());
    returns(&KaplanMeier::new().fit_by(&data, &groups).unwrap());
    returns(&KaplanMeier::new().reverse().fit(&data).unwrap());
    let late = CountingProcess::new(&[0.0, 0.5, 2.0, 0.0, 3.0, 4.5], &TIME, &EVENT).unwrap();
    returns(&KaplanMeier::new().fit(&late).unwrap());
    returns(&NelsonAalen::new().fit(&late).unwrap());
    returns(&NelsonAalen::new().fit_by(&data, &groups).unwrap());
    let log_rank = LogRank::new().fit(&data, &groups).unwrap();
    returns(&log_rank);
    refused(&log_rank, "\"names\":[\"a\",", "\"names\":[", "`all` has 2 rows, expected 1");
    let at_risk = AtRiskTable::new(&data, &groups, &[0.0, 2.0]).unwrap();
    returns(&at_risk);
    refused(&at_risk, "\"n_risk\":[", "\"n_risk\":[1.0,", "`n_risk` has 3 rows, expected 2");
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let one_more = "\"cumulative_hazard\":[0.0,";
    refused(
        &hazard,
        "\"cumulative_hazard\":[",
        one_more,
        "`cumulative_hazard` has 6 rows, expected 5",
    );
    let curves = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    returns(&RestrictedMean::new(4.0).compare(&curves).unwrap());
    let pairs = data.clone().with_clusters(&[1, 1, 2, 2, 3, 3]).unwrap();
    let means = RestrictedMean::new(4.0).compare_by(&pairs, &groups).unwrap();
    returns(&means);
    refused(&means, "\"dim\":[2,2]", "\"dim\":[1,4]", "`correlation` has 1 rows, expected 2");
    refused(&means, "\"data\":[1.0", "\"data\":[1.5", "must be from -1 to 1");
    // Up to 4 the means of both arms hang on one pair, and their correlation is 1.
    let apart = RestrictedMean::new(4.5).compare_by(&pairs, &groups).unwrap();
    assert!(apart.correlation.as_ref().unwrap()[[0, 1]] < 0.999);
    returns(&apart);
    returns(&FixedTime::new(4.5).compare(&curves).unwrap());
    returns(&LifeTable::new(&[0.0, 2.0, 5.0]).fit(&data).unwrap());
    let influence = InfluenceFunctions::new(Estimand::RestrictedMean);
    returns(&influence.fit_by(&data, &groups, &[2.0, 4.0]).unwrap());
    // At the last time the hazard has no standard error, but S is above 0.
    let greenwood = NelsonAalen::new().variance(HazardVariance::Greenwood).fit(&data).unwrap();
    let curve = greenwood.survival_curve(IntervalTransform::Log).unwrap();
    assert_eq!((curve.std_error_ln().get(4), curve.survival()[4] > 0.0), (None, true));
    returns(&curve);
    refused(
        &curve,
        "\"std_error_ln\":[",
        "\"std_error_ln\":[0.1,",
        "`lower` has 4 rows, expected 5",
    );
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let smoothed = SmoothedHazard::new(2.0).of(&hazard, &[0.0, 3.0]).unwrap();
    returns(&smoothed);
    refused(&smoothed, "\"hazard\":[", "\"hazard\":[0.5,", "`hazard` has 3 rows, expected 2");
    returns(&WeightedLogRank::new().fit(&data, &groups).unwrap());
    returns(&TwoArmTrial::new(0.7).size_of(0.8, 0.4, 0.5).unwrap());
    let fit = CoxPh::new().fit(&data, &design()).unwrap();
    let clusters = data.clone().with_clusters(&[1, 1, 2, 2, 3, 3]).unwrap();
    let frailty = SharedFrailty::gamma().fit(&clusters, &design()).unwrap();
    returns(&frailty);
    refused(&frailty, "\"vcov\":{\"v\":1,\"dim\":[2,2]", "\"vcov\":{\"v\":1,\"dim\":[1,4]", "vcov");
    returns(&fit);
    returns(&fit.hazard_ratios(0.9).unwrap());
    let null = Design::builder().factor("arm", &ARM, "a").offset(design().offset().unwrap());
    let null = null.build().unwrap();
    returns(&fit.term_tests(&data, &design()).unwrap());
    returns(&fit.sequential_tests(&data, &design()).unwrap());
    let smaller = CoxPh::new().fit(&data, &null).unwrap();
    returns(&fit.compare_nested(&data, &design(), &smaller, &null).unwrap());
    returns(&LevelPairs::new().of(&fit, "arm").unwrap());
    returns(&fit.ratios_along("age", &[50.0, 55.5], 50.0, &Profile::new(), 0.95).unwrap());
    returns(&fit.concordance(&data, &design()).unwrap());
    let (up, down) = ([1., 2., 3., 4., 6., 5.], [6., 5., 3., 4., 2., 1.]);
    let (up, down) = (Score::higher_is_better(&up), Score::higher_is_worse(&down));
    returns(&Concordance::new().compare(&data, up, down).unwrap());
    let last = |sample: &RightCensored, _: &[usize]| Ok(vec![sample.time()[sample.len() - 1]]);
    let boot = Bootstrap::new(1).replicates(3).fit(&data, last).unwrap();
    returns(&boot);
    refused(&boot, "\"dim\":[3,1]", "\"dim\":[1,3]", "`values` has 3 rows, expected 1");
    let jackknife = Jackknife::new().fit(&data, last).unwrap();
    returns(&jackknife);
    let far = "\"strata\":[18446744073709551615";
    refused(&jackknife, "\"strata\":[0", far, "jackknife does not hold together");
    let landmark = serde_json::to_string(&data.landmark(2.0).unwrap()).unwrap();
    let many = landmark.replacen("\"late\":0", "\"late\":18446744073709551615", 1);
    let read: Landmark = serde_json::from_str(&many).unwrap();
    assert_eq!(read.excluded().total(), usize::MAX);
}

#[test]
fn cause_specific_models_return() {
    let causes = [(1, "relapse"), (2, "death"), (3, "loss")];
    let data = CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 1, 2], &causes).unwrap();
    let design = Design::builder().numeric("x", &[2.0, 3.0, 1.0, 4.0, 3.0, 5.0]).build().unwrap();
    let fit = CauseSpecificCox::default().fit(&data, &design).unwrap();
    returns(&fit);
    refused(
        &fit,
        "\"vcov\":{\"v\":1,\"dim\":[1,1],\"data\":[",
        "\"vcov\":{\"v\":1,\"dim\":[1,2],\"data\":[0.5,",
        "vcov",
    );
    let baseline = fit.baseline(&data, &design).unwrap();
    returns(&baseline);
    refused(
        &baseline,
        "\"stratified\":false",
        "\"stratified\":true",
        "baseline does not hold together",
    );
    let person = Profile::new().number("x", 2.0);
    let found = baseline.single().unwrap().incidence(&person).unwrap();
    returns(&found);
    refused(&found, "\"n_risk\":[", "\"n_risk\":[9.0,", "`n_risk` has 6 rows, expected 5");
    returns(&baseline.single().unwrap().time_lost(&person, 4.0).unwrap());
}

#[test]
fn predictions_return() {
    let data = data().with_strata(&ARM).unwrap();
    let fit = CoxPh::new().fit(&data, &design()).unwrap();
    let baseline: CoxBaseline = fit.baseline(&data, &design()).unwrap();
    returns(&baseline);
    let profile = Profile::new().number("age", 60.0).level("arm", "a").offset(0.1);
    returns(&profile);
    let from = baseline.stratum("b").unwrap();
    let curve = from.curve(&profile).unwrap();
    returns(&curve);
    returns(&from.at(&profile, &[2.0, 9.0]).unwrap());
    returns(&from.expected(&profile, 0.0, 4.0).unwrap());
    returns(&from.terms(&profile, Reference::StratumMean).unwrap());
    returns(&CovariatePath::new().over(0.0, 2.0, profile));
    refused(&baseline, "\"dim\":[2,2]", "\"dim\":[1,4]", "`vcov` has 1 rows, expected 2");
    refused(&baseline, "\"centre\":[", "\"centre\":[1.0,", "baseline does not hold together");
    refused(&baseline, "\"first\":[", "\"first\":[1.0,", "baseline does not hold together");
    let twice = "\"time\":[4.0,4.0],\"sums\"";
    refused(&baseline, "\"time\":[1.0,4.0],\"sums\"", twice, "baseline does not hold together");
    let three = "\"time\":[1.0,2.0,4.0],\"sums\"";
    refused(&baseline, "\"time\":[1.0,4.0],\"sums\"", three, "baseline does not hold together");
    refused(&curve, "\"n_risk\":[", "\"n_risk\":[9.0,", "`n_risk` has 3 rows, expected 2");
}

#[test]
fn fine_gray_models_return() {
    let data =
        CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 0, 1], &[(1, "a"), (2, "b")]).unwrap();
    let data = data.with_censoring_strata(&[1, 2, 1, 2, 1, 2]).unwrap();
    returns(&data);
    refused(&data, "\"codes\":[0,", "\"codes\":[", "`censoring strata` has 5 rows, expected 6");
    let design = Design::builder().numeric("x", &[3., 1., 2., 5., 4., 2.]).build().unwrap();
    let model = FineGray::new(data.cause("a").unwrap());
    returns(&model);
    let fit = model.fit(&data, &design).unwrap();
    returns(&fit);
    refused(&fit, "\"dim\":[1,1]", "\"dim\":[0,1]", "");
    let incidence = fit.incidence(&data, &design, &[2.0, 9.0]).unwrap();
    returns(&incidence);
    refused(&incidence, "\"centre\":[", "\"centre\":[1.0,", "`centre` has 2 rows, expected 1");
    returns(&incidence.at(&Profile::new().number("x", 2.5)).unwrap());
}

#[test]
fn diagnostics_return() {
    let (data, design) =
        (data(), Design::builder().numeric("x", &[3., 1., 2., 5., 4., 2.]).build());
    let design = design.unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    returns(&fit.proportionality(&data, &design).unwrap());
    let paths = Proportionality::new().paths(&fit, &data, &design).unwrap();
    returns(&paths);
    returns(&paths.columns[0].smooth(2, 0.9).unwrap());
    let sums = CumulativeSums::new().simulations(10);
    returns(&sums.functional_form(&fit, &data, &design).unwrap());
    let residuals = fit.residuals(&data, &design).unwrap();
    let (schoenfeld, influence) = (residuals.schoenfeld(), residuals.influence());
    returns(&schoenfeld);
    refused(&schoenfeld, "\"time\":[", "\"time\":[0.5,", "`time` has 5 rows, expected 4");
    refused(&schoenfeld, "\"stratum\":[0", "\"stratum\":[1", "residuals does not hold together");
    returns(&influence);
    returns(&influence.top(2));
    refused(
        &influence,
        "\"displacement\":[",
        "\"displacement\":[0.5,",
        "`lmax` has 6 rows, expected 7",
    );
}

#[test]
fn penalised_fits_return() {
    let (data, design) = (data(), design());
    let penalised = CoxPh::new().firth().fit(&data, &design).unwrap();
    returns(&penalised);
    returns(&penalised.profile_hazard_ratios(&data, &design, 0.9).unwrap());
    let ridge = Ridge::new(0.1).standardised().on(&["age"]);
    returns(&CoxPh::new().ridge(ridge).fit(&data, &design).unwrap());
}

#[test]
fn bad_data_are_refused() {
    refused(&data(), "[1.0,", "[-1.0,", "`time` row 0 is -1: must be finite and not negative");
    refused(&data(), "[1.0,", "[", "`event` has 6 rows, expected 5");
    let weighted = data().with_weights(Weights::case(&[1.5; 6]).unwrap()).unwrap();
    refused(
        &weighted,
        "[1.5,",
        "[0.0,",
        "`weight` row 0 is 0: must be above 0, from 1e-100 to 1e100",
    );
    refused(&weighted, "\"Case\"", "\"Frequency\"", "a frequency must be a whole number");
    let stratified = data().with_strata(&ARM).unwrap();
    refused(&stratified, "\"codes\":[0", "\"codes\":[9", "must be below the number of names");
    refused(&stratified, "\"codes\":[0,", "\"codes\":[", "`strata` has 5 rows, expected 6");
    let groups = Groups::new(&ARM).unwrap();
    refused(&groups, "[\"a\",\"b\"]", "[\"a\",\"a\"]", "the name `a` is given twice");
    refused(&groups, "[0,1,1,0,0,1]", "[]", "`labels` has no rows");
    refused(&groups, "[0,1,1,0,0,1]", "[0,1,2,0,0,1]", "`codes` row 2 is 2: must be below");
    refused(&groups, "[0,1,1,0,0,1]", "[0,1,4294967296,0,0,1]", "expected u32");
    refused(&design(), "50.0", "1e999", "number out of range");
    refused(&design(), "\"age\",\"arm=b\"", "\"age\",\"arm=z\"", "coding does not hold together");
    let table = RiskTable::by(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    refused(&table, "\"groups\":[\"a\",", "\"groups\":[", "`series` has 2 rows, expected 1");
    refused(&table, "\"time\":[1.0,4.0", "\"time\":[4.0,1.0", "must be finite and ascending");
}

#[test]
fn results_that_do_not_hold_together_are_refused() {
    let fit: KaplanMeierFit = KaplanMeier::new().fit(&data()).unwrap();
    refused(&fit, "\"survival\":[", "\"survival\":[1.0,", "`survival` has 6 rows, expected 5");
    refused(&fit, "\"level\":0.95", "\"level\":1.0", "must be between 0 and 1");
    let reverse = KaplanMeier::new().reverse().fit(&data()).unwrap();
    let broken = "curve with its counts does not hold together";
    refused(&reverse, "\"n_risk\":[", "\"n_risk\":[7.0,", broken);
    let by: ByGroup<KaplanMeierFit> =
        KaplanMeier::new().fit_by(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    refused(&by, "\"upper\":[", "\"upper\":[1.0,", "`upper` has 4 rows, expected 3");
    let influence: InfluenceFit =
        InfluenceFunctions::new(Estimand::Survival).fit(&data(), &[2.0]).unwrap();
    refused(&influence, "\"codes\":[0", "\"codes\":[9", "influence does not hold together");
    refused(&influence, "\"dim\":[1,1]", "\"dim\":[0,1]", "");
    let cox: CoxFit = CoxPh::new().fit(&data(), &design()).unwrap();
    refused(&cox, "\"dim\":[2,2]", "\"dim\":[1,4]", "`vcov` has 1 rows, expected 2");
    let cox: CoxFit = CoxPh::new().ridge(0.1).fit(&data(), &design()).unwrap();
    let matrix = "\"vcov_sampling\":{\"v\":1,\"dim\":[2,2]";
    let turned = "\"vcov_sampling\":{\"v\":1,\"dim\":[1,4]";
    refused(&cox, matrix, turned, "`vcov_sampling` has 1 rows, expected 2");
}

#[test]
fn fits_with_coefficients_that_follow_time_return() {
    let model = CoxPh::new().time_varying("arm", TimeFunction::step(&[3.0]));
    let root = TimeFunction::tabulated("sqrt", &TIME, f64::sqrt);
    let fit = model.time_varying("arm", root).fit(&data(), &design()).unwrap();
    returns(&fit);
    returns(&fit.coefficient_at("age", &[1.0, 4.0], 0.95).unwrap());
    let apart = "columns with functions of time";
    refused(&fit, "\"cuts\":[3.0]", "\"cuts\":[1.0,2.0,3.0,4.0,5.0]", apart);
    refused(&fit, "\"cuts\":[3.0]", "\"cuts\":[4.0]", apart);
    refused(&fit, "\"cuts\":[3.0]", "\"cuts\":[3.0,1.0]", "must be finite and ascending");
    refused(&fit, "\"term\":\"arm\"", "\"term\":\"leg\"", "no term is named `leg`");
}

#[test]
fn conditional_logistic_fits_return() {
    let sets = [1, 1, 1, 2, 2, 2];
    let fit = ConditionalLogistic::new().fit(&EVENT, &sets, &design()).unwrap();
    returns(&fit);
    returns(&fit.odds_ratios(0.95).unwrap());
}

#[test]
fn interval_censored_data_and_results_return() {
    let data = IntervalCensored::new(&[0.5, 2.0, 3.0, 1.0], &[2.0, 2.0, f64::INFINITY, 4.5])
        .unwrap()
        .with_weights(Weights::case(&[0.5, 1.0, 2.0, 1.0]).unwrap())
        .unwrap();
    returns(&data);
    refused(&data, "\"left\":[0.5,", "\"left\":[5.5,", "must not be before the left end");
    let fit = Turnbull::new().fit(&data).unwrap();
    returns(&fit);
    refused(&fit, "\"levels\":[", "\"levels\":[1.0,", "`levels` has");
    for (key, broken, rule) in [
        ("\"mass\":", "\"mass\":-", "must be from 0 to 1"),
        ("\"lower\":", "\"lower\":9", "must not be above `upper`"),
        ("\"levels\":[1", "\"levels\":[2", "must be from 0 to 1"),
    ] {
        refused(&fit, key, broken, rule);
    }
    let mass = serde_json::to_string(&fit.intervals()[0].mass).unwrap();
    let (old, none) = (format!("\"mass\":{mass}"), "\"mass\":0.0");
    refused(&fit, &old, none, "mass intervals does not hold together");
}

#[test]
fn tests_of_one_sample_and_several_weights_return() {
    let one = OneSampleLogRank::new().fit(&data(), |time| 0.2 * time).unwrap();
    returns(&one);
    let combo = MaxCombo::new().fit(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    returns(&combo);
    refused(&combo, "\"statistics\":[", "\"statistics\":[0.5,", "`statistics` has 5 rows");
    let broken = "MaxCombo test does not hold together";
    refused(&combo, "\"groups\":[", "\"groups\":[\"c\",", broken);
}

#[test]
fn competing_risks_and_multi_state_results_return() {
    let causes = [(1, "relapse"), (2, "death")];
    let data = CompetingRisks::from_codes(&TIME, &[1, 1, 2, 1, 0, 2], &causes).unwrap();
    let groups = Groups::new(&ARM).unwrap();
    let gray = GrayTest::new().fit(&data, &groups).unwrap();
    returns(&gray);
    refused(&gray, "\"groups\":[", "\"groups\":[\"c\",", "`scores` has 2 rows, expected 3");
    returns(&GrayPairwise::new().fit(&data, &groups).unwrap());
    let illness = [Some(1.0), None, Some(2.0)];
    let death = [true, true, false];
    let states = ["well", "ill", "dead"];
    let data = MultiState::illness_death(&illness, &[3.0, 2.5, 4.0], &death, &states).unwrap();
    let data = data.with_weights(Weights::case(&[0.5, 0.5, 1.0, 2.0, 2.0]).unwrap()).unwrap();
    returns(&data);
    refused(&data, "\"from\":[0,1", "\"from\":[0,0", "teleport");
    refused(&data, "\"from\":[0,1", "\"from\":[9,1", "MultiState does not hold together");
    refused(&data, "\"to\":[1,2", "\"to\":[1,null", "MultiState does not hold together");
    returns(&TransitionCounts::new(&data));
    let fit = StateOccupation::new().restricted_to(3.0).fit(&data).unwrap();
    returns(&fit);
    refused(&fit, "\"time\":[1.0,", "\"time\":[", "`n_risk` has 5 rows, expected 4");
}

#[test]
fn tables_of_a_paper_return() {
    let (data, design, groups) = (data(), design(), Groups::new(&ARM).unwrap());
    let baseline = Baseline::new()
        .numeric("age", &[50.0, f64::NAN, 47.0, 58.0, 70.0, 66.0])
        .labels("arm", &ARM)
        .number_test(NumberTest::WelchT)
        .differences(LevelDifference::LargestLevel);
    let baseline = baseline.by(&groups).unwrap();
    returns(&baseline);
    returns(&Table::from(&baseline));
    let summary = SurvivalSummary::new().times(&[2.0]).restricted_mean(4.0);
    returns(&summary.by(&data, &groups).unwrap());
    let ratios = HazardRatios::new().fit(&data, &design).unwrap();
    returns(&ratios);
    returns(&Table::from(&ratios));
    let forest = Subgroups::new(&groups, "a", "b").min_events(0).fit(&data).unwrap();
    returns(&forest);
    refused(&forest, "\"Overall\"", "\"Total\"", "unknown variant");
}

#[test]
fn adjustments_return() {
    let covariates = Design::builder().numeric("age", &[50., 61., 47., 58., 70., 66.]).build();
    let (covariates, groups) = (covariates.unwrap(), Groups::new(&ARM).unwrap());
    let scores = PropensityScores::new().fit(&groups, &covariates).unwrap();
    returns(&scores);
    refused(&scores, "\"reference\":0", "\"reference\":2", "propensity score does not hold");
    let weights = BalancingWeights::new(TargetPopulation::Everyone).truncated(0.1, 0.9);
    returns(&weights.fit(&scores).unwrap());
    let weights = BalancingWeights::new(TargetPopulation::Group("a".to_owned())).fit(&scores);
    let weights = weights.unwrap();
    returns(&weights);
    refused(&weights, "{\"Group\":\"a\"}", "{\"Group\":\"c\"}", "weights does not hold");
    let data = data().with_weights(weights.weights().clone()).unwrap();
    let arms = Design::builder().factor("arm", &ARM, "a").build().unwrap();
    let cox = CoxPh::new().fit(&data, &arms).unwrap();
    let estimated = EstimatedWeights::new(&weights, &scores, &covariates).unwrap();
    let stacked = estimated.vcov(&cox, &data, &arms).unwrap();
    returns(&stacked);
    returns(&Balance::new(&groups, &covariates, weights.weights()).unwrap());
    let request = Standardisation::new(&[2.0, 4.0]).restricted_mean(5.0);
    let curves = request.of(&cox, "arm", &data, &arms).unwrap();
    returns(&curves);
    refused(&curves, "\"time\":[2.0,", "\"time\":[", "`curves` has 2 rows, expected 1");
}
