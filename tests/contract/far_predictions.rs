//! Predictions far from the data, past their end, and along infinite coefficients.

use riskset::regression::cox::{CoxFit, Reference, SurvivalForm};
use riskset::{CoxPh, Design, Error, Profile, RightCensored, Ties};

use crate::sample::{assert_close, assert_slice_close};

const TIMES: [f64; 8] = [1., 2., 3., 4., 5., 6., 7., 8.];
const EVENT: [bool; 8] = [true, true, true, true, false, true, true, false];
const X: [f64; 8] = [2., 5., 1., 4., 3., 0., 2., 1.];

fn data() -> RightCensored {
    RightCensored::new(&TIMES, &EVENT).unwrap()
}

fn numeric(x: &[f64; 8]) -> Design {
    Design::builder().numeric("x", x).build().unwrap()
}

fn at(x: f64) -> Profile {
    Profile::new().number("x", x)
}

/// Whole numbers are held exactly up to 2⁵³, but their mean is not: a centre is rounded to one of them, and
/// what it is off by must not enter a prediction.
#[test]
fn a_column_far_from_zero_predicts_as_one_beside_it() {
    for shift in [2_f64.powi(52), -(2_f64.powi(52))] {
        let predicted = |shift: f64| {
            let design = numeric(&X.map(|x| x + shift));
            let fit = CoxPh::new().fit(&data(), &design).unwrap();
            let baseline = fit.baseline(&data(), &design).unwrap();
            let from = baseline.single().unwrap();
            let form = from.form(SurvivalForm::ProductLimit);
            let curve = from.curve(&at(4.0 + shift)).unwrap();
            let product_limit = form.curve(&at(4.0 + shift)).unwrap();
            [
                curve.cumulative_hazard(),
                curve.cumulative_hazard_std_error(),
                product_limit.survival(),
            ]
            .concat()
        };
        assert_slice_close(&predicted(shift), &predicted(0.0), 1e-10);
    }
}

/// The same holds of an offset.
#[test]
fn an_offset_far_from_zero_predicts_as_one_beside_it() {
    let predicted = |shift: f64| {
        let offset = [1., 0., 2., 0., 1., 1., 0., 3.].map(|offset| offset + shift);
        let design = Design::builder().numeric("x", &X).offset(&offset).build().unwrap();
        let fit = CoxPh::new().fit(&data(), &design).unwrap();
        let baseline = fit.baseline(&data(), &design).unwrap();
        let person = at(4.0).offset(1.0 + shift);
        baseline.single().unwrap().curve(&person).unwrap().cumulative_hazard().to_vec()
    };
    for shift in [2_f64.powi(52), -(2_f64.powi(52))] {
        assert_slice_close(&predicted(shift), &predicted(0.0), 1e-10);
    }
}

/// Linear predictors of ±800 within the data are nothing special.
#[test]
fn linear_predictors_of_eight_hundred_within_the_data() {
    // A known part of the linear predictor runs from −800 to 800, latest events first.
    let offset = [800., 700., 300., 100., 0., -200., -500., -800.];
    let design = Design::builder().numeric("x", &X).offset(&offset).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let baseline = fit.baseline(&data(), &design).unwrap();
    let own = fit.expected_events(&data(), &design).unwrap();
    let new = baseline.rows(&data(), &design).unwrap().expected().unwrap();
    for (own, new) in own.iter().zip(new) {
        assert_close(new.events, *own, 1e-11);
    }
    assert_close(own.iter().sum(), 6.0, 1e-12);
    let from = baseline.single().unwrap();
    // The row that leaves at 7 meets only one that is far safer; before it was far safer itself.
    let late = from.curve(&at(2.0).offset(-500.0)).unwrap();
    assert_eq!(late.survival()[..6], [1.0; 6]);
    assert_close(late.cumulative_hazard()[6], 1.0, 1e-12);
    // At 7 the hazard of the row that leaves first would be exp(1300) times that.
    let early = at(2.0).offset(800.0);
    assert_close(from.at(&early, &[1.0]).unwrap()[0].cumulative_hazard, 1.0, 1e-12);
    assert!(matches!(from.curve(&early), Err(Error::BeyondRange { .. })));
}

