//! Hard input for propensity scores, weights and standardised curves.

use riskset::adjustment::{
    Balance, BalancingWeights, EstimatedWeights, PropensityScores, Standardisation,
    TargetPopulation,
};
use riskset::regression::cox::CoefficientStatus;
use riskset::{CoxPh, Design, Error, Groups, RightCensored, Warning};

const ARM: [&str; 8] = ["a", "b", "a", "c", "b", "c", "a", "b"];
const AGE: [f64; 8] = [50., 61., 47., 58., 70., 66., 55., 43.];

fn groups() -> Groups {
    Groups::new(&ARM).unwrap()
}

fn age() -> Design {
    Design::builder().numeric("age", &AGE).build().unwrap()
}

#[track_caller]
fn says<T: std::fmt::Debug>(result: Result<T, Error>, expected: &str) {
    let found = result.unwrap_err().to_string();
    assert!(found.contains(expected), "{found}");
}

#[test]
fn scores_refuse_what_they_cannot_fit() {
    let scores = PropensityScores::new();
    says(scores.fit(&Groups::new(&["a"; 8]).unwrap(), &age()), "`groups` has a single level, `a`");
    says(scores.fit(&Groups::new(&["a", "b"]).unwrap(), &age()), "`design` has 8 rows, expected 2");
    says(scores.clone().reference("d").fit(&groups(), &age()), "`groups` has no level `d`");
    let offset = Design::builder().numeric("age", &AGE).offset(&AGE).build().unwrap();
    says(scores.fit(&groups(), &offset), "a design with an offset is not possible");
    says(scores.clone().tolerance(f64::NAN).fit(&groups(), &age()), "option `tolerance` is NaN");
    says(scores.max_iterations(1).fit(&groups(), &age()), "no convergence in 1 iterations");
    let huge = Design::builder().numeric("age", &AGE.map(|x| x * 1e150)).build().unwrap();
    says(PropensityScores::new().fit(&groups(), &huge), "rescale it");
}

/// A fit that is given up after one step says how high it came with it.
#[test]
fn one_step_is_one_step() {
    let y = [0., 1., 0., 1., 1., 0., 0., 1.];
    let groups = Groups::new(&y.map(|y| if y == 0.0 { "a" } else { "b" })).unwrap();
    let error = PropensityScores::new().max_iterations(1).fit(&groups, &age()).unwrap_err();
    let Error::NotConverged { iterations: 1, log_likelihood, .. } = error else {
        panic!("{error}")
    };
    // As many of each: from 0 a step of Newton is four times that of least squares.
    let mean = AGE.iter().sum::<f64>() / 8.0;
    let square: f64 = AGE.iter().map(|age| (age - mean).powi(2)).sum();
    let slope: f64 = AGE.iter().zip(y).map(|(age, y)| (age - mean) * y).sum::<f64>() / square;
    let term = |(age, y): (&f64, f64)| {
        let eta = 4.0 * slope * (age - mean);
        y * eta - eta.exp().ln_1p()
    };
    let expected: f64 = AGE.iter().zip(y).map(term).sum();
    approx::assert_relative_eq!(log_likelihood, expected, max_relative = 1e-12);
}

#[test]
fn a_group_without_rows_is_left_out() {
    let groups = Groups::with_levels(&ARM, &["a", "empty", "b", "c"]).unwrap();
    let fit = PropensityScores::new().fit(&groups, &age()).unwrap();
    assert_eq!(fit.groups().names(), ["a", "b", "c"]);
    assert_eq!(fit.probabilities().dim(), (8, 3));
}

#[test]
fn aliased_columns_are_typed() {
    let twice = AGE.map(|x| 3.0 - 2.0 * x);
    let design = Design::builder().numeric("age", &AGE).numeric("again", &twice);
    let design = design.numeric("one", &[7.0; 8]).build().unwrap();
    let fit = PropensityScores::new().fit(&groups(), &design).unwrap();
    let single = PropensityScores::new().fit(&groups(), &age()).unwrap();
    let status = |k: usize| fit.coefficients()[k].status.clone();
    assert_eq!(status(2), CoefficientStatus::Aliased { of: vec!["age".to_owned()] });
    assert_eq!(status(3), CoefficientStatus::Aliased { of: Vec::new() });
    let aliased = |column: &str| Warning::AliasedColumn { column: column.to_owned() };
    assert_eq!(fit.warnings(), [aliased("again"), aliased("one")]);
    for (a, b) in fit.probabilities().iter().zip(single.probabilities()) {
        approx::assert_relative_eq!(*a, *b, max_relative = 1e-12);
    }
}

