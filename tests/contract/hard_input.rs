//! Whatever the input: an error or a result without NaN and infinity, never a panic.

use proptest::prelude::*;
use proptest::sample::select;
use riskset::curve::ByGroup;
use riskset::data::{RiskTable, SurvivalData, Variance};
use riskset::inference::{
    CumulativeSums, Proportionality, TermHypothesis, TimeTransform, WeightedLogRank,
};
use riskset::nonparametric::{
    AtRiskTable, Estimand, HazardTransform, HazardVariance, InfluenceFunctions, PairVariance,
    Pairwise, RestrictedMean, TestWeight, TieCorrection,
};
use riskset::regression::cox::{
    CovariatePath, CoxFit, Reference, Ridge, SurvivalForm, TimeFunction,
};
use riskset::{
    CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, Profile, Result,
    RightCensored, Ties, Weights,
};
use std::fmt::Debug;

use crate::sample::{TRANSFORMS, check};

/// Fails when a number anywhere in a result is NaN or infinite.
#[track_caller]
pub(super) fn assert_finite<T: Debug>(result: &Result<T>) {
    let Ok(value) = result else { return };
    let text = format!("{value:?}");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{value:#?}");
}

fn every_curve(data: &impl SurvivalData, groups: &Groups) {
    for transform in TRANSFORMS {
        let km = KaplanMeier::new().transform(transform).fit_by(data, groups);
        assert_finite(&km);
        for (_, fit) in km.iter().flat_map(ByGroup::iter) {
            assert_finite(&fit.at(&[0.0, 1e-300, 1.0, 1e300]));
            assert!(fit.at(&[f64::NAN]).is_err());
            assert_finite(&fit.curve().quantile(0.25));
            assert!(!fit.to_string().is_empty());
        }
    }
    for variance in [HazardVariance::Poisson, HazardVariance::Binomial, HazardVariance::Greenwood] {
        for transform in [HazardTransform::Plain, HazardTransform::Log] {
            let na = NelsonAalen::new().variance(variance).transform(transform);
            assert_finite(&na.fit(data));
            let fit = na.fit_by(data, groups);
            assert_finite(&fit);
            assert!(fit.is_err() || !fit.unwrap().to_string().is_empty());
        }
    }
    assert_finite(&NelsonAalen::new().ties(TieCorrection::FlemingHarrington).fit(data));
    assert_finite(&NelsonAalen::new().variance(HazardVariance::Robust).fit(data));
    assert_finite(&KaplanMeier::new().variance(Variance::Robust).fit_by(data, groups));
    assert_finite(&KaplanMeier::new().reverse().fit(data));
    every_influence(data, groups);
    every_test(data, groups);
    assert_finite(&RiskTable::by(data, groups));
    assert_finite(&AtRiskTable::new(data, groups, &[0.0, 1e-300, 1.0, 1e300]));
}

fn every_influence(data: &impl SurvivalData, groups: &Groups) {
    for estimand in [Estimand::Survival, Estimand::CumulativeHazard, Estimand::RestrictedMean] {
        for time in [1e-300, 1.0, 2.5, 1e300, f64::MAX] {
            let estimator = InfluenceFunctions::new(estimand);
            assert_finite(&estimator.fit_by(data, groups, &[time]));
            let fit = estimator.carry_forward().fit(data, &[time]);
            assert_finite(&fit);
            assert_finite(&fit.map(|fit| (fit.pseudo_values(), fit.to_string())));
        }
        for variance in [Variance::Automatic, Variance::Robust] {
            let mean = RestrictedMean::new(2.5).variance(variance);
            assert_finite(&mean.fit(data));
            assert_finite(&mean.carry_forward().compare_by(data, groups));
            assert_finite(&RestrictedMean::new(1e300).variance(variance).fit_by(data, groups));
        }
        assert!(InfluenceFunctions::new(estimand).fit(data, &[f64::NAN]).is_err());
        assert!(InfluenceFunctions::new(estimand).fit(data, &[]).is_err());
    }
}

fn every_model(data: &impl SurvivalData, design: &Design) {
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        for variance in [Variance::ModelBased, Variance::Robust] {
            let fit = CoxPh::new().ties(ties).variance(variance).fit(data, design);
            assert_finite(&fit);
            if let Ok(fit) = fit {
                assert_finite(&fit.hazard_ratios(0.95));
                every_inference(&fit, data, design);
                assert!(!format!("{fit}{fit:#}").is_empty());
                every_prediction(&fit, data, design);
                every_diagnostic(&fit, data, design);
                assert_finite(&fit.profile_hazard_ratios(data, design, 0.95));
            }
        }
        for model in [
            CoxPh::new().firth(),
            CoxPh::new().ridge(1e-3),
            CoxPh::new().ridge(Ridge::new(10.0).standardised()),
        ] {
            let fit = model.ties(ties).fit(data, design);
            assert_finite(&fit);
            if let Ok(fit) = fit {
                assert!(!format!("{fit}{fit:#}").is_empty());
                assert_finite(&fit.profile_hazard_ratios(data, design, 0.95));
            }
        }
        for term in design.terms().iter().take(2) {
            for function in [TimeFunction::Identity, TimeFunction::step(&[2.0])] {
                let model = CoxPh::new().ties(ties).time_varying(&term.name, function);
                let fit = model.fit(data, design);
                assert_finite(&fit);
                assert_finite(
                    &fit.map(|fit| {
                        fit.coefficient_at(&design.columns()[0], &[0.0, 2.5, 1e300], 0.95)
                    }),
                );
            }
        }
        for beta in [0.0, 1.0, -1e3, 1e6, 1e300] {
            let beta = vec![beta; design.columns().len()];
            assert_finite(&CoxPh::new().ties(ties).likelihood_at(data, design, &beta));
            assert_finite(&CoxPh::new().ties(ties).start(&beta).fit(data, design));
        }
    }
}

