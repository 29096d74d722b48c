//! The text of every error of what a fitted Cox model is asked for.

use riskset::data::Variance;
use riskset::inference::{CumulativeSums, Proportionality, TimeTransform};
use riskset::ndarray::arr2;
use riskset::nonparametric::RestrictedMean;
use riskset::regression::cox::{CovariatePath, CoxFit, CoxResiduals, SurvivalForm};
use riskset::{CoxPh, Design, Profile, RightCensored, Ties, Weights};

use super::error_text::{data, design, text};

const NAN: f64 = f64::NAN;

#[test]
fn predictions() {
    let (arm, x) = (["a", "a", "b", "a", "b", "b"], [1., 3., 2., 2., 0., 1.]);
    let times = [1., 2., 3., 4., 5., 6.];
    let data = || RightCensored::new(&times, &[true, true, true, true, false, true]).unwrap();
    let builder = Design::builder().numeric("x", &x).factor("arm", &arm, "a");
    let design = builder.clone().build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let other = Design::builder().numeric("x", &x).build().unwrap();
    assert_eq!(
        text(fit.baseline(&data(), &other)),
        "the columns of the design is not that of the fit: \
         give the rows and the design it was made from"
    );
    assert_eq!(
        text(fit.baseline_by(Ties::ExactPartial, &data(), &design)),
        "CoxFit: a residual or a hazard under Ties::ExactPartial is not possible; \
         fit with Ties::Efron or Ties::Breslow"
    );
    let many = Weights::frequency(&[20_000_000, 1, 1, 1, 1, 1]).unwrap();
    let many = data().with_weights(many).unwrap();
    let breslow = CoxPh::new().ties(Ties::Breslow).fit(&many, &design).unwrap();
    assert!(
        text(breslow.baseline_by(Ties::Efron, &many, &design)).contains("20000000"),
        "{}",
        text(breslow.baseline_by(Ties::Efron, &many, &design))
    );
    let baseline = fit.baseline(&data(), &design).unwrap();
    assert_eq!(
        text(baseline.stratum("s")),
        "CoxBaseline: a stratum of a model without strata is not possible; use single"
    );
    let from = baseline.single().unwrap();
    let profile = Profile::new().number("x", 1.0).level("arm", "a");
    assert_eq!(text(from.curve(&Profile::new())), "the profile says nothing about `x`");
    assert_eq!(
        text(from.confidence(2.0).curve(&profile)),
        "option `confidence` is 2: must be between 0 and 1"
    );
    assert_eq!(text(from.at(&profile, &[NAN])), "option `time` is NaN: must be a number");
    assert_eq!(
        text(from.expected(&profile, 2.0, 2.0)),
        "option `exit` is 2: must lie after the entry"
    );
    assert_eq!(
        text(from.curve(&profile.clone().offset(NAN))),
        "`offset` row 0 is NaN: must be finite"
    );
    assert_eq!(
        text(from.restricted_mean(&profile, 1e9)),
        "`all` is followed up to 6: nothing is known at 1000000000"
    );
    // The product is 0 once everybody at risk has had the event, whatever comes later.
    let product = from.form(SurvivalForm::ProductLimit);
    let [at_last, later] = [6.0, 1e9].map(|tau| product.restricted_mean(&profile, tau).unwrap());
    assert_eq!(at_last.mean, later.mean);
    assert_eq!(text(from.along(&CovariatePath::new())), "`path` has no rows");
    let gap = CovariatePath::new().over(0.0, 1.0, profile.clone()).over(2.0, 1.5, profile.clone());
    assert_eq!(
        text(from.along(&gap)),
        "`entry` row 1 is 2: a piece begins at 0 or later, where the one before ends; \
         `exit` row 1 is 1.5: must lie after the entry"
    );
    let empty = CovariatePath::new().over(1.0, 1.0, profile.clone());
    assert_eq!(text(from.along(&empty)), "`exit` row 0 is 1: must lie after the entry");
    let endless = CovariatePath::new().over(0.0, f64::INFINITY, profile.clone());
    assert_eq!(text(from.along(&endless)), "`exit` row 0 is inf: must lie after the entry");
    let rows = baseline.rows(&data(), &other).map(|_| ());
    assert!(text(rows).starts_with("the columns of the design"));
    let curve = from.curve(&profile).unwrap();
    assert_eq!(
        text(RestrictedMean::new(1.0).of_curve(curve.curve())),
        "RestrictedMean: the variance of the area under a predicted curve is not possible; \
         use StratumBaseline::restricted_mean"
    );
    let with_offset = builder.offset(&[0., 0.5, 0., 0.5, 0., 0.]).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &with_offset).unwrap();
    let baseline = fit.baseline(&data(), &with_offset).unwrap();
    let without = "the profile says nothing about `offset`";
    assert_eq!(text(baseline.single().unwrap().curve(&profile)), without);
    assert_eq!(text(baseline.rows(&data(), &design).map(|_| ())), without);
    let strata = data().with_strata(&["s", "s", "t", "t", "s", "t"]).unwrap();
    let fit = CoxPh::new().fit(&strata, &design).unwrap();
    let baseline = fit.baseline(&strata, &design).unwrap();
    let without = "CoxBaseline: a prediction without a stratum from a model with strata is not \
                   possible; name the stratum";
    assert_eq!(text(baseline.single()), without);
    assert_eq!(text(baseline.rows(&data(), &design).map(|_| ())), without);
    assert_eq!(text(baseline.stratum("u")), "no stratum is named `u`; there are s, t");
}