#[test]
fn profiles_far_from_the_data() {
    let fit = CoxPh::new().fit(&data(), &numeric(&X)).unwrap();
    let beta = fit.coefficients()[0].estimate.unwrap();
    let baseline = fit.baseline(&data(), &numeric(&X)).unwrap();
    let from = baseline.single().unwrap();
    for form in [SurvivalForm::ExpHazard, SurvivalForm::ProductLimit] {
        let from = from.form(form);
        let safe = from.curve(&at(-800.0 / beta)).unwrap();
        assert!(safe.survival().iter().all(|&s| s == 1.0));
        assert!(safe.curve().lower().iter().all(|lower| lower == Some(1.0)));
        let lost = from.curve(&at(300.0 / beta)).unwrap();
        assert!(lost.survival().iter().all(|&s| s == 0.0));
        assert!(lost.curve().std_error().iter().all(|sigma| sigma.is_none()));
        assert!(lost.cumulative_hazard()[0] > 1e100);
        assert_eq!(lost.median().time, Some(1.0));
        // exp(800) is no number.
        let error = from.curve(&at(800.0 / beta));
        assert!(matches!(error, Err(Error::BeyondRange { distance }) if distance > 790.0));
    }
    let risk = from.risk(&at(800.0 / beta), Reference::Zero);
    assert!(matches!(risk, Err(Error::BeyondRange { .. })));
    let lp = from.linear_predictor(&at(800.0 / beta), Reference::Zero).unwrap();
    assert_close(lp.value, 800.0, 1e-14);
}

#[test]
fn times_past_follow_up_are_flagged() {
    let fit = CoxPh::new().fit(&data(), &numeric(&X)).unwrap();
    let baseline = fit.baseline(&data(), &numeric(&X)).unwrap();
    let from = baseline.single().unwrap();
    let found = from.at(&at(2.0), &[0.0, 0.5, 5.0, 8.0, 8.5]).unwrap();
    let flags: Vec<bool> = found.iter().map(|at| at.beyond_follow_up).collect();
    assert_eq!(flags, [false, false, false, false, true]);
    assert_eq!(found[1].survival, 1.0);
    assert_eq!(found[1].std_error, Some(0.0));
    assert_eq!(found[4].survival, found[3].survival);
    assert_eq!((found[2].n_risk, found[4].n_risk), (4.0, 0.0));
    let until = |exit: f64| from.expected(&at(2.0), 6.0, exit).unwrap();
    assert!(!until(8.0).beyond_follow_up && until(9.0).beyond_follow_up);
    assert_eq!(until(8.0).events, until(9.0).events);
}

/// Nobody of arm b has the event: beside it, arm a is as if alone.
#[test]
fn an_arm_without_events_leaves_the_other_alone() {
    let arm = ["a", "a", "a", "a", "b", "a", "a", "b"];
    let design = Design::builder().factor("arm", &arm, "a").build().unwrap();
    let alone = RightCensored::new(&[1., 2., 3., 4., 6., 7.], &[true; 6]).unwrap();
    for ties in [Ties::Efron, Ties::Breslow] {
        let fit = CoxPh::new().ties(ties).fit(&data(), &design).unwrap();
        let baseline = fit.baseline(&data(), &design).unwrap();
        let from = baseline.single().unwrap();
        let a = from.curve(&Profile::new().level("arm", "a")).unwrap();
        let null = CoxPh::new().ties(ties).fit(&alone, &Design::empty(6)).unwrap();
        let null = null.baseline(&alone, &Design::empty(6)).unwrap();
        let of_a = null.single().unwrap().curve(&Profile::new()).unwrap();
        let events = |values: &[f64]| [0, 1, 2, 3, 5, 6].map(|k| values[k]);
        let hazard = events(a.cumulative_hazard());
        assert_slice_close(&hazard, of_a.cumulative_hazard(), 1e-12);
        let errors = events(a.cumulative_hazard_std_error());
        assert_slice_close(&errors, of_a.cumulative_hazard_std_error(), 1e-12);
        let b = Profile::new().level("arm", "b");
        let not_estimable = Error::NotEstimable { column: "arm=b".to_owned() };
        assert_eq!(from.curve(&b), Err(not_estimable.clone()));
        assert_eq!(from.risk(&b, Reference::Zero), Err(not_estimable.clone()));
        assert_eq!(from.expected(&b, 0.0, 3.0), Err(not_estimable.clone()));
        let data = data();
        let rows = baseline.rows(&data, &design).unwrap();
        assert_eq!(rows.expected(), Err(not_estimable));
    }
}

