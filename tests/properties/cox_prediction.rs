//! Predictions of a Cox model: against direct sums, and laws they obey.

use proptest::prelude::*;
use riskset::data::SurvivalData;
use riskset::nonparametric::TieCorrection;
use riskset::regression::cox::{
    CovariatePath, CoxBaseline, CoxFit, Reference, StratumBaseline, SurvivalForm,
};
use riskset::{CoxPh, Design, KaplanMeier, NelsonAalen, Profile, Ties};
use std::cell::Cell;

use super::direct_cox::combinations;
use super::direct_hazard::{Person, delta};
use super::direct_sums::{Given, Weighting};
use super::frequency::finite;
use crate::sample::{Sample, assert_close, assert_slice_close, check, tied};

/// The model of a combination on a sample; `None` unless all coefficients are finite.
fn predicted(given: Given, sample: &Sample) -> Option<(CoxFit, CoxBaseline, [f64; 2])> {
    fn of(
        given: Given,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Option<(CoxFit, CoxBaseline, [f64; 2])> {
        let fit = CoxPh::new().ties(given.ties).fit(data, design).unwrap();
        // A coefficient far out has no derivatives worth a finite difference.
        let beta = finite(&fit).filter(|beta| beta.iter().all(|beta| beta.abs() < 4.0))?;
        let baseline = fit.baseline(data, design).unwrap();
        Some((fit, baseline, [beta[0], beta[1]]))
    }
    macro_rules! on {
        ($data:expr) => {{
            let mut data = $data;
            match given.weights {
                Weighting::None => {}
                Weighting::Frequency => data = data.with_weights(sample.frequency()).unwrap(),
                Weighting::Case => data = data.with_weights(sample.case()).unwrap(),
            }
            if given.strata {
                data = data.with_strata(&sample.stratum()).unwrap();
            }
            let design = if given.offset { sample.design_with_offset() } else { sample.design() };
            of(given, &data, &design)
        }};
    }
    if given.entry { on!(sample.counting_process()) } else { on!(sample.right_censored()) }
}

fn from<'a>(baseline: &'a CoxBaseline, person: Person) -> Option<StratumBaseline<'a>> {
    match baseline.is_stratified() {
        true => baseline.stratum(&person.stratum.to_string()).ok(),
        false => baseline.single().ok(),
    }
}

fn profile(person: Person) -> Profile {
    let profile = Profile::new().number("a", person.x[0]).number("b", person.x[1]);
    profile.offset(person.offset)
}

fn person() -> impl Strategy<Value = Person> {
    (0_u8..3, prop::array::uniform2(-2.0..2.0), -1.0..1.0).prop_map(|(stratum, x, offset)| Person {
        stratum,
        x,
        offset,
    })
}

/// Without an offset in the model the profile must not bring one.
fn without_offset(given: Given, person: Person) -> Person {
    Person { offset: if given.offset { person.offset } else { 0.0 }, ..person }
}

/// Relative to the value, or to 1e-4 where it is smaller: a finite difference is no better.
#[track_caller]
fn assert_error_close(found: f64, variance: f64, scale: f64) {
    let expected = variance.sqrt();
    let allowed = 1e-6 * expected.max(1e-3 * scale);
    assert!((found - expected).abs() <= allowed, "found {found:e}, expected {expected:e}");
}

#[test]
fn hazards_and_errors_are_those_of_direct_sums() {
    let (combinations, compared) = (combinations(), Cell::new(0));
    check(12, (tied(12..=30), person()), |(sample, person)| {
        for &given in &combinations {
            let person = without_offset(given, person);
            let Some((fit, baseline, beta)) = predicted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            let profile = profile(person);
            let times = [0.5, 2.0, 4.5, 7.0, 20.0];
            for at in from.at(&profile, &times).unwrap() {
                let span = (-1.0, at.time);
                let (hazard, variance) = given.hazard(&sample, person, beta, span);
                assert_close(at.cumulative_hazard, hazard, 1e-12);
                assert_close(at.survival, (-hazard).exp(), 1e-12);
                let of = |beta| given.hazard(&sample, person, beta, span).0;
                let variance = variance + delta(beta, fit.vcov(), of);
                assert_error_close(at.cumulative_hazard_std_error, variance, hazard);
                assert_close(
                    at.std_error.unwrap(),
                    at.survival * at.cumulative_hazard_std_error,
                    1e-14,
                );
            }
            for span in [(0.0, 3.0), (2.0, 6.0), (4.0, 4.5), (5.0, 40.0)] {
                let expected = from.expected(&profile, span.0, span.1).unwrap();
                let (hazard, variance) = given.hazard(&sample, person, beta, span);
                assert_close(expected.events, hazard, 1e-12);
                let of = |beta| given.hazard(&sample, person, beta, span).0;
                let variance = variance + delta(beta, fit.vcov(), of);
                assert_error_close(expected.std_error, variance, hazard);
                compared.set(compared.get() + usize::from(hazard > 0.0));
            }
        }
    });
    assert!(compared.get() > 500, "{} intervals", compared.get());
}

