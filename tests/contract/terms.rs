//! Tests of terms where columns are aliased, coefficients infinite, variances singular, p-values tiny.

use riskset::data::Variance;
use riskset::inference::{LevelPairs, Multiplicity, NoTest, TermHypothesis};
use riskset::ndarray::array;
use riskset::regression::cox::CoefficientStatus;
use riskset::{CoxPh, Design, Error, Profile, RightCensored, Ties, Weights};

use crate::sample::assert_close;

fn data() -> RightCensored {
    let time = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.];
    let event = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0].map(|event| event == 1);
    RightCensored::new(&time, &event).unwrap()
}

const X: [f64; 12] = [0.3, -1.2, 0.8, 0.1, 1.4, -0.6, 0.2, -0.9, 1.1, 0.5, -0.2, 0.7];
const Z: [f64; 12] = [3., 7., 1., 4., 9., 2., 8., 5., 0., 6., 11., 10.];
/// No row of level c has an event.
const STAGE: [&str; 12] = ["a", "b", "c", "b", "a", "b", "c", "a", "b", "c", "a", "c"];

#[test]
fn a_term_that_others_say_is_not_tested() {
    let sum: Vec<f64> = X.iter().zip(Z).map(|(x, z)| x + 0.1 * z).collect();
    let design = Design::builder().numeric("x", &X).numeric("z", &Z).numeric("sum", &sum);
    let design = design.build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    for test in fit.term_tests(&data(), &design).unwrap().tests {
        assert_eq!(test.df, 0);
        assert_eq!(test.likelihood_ratio, Err(NoTest::Aliased));
        assert_eq!(test.wald, Err(NoTest::Aliased));
        assert_eq!(test.score, Err(NoTest::Aliased));
        assert_eq!(test.preferred(), None);
    }
    let steps = fit.sequential_tests(&data(), &design).unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.df).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(steps[2].likelihood_ratio, Err(NoTest::Aliased));
    assert_close(steps[2].log_likelihood, steps[1].log_likelihood, 1e-12);
}

/// The fit leaves the last of dependent columns out. Here that belongs to another term than the one
/// that adds nothing, and a term has one degree of freedom though it has two columns.
#[test]
fn what_a_term_adds_does_not_depend_on_the_order_of_terms() {
    let labels = ["p", "q", "r", "p", "q", "r", "q", "p", "r", "r", "q", "p"];
    for unit in [1.0, 1000.0] {
        let not_p = labels.map(|label| if label == "p" { 0.0 } else { unit });
        let first = Design::builder().factor("label", &labels, "p").numeric("x", &X);
        let first = first.numeric("not p", &not_p).build().unwrap();
        let last = Design::builder().numeric("not p", &not_p).numeric("x", &X);
        let last = last.factor("label", &labels, "p").build().unwrap();
        let [a, b] = [&first, &last].map(|design| {
            let fit = CoxPh::new().fit(&data(), design).unwrap();
            fit.term_tests(&data(), design).unwrap()
        });
        for name in ["label", "not p", "x"] {
            let (a, b) = (a.term(name).unwrap(), b.term(name).unwrap());
            assert_eq!((a.df, b.df), if name == "not p" { (0, 0) } else { (1, 1) });
            if name == "not p" {
                continue;
            }
            for (a, b) in
                [(a.likelihood_ratio, b.likelihood_ratio), (a.wald, b.wald), (a.score, b.score)]
            {
                assert_close(a.unwrap().statistic, b.unwrap().statistic, 1e-9);
            }
        }
    }
}

#[test]
fn a_level_without_events_leaves_the_likelihood_ratio() {
    let design = Design::builder().factor("stage", &STAGE, "a").numeric("x", &X).build().unwrap();
    let line = Design::builder().numeric("x", &X).build().unwrap();
    for ties in [Ties::Efron, Ties::Breslow] {
        let model = CoxPh::new().ties(ties);
        let fit = model.fit(&data(), &design).unwrap();
        assert_eq!(fit.coefficients()[1].status, CoefficientStatus::MinusInfinity);
        let tests = fit.term_tests(&data(), &design).unwrap();
        let stage = tests.term("stage").unwrap();
        assert_eq!((stage.df, stage.wald), (2, Err(NoTest::InfiniteCoefficient)));
        let without = model.fit(&data(), &line).unwrap();
        let gain = 2.0 * (fit.log_likelihood() - without.log_likelihood());
        assert_close(stage.likelihood_ratio.unwrap().statistic, gain, 1e-9);
        assert!(stage.score.is_ok());
        // The other term has all its tests.
        let x = tests.term("x").unwrap();
        assert!(x.wald.is_ok() && x.score.is_ok() && x.likelihood_ratio.is_ok());
        let pairs = LevelPairs::new().of(&fit, "stage").unwrap();
        let statuses: Vec<String> =
            pairs.iter().map(|pair| pair.ratio.status.to_string()).collect();
        assert_eq!(statuses, ["finite", "-infinity", "-infinity"]);
        // One pair is left, and counts for one.
        assert_close(pairs[0].adjusted.unwrap(), pairs[0].ratio.test.unwrap().p_value, 1e-14);
        assert_eq!((pairs[1].adjusted, pairs[2].adjusted), (None, None));
        let wald = fit.wald_test(&array![[0.0, 1.0, 0.0]]);
        assert_eq!(wald, Err(Error::NotEstimable { column: "stage=c".to_owned() }));
    }
}

