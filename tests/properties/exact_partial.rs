//! The exact partial likelihood against the enumeration of all sets of rows that could have had the
//! events.

use proptest::prelude::*;
use riskset::ndarray::arr2;
use riskset::regression::cox::{CoefficientStatus, CoxFit, LikelihoodAt};
use riskset::{CoxPh, Design, Ties};
use std::cell::Cell;

use super::direct_sums::Direct;
use super::finite_differences::slope;
use crate::sample::{
    Row, Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied,
};

/// Whether there is delayed entry, whether there are strata, and an offset.
type Given = [bool; 3];

const ALL: [Given; 8] = {
    let mut all = [[false; 3]; 8];
    let mut k = 0;
    while k < 8 {
        all[k] = [k & 1 != 0, k & 2 != 0, k & 4 != 0];
        k += 1;
    }
    all
};

fn design(sample: &Sample, offset: bool) -> Design {
    if offset { sample.design_with_offset() } else { sample.design() }
}

/// Calls `$call` with the data.
macro_rules! with_data {
    ($sample:expr, $given:expr, $call:expr) => {{
        let [entry, strata, _] = $given;
        let stratum = if strata { $sample.stratum() } else { vec![0; $sample.rows.len()] };
        match entry {
            true => $call(&$sample.counting_process().with_strata(&stratum).unwrap()),
            false => $call(&$sample.right_censored().with_strata(&stratum).unwrap()),
        }
    }};
}

fn at(sample: &Sample, given: Given, beta: &[f64]) -> LikelihoodAt {
    let model = CoxPh::new().ties(Ties::ExactPartial);
    let design = design(sample, given[2]);
    with_data!(sample, given, |data: &_| model.likelihood_at(data, &design, beta).unwrap())
}

fn fit(sample: &Sample, given: Given) -> CoxFit {
    let model = CoxPh::new().ties(Ties::ExactPartial);
    let design = design(sample, given[2]);
    with_data!(sample, given, |data: &_| model.fit(data, &design).unwrap())
}

/// Every set of as many rows as there are events, each with its risk.
fn enumerate(sample: &Sample, [entry, strata, offset]: Given, beta: [f64; 2]) -> Direct {
    let stratum = |row: &Row| if strata { row.stratum } else { 0 };
    let mut times: Vec<(u8, f64)> =
        (sample.rows.iter().filter(|row| row.event)).map(|row| (stratum(row), row.exit)).collect();
    times.sort_by(|a, b| a.partial_cmp(b).unwrap());
    times.dedup();
    let mut sum = Direct::default();
    for (of, time) in times {
        let at_risk: Vec<&Row> = (sample.rows.iter())
            .filter(|row| stratum(row) == of && (!entry || row.entry < time) && time <= row.exit)
            .collect();
        let died = |row: &Row| row.event && row.exit == time;
        let d = at_risk.iter().filter(|row| died(row)).count();
        let of_rows = |rows: &[&Row]| {
            let x = [0, 1].map(|j| rows.iter().map(|row| row.x[j]).sum::<f64>());
            let offset: f64 = rows.iter().map(|row| if offset { row.offset } else { 0.0 }).sum();
            (x[0] * beta[0] + x[1] * beta[1] + offset, x)
        };
        let sets = (0_u32..1 << at_risk.len()).filter(|set| set.count_ones() as usize == d);
        let sets: Vec<(f64, [f64; 2])> = sets
            .map(|set| {
                let rows = at_risk.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
                of_rows(&rows.map(|(_, row)| *row).collect::<Vec<_>>())
            })
            .collect();
        let (eta, x) =
            of_rows(&at_risk.iter().copied().filter(|row| died(row)).collect::<Vec<_>>());
        let mean = |value: &dyn Fn(&[f64; 2]) -> f64| {
            let terms = sets.iter().map(|(set, x)| (set - eta).exp() * value(x));
            terms.sum::<f64>()
        };
        let all = mean(&|_| 1.0);
        sum.log_likelihood -= all.ln();
        let means = [0, 1].map(|j| mean(&|x| x[j]) / all);
        for j in 0..2 {
            sum.score[j] += x[j] - means[j];
            for l in 0..2 {
                sum.information[j][l] += mean(&|x| (x[j] - means[j]) * (x[l] - means[l])) / all;
            }
        }
    }
    sum
}

#[test]
fn likelihood_score_and_information() {
    let points = prop::array::uniform2(-3.0..3.0);
    check(40, (tied(2..=12), points), |(sample, beta)| {
        for given in ALL {
            let (found, direct) = (at(&sample, given, &beta), enumerate(&sample, given, beta));
            assert_close(found.log_likelihood(), direct.log_likelihood, 1e-12);
            assert_slice_close(found.score(), &direct.score, 1e-12);
            assert_matrix_close(found.information(), arr2(&direct.information).view(), 1e-12);
        }
    });
}

/// On more rows than can be enumerated.
#[test]
fn derivatives_are_slopes() {
    let points = prop::array::uniform2(-2.0..2.0);
    check(25, (tied(20..=60), points), |(sample, beta)| {
        for given in [[false; 3], [true; 3]] {
            let here = at(&sample, given, &beta);
            for j in 0..2 {
                let moved = |step: f64| {
                    let mut beta = beta;
                    beta[j] += step;
                    at(&sample, given, &beta)
                };
                assert_close(here.score()[j], slope(|step| moved(step).log_likelihood()), 1e-9);
                for l in 0..2 {
                    let information = -slope(|step| moved(step).score()[l]);
                    assert_close(here.information()[[j, l]], information, 1e-9);
                }
            }
        }
    });
}

/// Few rows, so that separated and aliased columns are common.
#[test]
fn no_point_is_higher_than_the_fit() {
    let points = prop::collection::vec(prop::array::uniform2(-30.0..30.0), 12);
    check(200, (tied(2..=10), points), |(sample, points)| {
        for given in [[false; 3], [true; 3]] {
            let fit = fit(&sample, given);
            let highest = fit.log_likelihood() + 1e-9 * fit.log_likelihood().abs().max(1.0);
            for point in points.iter().flat_map(|point| [*point, point.map(|b| 0.1 * b)]) {
                let other = at(&sample, given, &point).log_likelihood();
                assert!(other <= highest, "{other} at {point:?} is above {fit:#}");
            }
        }
    });
}

#[test]
fn a_sign_of_infinity_is_the_way_up() {
    let found = Cell::new(0);
    check(200, tied(3..=10), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.x[1] = 0.0);
        let fit = fit(&sample, [true; 3]);
        let sign = match fit.coefficients()[0].status {
            CoefficientStatus::PlusInfinity => 1.0,
            CoefficientStatus::MinusInfinity => -1.0,
            _ => return,
        };
        let rising = |b: f64| at(&sample, [true; 3], &[sign * b, 0.0]).log_likelihood();
        assert!(rising(0.0) < rising(1.0) && rising(1.0) < rising(2.0), "{fit}");
        found.set(found.get() + 1);
    });
    assert!(found.get() > 20, "{found:?}");
}