fn every_prediction(fit: &CoxFit, data: &impl SurvivalData, design: &Design) {
    let baseline = fit.baseline(data, design);
    assert_finite(&baseline);
    assert_finite(&fit.expected_events(data, design));
    let Ok(baseline) = baseline else { return };
    assert_finite(&baseline.rows(data, design).and_then(|rows| rows.expected()));
    let Ok(from) = baseline.single() else { return };
    for reference in [Reference::Zero, Reference::SampleMean, Reference::StratumMean] {
        assert_finite(&baseline.rows(data, design).and_then(|rows| rows.risks(reference)));
        assert_finite(&from.reference_curve(reference));
    }
    for x in [0.0, 1.0, -1e-300, 800.0, 1e300, f64::MAX] {
        let numbered = design.columns().iter();
        let profile = numbered.fold(Profile::new(), |profile, name| profile.number(name, x));
        for offset in [0.0, 800.0, -800.0, 1e300] {
            let profile = profile.clone().offset(offset);
            for form in [SurvivalForm::ExpHazard, SurvivalForm::ProductLimit] {
                let curve = from.form(form).curve(&profile);
                assert_finite(&curve);
                assert_finite(&curve.map(|curve| (curve.median(), format!("{curve:#}"))));
            }
            assert_finite(&from.at(&profile, &[0.0, 2.5, 1e300]));
            assert_finite(&from.expected(&profile, 0.5, f64::MAX));
            assert_finite(&from.restricted_mean(&profile, 3.5));
            assert_finite(&from.terms(&profile, Reference::Zero));
            assert_finite(&from.along(&CovariatePath::new().over(0.0, 4.0, profile)));
        }
    }
}

/// What a fit found, its terms can always be tested, or there is a reason.
fn every_inference(fit: &CoxFit, data: &impl SurvivalData, design: &Design) {
    assert_finite(&Ok((fit.aic(), fit.bic(), fit.cox_snell_r_squared())));
    assert_finite(&Ok(fit.nagelkerke_r_squared()));
    for hypothesis in [TermHypothesis::TypeII, TermHypothesis::TypeIII] {
        let tests = fit.term_tests_of(hypothesis, data, design);
        assert_finite(&tests);
        assert!(tests.map_or(true, |tests| !tests.to_string().is_empty()));
    }
    let steps = fit.sequential_tests(data, design);
    assert_finite(&steps);
    assert!(steps.map_or(true, |steps| !steps.to_string().is_empty()));
    for term in design.terms() {
        let along = fit.ratios_along(&term.name, &[0.0, 1e300], 1.0, &Profile::new(), 0.95);
        assert_finite(&along);
    }
}

