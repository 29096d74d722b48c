//! Profile limits, ridge and Firth on input that they cannot answer, and on hard input.

use riskset::data::{SurvivalData, Variance};
use riskset::inference::{HazardRatio, IntervalMethod};
use riskset::regression::cox::{CoefficientStatus, Ridge};
use riskset::{CoxPh, Design, Error, RightCensored, Ties, Weights};

use crate::sample::assert_close;

const TIME: [f64; 8] = [1., 2., 3., 4., 5., 6., 7., 8.];
const EVENT: [bool; 8] = [true, true, false, true, true, false, true, false];
const X: [f64; 8] = [0.3, -1.2, 0.8, 0.1, 1.4, -0.6, 0.2, -0.9];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &EVENT).unwrap()
}

fn design(columns: &[(&str, &[f64])]) -> Design {
    let builder = columns.iter().fold(Design::builder(), |b, (name, x)| b.numeric(name, x));
    builder.build().unwrap()
}

fn profile(
    model: &CoxPh,
    data: &impl SurvivalData,
    design: &Design,
) -> riskset::Result<Vec<HazardRatio>> {
    model.fit(data, design)?.profile_hazard_ratios(data, design, 0.95)
}

#[track_caller]
fn text<T>(result: riskset::Result<T>) -> String {
    result.err().unwrap().to_string()
}

#[test]
fn there_is_no_likelihood_ratio_beside_a_robust_variance_or_ridge() {
    let design = design(&[("x", &X)]);
    let refused = "the profile likelihood: a likelihood-ratio limit or test beside a robust variance \
                   is not possible; use hazard_ratios, or Variance::ModelBased";
    let robust = CoxPh::new().variance(Variance::Robust);
    assert_eq!(text(profile(&robust, &data(), &design)), refused);
    let sampled = data().with_weights(Weights::sampling(&[1.5; 8]).unwrap()).unwrap();
    assert_eq!(text(profile(&CoxPh::new(), &sampled, &design)), refused);
    let clustered = data().with_clusters(&[1, 1, 2, 2, 3, 3, 4, 4]).unwrap();
    assert_eq!(text(profile(&CoxPh::new(), &clustered, &design)), refused);
    assert_eq!(
        text(profile(&CoxPh::new().ridge(0.1), &data(), &design)),
        "the profile likelihood: a limit or test under ridge is not possible; use no penalty, or \
         Firth's"
    );
    let penalised = "CoxPh: the robust variance of a penalised fit is not possible; use \
                     Variance::ModelBased, or no penalty";
    for model in [CoxPh::new().ridge(0.1), CoxPh::new().firth()] {
        assert_eq!(text(model.clone().variance(Variance::Robust).fit(&data(), &design)), penalised);
        assert_eq!(text(model.fit(&clustered, &design)), penalised);
        assert_eq!(text(model.fit(&sampled, &design)), penalised);
    }
}

#[test]
fn options_are_checked() {
    let (data, plain) = (data(), design(&[("x", &X)]));
    let fit = |ridge: Ridge| text(CoxPh::new().ridge(ridge).fit(&data, &plain));
    let rule = "must be finite and not negative";
    assert_eq!(fit(Ridge::new(-1.0)), format!("option `ridge` is -1: {rule}"));
    assert_eq!(fit(Ridge::new(f64::NAN)), format!("option `ridge` is NaN: {rule}"));
    assert_eq!(
        fit(Ridge::new(1e200)),
        format!(
            "option `ridge` is 1{}: must be smaller: the penalty of a column overflows",
            "0".repeat(200)
        )
    );
    assert_eq!(fit(Ridge::new(1.0).on(&["y"])), "no term is named `y`; there are x");
    let model = CoxPh::new().fit(&data, &plain).unwrap();
    let level = model.profile_hazard_ratios(&data, &plain, 1.0);
    assert_eq!(text(level), "option `confidence` is 1: must be between 0 and 1");
    let column = model.profile_hazard_ratio("y", &data, &plain, 0.9);
    assert_eq!(text(column), "no column is named `y`; there are x");
    let mut other = X;
    other[0] = 5.0;
    let other = model.profile_hazard_ratios(&data, &design(&[("x", &other)]), 0.9);
    let what = "the log-likelihood at the estimate";
    assert_eq!(other, Err(Error::OtherData { what }));
    let renamed = model.profile_hazard_ratios(&data, &design(&[("z", &X)]), 0.9);
    assert_eq!(renamed, Err(Error::OtherData { what: "the columns of the design" }));
}

