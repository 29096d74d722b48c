//! What defines an influence: it is a derivative, it sums to 0, and its squares are the variance.

use riskset::data::{SurvivalData, Variance};
use riskset::nonparametric::{Estimand, HazardVariance, InfluenceFit, InfluenceFunctions};
use riskset::{CountingProcess, KaplanMeier, NelsonAalen, Weights};

use crate::sample::{Sample, assert_close, check, tied};

const ESTIMANDS: [Estimand; 3] =
    [Estimand::Survival, Estimand::CumulativeHazard, Estimand::RestrictedMean];
const TIMES: [f64; 4] = [0.5, 2.0, 4.5, 7.0];

fn by_group(data: &impl SurvivalData, sample: &Sample, estimand: Estimand) -> InfluenceFit {
    let estimator = InfluenceFunctions::new(estimand).carry_forward();
    estimator.fit_by(data, &sample.groups(), &TIMES).unwrap()
}

fn weighted(sample: &Sample, weights: &[f64]) -> CountingProcess {
    sample.counting_process().with_weights(Weights::case(weights).unwrap()).unwrap()
}

#[test]
fn weighted_influences_sum_to_0() {
    check(60, tied(4..=30), |sample| {
        let case = sample.case();
        for estimand in ESTIMANDS {
            let fit = by_group(&weighted(&sample, case.values()), &sample, estimand);
            for k in 0..TIMES.len() {
                let mut sums = vec![0.0; fit.groups().len()];
                for (row, &group) in fit.group_codes().iter().enumerate() {
                    sums[group as usize] += case.values()[row] * fit.influence()[[row, k]];
                }
                sums.iter().for_each(|&sum| assert_close(sum, 0.0, 1e-13));
            }
        }
    });
}

#[test]
fn influences_are_derivatives_with_respect_to_weights() {
    const STEP: f64 = 1e-5;
    check(12, tied(4..=12), |sample| {
        let weights = sample.case().values().to_vec();
        for estimand in ESTIMANDS {
            let fit = by_group(&weighted(&sample, &weights), &sample, estimand);
            for row in 0..weights.len() {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[row] += by;
                    by_group(&weighted(&sample, &weights), &sample, estimand).estimate().to_owned()
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                let group = fit.group_codes()[row] as usize;
                for k in 0..TIMES.len() {
                    let influence = fit.influence()[[row, k]];
                    assert_close(influence, slope[[group, k]], 1e-6);
                }
            }
        }
    });
}

#[test]
fn squared_cluster_sums_are_the_robust_variance() {
    check(60, tied(4..=30), |sample| {
        let data = weighted(&sample, sample.case().values());
        for data in [data.clone(), data.with_clusters(&sample.stratum()).unwrap()] {
            let survival = by_group(&data, &sample, Estimand::Survival);
            let hazard = by_group(&data, &sample, Estimand::CumulativeHazard);
            let km = KaplanMeier::new().variance(Variance::Robust);
            let km = km.fit_by(&data, &sample.groups()).unwrap();
            let na = NelsonAalen::new().variance(HazardVariance::Robust);
            let na = na.fit_by(&data, &sample.groups()).unwrap();
            for (group, name) in survival.groups().iter().enumerate() {
                let (km, na) = (km.get(name).unwrap(), na.get(name).unwrap());
                for (k, &time) in TIMES.iter().enumerate() {
                    let at = km.at_time(time).unwrap();
                    assert_close(survival.estimate()[[group, k]], at.survival, 1e-14);
                    if let Some(std_error) = at.std_error {
                        assert_close(survival.std_error()[[group, k]], std_error, 1e-7);
                    }
                    let place = na.time().partition_point(|&known| known <= time);
                    let Some(place) = place.checked_sub(1) else { continue };
                    let (value, std_error) = (na.cumulative_hazard()[place], na.std_error()[place]);
                    assert_close(hazard.estimate()[[group, k]], value, 1e-14);
                    assert_close(hazard.std_error()[[group, k]], std_error.unwrap(), 1e-7);
                }
            }
        }
    });
}