/// Nobody of the rows with the flag is in group c: the flagged rows have the shares of a and b alone.
#[test]
fn a_level_that_rules_a_group_out_is_flagged() {
    let flag = [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let design = Design::builder().numeric("flag", &flag).build().unwrap();
    let fit = PropensityScores::new().fit(&groups(), &design).unwrap();
    let warning = Warning::PerfectPrediction { group: "c".to_owned(), column: "flag".to_owned() };
    assert_eq!(fit.warnings(), [warning]);
    let slope = &fit.coefficients()[3];
    assert_eq!((slope.status.clone(), slope.estimate), (CoefficientStatus::MinusInfinity, None));
    let e = fit.probabilities();
    for (found, expected) in e.row(0).iter().zip([2.0 / 3.0, 1.0 / 3.0, 0.0]) {
        approx::assert_abs_diff_eq!(*found, expected, epsilon = 1e-12);
    }
    for (found, expected) in e.row(2).iter().zip([0.2, 0.4, 0.4]) {
        approx::assert_abs_diff_eq!(*found, expected, epsilon = 1e-12);
    }
    let limit = 4.0 / 9.0 * (1.0 / 3.0);
    let likelihood = (limit * 0.2 * 0.4_f64.powi(2) * 0.4_f64.powi(2)).ln();
    approx::assert_relative_eq!(fit.log_likelihood(), likelihood, max_relative = 1e-12);
    // The rows that nothing is known of get next to no overlap weight.
    let overlap = BalancingWeights::new(TargetPopulation::Overlap).fit(&fit).unwrap();
    assert!(overlap.values()[0] < 1e-12 && overlap.values()[2] > 0.1);
    assert!(fit.to_string().contains("Warning: `flag` rules group `c` out or in for some rows"));
}

/// Ages that separate two groups completely: the limit is certainty.
#[test]
fn groups_that_a_number_separates() {
    let design =
        Design::builder().numeric("age", &[1., 2., 3., 4., 5., 6., 7., 8.]).build().unwrap();
    let groups = Groups::new(&["a", "a", "a", "b", "b", "b", "b", "b"]).unwrap();
    let fit = PropensityScores::new().fit(&groups, &design).unwrap();
    assert!(fit.log_likelihood().abs() < 1e-12);
    assert_eq!(fit.warnings().len(), 2);
    assert!(fit.coefficients().iter().all(|c| c.estimate.is_none()));
    assert!(fit.vcov().iter().all(|value| *value == 0.0));
}

#[test]
fn weights_refuse_options_that_mean_nothing() {
    let scores = PropensityScores::new().fit(&groups(), &age()).unwrap();
    let unknown = BalancingWeights::new(TargetPopulation::Group("d".to_owned()));
    says(unknown.fit(&scores), "no group is named `d`; there are a, b, c");
    let overlap = BalancingWeights::new(TargetPopulation::Overlap);
    says(overlap.stabilised().fit(&scores), "stabilising the weights of another target");
    let everyone = BalancingWeights::new(TargetPopulation::Everyone);
    says(everyone.truncated(0.9, 0.1).fit(&scores), "option `truncated` is 0.9");
}

#[test]
fn estimated_weights_belong_to_their_scores_and_data() {
    let scores = PropensityScores::new().fit(&groups(), &age()).unwrap();
    let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores).unwrap();
    let other = Design::builder().numeric("other", &AGE).build().unwrap();
    says(EstimatedWeights::new(&weights, &scores, &other), "design of the propensity score");
    let design = age();
    let estimated = EstimatedWeights::new(&weights, &scores, &design).unwrap();
    let arms = Design::builder().factor("arm", &ARM, "a").build().unwrap();
    let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &[true; 8]).unwrap();
    let fit = CoxPh::new().fit(&data, &arms).unwrap();
    says(estimated.vcov(&fit, &data, &arms), "the weights of the data is not that of the fit");
    let two = Groups::new(&["a", "b"]).unwrap();
    says(Balance::new(&two, &age(), weights.weights()), "`design` has 8 rows, expected 2");
}

#[test]
fn standardised_curves_refuse_what_they_cannot_say() {
    let event = [true, false, true, true, true, true, true, false];
    let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &event).unwrap();
    let design = Design::builder().factor("arm", &ARM, "a").numeric("age", &AGE).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let of = |times: &[f64], term: &str| Standardisation::new(times).of(&fit, term, &data, &design);
    says(of(&[], "arm"), "`times` has no rows");
    says(of(&[2.0, 1.0], "arm"), "option `times` is 1");
    says(of(&[f64::NAN], "arm"), "option `times` is NaN");
    says(of(&[9.0], "arm"), "`data` is followed up to 8: nothing is known at 9");
    says(of(&[2.0], "age"), "code the treatment as a factor");
    says(of(&[2.0], "sex"), "no term is named `sex`");
    let mean = Standardisation::new(&[]).restricted_mean(f64::INFINITY);
    says(mean.of(&fit, "arm", &data, &design), "option `tau` is inf");
    let curves = of(&[0.0, 2.0], "arm").unwrap();
    assert_eq!(curves.curve("a").unwrap()[0].survival, 1.0);
    says(curves.curve("d"), "`arm` has no level `d`");
    assert_eq!(curves.restricted_mean("a").unwrap(), None);
    assert!(curves.ratios("b", "a").unwrap()[1].is_some());
}

/// Beside the first row, whose risk is exp(6000) times theirs, the others have next to none: their hazard
/// relative to the mean is no number, and no curve is made of it.
#[test]
fn hazards_beyond_numbers_have_no_standardised_curve() {
    let of = |offset: f64| {
        let offset = [offset, 0., 0., 0., 0., 0., 0., 0.];
        let design = Design::builder().factor("arm", &ARM, "a").offset(&offset).build().unwrap();
        let time = [1., 2., 3., 4., 5., 6., 7., 8.];
        let data = RightCensored::new(&time, &[true, true, true, true, true, true, true, false]);
        let (data, curves) = (data.unwrap(), Standardisation::new(&[3.0]));
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        curves.of(&fit, "arm", &data, &design)
    };
    assert!(of(6.0).is_ok());
    // The hazard still is one, the risk of the first row is not.
    says(of(1000.0), "the profile lies 875.");
    says(of(6000.0), "not finite");
}
