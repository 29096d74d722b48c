//! The sentences of the methods section say what was done, whatever was chosen.

use riskset::data::CompleteCases;
use riskset::nonparametric::TestWeight;
use riskset::statistic::{Adjust, IntervalTransform};
use riskset::study::{Baseline, HazardRatios, Methods, Selection, SurvivalSummary};
use riskset::{CoxPh, Design, Groups, LogRank, RightCensored, Ties, Weights};

const EVENT: [bool; 8] = [true, true, true, false, true, true, true, true];
const AGE: [f64; 8] = [50., 61., 47., 58., 70., 66., 55., 43.];

fn data() -> RightCensored {
    RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &EVENT).unwrap()
}

fn arms() -> Groups {
    Groups::new(&["a", "b"].repeat(4)).unwrap()
}

fn age() -> Design {
    Design::builder().numeric("age", &AGE).build().unwrap()
}

#[track_caller]
fn says(methods: Methods, expected: &str) {
    let text = methods.to_string();
    assert!(text.contains(expected), "{text}");
    assert!(text.ends_with("(Rust)."), "{text}");
}

#[test]
fn missing_values() {
    let known = CompleteCases::new(2).unwrap().numeric("dose", &[1.0, 2.0]).unwrap();
    let gaps = known.clone().numeric("age", &[1.0, f64::NAN]).unwrap();
    says(
        Methods::new().complete_cases(&gaps),
        "1 of 2 rows were left out for missing values (age 1).",
    );
    says(Methods::new().complete_cases(&known), "None of the 2 rows had a missing value.");
}

#[test]
fn weighted_rows() {
    let weights = Weights::case(&[2.0; 8]).unwrap();
    let table = Baseline::new().numeric("age", &AGE).weights(&weights).overall().unwrap();
    says(
        Methods::new().baseline(&table),
        "given as mean (standard deviation) and median [quartiles]. Rows were weighted.",
    );
}

#[test]
fn the_scale_of_limits() {
    for (transform, name) in [
        (IntervalTransform::Plain, "untransformed scale"),
        (IntervalTransform::Log, "log scale"),
        (IntervalTransform::LogLog, "log-log scale"),
        (IntervalTransform::Logit, "logit scale"),
        (IntervalTransform::Arcsin, "arcsine square-root scale"),
    ] {
        let summary = SurvivalSummary::new().confidence(0.9).transform(transform);
        let table = summary.restricted_mean(5.0).fit(&data()).unwrap();
        let methods = Methods::new().survival(&table);
        says(methods.clone(), &format!("pointwise 90% confidence intervals ({name})"));
        says(methods, "Mean survival was restricted to a time of 5.");
    }
}

#[test]
fn tests_of_curves_and_their_number() {
    let compared = |weight| LogRank::new().weight(weight).fit(&data(), &arms()).unwrap();
    for (weight, name) in [
        (TestWeight::LogRank, "the log-rank test."),
        (TestWeight::Gehan, "the weighted log-rank test (Gehan)."),
        (TestWeight::TaroneWare, "the weighted log-rank test (Tarone-Ware)."),
        (TestWeight::PetoPeto, "the weighted log-rank test (Peto-Peto)."),
        (TestWeight::ModifiedPetoPeto, "the weighted log-rank test (modified Peto-Peto)."),
        (
            TestWeight::FlemingHarrington { rho: 0.5, gamma: 1.0 },
            "the weighted log-rank test (Fleming-Harrington (0.5, 1)).",
        ),
    ] {
        let methods = Methods::new().log_rank(&compared(weight));
        says(methods, &format!("Curves of 2 groups were compared by {name}"));
    }
    let sexes = data().with_strata(&["f", "f", "m", "m"].repeat(2)).unwrap();
    let stratified = LogRank::new().fit(&sexes, &arms()).unwrap();
    says(Methods::new().log_rank(&stratified), "the log-rank test, stratified (2 strata).");
    for (adjust, name) in [
        (Adjust::Bonferroni, "adjusted by Bonferroni's method"),
        (Adjust::Holm, "adjusted by Holm's method"),
        (Adjust::Hochberg, "adjusted by Hochberg's method"),
        (Adjust::BenjaminiHochberg, "adjusted by Benjamini and Hochberg's method"),
        (Adjust::BenjaminiYekutieli, "adjusted by Benjamini and Yekutieli's method"),
    ] {
        says(Methods::new().adjusted(adjust, 3), &format!("The p-values of 3 tests were {name}."));
    }
    says(Methods::new().adjusted(Adjust::None, 3), "The p-values of 3 tests are not adjusted.");
}

#[test]
fn models() {
    for (ties, name) in [
        (Ties::Efron, "Efron's method for ties"),
        (Ties::Breslow, "Breslow's method for ties"),
        (Ties::ExactPartial, "the exact partial likelihood for ties"),
    ] {
        let fit = CoxPh::new().ties(ties).fit(&data(), &age()).unwrap();
        let methods = Methods::new().cox(&fit, 0.99).unwrap();
        says(
            methods,
            &format!(
                "with 99% confidence intervals (Wald) were estimated by Cox proportional hazards models with {name}. 8 rows had 7 events."
            ),
        );
    }
    let chosen = Selection::PValue { threshold: 0.9, forced: vec!["age".to_owned()] };
    let weights = [
        (Weights::case(&[1.5; 8]), ", case weights"),
        (Weights::frequency(&[2; 8]), ", frequency weights."),
        (Weights::sampling(&[1.5; 8]), ", inverse-probability weights and a robust (sandwich)"),
    ];
    for (weights, name) in weights {
        let weighted = data().with_weights(weights.unwrap()).unwrap();
        let table = HazardRatios::new().selection(chosen.clone()).fit(&weighted, &age()).unwrap();
        let methods = Methods::new().hazard_ratios(&table);
        says(methods.clone(), &format!("Efron's method for ties{name}"));
        says(methods, "below 0.9 entered the multivariable model, age in any case; such a rule");
    }
}
