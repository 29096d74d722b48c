//! With a single cause the Fine–Gray model is a Cox model, and so is every ratio and test it gives.

use ndarray::array;
use riskset::competing::{FineGray, FineGrayFit, FineGrayVariance};
use riskset::inference::HazardRatio;
use riskset::regression::cox::CoxFit;
use riskset::statistic::TestResult;
use riskset::{CompetingRisks, CoxPh, Design, Error, Profile, RightCensored, Ties};

const N: usize = 60;

fn fits() -> (FineGrayFit, CoxFit) {
    let time: Vec<f64> = (0..N).map(|row| (row * 37 % 41 + 1) as f64).collect();
    let code: Vec<u32> = (0..N).map(|row| u32::from(row % 4 > 0)).collect();
    let age: Vec<f64> = (0..N).map(|row| (row * 17 % 31 + 40) as f64).collect();
    let stage: Vec<&str> = (0..N).map(|row| ["I", "II", "III"][row * 7 % 3]).collect();
    let design = Design::builder().numeric("age", &age).factor("stage", &stage, "I");
    let design = design.build().unwrap();
    let data = CompetingRisks::from_codes(&time, &code, &[(1, "relapse")]).unwrap();
    let model = FineGray::new(data.cause("relapse").unwrap());
    let fine_gray = model.variance(FineGrayVariance::ModelBased).fit(&data, &design).unwrap();
    let event: Vec<bool> = code.iter().map(|&code| code == 1).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    (fine_gray, CoxPh::new().ties(Ties::Breslow).fit(&data, &design).unwrap())
}

#[track_caller]
fn same(found: &HazardRatio, expected: &HazardRatio) {
    assert_eq!(found.name, expected.name);
    let numbers = |ratio: &HazardRatio| {
        let interval = ratio.interval.unwrap();
        [ratio.estimate, ratio.std_error_ln, interval.lower, interval.upper].map(Option::unwrap)
    };
    for (found, expected) in numbers(found).into_iter().zip(numbers(expected)) {
        approx::assert_relative_eq!(found, expected, max_relative = 1e-9);
    }
    assert_eq!(found.interval.unwrap().level, expected.interval.unwrap().level);
}

#[track_caller]
fn same_test(found: &TestResult, expected: &TestResult) {
    assert_eq!(found.df, expected.df);
    approx::assert_relative_eq!(found.statistic, expected.statistic, max_relative = 1e-9);
    approx::assert_relative_eq!(found.p_value, expected.p_value, max_relative = 1e-8);
}

#[test]
fn ratios_are_those_of_the_cox_model() {
    let (fine_gray, cox) = fits();
    let weights = [10.0, -1.0, 1.0];
    let contrast = fine_gray.contrast("c", &weights, 0.9).unwrap();
    same(&contrast, &cox.contrast("c", &weights, 0.9).unwrap());
    let old = Profile::new().number("age", 70.0).level("stage", "III");
    let young = Profile::new().number("age", 50.0).level("stage", "II");
    let ratio = fine_gray.hazard_ratio("old", &old, &young, 0.8).unwrap();
    same(&ratio, &cox.hazard_ratio("old", &old, &young, 0.8).unwrap());
    let levels = fine_gray.level_ratios("stage", "II", &Profile::new(), 0.95).unwrap();
    let expected = cox.level_ratios("stage", "II", &Profile::new(), 0.95).unwrap();
    assert_eq!(levels.len(), 2);
    levels.iter().zip(&expected).for_each(|(found, expected)| same(found, expected));
    let ages = [45.0, 60.0];
    let along = fine_gray.ratios_along("age", &ages, 50.0, &Profile::new(), 0.95).unwrap();
    let expected = cox.ratios_along("age", &ages, 50.0, &Profile::new(), 0.95).unwrap();
    for ((found, expected), age) in along.iter().zip(&expected).zip(ages) {
        assert_eq!(found.value, age);
        same(&found.ratio, &expected.ratio);
    }
}

#[test]
fn tests_are_those_of_the_cox_model() {
    let (fine_gray, cox) = fits();
    let contrasts = array![[10.0, 1.0, 0.0], [0.0, 1.0, -1.0]];
    let found = fine_gray.wald_test(&contrasts).unwrap();
    same_test(&found, &cox.wald_test(&contrasts).unwrap());
    // A term is the contrasts that pick its columns.
    let stage = array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let found = fine_gray.term_test("stage").unwrap();
    assert_eq!(found.df, Some(2));
    same_test(&found, &cox.wald_test(&stage).unwrap());
    let age = fine_gray.term_test("age").unwrap();
    same_test(&age, &cox.wald_test(&array![[1.0, 0.0, 0.0]]).unwrap());
    let error = fine_gray.term_test("sex").unwrap_err();
    assert!(matches!(error, Error::UnknownName { .. }), "{error}");
}