#[test]
fn an_aliased_column_has_no_limit_and_no_test() {
    let twice: Vec<f64> = X.iter().map(|x| 2.0 * x).collect();
    let both = design(&[("x", &X), ("one", &[3.0; 8]), ("twice", &twice)]);
    let alone = design(&[("x", &X)]);
    for model in [CoxPh::new(), CoxPh::new().firth()] {
        let ratios = profile(&model, &data(), &both).unwrap();
        let single = profile(&model, &data(), &alone).unwrap().remove(0);
        let (a, b) = (ratios[0].interval.unwrap(), single.interval.unwrap());
        assert_close(a.lower.unwrap(), b.lower.unwrap(), 1e-9);
        assert_close(a.upper.unwrap(), b.upper.unwrap(), 1e-9);
        assert_close(ratios[0].test.unwrap().statistic, single.test.unwrap().statistic, 1e-9);
        for ratio in &ratios[1..] {
            assert!(matches!(ratio.status, CoefficientStatus::Aliased { .. }));
            assert_eq!((ratio.interval, ratio.test), (None, None));
            assert_eq!(ratio.method, IntervalMethod::ProfileLikelihood);
            assert_eq!(ratio.to_string(), format!("{}  aliased", ratio.name));
        }
    }
}

/// Two equal columns share the coefficient that one column has under half the penalty.
#[test]
fn ridge_shares_a_coefficient_among_equal_columns() {
    let both = design(&[("x", &X), ("same", &X)]);
    let fit = CoxPh::new().ridge(0.2).fit(&data(), &both).unwrap();
    let single = CoxPh::new().ridge(0.1).fit(&data(), &design(&[("x", &X)])).unwrap();
    let whole = single.coefficients()[0].estimate.unwrap();
    for coefficient in fit.coefficients() {
        assert_eq!(coefficient.status, CoefficientStatus::Finite);
        assert_close(coefficient.estimate.unwrap(), whole / 2.0, 1e-10);
    }
    assert_close(fit.log_likelihood(), single.log_likelihood(), 1e-12);
    assert_close(
        fit.penalty().unwrap().effective_df,
        single.penalty().unwrap().effective_df,
        1e-10,
    );
}

/// The first two rows are the first two events: +infinity. Ridge and Firth have a number for it; ridge
/// on another term alone has not.
#[test]
fn penalties_and_separation() {
    let early = [1., 1., 0., 0., 0., 0., 0., 0.];
    let columns = design(&[("early", &early), ("x", &X)]);
    for ties in [Ties::Efron, Ties::Breslow] {
        let model = CoxPh::new().ties(ties);
        let status = |model: CoxPh| {
            let fit = model.fit(&data(), &columns).unwrap();
            fit.coefficients().iter().map(|c| c.status.clone()).collect::<Vec<_>>()
        };
        let finite = CoefficientStatus::Finite;
        let infinite = [CoefficientStatus::PlusInfinity, finite.clone()];
        assert_eq!(status(model.clone()), infinite);
        assert_eq!(status(model.clone().ridge(Ridge::new(0.1).on(&["x"]))), infinite);
        for lambda in [1e-12, 1e-6, 0.1, 1e3, 1e12] {
            assert_eq!(status(model.clone().ridge(lambda)), [finite.clone(), finite.clone()]);
        }
        assert_eq!(status(model.firth()), [finite.clone(), finite.clone()]);
    }
    // λ tends to 0 and to infinity.
    let of = |lambda: f64| {
        let fit = CoxPh::new().ridge(lambda).fit(&data(), &design(&[("x", &X)])).unwrap();
        fit.coefficients()[0].estimate.unwrap()
    };
    let plain = CoxPh::new().fit(&data(), &design(&[("x", &X)])).unwrap();
    assert_close(of(0.0), plain.coefficients()[0].estimate.unwrap(), 1e-12);
    assert_close(of(1e-14), of(0.0), 1e-10);
    assert!(of(1e12).abs() < 1e-11);
}