#[test]
fn restricted_means_are_areas_of_direct_sums() {
    let (combinations, compared) = (combinations(), Cell::new(0));
    check(8, (tied(12..=25), person()), |(sample, person)| {
        for &given in &combinations {
            let person = without_offset(given, person);
            let Some((fit, baseline, beta)) = predicted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            let Some(&last) = from.series().time().last() else { continue };
            for tau in [0.75 * last, last] {
                let mean = from.restricted_mean(&profile(person), tau).unwrap();
                let (area, variance) = given.area(&sample, person, beta, tau);
                assert_close(mean.mean, area, 1e-12);
                let of = |beta| given.area(&sample, person, beta, tau).0;
                assert_error_close(mean.std_error, variance + delta(beta, fit.vcov(), of), tau);
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 200, "{} means", compared.get());
}

#[test]
fn paths_add_up_and_a_constant_one_is_a_plain_prediction() {
    let given = Given {
        ties: Ties::Efron,
        weights: Weighting::Case,
        entry: true,
        strata: true,
        offset: true,
    };
    let compared = Cell::new(0);
    check(40, (tied(12..=30), person(), person()), |(sample, early, late)| {
        let late = Person { stratum: early.stratum, ..late };
        let Some((fit, baseline, beta)) = predicted(given, &sample) else { return };
        let Some(from) = from(&baseline, early) else { return };
        let path = |then: Person| {
            CovariatePath::new().over(0.0, 3.0, profile(early)).over(3.0, 9.0, profile(then))
        };
        assert_eq!(path(early).len(), 2);
        let constant = from.along(&path(early)).unwrap();
        let plain = from.curve(&profile(early)).unwrap();
        assert_eq!(constant.time(), plain.time());
        let pairs = [
            (constant.cumulative_hazard(), plain.cumulative_hazard()),
            (constant.cumulative_hazard_std_error(), plain.cumulative_hazard_std_error()),
            (constant.survival(), plain.survival()),
        ];
        pairs.into_iter().for_each(|(found, expected)| assert_slice_close(found, expected, 1e-13));
        let changing = from.along(&path(late)).unwrap();
        for (k, &time) in changing.time().iter().enumerate() {
            let both = |beta| {
                let before = given.hazard(&sample, early, beta, (0.0, time.min(3.0)));
                let after = given.hazard(&sample, late, beta, (3.0, time));
                (before.0 + after.0, before.1 + after.1)
            };
            let (hazard, variance) = both(beta);
            assert_close(changing.cumulative_hazard()[k], hazard, 1e-12);
            let variance = variance + delta(beta, fit.vcov(), |beta| both(beta).0);
            assert_error_close(changing.cumulative_hazard_std_error()[k], variance, hazard);
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 100, "{} times", compared.get());
}

#[test]
fn a_profile_multiplies_the_baseline() {
    let compared = Cell::new(0);
    check(20, (tied(12..=30), person()), |(sample, person)| {
        for given in combinations() {
            let person = without_offset(given, person);
            let Some((_, baseline, _)) = predicted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            let curve = from.curve(&profile(person)).unwrap();
            for reference in [Reference::Zero, Reference::SampleMean, Reference::StratumMean] {
                let zero = from.reference_curve(reference).unwrap();
                let risk = from.risk(&profile(person), reference).unwrap().value;
                let product: Vec<f64> =
                    zero.cumulative_hazard().iter().map(|hazard| risk * hazard).collect();
                assert_slice_close(curve.cumulative_hazard(), &product, 1e-12);
            }
            let at = from.at(&profile(person), curve.time()).unwrap();
            for (k, at) in at.iter().enumerate() {
                assert_eq!(at.survival, curve.survival()[k]);
                assert_eq!(at.std_error, curve.curve().std_error().get(k));
                assert_eq!(at.cumulative_hazard, curve.cumulative_hazard()[k]);
                assert_eq!(at.n_risk, curve.n_risk()[k]);
                assert!(!at.beyond_follow_up);
            }
            let terms = from.terms(&profile(person), Reference::StratumMean).unwrap();
            let sum: f64 = terms.iter().map(|term| term.value).sum();
            let all = from.linear_predictor(&profile(person), Reference::StratumMean).unwrap();
            assert_close(sum + person.offset, all.value, 1e-14);
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 400, "{} curves", compared.get());
}

/// A column far from 0 loses what its own numbers lose, not what exp(x̄β) would.
#[test]
fn a_shift_of_a_column_changes_no_prediction() {
    let compared = Cell::new(0);
    check(30, (tied(15..=25), person()), |(sample, person)| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let stratum = sample.rows[0].stratum.to_string();
        let curve = |shift: f64| {
            let moved: Vec<f64> = sample.x(0).iter().map(|x| x + shift).collect();
            let design = Design::builder().numeric("a", &moved).numeric("b", &sample.x(1));
            let design = design.build().unwrap();
            let fit = CoxPh::new().fit(&data, &design).unwrap();
            finite(&fit)?;
            let from = fit.baseline(&data, &design).unwrap();
            // In eighths, so that the shifted number is exact.
            let x = (person.x[0] * 8.0).round() / 8.0 + shift;
            let profile = Profile::new().number("a", x).number("b", person.x[1]);
            Some(from.stratum(&stratum).unwrap().curve(&profile).unwrap())
        };
        let Some(plain) = curve(0.0) else { return };
        for shift in [-40.0, 1994.0, 1e6, 1e9] {
            let Some(moved) = curve(shift) else { return };
            assert_slice_close(moved.cumulative_hazard(), plain.cumulative_hazard(), 1e-9);
            let (a, b) = (moved.cumulative_hazard_std_error(), plain.cumulative_hazard_std_error());
            assert_slice_close(a, b, 1e-8);
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 60, "{} shifts", compared.get());
}

#[test]
fn expected_events_add_up_to_the_events_of_each_stratum() {
    check(30, tied(12..=30), |sample| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let data = data.with_weights(sample.case()).unwrap();
        let design = sample.design_with_offset();
        for ties in [Ties::Efron, Ties::Breslow] {
            let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
            let own = fit.expected_events(&data, &design).unwrap();
            let baseline = fit.baseline(&data, &design).unwrap();
            let case = sample.case();
            for stratum in 0..3 {
                let rows = (0..sample.rows.len()).filter(|&row| sample.stratum()[row] == stratum);
                let weight = |row: usize| case.values()[row];
                let observed: f64 =
                    rows.clone().filter(|&row| sample.rows[row].event).map(weight).sum();
                let expected: f64 = rows.map(|row| weight(row) * own[row]).sum();
                assert_close(expected, observed, 1e-11);
            }
            // A row of the fit is a new person unless it shares a tied event.
            if finite(&fit).is_some() && ties == Ties::Breslow {
                let new = baseline.rows(&data, &design).unwrap().expected().unwrap();
                let new: Vec<f64> = new.iter().map(|expected| expected.events).collect();
                assert_slice_close(&new, &own, 1e-11);
                let rows = baseline.rows(&data, &design).unwrap();
                let survival = rows.survival_at(&[1.5, 4.0, 8.0]).unwrap();
                for row in 0..sample.rows.len() {
                    let curve = rows.curve(row).unwrap();
                    let at = rows.at(row, &[1.5, 4.0, 8.0]).unwrap();
                    let alone: Vec<f64> = at.iter().map(|at| at.survival).collect();
                    assert_eq!(survival.row(row).to_vec(), alone);
                    let known = [1.5, 4.0, 8.0].map(|time| curve.curve().survival_at(time));
                    known.iter().zip(alone).for_each(|(k, a)| assert!(k.is_none_or(|k| k == a)));
                }
            }
        }
    });
}

#[test]
fn without_covariates_it_is_nelson_aalen_and_kaplan_meier() {
    check(40, tied(4..=25), |sample| {
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let design = Design::empty(sample.rows.len());
        let matching =
            [(Ties::Breslow, TieCorrection::None), (Ties::Efron, TieCorrection::FlemingHarrington)];
        for (ties, correction) in matching {
            let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
            let baseline = fit.baseline(&data, &design).unwrap();
            let from = baseline.single().unwrap();
            let curve = from.curve(&Profile::new()).unwrap();
            let nelson_aalen = NelsonAalen::new().ties(correction).fit(&data).unwrap();
            assert_eq!(curve.time(), nelson_aalen.time());
            assert_eq!(curve.n_risk(), nelson_aalen.n_risk());
            let hazard = nelson_aalen.cumulative_hazard();
            assert_slice_close(curve.cumulative_hazard(), hazard, 1e-14);
            let errors: Vec<f64> =
                nelson_aalen.std_error().iter().map(|sigma| sigma.unwrap()).collect();
            assert_slice_close(curve.cumulative_hazard_std_error(), &errors, 1e-14);
            let product = from.form(SurvivalForm::ProductLimit).curve(&Profile::new()).unwrap();
            let kaplan_meier = KaplanMeier::new().fit(&data).unwrap();
            assert_slice_close(product.survival(), kaplan_meier.survival(), 1e-13);
        }
    });
}

/// Strata share nothing but the coefficients.
#[test]
fn a_stratum_is_a_baseline_of_its_own() {
    check(30, tied(12..=30), |sample| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let with_offset =
            |sample: &Sample| Design::builder().offset(&sample.offset()).build().unwrap();
        let fit = CoxPh::new().fit(&data, &with_offset(&sample)).unwrap();
        let all = fit.baseline(&data, &with_offset(&sample)).unwrap();
        let person = Profile::new().offset(0.3);
        for (name, curve) in all.curves_by_stratum(&person).unwrap().iter() {
            let own = sample.of_stratum(name.parse().unwrap());
            if own.rows.iter().all(|row| !row.event) {
                assert!(curve.cumulative_hazard().iter().all(|&hazard| hazard == 0.0));
                continue;
            }
            let (data, design) = (own.counting_process(), with_offset(&own));
            let fit = CoxPh::new().fit(&data, &design).unwrap();
            let single = fit.baseline(&data, &design).unwrap();
            let alone = single.single().unwrap().curve(&person).unwrap();
            assert_eq!(alone.time(), curve.time());
            assert_slice_close(alone.cumulative_hazard(), curve.cumulative_hazard(), 1e-14);
            let (a, b) = (alone.curve().upper(), curve.curve().upper());
            a.iter().zip(b.iter()).for_each(|(a, b)| assert_close(a.unwrap(), b.unwrap(), 1e-13));
        }
    });
}

/// A model without strata predicts each row as if the data had none.
#[test]
fn strata_of_the_data_do_not_matter_to_a_model_without() {
    check(10, tied(12..=30), |sample| {
        let (data, design) = (sample.counting_process(), sample.design());
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        if finite(&fit).is_none() {
            return;
        }
        let baseline = fit.baseline(&data, &design).unwrap();
        let stratified = data.clone().with_strata(&sample.stratum()).unwrap();
        let expected = baseline.rows(&data, &design).unwrap().expected().unwrap();
        assert_eq!(baseline.rows(&stratified, &design).unwrap().expected().unwrap(), expected);
    });
}

#[test]
fn a_frequency_is_the_row_as_often() {
    let compared = Cell::new(0);
    check(20, (tied(12..=20), person()), |(sample, person)| {
        let all = sample.repeated();
        for ties in [Ties::Efron, Ties::Breslow] {
            let given = |weights| Given { ties, weights, entry: true, strata: true, offset: true };
            let Some((_, a, _)) = predicted(given(Weighting::Frequency), &sample) else { return };
            let Some((_, b, _)) = predicted(given(Weighting::None), &all) else { return };
            for form in [SurvivalForm::ExpHazard, SurvivalForm::ProductLimit] {
                let Some((a, b)) = from(&a, person).zip(from(&b, person)) else { return };
                let curve = |from: StratumBaseline<'_>| from.form(form).curve(&profile(person));
                let (a, b) = (curve(a).unwrap(), curve(b).unwrap());
                assert_eq!((a.time(), a.n_risk()), (b.time(), b.n_risk()));
                assert_slice_close(a.survival(), b.survival(), 1e-9);
                let (a, b) = (a.cumulative_hazard_std_error(), b.cumulative_hazard_std_error());
                assert_slice_close(a, b, 1e-8);
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 40, "{} curves", compared.get());
}
