//! What cumulative incidences must do whatever the rows.

use riskset::competing::{AalenJohansenFit, CumulativeIncidence, IncidenceVariance, TimeLost};
use riskset::data::{SurvivalData, Variance};
use riskset::nonparametric::RestrictedMean;
use riskset::statistic::IntervalTransform;
use riskset::{AalenJohansen, CompetingRisks, CountingProcess, KaplanMeier, Weights};

use super::split_rows::split;
use crate::sample::{CAUSES, Sample, assert_close, check, tied};

const VARIANCES: [IncidenceVariance; 4] = [
    IncidenceVariance::Automatic,
    IncidenceVariance::Aalen,
    IncidenceVariance::Delta,
    IncidenceVariance::Robust,
];

fn aj(variance: IncidenceVariance) -> AalenJohansen {
    AalenJohansen::new().variance(variance)
}

/// F of a cause at every time of the fit.
fn along(fit: &AalenJohansenFit, curve: &CumulativeIncidence) -> Vec<f64> {
    curve.at(fit.time()).unwrap().iter().map(|at| at.incidence).collect()
}

/// Every event of the one cause there is.
fn single(sample: &Sample) -> CompetingRisks<CountingProcess> {
    let codes: Vec<u32> = sample.event().into_iter().map(u32::from).collect();
    let (entry, exit) = (sample.entry(), sample.exit());
    CompetingRisks::counting_process(&entry, &exit, &codes, &[(1, "death")]).unwrap()
}

fn assert_sums_to_one(fit: &AalenJohansenFit) {
    let curves: Vec<Vec<f64>> = fit.curves().iter().map(|curve| along(fit, curve)).collect();
    for (k, survival) in fit.survival().iter().enumerate() {
        let sum: f64 = curves.iter().map(|curve| curve[k]).sum();
        assert!((sum + survival - 1.0).abs() <= 1e-14, "{sum} and {survival}");
    }
}

#[test]
fn incidences_and_survival_sum_to_one() {
    check(60, tied(2..=40), |sample| {
        let data = sample.competing_process();
        assert_sums_to_one(&aj(IncidenceVariance::Aalen).fit(&data).unwrap());
        let weighted = data.with_weights(sample.case()).unwrap();
        for (_, fit) in AalenJohansen::new().fit_by(&weighted, &sample.groups()).unwrap().iter() {
            assert_sums_to_one(fit);
        }
    });
}

/// With the delta variance F of a single cause is 1 − S in everything, with all limits; at S = 0 the
/// Kaplan-Meier curve has none.
#[test]
fn a_single_cause_is_one_minus_kaplan_meier() {
    check(60, tied(2..=30), |sample| {
        let (data, weights) = (single(&sample), sample.frequency());
        let data = data.with_weights(weights).unwrap();
        for (variance, of_s) in [
            (IncidenceVariance::Delta, Variance::ModelBased),
            (IncidenceVariance::Robust, Variance::Robust),
        ] {
            let fit = aj(variance).transform(IntervalTransform::Plain).fit(&data).unwrap();
            let km = KaplanMeier::new().variance(of_s).transform(IntervalTransform::Plain);
            let km = km.fit(&data.any_cause()).unwrap();
            let death = fit.incidence_of("death").unwrap();
            for (k, at) in death.at(fit.time()).unwrap().iter().enumerate() {
                let curve = km.curve();
                assert_close(at.incidence, 1.0 - curve.survival()[k], 1e-15);
                let Some(sigma) = curve.std_error().get(k) else { continue };
                assert_close(at.std_error, sigma, 1e-13);
                assert_close(
                    at.interval.lower.unwrap(),
                    1.0 - curve.upper().get(k).unwrap(),
                    1e-13,
                );
                assert_close(
                    at.interval.upper.unwrap(),
                    1.0 - curve.lower().get(k).unwrap(),
                    1e-13,
                );
            }
        }
    });
}

