//! Laws of the tests of terms and of the comparisons of levels.

use riskset::data::Variance;
use riskset::inference::{LevelPairs, Multiplicity, NoTest, TermHypothesis};
use riskset::regression::cox::{CoefficientStatus, CoxFit};
use riskset::statistic::{Adjust, TestResult};
use riskset::{CountingProcess, CoxPh, Design, Ties};

use crate::sample::{Sample, assert_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

fn data(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.case()).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

/// A covariate and the groups as a factor, against a reference.
fn design(sample: &Sample, reference: &str) -> Design {
    let group = sample.group();
    let levels: Vec<&str> = ["0", "1", "2"]
        .into_iter()
        .filter(|level| group.iter().any(|group| group.to_string() == *level))
        .collect();
    let reference = if levels.contains(&reference) { reference } else { levels[0] };
    Design::builder()
        .numeric("a", &sample.x(0))
        .factor_with_levels("group", &group, &levels, reference)
        .offset(&sample.offset())
        .build()
        .unwrap()
}

fn all_finite(fit: &CoxFit) -> bool {
    fit.coefficients().iter().all(|c| c.status == CoefficientStatus::Finite)
}

/// Statistic and degrees of freedom.
#[track_caller]
fn same(found: Option<&TestResult>, expected: Option<&TestResult>) {
    assert_eq!(found.map(|test| test.df), expected.map(|test| test.df));
    if let Some((found, expected)) = found.zip(expected) {
        assert_close(found.statistic, expected.statistic, 1e-7);
    }
}

#[test]
fn the_only_term_is_the_whole_model() {
    check(150, tied(3..=20), |sample| {
        let data = data(&sample);
        for (design, ties) in [(sample.x(0), Ties::Efron), (sample.x(1), Ties::Breslow)]
            .map(|(x, ties)| (Design::builder().numeric("x", &x).build().unwrap(), ties))
        {
            for variance in [Variance::ModelBased, Variance::Robust] {
                let model = CoxPh::new().ties(ties).variance(variance);
                let Ok(fit) = model.fit(&data, &design) else { continue };
                let test = &fit.term_tests(&data, &design).unwrap().tests[0];
                let robust = fit.is_robust();
                // A sandwich without a middle tests nothing.
                let singular = |test: &Result<TestResult, NoTest>| {
                    robust && *test == Err(NoTest::SingularVariance)
                };
                if !singular(&test.wald) {
                    same(test.wald.as_ref().ok(), fit.wald());
                }
                let score = if robust { fit.robust_score() } else { fit.score() };
                if !singular(&test.score) {
                    same(test.score.as_ref().ok(), score);
                }
                let ratio = fit.likelihood_ratio().filter(|_| !robust);
                same(test.likelihood_ratio.as_ref().ok(), ratio);
            }
        }
    });
}

/// Dropping a factor from a model of it alone is the global test, whatever its rank.
#[test]
fn a_factor_alone_is_the_whole_model() {
    check(150, tied(4..=25), |sample| {
        let data = data(&sample);
        let group = sample.group();
        let first = group[0].to_string();
        let Ok(design) = Design::builder().factor("group", &group, &first).build() else { return };
        for ties in TIES {
            let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
            let test = &fit.term_tests(&data, &design).unwrap().tests[0];
            same(test.likelihood_ratio.as_ref().ok(), fit.likelihood_ratio());
            same(test.score.as_ref().ok(), fit.score());
            same(test.wald.as_ref().ok(), fit.wald());
        }
    });
}

#[test]
fn terms_added_in_order_sum_to_the_whole() {
    check(150, tied(4..=25), |sample| {
        let (data, design) = (data(&sample), design(&sample, "0"));
        for ties in TIES {
            let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
            let steps = fit.sequential_tests(&data, &design).unwrap().steps;
            let tests = || steps.iter().filter_map(|step| step.likelihood_ratio.ok());
            let whole = fit.likelihood_ratio().map_or(0.0, |test| test.statistic);
            assert_close(tests().map(|test| test.statistic).sum(), whole, 1e-7);
            assert_eq!(steps.iter().map(|step| step.df).sum::<usize>(), fit.rank());
            let last = steps.last().unwrap().log_likelihood;
            assert_close(last, fit.log_likelihood(), 1e-9);
        }
    });
}

/// The term's test is the comparison with the model fitted without it.
#[test]
fn a_term_dropped_is_a_model_without_it() {
    check(100, tied(4..=25), |sample| {
        let (data, design) = (data(&sample), design(&sample, "0"));
        let without = Design::builder().numeric("a", &sample.x(0)).offset(&sample.offset());
        let without = without.build().unwrap();
        for ties in TIES {
            let model = CoxPh::new().ties(ties);
            let (fit, smaller) =
                (model.fit(&data, &design).unwrap(), model.fit(&data, &without).unwrap());
            let tests = fit.term_tests(&data, &design).unwrap();
            let nested = fit.compare_nested(&data, &design, &smaller, &without);
            let ratio = tests.term("group").unwrap().likelihood_ratio.as_ref().ok();
            same(ratio, nested.as_ref().ok().map(|nested| &nested.test));
            let third = fit.term_tests_of(TermHypothesis::TypeIII, &data, &design).unwrap();
            assert_eq!(tests.tests, third.tests);
        }
    });
}

#[test]
fn the_reference_level_changes_no_test_and_no_pair() {
    check(150, tied(6..=30), |sample| {
        let data = data(&sample);
        let (first, other) = (design(&sample, "0"), design(&sample, "1"));
        for ties in TIES {
            let model = CoxPh::new().ties(ties);
            let (a, b) = (model.fit(&data, &first).unwrap(), model.fit(&data, &other).unwrap());
            let tests = [a.term_tests(&data, &first), b.term_tests(&data, &other)];
            let [ours, theirs] = tests.map(|tests| tests.unwrap().tests);
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert_eq!(ours.df, theirs.df);
                same(ours.likelihood_ratio.as_ref().ok(), theirs.likelihood_ratio.as_ref().ok());
                if all_finite(&a) && all_finite(&b) {
                    same(ours.score.as_ref().ok(), theirs.score.as_ref().ok());
                    same(ours.wald.as_ref().ok(), theirs.wald.as_ref().ok());
                }
            }
            if all_finite(&a) && all_finite(&b) {
                same_pairs(&a, &b);
            }
        }
    });
}