/// One event, in the last of the rows or with all at risk.
#[test]
fn one_event() {
    let data = RightCensored::new(&TIME, &[false, true, false, false, false, false, false, false]);
    let (data, columns) = (data.unwrap(), design(&[("x", &X)]));
    let ratios = profile(&CoxPh::new(), &data, &columns).unwrap();
    assert_eq!(ratios[0].status, CoefficientStatus::MinusInfinity);
    assert!(ratios[0].interval.unwrap().lower.is_none());
    assert!(ratios[0].interval.unwrap().upper.is_some());
    let ratios = profile(&CoxPh::new().firth(), &data, &columns).unwrap();
    let interval = ratios[0].interval.unwrap();
    assert!(interval.lower.unwrap() < 1.0 && interval.upper.is_some());
    // With nobody else at risk nothing is known.
    let last = RightCensored::new(&TIME, &[false, false, false, false, false, false, false, true]);
    let last = last.unwrap();
    for model in [CoxPh::new(), CoxPh::new().firth()] {
        let ratios = profile(&model, &last, &columns).unwrap();
        assert!(matches!(ratios[0].status, CoefficientStatus::Aliased { .. }));
    }
}

#[test]
fn a_model_without_columns() {
    let none = Design::empty(8);
    for model in [CoxPh::new(), CoxPh::new().firth(), CoxPh::new().ridge(1.0)] {
        let fit = model.fit(&data(), &none).unwrap();
        assert!(fit.likelihood_ratio().is_none());
    }
    assert_eq!(profile(&CoxPh::new(), &data(), &none), Ok(Vec::new()));
    assert_eq!(profile(&CoxPh::new().firth(), &data(), &none), Ok(Vec::new()));
}

/// The last call wins.
#[test]
fn one_penalty_replaces_the_other() {
    let columns = design(&[("x", &X)]);
    let fit = |model: CoxPh| model.fit(&data(), &columns).unwrap();
    let value = |model: CoxPh| fit(model).penalty().unwrap().value;
    assert_eq!(value(CoxPh::new().ridge(1.0).firth()), value(CoxPh::new().firth()));
    assert_eq!(value(CoxPh::new().firth().ridge(1.0)), value(CoxPh::new().ridge(1.0)));
    assert!(fit(CoxPh::new()).penalty().is_none());
}

/// Two clusters of which each has scores that add up to 0: the robust variance is 0, which is no error to
/// divide by.
#[test]
fn nothing_is_left_of_a_robust_variance() {
    let data = RightCensored::new(&[1.0, 1.0, 2.0, 2.0], &[true; 4]).unwrap();
    let data = data.with_clusters(&["a", "a", "b", "b"]).unwrap();
    let design = design(&[("x", &[-1.0, 1.0, -1.0, 1.0])]);
    let fit = CoxPh::new().ties(Ties::Breslow).fit(&data, &design).unwrap();
    let coefficient = &fit.coefficients()[0];
    assert_eq!((coefficient.estimate, coefficient.std_error), (Some(0.0), None));
    assert_eq!((fit.vcov()[[0, 0]], fit.wald()), (0.0, None));
    let ratios =
        [fit.hazard_ratios(0.95).unwrap().remove(0), fit.contrast("x", &[2.0], 0.95).unwrap()];
    for ratio in ratios {
        assert_eq!((ratio.estimate, ratio.std_error_ln), (Some(1.0), None));
        assert_eq!((ratio.interval, &ratio.test), (None, &None));
        assert_eq!(ratio.to_string(), "x  1.00");
    }
    assert_eq!(fit.contrast("nothing", &[0.0], 0.95).unwrap().std_error_ln, Some(0.0));
    let printed = format!("{fit:#}");
    let row = |k: usize| printed.lines().filter(|line| line.starts_with("x ")).nth(k).unwrap();
    let words = |k| row(k).split_whitespace().skip(1).collect::<Vec<_>>();
    assert_eq!(words(0), ["0", "1", "NA", "NA", "NA"]);
    assert_eq!(words(1), ["1", "NA", "NA"]);
}