/// Beside a row of a million million the others keep their digits, as those of the Kaplan-Meier curve.
#[test]
fn a_heavy_row_leaves_the_others_their_digits() {
    let weights = Weights::case(&[0.1, 1e12, 0.2, 0.3, 0.7, 0.1]).unwrap();
    let time = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let data = CompetingRisks::from_codes(&time, &[0, 1, 1, 1, 1, 0], &[(1, "death")]).unwrap();
    let data = data.with_weights(weights).unwrap();
    let fit = aj(IncidenceVariance::Delta).fit(&data).unwrap();
    let km = KaplanMeier::new().fit(&data.any_cause()).unwrap();
    let death = fit.incidence_of("death").unwrap();
    let lost = TimeLost::new(5.5).variance(IncidenceVariance::Delta).fit(&data).unwrap();
    let mean = RestrictedMean::new(5.5).fit(&data.any_cause()).unwrap();
    for (survival, of_km) in fit.survival().iter().zip(km.survival()) {
        assert_close(survival / of_km, 1.0, 1e-14);
    }
    for (&time, &sigma) in death.time().iter().zip(death.std_error()) {
        assert_close(sigma / km.at_time(time).unwrap().std_error.unwrap(), 1.0, 1e-14);
    }
    assert_close(lost.causes[0].std_error / mean.std_error, 1.0, 1e-14);
}

/// Names and order of the causes, and causes that never happen, are no matter.
#[test]
fn causes_can_be_relabelled() {
    check(40, tied(2..=30), |sample| {
        let (time, codes) = (sample.exit(), sample.codes());
        let other: Vec<u32> = codes.iter().map(|&code| [0, 30, 7, 12][code as usize]).collect();
        let names = [(12, "c"), (4, "never"), (7, "b"), (30, "a")];
        for variance in VARIANCES {
            let a = aj(variance).fit(&sample.competing_risks()).unwrap();
            let data = CompetingRisks::from_codes(&time, &other, &names).unwrap();
            let b = aj(variance).fit(&data).unwrap();
            assert_eq!(a.survival(), b.survival());
            for (_, name) in CAUSES {
                let (a, b) = (a.incidence_of(name).unwrap(), b.incidence_of(name).unwrap());
                assert_eq!((a.time(), a.incidence()), (b.time(), b.incidence()));
                assert_eq!((a.std_error(), a.upper()), (b.std_error(), b.upper()));
            }
            let never = b.incidence_of("never").unwrap();
            assert!(never.time().is_empty());
            let at = never.at(&[3.0]).unwrap()[0];
            assert_eq!((at.incidence, at.std_error), (0.0, 0.0));
            assert_eq!((at.interval.lower, at.interval.upper), (Some(0.0), Some(0.0)));
            assert_eq!(never.quantile(0.1).unwrap().time, None);
        }
    });
}

fn same(a: &AalenJohansenFit, b: &AalenJohansenFit) {
    assert_eq!((a.time(), a.survival(), a.n()), (b.time(), b.survival(), b.n()));
    for (a, b) in a.curves().iter().zip(b.curves()) {
        assert_eq!((a.time(), a.incidence(), a.n_event()), (b.time(), b.incidence(), b.n_event()));
        for (a, b) in a.std_error().iter().zip(b.std_error()) {
            assert_close(*a, *b, 1e-14);
        }
    }
}

#[test]
fn a_frequency_is_so_many_rows() {
    check(40, tied(4..=20), |sample| {
        let all = sample.repeated();
        let weighted = sample.competing_process().with_weights(sample.frequency()).unwrap();
        for variance in VARIANCES {
            let a = aj(variance).fit_by(&weighted, &sample.groups()).unwrap();
            let b = aj(variance).fit_by(&all.competing_process(), &all.groups()).unwrap();
            a.iter().zip(b.iter()).for_each(|((_, a), (_, b))| same(a, b));
        }
    });
}

#[test]
fn rows_can_be_cut() {
    check(40, tied(4..=20), |whole| {
        let (pieces, ids) = split(&whole);
        let own: Vec<usize> = (0..whole.rows.len()).collect();
        let data = |sample: &Sample, ids: &[usize]| {
            let data = sample.competing_process().with_weights(sample.case()).unwrap();
            data.with_ids(ids).unwrap()
        };
        let (a, b) = (data(&pieces, &ids), data(&whole, &own));
        for variance in [IncidenceVariance::Delta, IncidenceVariance::Robust] {
            let (a, b) = (aj(variance).fit(&a), aj(variance).fit(&b));
            same(&a.unwrap(), &b.unwrap());
            let lost = TimeLost::new(6.0).carry_forward().variance(variance);
            let (a, b) = (lost.fit(&data(&pieces, &ids)), lost.fit(&data(&whole, &own)));
            for (a, b) in a.unwrap().causes.iter().zip(&b.unwrap().causes) {
                assert_close(a.time_lost, b.time_lost, 1e-15);
                assert_close(a.std_error, b.std_error, 1e-13);
            }
        }
    });
}