fn same_pairs(a: &CoxFit, b: &CoxFit) {
    let pairs = |fit: &CoxFit, adjust: Multiplicity| {
        LevelPairs::new().adjust(adjust).of(fit, "group").unwrap()
    };
    for adjust in [Adjust::Holm.into(), Adjust::Bonferroni.into(), Multiplicity::SingleStep] {
        let others = pairs(b, adjust);
        for ours in pairs(a, adjust) {
            let same = |level: &str, reference: &str| {
                others.iter().find(|pair| pair.level == level && pair.reference == reference)
            };
            let ln = ours.ratio.estimate.unwrap().ln();
            let (theirs, sign) = match same(&ours.level, &ours.reference) {
                Some(pair) => (pair, 1.0),
                None => (same(&ours.reference, &ours.level).unwrap(), -1.0),
            };
            assert_close(ln, sign * theirs.ratio.estimate.unwrap().ln(), 1e-7);
            assert_close(
                ours.ratio.std_error_ln.unwrap(),
                theirs.ratio.std_error_ln.unwrap(),
                1e-7,
            );
            assert_close(ours.adjusted.unwrap(), theirs.adjusted.unwrap(), 1e-7);
            assert_eq!(ours.simultaneous.is_some(), adjust != Adjust::Holm.into());
        }
    }
}

/// One pair has one p-value, whatever the adjustment, and the coefficient's limits.
#[test]
fn the_pair_of_two_levels_is_the_coefficient() {
    check(100, tied(5..=25), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.group %= 2);
        let (data, design) = (data(&sample), design(&sample, "0"));
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let coefficient = fit.hazard_ratios(0.9).unwrap().pop().unwrap();
        for adjust in [Adjust::Holm.into(), Adjust::None.into(), Multiplicity::SingleStep] {
            let pairs = LevelPairs::new().adjust(adjust).confidence(0.9).of(&fit, "group").unwrap();
            let [pair] = pairs.as_slice() else { panic!("{pairs:?}") };
            assert_eq!((pair.level.as_str(), pair.reference.as_str()), ("1", "0"));
            assert_eq!(pair.ratio.status.to_string(), coefficient.status.to_string());
            let Some(test) = &coefficient.test else {
                assert_eq!((pair.adjusted, pair.simultaneous), (None, None));
                continue;
            };
            assert_close(
                pair.ratio.estimate.unwrap().ln(),
                coefficient.estimate.unwrap().ln(),
                1e-14,
            );
            assert_close(pair.adjusted.unwrap(), test.p_value, 1e-12);
            if adjust == Multiplicity::SingleStep {
                let (ours, own) = (pair.simultaneous.unwrap(), coefficient.interval.unwrap());
                assert_close(ours.upper.unwrap().ln(), own.upper.unwrap().ln(), 1e-8);
            }
        }
    });
}
