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