fn every_diagnostic(fit: &CoxFit, data: &impl SurvivalData, design: &Design) {
    if let Ok(residuals) = fit.residuals(data, design) {
        for residuals in [residuals.clone().weighted(), residuals] {
            assert_finite(&Ok((
                residuals.martingale(),
                residuals.deviance(),
                residuals.cox_snell(),
            )));
            assert_finite(&Ok((residuals.score(), residuals.dfbeta(), residuals.dfbetas())));
            assert_finite(&Ok((residuals.schoenfeld(), residuals.schoenfeld().scaled())));
            assert_finite(&Ok((residuals.influence(), residuals.influence().top(2))));
        }
    }
    for transform in [TimeTransform::KaplanMeier, TimeTransform::Rank, TimeTransform::Log] {
        let test = Proportionality::new().transform(transform);
        let tested = test.fit(fit, data, design);
        assert_finite(&tested);
        assert!(tested.is_err() || !format!("{:#}", tested.unwrap()).is_empty());
        let paths = test.paths(fit, data, design);
        assert_finite(&paths);
        for path in paths.iter().flat_map(|paths| &paths.columns) {
            (2..5).for_each(|df| assert_finite(&path.smooth(df, 0.9)));
        }
    }
    let sums = CumulativeSums::new().simulations(3);
    assert_finite(&sums.functional_form(fit, data, design));
    assert_finite(&sums.link(fit, data, design));
    assert_finite(&sums.proportionality(fit, data, design));
}

fn every_test(data: &impl SurvivalData, groups: &Groups) {
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let fit = WeightedLogRank::new().ties(ties).fit(data, groups);
        assert_finite(&fit);
        assert!(fit.is_err() || !fit.unwrap().to_string().is_empty());
    }
    for weight in [
        TestWeight::LogRank,
        TestWeight::FlemingHarrington { rho: 0.5, gamma: 2.0 },
        TestWeight::Gehan,
        TestWeight::TaroneWare,
        TestWeight::PetoPeto,
        TestWeight::ModifiedPetoPeto,
    ] {
        let test = LogRank::new().weight(weight);
        let fit = test.fit(data, groups);
        assert_finite(&fit);
        if let Ok(fit) = fit {
            assert_finite(&fit.trend());
            assert!(!fit.to_string().is_empty());
        }
        for variance in [PairVariance::OwnPair, PairVariance::Pooled] {
            assert_finite(&Pairwise::new().test(test).variance(variance).fit(data, groups));
        }
    }
}

/// One column against six rows.
fn model(x: &[f64]) {
    let event = [true, true, false, true, true, false];
    let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &event).unwrap();
    every_model(&data, &Design::builder().numeric("x", x).build().unwrap());
}

#[test]
fn covariates_of_any_scale() {
    for scale in [1e-300, 1e-150, 1e-20, 1.0, 1e20, 1e150, 1e300] {
        model(&[1., 3., 2., 5., 4., 0.].map(|x| x * scale));
        model(&[-1., 1., -1., 1., 1., -1.].map(|x| x * scale));
    }
    model(&[f64::MAX, f64::MIN, 0.0, 1.0, f64::MAX, f64::MIN]);
    model(&[f64::MIN_POSITIVE, 5e-324, 0.0, 0.0, 5e-324, 0.0]);
}

#[test]
fn constant_and_separated_covariates() {
    model(&[7.0; 6]);
    model(&[0.0; 6]);
    model(&[6., 5., 4., 3., 2., 1.]);
    model(&[1., 1., 0., 0., 0., 0.]);
    model(&[1e9, 0., 0., 0., 0., 0.]);
}

#[test]
fn huge_offsets() {
    let event = [true, true, false, true, true, false];
    let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &event).unwrap();
    for size in [1e3, 1e6, 1e12, 1e300, f64::MAX] {
        for offset in [[size; 6], [0., size, -size, size, 0., 1.], [0., 0., 0., 0., 0., size]] {
            let design = Design::builder().numeric("x", &[1., 3., 2., 5., 4., 0.]).offset(&offset);
            every_model(&data, &design.build().unwrap());
        }
    }
}

#[test]
fn one_row_and_no_events() {
    for event in [true, false] {
        let data = RightCensored::new(&[2.0], &[event]).unwrap();
        every_curve(&data, &Groups::new(&["a"]).unwrap());
        every_model(&data, &Design::builder().numeric("x", &[1.0]).build().unwrap());
        every_model(&data, &Design::empty(1));
        let tied = RightCensored::new(&[2.0; 4], &[event; 4]).unwrap();
        every_curve(&tied, &Groups::new(&["a", "a", "b", "b"]).unwrap());
        let design = Design::builder().numeric("x", &[1., 3., 2., 2.]).build().unwrap();
        every_model(&tied, &design);
    }
}

#[test]
fn emptied_risk_sets() {
    let data = CountingProcess::new(
        &[0., 0., 5., 5., 5., 9.],
        &[2., 2., 6., 7., 8., 10.],
        &[true, true, true, false, true, true],
    );
    let data = data.unwrap();
    let groups = Groups::new(&[1, 2, 1, 2, 1, 2]).unwrap();
    every_curve(&data, &groups);
    every_model(&data, &Design::builder().numeric("x", &[1., 3., 2., 5., 4., 0.]).build().unwrap());
    let weights = Weights::case(&[0.1, 0.2, 0.3, 0.7, 0.1, 0.6]).unwrap();
    every_curve(&data.with_weights(weights).unwrap(), &groups);
}

