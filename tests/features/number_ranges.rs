//! A number that cannot be what its name says is refused when it is read, and what is written is read whatever
//! the data.

use riskset::competing::{FineGray, GrayTest, StateOccupation, TimeLost};
use riskset::data::MultiState;
use riskset::nonparametric::{
    BandKind, Bands, FixedTime, HazardVariance, KaplanMeierFit, LifeTable, RestrictedMean,
};
use riskset::statistic::{TestKind, TestResult};
use riskset::study::{HazardRatios, SurvivalSummary};
use riskset::validation::{Bootstrap, Concordance, Score};
use riskset::{
    AalenJohansen, CoxPh, Groups, KaplanMeier, LogRank, NelsonAalen, Profile, RightCensored,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::fmt::Debug;

use crate::sample::{Sample, TRANSFORMS, check, tied};

/// Each from 0 to 1.
const PROBABILITIES: [&str; 8] = [
    "survival",
    "incidence",
    "cumulative_incidence",
    "concordance",
    "probability",
    "initial",
    "p_value",
    "adjusted",
];

/// Each from 0 up, as is what is called a standard error or a number of rows.
const NOT_NEGATIVE: [&str; 12] = [
    "n",
    "std_deviation",
    "cumulative_hazard",
    "time_lost",
    "tau",
    "person_time",
    "density",
    "expected",
    "theta",
    "decrement",
    "critical",
    "condition",
];

/// Matrices without a negative number on the diagonal.
const COVARIANCES: [&str; 3] = ["vcov", "vcov_model", "vcov_sampling"];

/// What a number of that name may not be.
fn senseless(name: &str) -> &[f64] {
    let spread = name.contains("std_error") || name.starts_with("n_");
    match name {
        _ if PROBABILITIES.contains(&name) => &[-0.5, 7.0],
        _ if spread || NOT_NEGATIVE.contains(&name) || COVARIANCES.contains(&name) => &[-1.0],
        "level" => &[0.0, 1.5],
        "lower" => &[1e9],
        _ => &[],
    }
}

/// The places of numbers, each with the name of its field: of a list the first and the last.
fn places(value: &Value, name: &str, path: String, found: &mut Vec<(String, String)>) {
    match value {
        Value::Number(_) => found.push((path, name.to_owned())),
        Value::Array(list) => {
            // Off its diagonal a matrix may be below 0.
            let last = if COVARIANCES.contains(&name) { 0 } else { list.len().saturating_sub(1) };
            for k in [0, last].into_iter().take(1 + usize::from(last > 0)) {
                if let Some(value) = list.get(k) {
                    places(value, name, format!("{path}/{k}"), found);
                }
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                let inner = if fields.contains_key("dim") { name } else { field };
                let matrix = ["v", "dim"].contains(&field.as_str());
                if !matrix {
                    places(value, inner, format!("{path}/{field}"), found);
                }
            }
        }
        _ => {}
    }
}

/// Fails if any number of a written value can be replaced by one that its name forbids, and still be read.
#[track_caller]
pub(super) fn are_checked<T: Serialize + DeserializeOwned + Debug>(value: &T) {
    let (mut written, mut found) = (serde_json::to_value(value).unwrap(), Vec::new());
    places(&written, "", String::new(), &mut found);
    for (path, name) in found {
        for &number in senseless(&name) {
            let place = written.pointer_mut(&path).unwrap();
            let before = std::mem::replace(place, json!(number));
            // A lower limit without an upper one can be anything.
            let open = name == "lower"
                && written.pointer(&path.replace("lower", "upper")).is_none_or(Value::is_null);
            let read = serde_json::from_value::<T>(written.clone());
            assert!(open || read.is_err(), "{path} is {number}: {read:?}");
            *written.pointer_mut(&path).unwrap() = before;
        }
    }
}

#[track_caller]
fn returns<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: riskset::Result<T>) {
    // What cannot be computed is not written.
    let Ok(value) = value else { return };
    let text = serde_json::to_string(&value).unwrap();
    let read = serde_json::from_str::<T>(&text);
    assert_eq!(read.ok().as_ref(), Some(&value), "{text}");
}

/// Curves and tests of rows with ties, weights and few people left, by every transform.
#[test]
fn curves_of_any_rows_return() {
    check(15, tied(4..=14), |sample| {
        let groups = sample.groups();
        let plain = sample.counting_process();
        for data in [plain.clone(), plain.with_weights(sample.case()).unwrap()] {
            for transform in TRANSFORMS {
                let curve = KaplanMeier::new().transform(transform);
                returns(curve.fit_by(&data, &groups));
                for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
                    returns(
                        curve
                            .fit(&data)
                            .and_then(|fit| Bands::new().kind(kind).transform(transform).of(&fit)),
                    );
                }
                returns(
                    curve.fit_by(&data, &groups).and_then(|fit| FixedTime::new(4.0).compare(&fit)),
                );
            }
            for variance in [HazardVariance::Poisson, HazardVariance::Greenwood] {
                returns(NelsonAalen::new().variance(variance).fit_by(&data, &groups));
            }
            returns(KaplanMeier::new().fit(&data).map(|fit| fit.curve().median()));
            returns(RestrictedMean::new(4.0).compare_by(&data, &groups));
            returns(LogRank::new().fit(&data, &groups));
            let survival = SurvivalSummary::new().times(&[1.0, 3.0]).restricted_mean(4.0);
            returns(survival.by(&data, &groups));
        }
        returns(LifeTable::new(&[0.0, 2.0, 5.0]).fit(&sample.right_censored()));
    });
}