#[test]
fn entry_at_the_start_is_no_entry() {
    check(40, tied(4..=20), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.entry = 0.0);
        for variance in VARIANCES {
            let a = aj(variance).fit(&sample.competing_process()).unwrap();
            same(&a, &aj(variance).fit(&sample.competing_risks()).unwrap());
        }
    });
}

/// Without weights and entry times the jackknife is the delta method.
#[test]
fn the_jackknife_is_the_delta_method() {
    check(40, tied(4..=30), |sample| {
        let data = sample.competing_risks();
        let fit = |variance| aj(variance).fit(&data).unwrap();
        same(&fit(IncidenceVariance::Delta), &fit(IncidenceVariance::Robust));
    });
}

/// Σₖ Lₖ = τ − ∫ S, and the variance of the whole is that of the restricted mean.
#[test]
fn times_lost_sum_to_what_the_restricted_mean_leaves() {
    check(40, tied(4..=30), |sample| {
        let data = sample.competing_process().with_weights(sample.case()).unwrap();
        let tau = 6.5;
        let lost = TimeLost::new(tau).carry_forward().fit(&data).unwrap();
        let sum: f64 = lost.causes.iter().map(|cause| cause.time_lost).sum();
        let mean = RestrictedMean::new(tau).carry_forward().fit(&data.any_cause()).unwrap();
        assert_close(sum, mean.time_lost, 1e-14);
    });
}

#[test]
fn time_lost_to_a_single_cause_is_that_of_the_restricted_mean() {
    check(40, tied(4..=24), |sample| {
        let data = single(&sample).with_weights(sample.frequency()).unwrap();
        let (tau, groups) = (6.5, sample.groups());
        let lost = TimeLost::new(tau).carry_forward().variance(IncidenceVariance::Delta);
        let mean = RestrictedMean::new(tau).carry_forward();
        assert_same_time_lost(&lost, &mean, &data, &groups);
        // Clusters across the groups make the estimates dependent.
        let clustered = data.with_clusters(&sample.stratum()).unwrap();
        let lost = TimeLost::new(tau).carry_forward();
        assert_same_time_lost(&lost, &mean, &clustered, &groups);
    });
}

fn assert_same_time_lost(
    lost: &TimeLost,
    mean: &RestrictedMean,
    data: &CompetingRisks<impl SurvivalData>,
    groups: &riskset::Groups,
) {
    let lost = lost.compare(data, groups).unwrap();
    let mean = mean.compare_by(&data.any_cause(), groups).unwrap();
    for ((_, lost), (_, mean)) in lost.groups.iter().zip(mean.groups.iter()) {
        let lost = lost.time_lost_of("death").unwrap();
        assert_close(lost.time_lost, mean.time_lost, 1e-14);
        assert_close(lost.std_error, mean.std_error, 1e-13);
    }
    let cause = lost.cause("death").unwrap();
    for (lost, mean) in cause.contrasts.iter().zip(&mean.contrasts) {
        assert_eq!((&lost.group, &lost.reference), (&mean.group, &mean.reference));
        assert_close(lost.difference.estimate, -mean.difference.estimate, 1e-14);
        assert_close(lost.difference.std_error, mean.difference.std_error, 1e-7);
    }
}

/// The quantile of a single cause is that of the Kaplan–Meier curve.
#[test]
fn quantiles_of_a_single_cause_are_those_of_survival() {
    check(40, tied(4..=30), |sample| {
        let data = single(&sample);
        let km = KaplanMeier::new().transform(IntervalTransform::Plain);
        let km = km.fit(&data.any_cause()).unwrap();
        let fit = aj(IncidenceVariance::Delta).fit(&data).unwrap();
        for p in [0.1, 0.25, 0.5, 0.9] {
            let ours = fit.incidence_of("death").unwrap().quantile(p).unwrap();
            let theirs = km.curve().quantile(p).unwrap();
            assert_eq!((ours.time, ours.plateau), (theirs.time, theirs.plateau), "p = {p}");
        }
    });
}