/// At 0 a separated number lies where the hazard has no limit, or where it has.
#[test]
fn zero_is_no_refuge_from_an_infinite_coefficient() {
    let curve = |x: [f64; 8]| {
        let fit: CoxFit = CoxPh::new().fit(&data(), &numeric(&x)).unwrap();
        assert_eq!(fit.coefficients()[0].estimate, None);
        let baseline = fit.baseline(&data(), &numeric(&x)).unwrap();
        baseline.single().unwrap().curve(&at(0.0))
    };
    // The first to die are the highest; 0 is higher, or lower, than all.
    let falling = [8., 7., 6., 5., 4., 3., 2., 1.];
    let beyond = curve(falling.map(|x| x - 20.0));
    assert_eq!(beyond, Err(Error::NotEstimable { column: "x".to_owned() }));
    let below = curve(falling).unwrap();
    assert!(below.survival()[..4].iter().all(|&s| s > 1.0 - 1e-12));
}

/// Two rows whose risk is exp(1000) times that of the others: who is at risk beside them does not count. The
/// first event is that of one of the others, the second one of theirs.
#[test]
fn risks_beyond_all_others_have_a_hazard() {
    let offset = [0., 1000., 1000., 0., 0., 0., 0., 0.];
    let design = Design::builder().offset(&offset).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let baseline = fit.baseline(&data(), &design).unwrap();
    let (from, person) = (baseline.single().unwrap(), Profile::new().offset(1000.0));
    let found = from.at(&person, &[1.5, 2.5]).unwrap();
    let product = from.form(SurvivalForm::ProductLimit).at(&person, &[1.5, 2.5]).unwrap();
    let once = (-0.5_f64).exp();
    for (k, (hazard, survival)) in [(0.5, once), (1.0, once / 2.0)].into_iter().enumerate() {
        assert_close(found[k].cumulative_hazard, hazard, 1e-12);
        let variance = found[k].cumulative_hazard_std_error.powi(2);
        assert_close(variance, hazard / 2.0, 1e-12);
        assert_close(product[k].survival, survival, 1e-12);
    }
}

#[test]
fn an_aliased_column_counts_as_nothing() {
    let twice = X.map(|x| 2.0 * x);
    let builder = Design::builder().numeric("x", &X).numeric("twice", &twice);
    let design = builder.build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let baseline = fit.baseline(&data(), &design).unwrap();
    let single = CoxPh::new().fit(&data(), &numeric(&X)).unwrap();
    let single = single.baseline(&data(), &numeric(&X)).unwrap();
    let plain = single.single().unwrap().curve(&at(3.0)).unwrap();
    for other in [6.0, 0.0, -5.0] {
        let profile = at(3.0).number("twice", other);
        let curve = baseline.single().unwrap().curve(&profile).unwrap();
        assert_slice_close(curve.survival(), plain.survival(), 1e-12);
    }
}

/// The offsets of two profiles are part of their hazard ratio, as they are of their predictions.
#[test]
fn offsets_of_profiles_count() {
    let offset = [0.1, 0.4, 0.0, 0.3, 0.2, 0.0, 0.5, 0.1];
    let design = Design::builder().numeric("x", &X).offset(&offset).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let baseline = fit.baseline(&data(), &design).unwrap();
    let (one, two) = (at(1.0).offset(0.5), at(3.0).offset(-0.25));
    let ratio = fit.hazard_ratio("one against two", &one, &two, 0.95).unwrap().estimate.unwrap();
    let hazard = |profile: &Profile| {
        baseline.single().unwrap().at(profile, &[7.0]).unwrap()[0].cumulative_hazard
    };
    assert_close(ratio, hazard(&one) / hazard(&two), 1e-14);
    let beta = fit.coefficients()[0].estimate.unwrap();
    assert_close(ratio, (0.75 - 2.0 * beta).exp(), 1e-14);
}