#[test]
fn models_of_any_rows_return() {
    check(25, tied(6..=16), |sample| {
        let design = sample.design();
        let plain = sample.counting_process();
        let person = Profile::new().number("a", 0.5).number("b", -0.25);
        for data in [plain.clone(), plain.with_weights(sample.case()).unwrap()] {
            let models = [CoxPh::new(), CoxPh::new().firth(), CoxPh::new().ridge(0.1)];
            for model in models {
                let fit = model.fit(&data, &design);
                returns(fit.clone());
                let Ok(fit) = fit else { continue };
                returns(fit.hazard_ratios(0.9));
                returns(fit.term_tests(&data, &design));
                returns(fit.concordance(&data, &design));
                let baseline = fit.baseline(&data, &design);
                returns(baseline.clone());
                let Ok(baseline) = baseline else { continue };
                returns(baseline.single().and_then(|one| one.curve(&person)));
                returns(baseline.single().and_then(|one| one.at(&person, &[2.0, 30.0])));
            }
            returns(HazardRatios::new().fit(&data, &design));
            returns(Bootstrap::new(1).replicates(4).fit_cox(&data, &design, &CoxPh::new()));
            let a = sample.x(0);
            returns(Concordance::new().fit(&data, Score::higher_is_worse(&a)));
        }
    });
}

#[test]
fn incidences_of_any_rows_return() {
    check(25, tied(4..=14), |sample: Sample| {
        let groups = sample.groups();
        for data in [
            sample.competing_risks(),
            sample.competing_risks().with_weights(sample.case()).unwrap(),
        ] {
            returns(AalenJohansen::new().fit_by(&data, &groups));
            returns(TimeLost::new(4.0).compare(&data, &groups));
            returns(GrayTest::new().fit(&data, &groups));
            if let Ok(cause) = data.cause("a") {
                returns(FineGray::new(cause).fit(&data, &sample.design()));
            }
        }
        // Rows one after the other, three for each subject, through the states a, b, c and back.
        let n = sample.rows.len();
        let ids: Vec<usize> = (0..n).map(|row| row / 3).collect();
        let length = |row: usize| 1.0 + f64::from(sample.rows[row].stratum);
        let entry: Vec<f64> =
            (0..n).map(|row| (row / 3 * 3..row).map(length).sum::<f64>()).collect();
        let exit: Vec<f64> = (0..n).map(|row| entry[row] + length(row)).collect();
        let from: Vec<&str> = (0..n).map(|row| ["a", "b", "c"][row % 3]).collect();
        let last = |row: usize| row + 1 == n || row % 3 == 2;
        let to: Vec<Option<&str>> = (0..n)
            .map(|row| match last(row) {
                true => sample.rows[row].event.then_some("d"),
                false => Some(["b", "c"][row % 3]),
            })
            .collect();
        let states = ["a", "b", "c", "d"];
        let data = MultiState::with_from(&ids, &entry, &exit, &from, &to, &states);
        returns(data.and_then(|data| StateOccupation::new().restricted_to(5.0).fit(&data)));
    });
}

/// From the middle of the distribution to where the p-value is 0.
#[test]
fn the_logarithm_is_that_of_the_p_value() {
    let groups = Groups::new(&["a", "b"].repeat(20)).unwrap();
    let test = |shift: f64| -> TestResult {
        let time: Vec<f64> =
            (0..40).map(|row| f64::from(row) + if row % 2 == 0 { shift } else { 0.5 }).collect();
        let data = RightCensored::new(&time, &[true; 40]).unwrap();
        *LogRank::new().fit(&data, &groups).unwrap().test()
    };
    for shift in [0.0, 0.5, 1.5, 4.5, 9.5, 100.0] {
        let test = test(shift);
        assert_eq!(test.kind, TestKind::LogRank);
        returns(Ok(test));
    }
    let mut written = serde_json::to_value(test(4.5)).unwrap();
    let refused = |written: &Value| serde_json::from_value::<TestResult>(written.clone()).is_err();
    for (field, number) in [("p_value", 3.0), ("ln_p_value", 0.5), ("statistic", -1.0)] {
        let before = std::mem::replace(&mut written[field], json!(number));
        assert!(refused(&written), "{field}");
        written[field] = before;
    }
    assert!(!refused(&written));
    let far = json!({
        "kind": "Wald", "statistic": 60.0, "df": null, "p_value": 0.0, "ln_p_value": -1805.0
    });
    assert!(!refused(&far));
}

/// The message names the column, the row, what was found and the rule.
#[test]
fn a_refusal_says_where() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, true, false]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    for (path, number, message) in [
        ("/curve/survival/1", 7.0, "`survival` row 1 is 7: must be from 0 to 1"),
        (
            "/curve/std_error_ln/0",
            -2.0,
            "`std_error_ln` row 0 is -2: must be finite and not negative",
        ),
        ("/curve/lower/0", 1.0, "`lower` row 0"),
        ("/curve/time/1", 1.0, "`time` row 1 is 1: must be finite and ascending"),
    ] {
        let mut written = serde_json::to_value(&fit).unwrap();
        *written.pointer_mut("/curve/upper/0").unwrap() = json!(0.9);
        *written.pointer_mut(path).unwrap() = json!(number);
        let read = serde_json::from_value::<KaplanMeierFit>(written);
        let error = read.unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
