//! The smoothed hazard by hand.

use approx::assert_relative_eq;
use riskset::nonparametric::{HazardVariance, SmoothedHazard};
use riskset::{CountingProcess, Error, NelsonAalen, RightCensored};

/// Jumps 1/4, 1/3, 1/2 at 2, 5, 8, with variances their squares; the range ends at 10.
#[test]
fn a_few_jumps_by_hand() {
    let data = RightCensored::new(&[2., 5., 8., 10.], &[true, true, true, false]).unwrap();
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let fit = SmoothedHazard::new(2.0).of(&hazard, &[5.0, 0.0, 1.0, 9.5, 3.5]).unwrap();
    // K(0) = 3/4 on the jump of 1/3.
    assert_relative_eq!(fit.hazard()[0], 0.75 / 2.0 / 3.0, max_relative = 1e-14);
    assert_relative_eq!(fit.std_error()[0].unwrap(), 0.75 / 2.0 / 3.0, max_relative = 1e-14);
    let upper = fit.intervals()[0].unwrap().upper.unwrap();
    assert_relative_eq!(upper, 0.125 * 1.959963984540054_f64.exp(), max_relative = 1e-12);
    // At 0 the support is [0, 2], and the kernel is 0 at its end.
    assert_eq!((fit.hazard()[1], fit.intervals()[1]), (0.0, None));
    // At 1, q = z' = 1/2: 12/(3/2)^4 (1/2) (3/8) = 4/9 on the jump of 1/4.
    assert_relative_eq!(fit.hazard()[2], 4.0 / 9.0 / 2.0 / 4.0, max_relative = 1e-14);
    // At 9.5, q = 1/4 from the right end and z = −3/4: below 0, so that it is cut.
    assert_eq!(fit.hazard()[3], 0.0);
    // At 3.5 two jumps at distance 3/4: K = ¾ · 7/16.
    let k = 0.75 * 7.0 / 16.0 / 2.0;
    assert_relative_eq!(fit.hazard()[4], k * (0.25 + 1.0 / 3.0), max_relative = 1e-14);
    let variance: f64 = 1.0 / 16.0 + 1.0 / 9.0;
    assert_relative_eq!(fit.std_error()[4].unwrap(), k * variance.sqrt(), max_relative = 1e-14);
}

/// Where the range begins at 3 it does not matter whether there was an event at 2, and where it ends at 7,
/// whether there was one at 8.
#[test]
fn jumps_outside_of_the_range_do_not_count() {
    let smooth = |event: [bool; 4]| {
        let data = RightCensored::new(&[2., 5., 8., 10.], &event).unwrap();
        let hazard = NelsonAalen::new().fit(&data).unwrap();
        let grid = [3.0, 3.25, 4.0, 5.5, 6.75, 7.0];
        SmoothedHazard::new(2.0).range(3.0, 7.0).of(&hazard, &grid).unwrap()
    };
    let inside = smooth([false, true, false, false]);
    // At 4, q = z' = 1/2 from the left end: K = 4/9 on the jump of 1/3.
    assert_relative_eq!(inside.hazard()[2], 4.0 / 9.0 / 2.0 / 3.0, max_relative = 1e-14);
    for event in [[true, true, false, false], [false, true, true, false]] {
        let all = smooth(event);
        for (k, hazard) in inside.hazard().iter().enumerate() {
            assert_relative_eq!(all.hazard()[k], hazard, max_relative = 1e-14);
            let errors = [&all, &inside].map(|fit| fit.std_error()[k].unwrap_or(0.0));
            assert_relative_eq!(errors[0], errors[1], max_relative = 1e-13);
        }
    }
}

/// All leave at 8 at once, so that Greenwood's variance is not defined there. At 6 the kernel is 0 at the
/// distance of that jump, and what is not known of it does not matter; just later it does.
#[test]
fn a_jump_without_variance_matters_where_the_kernel_is_not_zero() {
    let data = RightCensored::new(&[2., 5., 8., 8.], &[true; 4]).unwrap();
    let model = NelsonAalen::new().variance(HazardVariance::Greenwood);
    let hazard = model.fit(&data).unwrap();
    assert_eq!(hazard.std_error()[2], None);
    let fit = SmoothedHazard::new(2.0).of(&hazard, &[6.0, 6.5]).unwrap();
    // K(1/2) on the jump of 1/3 at 5, whose variance is d/(y (y − d)) = 1/6.
    let k = 0.5625 / 2.0;
    assert_relative_eq!(fit.hazard()[0], k / 3.0, max_relative = 1e-14);
    assert_relative_eq!(fit.std_error()[0].unwrap(), k / 6_f64.sqrt(), max_relative = 1e-14);
    assert_eq!((fit.std_error()[1], fit.intervals()[1]), (None, None));
    // Who comes later and is lost at 11 makes no jump, and so needs no variance.
    let data =
        CountingProcess::new(&[0., 0., 9., 9.], &[8., 8., 11., 14.], &[true, true, false, true]);
    let hazard = model.fit(&data.unwrap()).unwrap();
    let fit = SmoothedHazard::new(1.0).of(&hazard, &[11.0]).unwrap();
    assert_eq!((fit.hazard()[0], fit.std_error()[0]), (0.0, Some(0.0)));
}

/// The range starts at 0 or later and before it ends, and holds two bandwidths.
#[test]
fn ranges_that_cannot_be_are_refused() {
    let data = RightCensored::new(&[2., 5., 8., 10.], &[true; 4]).unwrap();
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let refused = |bandwidth: f64, from, to| match SmoothedHazard::new(bandwidth)
        .range(from, to)
        .of(&hazard, &[5.0])
    {
        Err(Error::InvalidOption { option, .. }) => Some(option),
        other => other.map(|_| None).unwrap(),
    };
    assert_eq!(refused(1.0, -1.0, 8.0), Some("range"));
    assert_eq!(refused(1.0, 8.0, 3.0), Some("range"));
    assert_eq!(refused(1.0, 5.0, 5.0), Some("range"));
    assert_eq!(refused(2.0, 4.0, 8.0), None);
    assert_eq!(refused(2.125, 4.0, 8.0), Some("bandwidth"));
    assert_eq!(refused(0.0, 4.0, 8.0), Some("bandwidth"));
}

/// Half of the rows leave at 7, where the kernel of the right end is negative, and one later: before the
/// end the estimate comes to 0, and just before that it is nothing beside its standard error.
#[test]
fn an_estimate_of_almost_nothing_has_no_limits() {
    let time = [vec![7.0; 50], vec![9.0], vec![10.0; 49]].concat();
    let event: Vec<bool> = time.iter().map(|&time| time < 10.0).collect();
    let hazard = NelsonAalen::new().fit(&RightCensored::new(&time, &event).unwrap()).unwrap();
    let smoothed = |time: f64| SmoothedHazard::new(4.0).of(&hazard, &[time]).unwrap();
    let (mut low, mut high) = (7.0, 10.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let above = smoothed(middle).hazard()[0] > 0.0;
        *if above { &mut low } else { &mut high } = middle;
    }
    let last = smoothed(low);
    assert!(last.hazard()[0] > 0.0 && last.hazard()[0] < 1e-14);
    assert!(last.std_error()[0].unwrap() > 1e-3);
    assert_eq!(last.intervals()[0], None);
}
