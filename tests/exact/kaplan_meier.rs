//! Kaplan–Meier and Greenwood in exact fractions.

use num_rational::BigRational;
use num_traits::{One, Zero};
use riskset::KaplanMeier;
use riskset::nonparametric::KaplanMeierFit;

use super::oracle::{COLUMNS, Columns, Count, counts, number, whole};
use crate::sample::{Sample, assert_close, check, tied};

fn fit(sample: &Sample, columns: Columns) -> KaplanMeierFit {
    let km = KaplanMeier::new();
    match (columns.entry, columns.counts) {
        (false, false) => km.fit(&sample.right_censored()),
        (false, true) => km.fit(&sample.right_censored().with_weights(sample.frequency()).unwrap()),
        (true, false) => km.fit(&sample.counting_process()),
        (true, true) => {
            km.fit(&sample.counting_process().with_weights(sample.frequency()).unwrap())
        }
    }
    .unwrap()
}

/// S and Var ln S at each time; no variance once S is 0.
fn product_limit(counts: &[Count]) -> Vec<(BigRational, Option<BigRational>)> {
    let (mut s, mut variance) = (BigRational::one(), Some(BigRational::zero()));
    let step = |count: &Count| {
        let (d, y) = (whole(count.n_event), whole(count.n_risk));
        if !d.is_zero() {
            s *= (&y - &d) / &y;
            let lost = y == d;
            variance = variance.take().filter(|_| !lost).map(|sum| sum + &d / (&y * (&y - &d)));
        }
        (s.clone(), variance.clone())
    };
    counts.iter().map(step).collect()
}

#[test]
fn counts_are_equal_and_curve_agrees_to_the_last_bits() {
    check(100, tied(2..=30), |sample| {
        for columns in COLUMNS {
            let (found, expected) = (fit(&sample, columns), counts(&sample, columns));
            assert_counts(&found, &expected);
            let curve = found.curve();
            for (k, (s, variance)) in product_limit(&expected).iter().enumerate() {
                let s = number(s);
                assert!((curve.survival()[k] - s).abs() <= 1e-14 * s, "{:?} {s}", curve.survival());
                assert_eq!(curve.std_error_ln().get(k).is_some(), variance.is_some());
                if let Some(variance) = variance {
                    let sigma = number(variance).sqrt();
                    assert_close(curve.std_error_ln().get(k).unwrap(), sigma, 1e-14);
                    assert_close(curve.std_error().get(k).unwrap(), s * sigma, 1e-14);
                }
            }
        }
    });
}

fn assert_counts(found: &KaplanMeierFit, expected: &[Count]) {
    let column = |of: fn(&Count) -> u64| expected.iter().map(|c| of(c) as f64).collect::<Vec<_>>();
    assert_eq!(found.time(), expected.iter().map(|count| count.time).collect::<Vec<_>>());
    assert_eq!(found.n_risk(), column(|count| count.n_risk));
    assert_eq!(found.n_event(), column(|count| count.n_event));
    assert_eq!(found.n_censor(), column(|count| count.n_censor));
}

/// With nobody censored the curve is (n − k)/n after k events.
#[test]
fn long_uncensored_curve_keeps_its_digits() {
    let n = 2000_u32;
    let time: Vec<f64> = (1..=n).map(f64::from).collect();
    let data = riskset::RightCensored::new(&time, &vec![true; n as usize]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    for (s, time) in fit.survival().iter().zip(&time) {
        let expected = (f64::from(n) - time) / f64::from(n);
        assert!((s - expected).abs() <= 1e-13 * expected, "{s} at {time}");
    }
}
