//! Nelson–Aalen with each tie form and variance in exact fractions.

use num_rational::BigRational;
use num_traits::Zero;
use riskset::NelsonAalen;
use riskset::nonparametric::{HazardTransform, HazardVariance, NelsonAalenFit, TieCorrection};

use super::oracle::{COLUMNS, Columns, Count, counts, number, whole};
use crate::sample::{Sample, assert_close, check, tied};

fn fit(na: NelsonAalen, sample: &Sample, columns: Columns) -> NelsonAalenFit {
    match (columns.entry, columns.counts) {
        (false, false) => na.fit(&sample.right_censored()),
        (false, true) => na.fit(&sample.right_censored().with_weights(sample.frequency()).unwrap()),
        (true, false) => na.fit(&sample.counting_process()),
        (true, true) => {
            na.fit(&sample.counting_process().with_weights(sample.frequency()).unwrap())
        }
    }
    .unwrap()
}

/// What one time adds to the hazard and to its variance, if that is defined.
type Jump = fn(d: u64, y: u64) -> (BigRational, Option<BigRational>);

fn poisson(d: u64, y: u64) -> (BigRational, Option<BigRational>) {
    (whole(d) / whole(y), Some(whole(d) / whole(y * y)))
}

fn binomial(d: u64, y: u64) -> (BigRational, Option<BigRational>) {
    (whole(d) / whole(y), Some(whole(d * (y - d)) / whole(y * y * y)))
}

fn greenwood(d: u64, y: u64) -> (BigRational, Option<BigRational>) {
    (whole(d) / whole(y), (y > d).then(|| whole(d) / whole(y * (y - d))))
}

fn fleming_harrington(d: u64, y: u64) -> (BigRational, Option<BigRational>) {
    let sum = |power: u32| (0..d).map(|k| whole(1) / whole((y - k).pow(power))).sum();
    (sum(1), Some(sum(2)))
}

fn assert_agrees(found: &NelsonAalenFit, counts: &[Count], jump: Jump) {
    let (mut hazard, mut variance) = (BigRational::zero(), Some(BigRational::zero()));
    assert_eq!(found.time().len(), counts.len());
    for (k, count) in counts.iter().enumerate() {
        if count.n_event > 0 {
            let (more, spread) = jump(count.n_event, count.n_risk);
            hazard += more;
            variance = variance.zip(spread).map(|(sum, spread)| sum + spread);
        }
        assert_eq!(found.n_risk()[k], count.n_risk as f64);
        assert_close(found.cumulative_hazard()[k], number(&hazard), 1e-14);
        assert_eq!(found.std_error()[k].is_some(), variance.is_some());
        if let Some(variance) = &variance {
            assert_close(found.std_error()[k].unwrap(), number(variance).sqrt(), 1e-14);
        }
    }
}

#[test]
fn every_tie_form_and_variance() {
    let na = NelsonAalen::new();
    let forms: [(NelsonAalen, Jump); 4] = [
        (na, poisson),
        (na.variance(HazardVariance::Binomial), binomial),
        (na.variance(HazardVariance::Greenwood), greenwood),
        (na.ties(TieCorrection::FlemingHarrington), fleming_harrington),
    ];
    check(60, tied(2..=30), |sample| {
        for columns in COLUMNS {
            let counts = counts(&sample, columns);
            for (na, jump) in forms {
                assert_agrees(&fit(na, &sample, columns), &counts, jump);
            }
        }
    });
}

/// Λ ± z σ, cut at 0, and the same of ln Λ.
#[test]
fn limits() {
    check(30, tied(4..=30), |sample| {
        for (level, z) in [(0.5, 0.674_489_750_196_081_7), (0.95, 1.959_963_984_540_054)] {
            let fit = |transform| {
                let na = NelsonAalen::new().confidence(level).transform(transform);
                na.fit(&sample.right_censored()).unwrap()
            };
            let (plain, log) = (fit(HazardTransform::Plain), fit(HazardTransform::Log));
            for (k, &hazard) in plain.cumulative_hazard().iter().enumerate() {
                let sigma = plain.std_error()[k].unwrap();
                let limits = |fit: &NelsonAalenFit| {
                    let interval = fit.intervals()[k].unwrap();
                    [interval.lower.unwrap(), interval.upper.unwrap()]
                };
                let [lower, upper] = limits(&plain);
                assert_close(lower, (hazard - z * sigma).max(0.0), 1e-13);
                assert_close(upper, hazard + z * sigma, 1e-13);
                let factor = if hazard > 0.0 { (z * sigma / hazard).exp() } else { 1.0 };
                let [lower, upper] = limits(&log);
                assert_close(lower, hazard / factor, 1e-13);
                assert_close(upper, hazard * factor, 1e-13);
            }
        }
    });
}
