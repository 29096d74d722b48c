//! Cause-specific Cox models and the incidences they predict: against direct sums, and laws they obey.

use proptest::prelude::*;
use riskset::competing::{
    AalenJohansen, CauseSpecificBaseline, CauseSpecificCox, CauseSpecificCoxFit,
    CauseSpecificStratum, IncidenceForm,
};
use riskset::data::{Cause, SurvivalData};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Error, Profile, RightCensored, Ties, Warning,
};
use std::cell::Cell;

use super::direct_cox::combinations;
use super::direct_hazard::Person;
use super::direct_incidence::{Hazards, variances};
use super::direct_sums::{Given, with_columns};
use super::frequency::finite;
use crate::sample::{CAUSES, Sample, assert_close, assert_slice_close, check, tied};

const FORMS: [IncidenceForm; 2] = [IncidenceForm::Exponential, IncidenceForm::ProductLimit];

/// What ended each row: the groups are the causes, so that every stratum has all of them.
fn codes(sample: &Sample) -> Vec<u32> {
    sample.rows.iter().map(|row| u32::from(row.event) * (1 + u32::from(row.group))).collect()
}

fn right_censored(sample: &Sample) -> CompetingRisks<RightCensored> {
    CompetingRisks::from_codes(&sample.exit(), &codes(sample), &CAUSES).unwrap()
}

fn process(sample: &Sample) -> CompetingRisks<CountingProcess> {
    let (entry, exit) = (sample.entry(), sample.exit());
    CompetingRisks::counting_process(&entry, &exit, &codes(sample), &CAUSES).unwrap()
}

/// The models of a combination on a sample; `None` unless all coefficients are moderate.
fn fitted(
    given: Given,
    sample: &Sample,
) -> Option<(CauseSpecificCoxFit, CauseSpecificBaseline, Vec<f64>)> {
    fn of(
        given: Given,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Option<(CauseSpecificCoxFit, CauseSpecificBaseline, Vec<f64>)> {
        let fit = CauseSpecificCox::new(CoxPh::new().ties(given.ties)).fit(data, design).unwrap();
        let mut beta = Vec::new();
        for cause in fit.causes() {
            beta.extend(cause.fit.as_ref().map_or(Some(vec![0.0; 2]), finite)?);
        }
        if beta.iter().any(|beta| beta.abs() > 4.0) {
            return None;
        }
        let baseline = fit.baseline(data, design).unwrap();
        Some((fit, baseline, beta))
    }
    let design = if given.offset { sample.design_with_offset() } else { sample.design() };
    match given.entry {
        true => of(given, &with_columns!(process(sample), given, sample), &design),
        false => of(given, &with_columns!(right_censored(sample), given, sample), &design),
    }
}

fn person() -> impl Strategy<Value = Person> {
    (0_u8..3, prop::array::uniform2(-1.0..1.0), -0.5..0.5).prop_map(|(stratum, x, offset)| Person {
        stratum,
        x,
        offset,
    })
}

fn profile(given: Given, person: Person) -> Profile {
    let profile = Profile::new().number("a", person.x[0]).number("b", person.x[1]);
    if given.offset { profile.offset(person.offset) } else { profile }
}

fn from<'a>(
    baseline: &'a CauseSpecificBaseline,
    person: Person,
) -> Option<CauseSpecificStratum<'a>> {
    match baseline.is_stratified() {
        true => baseline.stratum(&person.stratum.to_string()).ok(),
        false => baseline.single().ok(),
    }
}

#[track_caller]
fn assert_error_close(found: f64, variance: f64) {
    let expected = variance.sqrt();
    let allowed = 1e-6 * expected.max(1e-3);
    assert!((found - expected).abs() <= allowed, "found {found:e}, expected {expected:e}");
}

