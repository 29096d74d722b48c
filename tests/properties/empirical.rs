//! Without censoring Kaplan–Meier is the empirical survival function.

use riskset::{KaplanMeier, RightCensored};

use crate::sample::{assert_close, check, tied};

#[test]
fn kaplan_meier_is_one_minus_the_distribution_function() {
    check(60, tied(2..=40), |sample| {
        let time = sample.exit();
        let data = RightCensored::new(&time, &vec![true; time.len()]).unwrap();
        let fit = KaplanMeier::new().fit(&data).unwrap();
        for (at, s) in fit.time().iter().zip(fit.survival()) {
            let later = time.iter().filter(|time| *time > at).count() as f64;
            assert_close(*s, later / time.len() as f64, 1e-14);
        }
    });
}

/// Nobody is at risk of being censored once they have died: 1 − d/(Y − deaths at that time). The
/// product with the curve itself is the fraction still there.
#[test]
fn curve_and_reverse_curve_share_the_survivors() {
    check(60, tied(2..=40), |sample| {
        let data = sample.right_censored();
        let km = KaplanMeier::new().fit(&data).unwrap();
        let reverse = KaplanMeier::new().reverse().fit(&data).unwrap();
        assert_eq!(km.time(), reverse.time());
        for (k, at) in km.time().iter().enumerate() {
            let later = sample.rows.iter().filter(|row| row.exit > *at).count() as f64;
            let product = km.survival()[k] * reverse.survival()[k];
            assert_close(product, later / sample.rows.len() as f64, 1e-14);
        }
    });
}

/// The median of an uncensored sample is the sample median, whatever its size.
#[test]
fn the_median_is_the_sample_median() {
    for n in 1..=60_u32 {
        let time: Vec<f64> = (1..=n).map(f64::from).collect();
        let data = RightCensored::new(&time, &vec![true; n as usize]).unwrap();
        let median = KaplanMeier::new().fit(&data).unwrap().curve().median().time;
        assert_eq!(median, Some(f64::from(n + 1) / 2.0), "n = {n}");
    }
}