#[test]
fn times_of_any_scale() {
    let time = [0.0, 5e-324, 1e-300, 1.0, 1e300, f64::MAX];
    let event = [true, false, true, true, true, true];
    let groups = Groups::new(&[1, 2, 1, 2, 1, 2]).unwrap();
    let design = Design::builder().numeric("x", &[1., 3., 2., 5., 4., 0.]).build().unwrap();
    for policy in [
        riskset::data::TimeMatch::Exact,
        riskset::data::TimeMatch::default(),
        riskset::data::TimeMatch::RTimefix,
    ] {
        let data = RightCensored::new(&time, &event).unwrap().with_time_match(policy).unwrap();
        every_curve(&data, &groups);
        every_model(&data, &design);
    }
}

#[test]
fn weights_over_twelve_orders_of_magnitude() {
    let event = [true, true, false, true, true, false];
    let data = RightCensored::new(&[1., 2., 3., 4., 4., 6.], &event).unwrap();
    let groups = Groups::new(&[1, 2, 1, 2, 1, 2]).unwrap();
    let design = Design::builder().numeric("x", &[1., 3., 2., 5., 4., 0.]).build().unwrap();
    for values in [[1e-6, 1e6, 1e-3, 1., 1e-6, 1e6], [1e6, 1e-6, 1., 1e6, 1e-6, 1e-6]] {
        let weighted = data.clone().with_weights(Weights::case(&values).unwrap()).unwrap();
        every_curve(&weighted, &groups);
        every_model(&weighted, &design);
        let weighted = data.clone().with_weights(Weights::sampling(&values).unwrap()).unwrap();
        every_model(&weighted, &design);
    }
    let counts = Weights::frequency(&[1, 1 << 40, 3, 1 << 53, 1, 7]).unwrap();
    let weighted = data.with_weights(counts).unwrap();
    every_curve(&weighted, &groups);
    every_model(&weighted, &design);
}

#[derive(Debug, Clone)]
struct Nasty {
    time: [f64; 2],
    event: bool,
    x: [f64; 2],
    weight: f64,
    offset: f64,
    group: u8,
}

/// Values that break things.
fn nasty() -> impl Strategy<Value = Vec<Nasty>> {
    let time = || select(vec![0.0, 5e-324, 1e-300, 1.0, 2.0, 3.0, 1e300, f64::MAX]);
    let x = || select(vec![0.0, 0.0, 1.0, 1.0, -1.0, 1e-300, 1e-9, 1e9, -1e300, f64::MAX]);
    let row = (
        [time(), time()],
        any::<bool>(),
        [x(), x()],
        select(vec![1.0, 1.0, 1e-100, 1e-9, 1e9, 1e100]),
        select(vec![0.0, 0.0, 1.0, -800.0, 800.0, 1e5, -1e300]),
        0_u8..3,
    );
    let row = row.prop_map(|(time, event, x, weight, offset, group)| Nasty {
        time,
        event,
        x,
        weight,
        offset,
        group,
    });
    prop::collection::vec(row, 1..12)
}

#[test]
fn random_extremes() {
    check(150, nasty(), |rows| {
        macro_rules! column {
            ($of:expr) => {
                rows.iter().map($of).collect::<Vec<_>>()
            };
        }
        let exit = column!(|row: &Nasty| row.time[1]);
        let event = column!(|row: &Nasty| row.event);
        let weights = Weights::case(&column!(|row: &Nasty| row.weight)).unwrap();
        let groups = Groups::new(&column!(|row: &Nasty| row.group)).unwrap();
        let design = Design::builder()
            .numeric("a", &column!(|row: &Nasty| row.x[0]))
            .numeric("b", &column!(|row: &Nasty| row.x[1]))
            .offset(&column!(|row: &Nasty| row.offset))
            .build()
            .unwrap();
        let right = RightCensored::new(&exit, &event).unwrap();
        every_curve(&right, &groups);
        every_model(&right, &design);
        let weighted = right.with_weights(weights).unwrap();
        every_curve(&weighted, &groups);
        every_model(&weighted, &design);
        let entry = column!(|row: &Nasty| row.time[0]);
        if let Ok(counting) = CountingProcess::new(&entry, &exit, &event) {
            every_curve(&counting, &groups);
            every_model(&counting, &design);
        }
    });
}