#[test]
fn incidences_and_errors_are_those_of_direct_sums() {
    let compared = Cell::new([0; 2]);
    check(7, (tied(14..=30), person()), |(sample, person)| {
        for given in combinations() {
            let Some((fit, baseline, beta)) = fitted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            let hazards = Hazards::new(given, &sample, person, &beta);
            for (f, form) in FORMS.into_iter().enumerate() {
                let last = match form {
                    IncidenceForm::ProductLimit => hazards.emptied().unwrap_or(9),
                    _ => 9,
                };
                let found = from.clone().form(form).incidence(&profile(given, person));
                let found = found.unwrap();
                let above = (form == IncidenceForm::ProductLimit).then(|| hazards.above_one());
                let warned = found.warnings().iter().map(|warning| match warning {
                    Warning::HazardAboveOne { time, .. } => *time,
                    other => panic!("{other}"),
                });
                assert_eq!(warned.collect::<Vec<_>>(), Vec::from_iter(above.flatten()));
                let direct = hazards.incidences(form);
                let ways = (&sample, person);
                let variance = variances(given, ways, (&fit, &beta), |hazards| {
                    let all = hazards.incidences(form);
                    all.iter().flat_map(|at| [at[0].ln(), at[1], at[2], at[3]]).collect()
                });
                for (k, &time) in found.time().iter().enumerate() {
                    let place = time as usize - 1;
                    assert_close(found.event_free().survival()[k], direct[place][0], 1e-12);
                    let sigma = found.event_free().std_error_ln().get(k);
                    if let Some(sigma) = sigma.filter(|_| place < last) {
                        assert_error_close(sigma, variance[4 * place]);
                    }
                    for (cause, curve) in found.curves().iter().enumerate() {
                        let at = curve.at(&[time]).unwrap()[0];
                        assert_close(at.incidence, direct[place][cause + 1], 1e-12);
                        if place < last {
                            assert_error_close(at.std_error, variance[4 * place + cause + 1]);
                        }
                        let mut counts = compared.get();
                        counts[f] += usize::from(place < last && at.incidence > 0.0);
                        compared.set(counts);
                    }
                }
            }
        }
    });
    assert!(compared.get().iter().all(|&n| n > 500), "{:?} values", compared.get());
}

#[test]
fn times_lost_are_areas_of_direct_sums() {
    let compared = Cell::new(0);
    check(9, (tied(14..=30), person(), 2.0..9.0), |(sample, person, tau)| {
        for given in combinations() {
            let Some((fit, baseline, beta)) = fitted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            let hazards = Hazards::new(given, &sample, person, &beta);
            for form in FORMS {
                let product = form == IncidenceForm::ProductLimit;
                if product && hazards.emptied().is_some_and(|k| hazards.time[k] < tau) {
                    continue;
                }
                let lost = match from.clone().form(form).time_lost(&profile(given, person), tau) {
                    Err(Error::BeyondFollowUp { .. }) => continue,
                    lost => lost.unwrap(),
                };
                let direct = hazards.lost(form, tau);
                let ways = (&sample, person);
                let variance = variances(given, ways, (&fit, &beta), |h| h.lost(form, tau).into());
                for (cause, lost) in lost.causes.iter().enumerate() {
                    assert_close(lost.time_lost, direct[cause], 1e-12);
                    assert_error_close(lost.std_error, variance[cause]);
                    compared.set(compared.get() + usize::from(lost.time_lost > 0.0));
                }
            }
        }
    });
    assert!(compared.get() > 500, "{} times", compared.get());
}

/// The incidences and the probability to be free of any event are one in both forms.
#[test]
fn nobody_is_lost() {
    check(20, (tied(10..=40), person()), |(sample, person)| {
        for given in combinations() {
            let Some((_, baseline, _)) = fitted(given, &sample) else { continue };
            let Some(from) = from(&baseline, person) else { continue };
            for form in FORMS {
                let from = from.clone().form(form);
                let Ok(found) = from.incidence(&profile(given, person)) else { continue };
                let times = found.time();
                let lost = found.curves().iter().map(|curve| curve.at(times).unwrap());
                let lost: Vec<_> = lost.collect();
                for (k, survival) in found.event_free().survival().iter().enumerate() {
                    let lost: f64 = lost.iter().map(|curve| curve[k].incidence).sum();
                    assert!((survival + lost - 1.0).abs() < 1e-14, "{survival} + {lost}");
                }
            }
        }
    });
}