/// A row that stands for k rows has the influence of each of them.
#[test]
fn frequencies_are_repeated_rows() {
    check(40, tied(4..=20), |sample| {
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let repeated = sample.repeated();
        for estimand in ESTIMANDS {
            let short = by_group(&data, &sample, estimand);
            let long = by_group(&repeated.counting_process(), &repeated, estimand);
            assert_eq!(short.n(), long.n());
            let (of_short, of_long) = (short.pseudo_values(), long.pseudo_values());
            for k in 0..TIMES.len() {
                let mut row = 0;
                for (place, &count) in sample.counts().iter().enumerate() {
                    assert_close(of_short[[place, k]], of_long[[row, k]], 1e-12);
                    row += count as usize;
                }
                for group in 0..short.groups().len() {
                    let std_error = long.std_error()[[group, k]];
                    assert_close(short.std_error()[[group, k]], std_error, 1e-13);
                }
            }
        }
    });
}

/// In a cluster they stand together.
#[test]
fn frequencies_are_repeated_rows_of_their_cluster() {
    check(30, tied(6..=20), |sample| {
        let cluster = |row: usize| row / 3;
        let own: Vec<usize> = (0..sample.rows.len()).map(cluster).collect();
        let each: Vec<usize> = (sample.counts().iter().enumerate())
            .flat_map(|(row, &count)| vec![cluster(row); count as usize])
            .collect();
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let data = data.with_clusters(&own).unwrap();
        let repeated = sample.repeated();
        let copies = repeated.counting_process().with_clusters(&each).unwrap();
        for estimand in ESTIMANDS {
            let short = by_group(&data, &sample, estimand);
            let long = by_group(&copies, &repeated, estimand);
            for (a, b) in short.std_error().iter().zip(long.std_error()) {
                assert_close(*a, *b, 1e-12);
            }
        }
    });
}

/// Without censoring and delayed entry pseudo-values are what they stand for.
#[test]
fn without_censoring_pseudo_values_are_the_responses() {
    check(40, tied(2..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.event = true);
        let data = sample.right_censored();
        let survival = by_group(&data, &sample, Estimand::Survival).pseudo_values();
        let mean = by_group(&data, &sample, Estimand::RestrictedMean).pseudo_values();
        for (row, exit) in sample.exit().into_iter().enumerate() {
            for (k, &time) in TIMES.iter().enumerate() {
                assert_close(survival[[row, k]], f64::from(u8::from(exit > time)), 1e-13);
                assert_close(mean[[row, k]], exit.min(time), 1e-13);
            }
        }
    });
}

/// Cutting a history at any time cuts its influence in two.
#[test]
fn pieces_of_a_history_add_up() {
    check(40, tied(4..=20), |sample| {
        let (mut entry, mut exit, mut event, mut id) = (vec![], vec![], vec![], vec![]);
        let mut group = vec![];
        for (k, row) in sample.rows.iter().enumerate() {
            let middle = (row.entry + row.exit) / 2.0;
            entry.extend([row.entry, middle]);
            exit.extend([middle, row.exit]);
            event.extend([false, row.event]);
            id.extend([k as u32; 2]);
            group.extend([row.group; 2]);
        }
        let pieces = CountingProcess::new(&entry, &exit, &event).unwrap().with_ids(&id).unwrap();
        let groups = riskset::Groups::new(&group).unwrap();
        for estimand in ESTIMANDS {
            let whole = by_group(&sample.counting_process(), &sample, estimand);
            let cut = InfluenceFunctions::new(estimand).carry_forward();
            let cut = cut.fit_by(&pieces, &groups, &TIMES).unwrap();
            assert_eq!(whole.n(), cut.n());
            for row in 0..sample.rows.len() {
                for k in 0..TIMES.len() {
                    let sum = cut.influence()[[2 * row, k]] + cut.influence()[[2 * row + 1, k]];
                    assert_close(sum, whole.influence()[[row, k]], 1e-14);
                }
            }
        }
    });
}