#[test]
fn tests_of_terms() {
    let (x, arm) = ([1., 3., 2., 0.], ["a", "b", "b", "a"]);
    let design = Design::builder().numeric("x", &x).factor("arm", &arm, "a").build().unwrap();
    let other = Design::builder().numeric("z", &[2., 1., 0., 1.]).build().unwrap();
    let of = |design: &Design| CoxPh::new().fit(&data(), design).unwrap();
    let line = Design::builder().numeric("x", &x).build().unwrap();
    let (fit, small) = (of(&design), of(&other));
    assert_eq!(
        text(fit.term_tests(&data(), &other)),
        "the columns of the design is not that of the fit: give the rows and the design it was made from"
    );
    assert_eq!(
        text(of(&line).compare_nested(&data(), &line, &small, &other)),
        "the models are not nested: `z` of the smaller one is no combination of the columns of the larger one"
    );
    assert_eq!(
        text(fit.compare_nested(&data(), &design, &fit, &design)),
        "compare_nested: a comparison of two models of the same rank is not possible; they are one model"
    );
    let robust = CoxPh::new().variance(Variance::Robust).fit(&data(), &design).unwrap();
    assert_eq!(
        text(robust.sequential_tests(&data(), &design)),
        "sequential_tests: a likelihood ratio under a robust variance is not possible; use Wald's test or the score test"
    );
    assert_eq!(
        text(fit.linearity_test("x", &data(), &design)),
        "linearity_test: a test of a term that is not a spline is not possible; put the covariate into the design as a spline"
    );
    assert_eq!(
        text(fit.wald_test(&arr2(&[[0.0, 0.0]]))),
        "option `contrast` is 0: must not be 0 throughout"
    );
    assert_eq!(text(fit.wald_test(&arr2(&[[1.0]]))), "`contrast` has 1 rows, expected 2");
    assert_eq!(
        text(fit.level_ratios("x", "a", &Profile::new(), 0.95)),
        "level_ratios: a comparison of the levels of a term that is not a factor is not possible; use ratios_along for a numeric covariate"
    );
    assert_eq!(
        text(fit.level_ratios("arm", "c", &Profile::new(), 0.95)),
        "`arm` has no level `c`; its levels are a, b"
    );
    assert_eq!(
        text(fit.ratios_along("arm", &[1.0], 0.0, &Profile::new(), 0.95)),
        "ratios_along: a comparison along a term that is not numeric is not possible; use level_ratios for a factor"
    );
    let knots = |values: &[f64], n| riskset::data::spline_knots(values, n);
    assert_eq!(text(knots(&[1., 2.], 3)), "`values of a spline, at least six` has no rows");
    assert_eq!(text(knots(&[1.; 9], 9)), "option `knots` is 9: must be from 3 to 7");
}

#[test]
fn diagnostics() {
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let of = |fit: &CoxFit| fit.residuals(&data(), &design());
    assert_eq!(
        text(of(&fit).and_then(CoxResiduals::by_cluster)),
        "CoxResiduals: a sum over clusters of data without clusters or ids is not possible; \
         give the data one or the other"
    );
    let other = Design::builder().numeric("z", &[1., 3., 2., 0.]).build().unwrap();
    assert_eq!(
        text(fit.residuals(&data(), &other)),
        "the columns of the design is not that of the fit: give the rows and the design it was made from"
    );
    let early = RightCensored::new(&[0., 2., 3., 4.], &[true, true, false, true]).unwrap();
    let fit_early = CoxPh::new().fit(&early, &design()).unwrap();
    let log = Proportionality::new().transform(TimeTransform::Log);
    assert_eq!(
        text(log.fit(&fit_early, &early, &design())),
        "option `transform` is -inf: the transform must be finite at every event time"
    );
    let paths = Proportionality::new().paths(&fit, &data(), &design()).unwrap();
    let smooth = |df, level| text(paths.columns[0].smooth(df, level));
    assert_eq!(smooth(1, 0.9), "option `df` is 1: must be at least 2");
    assert_eq!(
        smooth(4, 0.9),
        "option `df` is 4: must not exceed what the distinct event times can carry"
    );
    assert_eq!(smooth(2, 1.0), "option `confidence` is 1: must be between 0 and 1");
    let sums = CumulativeSums::new().simulations(0).link(&fit, &data(), &design());
    assert_eq!(text(sums), "option `simulations` is 0: must be from 1 to 4294967295");
    let clustered = data().with_clusters(&[1, 1, 2, 2]).unwrap();
    let robust = CoxPh::new().fit(&clustered, &design()).unwrap();
    assert_eq!(
        text(CumulativeSums::new().proportionality(&robust, &clustered, &design())),
        "CumulativeSums: a test of clustered rows is not possible; \
         test the rows as independent, or take the score test of Proportionality"
    );
}