/// With one cause the fit is that of `CoxPh`, and the incidence is one minus its curve, errors included.
#[test]
fn one_cause_is_an_ordinary_cox_model() {
    let compared = Cell::new(0);
    check(20, (tied(8..=30), person()), |(sample, person)| {
        let codes: Vec<u32> = sample.event().iter().map(|&event| u32::from(event)).collect();
        let data = CompetingRisks::from_codes(&sample.exit(), &codes, &CAUSES[..1]).unwrap();
        let (plain, design) = (sample.right_censored(), sample.design());
        for ties in [Ties::Efron, Ties::Breslow] {
            let fit = CauseSpecificCox::new(CoxPh::new().ties(ties)).fit(&data, &design).unwrap();
            let cox = CoxPh::new().ties(ties).fit(&plain, &design).unwrap();
            assert_eq!(fit.named("a").unwrap(), &cox);
            assert_eq!(fit.get(Cause::new(1).unwrap()).unwrap(), &cox);
            assert_eq!(fit.vcov(), cox.vcov());
            let baseline = fit.baseline(&data, &design).unwrap();
            let ours = cox.baseline(&plain, &design).unwrap();
            let person = Profile::new().number("a", person.x[0]).number("b", person.x[1]);
            let (Ok(found), Ok(curve)) = (
                baseline.single().unwrap().incidence(&person),
                ours.single().unwrap().curve(&person),
            ) else {
                continue;
            };
            assert_eq!(found.event_free().survival(), curve.survival());
            assert_eq!(found.n_risk(), curve.n_risk());
            let hazard = curve.cumulative_hazard();
            let incidence: Vec<f64> = hazard.iter().map(|hazard| -(-hazard).exp_m1()).collect();
            let at = found.incidence_of("a").unwrap().at(curve.time()).unwrap();
            let ours: Vec<f64> = at.iter().map(|at| at.incidence).collect();
            assert_slice_close(&ours, &incidence, 4e-15);
            let errors = curve.cumulative_hazard_std_error().iter().zip(curve.survival());
            let errors: Vec<f64> = errors.map(|(sigma, s)| s * sigma).collect();
            for (found, expected) in at.iter().map(|at| at.std_error).zip(errors) {
                assert!((found - expected).abs() <= 1e-12 * expected, "{found:e} {expected:e}");
            }
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 20, "{} fits", compared.get());
}

/// Without covariates, under Breslow's ties, the product form is the estimate of Aalen and Johansen.
#[test]
fn without_covariates_it_is_aalen_and_johansen() {
    fn same(data: &CompetingRisks<impl SurvivalData>) {
        let design = Design::empty(data.status().len());
        let model = CauseSpecificCox::new(CoxPh::new().ties(Ties::Breslow));
        let baseline = model.fit(data, &design).unwrap().baseline(data, &design).unwrap();
        let from = baseline.single().unwrap().form(IncidenceForm::ProductLimit);
        let found = from.incidence(&Profile::new()).unwrap();
        let plain = AalenJohansen::new().fit(data).unwrap();
        assert_eq!(found.time(), plain.time());
        assert_slice_close(found.survival(), plain.survival(), 1e-14);
        for (found, plain) in found.curves().iter().zip(plain.curves()) {
            assert_eq!(found.time(), plain.time());
            assert_eq!(found.n_event(), plain.n_event());
            assert_slice_close(found.incidence(), plain.incidence(), 1e-14);
        }
    }
    check(60, tied(3..=40), |sample| {
        same(&right_censored(&sample));
        same(&right_censored(&sample).with_weights(sample.frequency()).unwrap());
        same(&process(&sample));
        same(&process(&sample).with_weights(sample.case()).unwrap());
    });
}

/// Each block of the joint sandwich is the robust variance of its cause, and there is something
/// between causes only where the fit is robust.
#[test]
fn the_joint_covariance_holds_the_fits() {
    let compared = Cell::new(0);
    check(40, tied(12..=30), |sample| {
        let ids: Vec<usize> = (0..sample.rows.len()).map(|row| row / 2).collect();
        let frequency = right_censored(&sample).with_weights(sample.frequency()).unwrap();
        let case = right_censored(&sample).with_weights(sample.case()).unwrap();
        let clusters = case.clone().with_clusters(&ids).unwrap();
        let both = frequency.clone().with_clusters(&ids).unwrap();
        for data in [frequency, case, clusters, both] {
            for robust in [false, true] {
                let variance = match robust {
                    true => riskset::data::Variance::Robust,
                    false => riskset::data::Variance::ModelBased,
                };
                let model = CoxPh::new().variance(variance);
                let fit = CauseSpecificCox::new(model).fit(&data, &sample.design()).unwrap();
                assert_eq!(fit.is_robust(), robust);
                let fits: Vec<_> = fit.causes().iter().filter_map(|c| c.fit.as_ref()).collect();
                if fits.len() < 2 || fits.iter().any(|fit| finite(fit).is_none()) {
                    continue;
                }
                for (k, own) in fits.iter().enumerate() {
                    for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                        let block = fit.vcov()[[2 * k + i, 2 * k + j]];
                        assert_eq!(block, own.vcov()[[i, j]]);
                    }
                }
                assert_eq!(fit.vcov()[[0, 3]], fit.vcov()[[3, 0]]);
                assert_eq!(fit.vcov()[[0, 3]] != 0.0, robust);
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 100, "{} fits", compared.get());
}

/// A row that stands for several is as good as they are, in the sandwich between causes too.
#[test]
fn frequencies_repeat_rows() {
    let compared = Cell::new(0);
    check(30, tied(12..=25), |sample| {
        let repeated = sample.repeated();
        let model = CoxPh::new().variance(riskset::data::Variance::Robust);
        let of = |data: &CompetingRisks, design: &Design| {
            CauseSpecificCox::new(model.clone()).fit(data, design).unwrap()
        };
        let counted = right_censored(&sample).with_weights(sample.frequency()).unwrap();
        let (counted, repeated) =
            (of(&counted, &sample.design()), of(&right_censored(&repeated), &repeated.design()));
        let mut fits = counted.causes().iter().filter_map(|cause| cause.fit.as_ref());
        if fits.any(|fit| finite(fit).is_none_or(|beta| beta.iter().any(|b| b.abs() > 4.0))) {
            return;
        }
        for (a, b) in counted.vcov().iter().zip(repeated.vcov()) {
            assert_close(*a, *b, 1e-9);
        }
        compared.set(compared.get() + 1);
    });
    assert!(compared.get() > 5, "{} fits", compared.get());
}

/// Numbers in (0, 1) that look random.
fn uniform(n: usize) -> Vec<f64> {
    let mut state = 7_u64;
    let next = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..n).map(next).collect()
}

/// Where the model holds, leaving out each row in turn says the same of the errors.
#[test]
fn errors_are_those_of_the_jackknife() {
    let n = 250;
    let u = uniform(4 * n);
    let (mut time, mut codes, mut x) = (Vec::new(), Vec::new(), Vec::new());
    for u in u.chunks(4) {
        let covariate = u[0] - 0.5;
        let event = [-u[1].ln() / (0.8 * covariate).exp(), -2.0 * u[2].ln() * covariate.exp()];
        let ends = [event[0], event[1], 2.5 * u[3]];
        let first = (0..3).min_by(|&a, &b| ends[a].total_cmp(&ends[b])).unwrap();
        time.push(ends[first]);
        codes.push([1, 2, 0][first]);
        x.push(covariate);
    }
    let person = Profile::new().number("x", 0.4);
    // Both incidences at two times and both times lost, with their errors.
    let estimates = |without: Option<usize>| -> Vec<(f64, f64)> {
        let rows: Vec<usize> = (0..n).filter(|&row| Some(row) != without).collect();
        let of = |column: &[f64]| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        let codes: Vec<u32> = rows.iter().map(|&row| codes[row]).collect();
        let data = CompetingRisks::from_codes(&of(&time), &codes, &CAUSES[..2]).unwrap();
        let design = Design::builder().numeric("x", &of(&x)).build().unwrap();
        let fit = CauseSpecificCox::new(CoxPh::new()).fit(&data, &design).unwrap();
        let baseline = fit.baseline(&data, &design).unwrap();
        let from = baseline.single().unwrap();
        let found = from.incidence(&person).unwrap();
        let at = found.curves().iter().flat_map(|curve| curve.at(&[0.5, 1.5]).unwrap());
        let at = at.map(|at| (at.incidence, at.std_error));
        let lost = from.time_lost(&person, 1.5).unwrap();
        at.chain(lost.causes.iter().map(|lost| (lost.time_lost, lost.std_error))).collect()
    };
    let left_out: Vec<Vec<(f64, f64)>> = (0..n).map(|row| estimates(Some(row))).collect();
    for (k, (_, std_error)) in estimates(None).into_iter().enumerate() {
        let mean = left_out.iter().map(|values| values[k].0).sum::<f64>() / n as f64;
        let spread: f64 = left_out.iter().map(|values| (values[k].0 - mean).powi(2)).sum();
        let jackknife = (spread * (n - 1) as f64 / n as f64).sqrt();
        assert!((std_error / jackknife - 1.0).abs() < 0.08, "{k}: {std_error} {jackknife}");
    }
}
