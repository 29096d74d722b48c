//! What is written as JSON reads back the same, and what does not hold together is refused.

use riskset::curve::ByGroup;
use riskset::data::{IntervalCensored, RiskTable, TimeMatch};
use riskset::inference::{TwoArmTrial, WeightedLogRank};
use riskset::nonparametric::{
    AtRiskTable, Estimand, FixedTime, InfluenceFit, InfluenceFunctions, KaplanMeierFit, LifeTable,
    MaxCombo, OneSampleLogRank, RestrictedMean, SmoothedHazard, Turnbull,
};
use riskset::regression::cox::{CoxFit, Ridge};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen,
    RightCensored, Weights,
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
        .and_then(|data| data.with_ids(&["p1", "p2", "p3", "p4", "p5", "p6"]))
        .unwrap();
    returns(&full);
    returns(&design());
    returns(&Groups::with_levels(&ARM, &["b", "a"]).unwrap());
    returns(&RiskTable::by(&full, &Groups::new(&ARM).unwrap()).unwrap());
    let causes = [(1, "relapse"), (2, "death")];
    returns(&CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 0, 2], &causes).unwrap());
    let rows = CountingProcess::new(&[0.0, 1.0, 0.0], &[1.0, 3.0, 2.0], &[false, true, true]);
    returns(&rows.and_then(|rows| rows.with_ids(&[7, 7, 8])).unwrap());
}

#[test]
fn times_return_as_given_with_their_policy() {
    let near = RightCensored::new(&[1.0, 1.0 + 1e-12, 2.5], &[true, true, false]).unwrap();
    assert_eq!(near.tie_report().merged, 1);
    returns(&near);
    returns(&near.with_time_match(TimeMatch::Exact).unwrap());
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
    returns(&LogRank::new().fit(&data, &groups).unwrap());
    returns(&AtRiskTable::new(&data, &groups, &[0.0, 2.0]).unwrap());
    let curves = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    returns(&RestrictedMean::new(4.0).compare(&curves).unwrap());
    let pairs = data.clone().with_clusters(&[1, 1, 2, 2, 3, 3]).unwrap();
    returns(&RestrictedMean::new(4.0).compare_by(&pairs, &groups).unwrap());
    returns(&FixedTime::new(4.5).compare(&curves).unwrap());
    returns(&LifeTable::new(&[0.0, 2.0, 5.0]).fit(&data).unwrap());
    let influence = InfluenceFunctions::new(Estimand::RestrictedMean);
    returns(&influence.fit_by(&data, &groups, &[2.0, 4.0]).unwrap());
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    returns(&SmoothedHazard::new(2.0).of(&hazard, &[0.0, 3.0]).unwrap());
    returns(&WeightedLogRank::new().fit(&data, &groups).unwrap());
    returns(&TwoArmTrial::new(0.7).size_of(0.8, 0.4, 0.5).unwrap());
    let fit = CoxPh::new().fit(&data, &design()).unwrap();
    returns(&fit);
    returns(&fit.hazard_ratios(0.9).unwrap());
    let penalised = CoxPh::new().firth().fit(&data, &design()).unwrap();
    returns(&penalised);
    returns(&penalised.profile_hazard_ratios(&data, &design(), 0.9).unwrap());
    let ridge = Ridge::new(0.1).standardised().on(&["age"]);
    returns(&CoxPh::new().ridge(ridge).fit(&data, &design()).unwrap());
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
    refused(&design(), "50.0", "1e999", "number out of range");
    refused(&design(), "\"age\",\"arm=b\"", "\"age\",\"arm=z\"", "coding does not hold together");
    let table = RiskTable::by(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    refused(&table, "\"groups\":[\"a\",", "\"groups\":[", "`series` has 2 rows, expected 1");
    refused(&table, "\"time\":[1.0,4.0", "\"time\":[4.0,1.0", "times must be finite and ascending");
}

#[test]
fn results_that_do_not_hold_together_are_refused() {
    let fit: KaplanMeierFit = KaplanMeier::new().fit(&data()).unwrap();
    refused(&fit, "\"survival\":[", "\"survival\":[1.0,", "`survival` has 6 rows, expected 5");
    refused(&fit, "\"level\":0.95", "\"level\":1.0", "survival curve does not hold together");
    refused(&fit, "\"n_risk\":[", "\"n_risk\":[7.0,", "`n_risk` has 6 rows, expected 5");
    let by: ByGroup<KaplanMeierFit> =
        KaplanMeier::new().fit_by(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    refused(&by, "\"upper\":[", "\"upper\":[null,", "`upper` has 4 rows, expected 3");
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
}

#[test]
fn tests_of_one_sample_and_several_weights_return() {
    let one = OneSampleLogRank::new().fit(&data(), |time| 0.2 * time).unwrap();
    returns(&one);
    let combo = MaxCombo::new().fit(&data(), &Groups::new(&ARM).unwrap()).unwrap();
    returns(&combo);
    refused(&combo, "\"statistics\":[", "\"statistics\":[0.5,", "`statistics` has 5 rows");
}
