//! The smoothed hazard by hand.

use approx::assert_relative_eq;
use riskset::nonparametric::SmoothedHazard;
use riskset::{NelsonAalen, RightCensored};

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
    for event in [[true, true, false, false], [false, true, true, false]] {
        let all = smooth(event);
        for (k, hazard) in inside.hazard().iter().enumerate() {
            assert_relative_eq!(all.hazard()[k], hazard, max_relative = 1e-14);
            let errors = [&all, &inside].map(|fit| fit.std_error()[k].unwrap_or(0.0));
            assert_relative_eq!(errors[0], errors[1], max_relative = 1e-13);
        }
    }
}