#[test]
fn two_levels_without_events_cannot_be_compared() {
    let stage = ["a", "b", "c", "b", "a", "b", "d", "a", "b", "c", "a", "d"];
    let design = Design::builder().factor("stage", &stage, "a").build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let pairs = LevelPairs::new().adjust(Multiplicity::SingleStep).of(&fit, "stage").unwrap();
    assert_eq!(pairs.len(), 6);
    let last = pairs.last().unwrap();
    assert_eq!((last.level.as_str(), last.reference.as_str()), ("d", "c"));
    assert_eq!(last.ratio.status, CoefficientStatus::Aliased { of: Vec::new() });
    assert_eq!(pairs.iter().filter(|pair| pair.adjusted.is_some()).count(), 1);
}

#[test]
fn robust_variances() {
    let design = Design::builder().numeric("x", &X).factor("stage", &STAGE, "a").build().unwrap();
    let sampling = Weights::sampling(&[1.5; 12]).unwrap();
    let weighted = data().with_weights(sampling).unwrap();
    let fit = CoxPh::new().fit(&weighted, &design).unwrap();
    let tests = fit.term_tests(&weighted, &design).unwrap();
    assert!(tests.tests.iter().all(|test| test.likelihood_ratio == Err(NoTest::RobustVariance)));
    assert!(matches!(fit.sequential_tests(&weighted, &design), Err(Error::Unsupported { .. })));
    // Two clusters hold no three coefficients.
    let z: Vec<f64> = Z.iter().map(|z| z * z).collect();
    let wide = Design::builder().numeric("x", &X).numeric("z", &Z).numeric("zz", &z);
    let wide = wide.build().unwrap();
    let clustered = data().with_clusters(&[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]).unwrap();
    let fit = CoxPh::new().fit(&clustered, &wide).unwrap();
    let all = fit.wald_test(&array![[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
    assert!(matches!(all, Err(Error::NotPositiveDefinite { .. })), "{all:?}");
    assert!(fit.wald_test(&array![[1., 0., 0.], [2., 0., 0.]]).unwrap().df == Some(1));
}

/// The scores of two clusters add up to 0, so that their sandwich has a rank of 1: it holds no test of two
/// columns, and no coefficient is infinite.
#[test]
fn two_clusters_test_no_two_columns() {
    let arm = ["a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"];
    let design = Design::builder().factor("arm", &arm, "a").build().unwrap();
    let clustered = data().with_clusters(&[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]).unwrap();
    let fit = CoxPh::new().fit(&clustered, &design).unwrap();
    assert!(fit.coefficients().iter().all(|coefficient| coefficient.estimate.is_some()));
    let tests = fit.term_tests(&clustered, &design).unwrap();
    assert_eq!(tests.tests[0].wald, Err(NoTest::SingularVariance));
}

#[test]
fn other_rows_and_other_designs_are_refused() {
    let design = Design::builder().numeric("x", &X).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let later = data().time().iter().map(|time| 13.0 - time).collect::<Vec<_>>();
    let other = RightCensored::new(&later, data().event()).unwrap();
    assert!(matches!(fit.term_tests(&other, &design), Err(Error::OtherData { .. })));
    let moved = Design::builder().numeric("x", &Z).build().unwrap();
    assert!(matches!(fit.term_tests(&data(), &moved), Err(Error::OtherData { .. })));
    let short = Design::builder().numeric("x", &X[..6]).build().unwrap();
    assert!(matches!(fit.term_tests(&data(), &short), Err(Error::LengthMismatch { .. })));
    // As many rows, but not the same ones.
    let pair = Design::builder().numeric("x", &X).numeric("z", &Z).build().unwrap();
    let larger = CoxPh::new().fit(&other, &pair).unwrap();
    let nested = larger.compare_nested(&other, &pair, &fit, &design);
    assert!(matches!(nested, Err(Error::OtherData { .. })), "{nested:?}");
    let breslow = CoxPh::new().ties(Ties::Breslow).fit(&data(), &pair).unwrap();
    let nested = breslow.compare_nested(&data(), &pair, &fit, &design);
    assert!(matches!(nested, Err(Error::Unsupported { .. })));
    let robust = CoxPh::new().variance(Variance::Robust).fit(&data(), &pair).unwrap();
    assert!(robust.compare_nested(&data(), &pair, &fit, &design).is_err());
}

/// A model is nested by what its columns say, not by their names.
#[test]
fn nesting_is_seen_in_the_columns() {
    let code: Vec<f64> = STAGE.iter().map(|s| f64::from(s.as_bytes()[0])).collect();
    let factor = Design::builder().factor("stage", &STAGE, "a").build().unwrap();
    let trend = Design::builder().numeric("code", &code).build().unwrap();
    let spline = Design::builder().spline("x", &X, &[-0.9, 0.2, 1.1]).build().unwrap();
    let line = Design::builder().numeric("any", &X.map(|x| 5.0 - 3.0 * x)).build().unwrap();
    let fit = |design: &Design| CoxPh::new().fit(&data(), design).unwrap();
    for (large, small) in [(&factor, &trend), (&spline, &line)] {
        let test = fit(large).compare_nested(&data(), large, &fit(small), small).unwrap();
        assert_eq!(test.test.df, Some(1));
        let back = fit(small).compare_nested(&data(), small, &fit(large), large);
        assert!(matches!(back, Err(Error::NotNested { .. })));
    }
}

#[test]
fn the_null_model_is_nested_in_all() {
    let design = Design::builder().numeric("x", &X).numeric("z", &Z).build().unwrap();
    let (fit, empty) = (CoxPh::new().fit(&data(), &design).unwrap(), Design::empty(12));
    let null = CoxPh::new().fit(&data(), &empty).unwrap();
    let nested = fit.compare_nested(&data(), &design, &null, &empty).unwrap();
    let whole = fit.likelihood_ratio().unwrap();
    assert_eq!(nested.test.df, whole.df);
    assert_close(nested.test.statistic, whole.statistic, 1e-12);
    assert!(null.term_tests(&data(), &empty).unwrap().tests.is_empty());
    assert_eq!((null.rank(), null.aic()), (0, -2.0 * null.log_likelihood()));
}

/// The bends of a spline in its interactions go with its own.
#[test]
fn a_line_has_no_bends_in_interactions_either() {
    let arm = ["p", "q", "p", "q", "q", "p", "q", "p", "p", "q", "q", "p"];
    let knots = [1.0, 5.0, 9.0];
    for order in [["z", "arm"], ["arm", "z"]] {
        let bent = Design::builder().spline("z", &Z, &knots).factor("arm", &arm, "p");
        let bent = bent.interaction(order[0], order[1]).build().unwrap();
        let line = Design::builder().numeric("z", &Z).factor("arm", &arm, "p");
        let line = line.interaction(order[0], order[1]).build().unwrap();
        let [larger, smaller] =
            [&bent, &line].map(|design| CoxPh::new().fit(&data(), design).unwrap());
        let test = larger.linearity_test("z", &data(), &bent).unwrap();
        assert_eq!(test.df, 2);
        let nested = larger.compare_nested(&data(), &bent, &smaller, &line).unwrap();
        assert_close(test.likelihood_ratio.unwrap().statistic, nested.test.statistic, 1e-9);
        assert_eq!(nested.test.df, Some(2));
    }
}

/// Under an interaction the hypotheses differ: type III of a main effect moves with the origin of the
/// other, type II does not.
#[test]
fn type_two_respects_marginality() {
    let arm = ["p", "q", "p", "q", "q", "p", "q", "p", "p", "q", "q", "p"];
    let tests = |shift: f64, hypothesis: TermHypothesis| {
        let design = Design::builder().numeric("z", &Z.map(|z| z + shift)).factor("arm", &arm, "p");
        let design = design.interaction("z", "arm").build().unwrap();
        let fit = CoxPh::new().fit(&data(), &design).unwrap();
        fit.term_tests_of(hypothesis, &data(), &design).unwrap()
    };
    let statistics = |tests: riskset::inference::TermTests| {
        let arm = tests.term("arm").unwrap();
        [arm.likelihood_ratio, arm.wald, arm.score].map(|test| test.unwrap().statistic)
    };
    let (a, b) = (tests(0.0, TermHypothesis::TypeII), tests(9.0, TermHypothesis::TypeII));
    for (a, b) in statistics(a.clone()).into_iter().zip(statistics(b)) {
        assert_close(a, b, 1e-8);
    }
    let third = tests(0.0, TermHypothesis::TypeIII);
    let moved = tests(9.0, TermHypothesis::TypeIII);
    assert!((statistics(third.clone())[0] - statistics(moved)[0]).abs() > 0.1);
    let (product, same) = (a.term("z:arm").unwrap(), third.term("z:arm").unwrap());
    assert_eq!(product, same);
}

#[test]
fn ratios_under_an_interaction_need_the_other_value() {
    let arm = ["p", "q", "p", "q", "q", "p", "q", "p", "p", "q", "q", "p"];
    let design = Design::builder().numeric("z", &Z).factor("arm", &arm, "p").numeric("x", &X);
    let design = design.interaction("z", "arm").build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let missing = Error::IncompleteProfile { name: "z".to_owned() };
    assert_eq!(fit.level_ratios("arm", "p", &Profile::new(), 0.95), Err(missing.clone()));
    assert_eq!(LevelPairs::new().of(&fit, "arm"), Err(missing));
    let beta: Vec<f64> = fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect();
    let at = Profile::new().number("z", 4.0);
    let ratio = &fit.level_ratios("arm", "p", &at, 0.95).unwrap()[0];
    assert_eq!(ratio.name, "arm=q against p at z=4");
    assert_close(ratio.estimate.unwrap().ln(), beta[1] + 4.0 * beta[3], 1e-13);
    let v = fit.vcov();
    let variance = v[[1, 1]] + 8.0 * v[[1, 3]] + 16.0 * v[[3, 3]];
    assert_close(ratio.std_error_ln.unwrap(), variance.sqrt(), 1e-12);
    let pair = &LevelPairs::new().at(at.clone()).of(&fit, "arm").unwrap()[0];
    assert_eq!(pair.ratio, *ratio);
    // `x` interacts with nothing and needs no value; it may have one.
    let more = at.number("x", 1.0);
    let again = &fit.level_ratios("arm", "p", &more, 0.95).unwrap()[0];
    assert_eq!(again.estimate, ratio.estimate);
    let of_q = Profile::new().level("arm", "q");
    let along = fit.ratios_along("z", &[3.0, 5.0], 3.0, &of_q, 0.95).unwrap();
    assert_eq!(along[0].ratio.estimate, Some(1.0));
    assert_close(along[1].ratio.estimate.unwrap().ln(), 2.0 * (beta[0] + beta[3]), 1e-13);
}

/// The same rows many times over: the statistic grows with them, and p leaves the numbers long before
/// its logarithm does. R: `qchisq(-300 * log(10), 1, lower.tail = FALSE, log.p = TRUE)`, and `pchisq(1e6,
/// 3, lower.tail = FALSE, log.p = TRUE)` for the law.
#[test]
fn p_values_below_the_smallest_number() {
    let design = Design::builder().numeric("x", &X).numeric("z", &Z).build().unwrap();
    let once = CoxPh::new().ties(Ties::Breslow).fit(&data(), &design).unwrap();
    let one = once.term_tests(&data(), &design).unwrap().tests[0].likelihood_ratio.unwrap();
    for target in [1_373.872_631_222_394, 1e5, 1e7] {
        let times = (target / one.statistic).round() as u64;
        let rows = data().with_weights(Weights::frequency(&[times; 12]).unwrap()).unwrap();
        let fit = CoxPh::new().ties(Ties::Breslow).fit(&rows, &design).unwrap();
        let tests = fit.term_tests(&rows, &design).unwrap();
        let test = tests.tests[0].likelihood_ratio.unwrap();
        assert_close(test.statistic, one.statistic * times as f64, 1e-7);
        // ln 2Φ(−√x), x large: −x/2 − ½ ln(πx/2) − 1/x + …
        let x = test.statistic;
        let ln = -x / 2.0 - 0.5 * (std::f64::consts::FRAC_PI_2 * x).ln() - (1.0 / x);
        assert_close(test.ln_p_value, ln, 1e-7);
        assert!(x > 2e3 || (1e-310..1e-290).contains(&test.p_value), "{test:?}");
        for test in [tests.tests[0].wald.unwrap(), tests.tests[0].score.unwrap()] {
            assert!(test.ln_p_value < -100.0 && test.ln_p_value.is_finite());
        }
        assert!(tests.to_string().contains("<2e-16"));
    }
}

/// At every event the highest x has it: what an infinite coefficient leaves of the risk sets says nothing
/// about z.
#[test]
fn a_term_beside_a_coefficient_that_decides_all() {
    let event = [true, true, true, true, false];
    let data = RightCensored::new(&[1., 2., 3., 4., 5.], &event).unwrap();
    let design = Design::builder().numeric("x", &[5., 4., 3., 2., 1.]);
    let design = design.numeric("z", &[1., 0., 1., 1., 0.]).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let status = |j: usize| fit.coefficients()[j].status.clone();
    assert_eq!(status(0), CoefficientStatus::PlusInfinity);
    assert_eq!(status(1), CoefficientStatus::Aliased { of: Vec::new() });
    let tests = fit.term_tests(&data, &design).unwrap();
    for term in ["x", "z"] {
        assert_eq!(tests.term(term).unwrap().wald, Err(NoTest::InfiniteCoefficient), "{term}");
    }
}
