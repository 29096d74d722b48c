//! Simultaneous bands where they can be had by hand.

use approx::assert_relative_eq;
use riskset::nonparametric::{Band, BandKind, Bands, KaplanMeierFit};
use riskset::statistic::IntervalTransform;
use riskset::{Error, KaplanMeier, Result, RightCensored, Weights};

const NORMAL: f64 = 1.959963984540054;

fn ten() -> KaplanMeierFit {
    let time: Vec<f64> = (1..=10).map(f64::from).collect();
    KaplanMeier::new()
        .transform(IntervalTransform::LogLog)
        .fit(&RightCensored::new(&time, &[true; 10]).unwrap())
        .unwrap()
}

fn band(kind: BandKind, from: f64, to: f64) -> Result<Band> {
    Bands::new().kind(kind).range(from, to).of(&ten())
}

/// At a single step both are a pointwise interval: a = 1 − S = 0.4 and n v = S⁻¹ − 1 = 2/3.
#[test]
fn over_one_step_a_band_is_a_confidence_interval() {
    let pointwise = ten().curve().clone();
    for (kind, critical) in
        [(BandKind::EqualPrecision, NORMAL), (BandKind::HallWellner, NORMAL * 0.24_f64.sqrt())]
    {
        let band = band(kind, 4.0, 4.5).unwrap();
        assert_eq!(
            (&band.time[..], &band.survival[..]),
            (&[4.0][..], &[pointwise.survival()[3]][..])
        );
        assert_relative_eq!(band.critical, critical, max_relative = 1e-9);
        assert_relative_eq!(band.lower[0], pointwise.lower().get(3).unwrap(), max_relative = 1e-9);
        assert_relative_eq!(band.upper[0], pointwise.upper().get(3).unwrap(), max_relative = 1e-9);
    }
}

/// A band from 2.5 on holds the step on which 2.5 lies, and pays for it.
#[test]
fn a_range_begins_with_the_step_it_lies_on() {
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let (between, before) = (band(kind, 2.5, 7.0).unwrap(), band(kind, 2.0, 7.0).unwrap());
        assert_eq!(between.time, [2.5, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(between.critical, before.critical);
        assert_eq!(between.lower, before.lower);
        assert!(band(kind, 3.0, 7.0).unwrap().critical < between.critical);
    }
    // Before the first event the curve is 1, and nothing is to be covered.
    assert_eq!(band(BandKind::HallWellner, 0.5, 2.0).unwrap().time, [1.0, 2.0]);
}

#[test]
fn ranges_without_a_curve_are_refused() {
    let to_the_end =
        [(0.0, 0.5), (10.0, 11.0), (12.0, 13.0), (5.0, 4.0), (4.5, 4.2), (f64::NAN, 4.0)];
    // Another curve ends above 0.
    let left = KaplanMeier::new().fit(&RightCensored::new(&TIME, &EVENT).unwrap()).unwrap();
    let refused = (to_the_end.iter())
        .map(|&(from, to)| band(BandKind::EqualPrecision, from, to))
        .chain([(8.5, 9.0), (4.5, 4.2)].map(|(from, to)| Bands::new().range(from, to).of(&left)));
    for (place, refused) in refused.enumerate() {
        assert!(matches!(refused, Err(Error::InvalidOption { option: "range", .. })), "{place}");
    }
}

const TIME: [f64; 9] = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 7.0, 8.0];
const EVENT: [bool; 9] = [true, true, false, true, true, false, true, true, false];
const COUNT: [u64; 9] = [2, 1, 3, 1, 2, 2, 4, 1, 3];

fn same(a: &Band, b: &Band) {
    assert_relative_eq!(a.critical, b.critical, max_relative = 1e-8);
    assert_eq!((&a.time, a.survival.len()), (&b.time, b.survival.len()));
    for (a, b) in [(&a.lower, &b.lower), (&a.upper, &b.upper)] {
        a.iter().zip(b).for_each(|(a, b)| assert_relative_eq!(a, b, max_relative = 1e-8));
    }
}

fn weighted(kind: BandKind, weights: Weights) -> Band {
    let data = RightCensored::new(&TIME, &EVENT).unwrap().with_weights(weights).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    Bands::new().kind(kind).transform(IntervalTransform::Log).of(&fit).unwrap()
}

/// A row of frequency 2 is the row twice, and a case weight of 2 has the same variance.
#[test]
fn weights_count_as_rows() {
    let repeated = || (0..9).flat_map(|row| (0..COUNT[row]).map(move |_| row));
    let time: Vec<f64> = repeated().map(|row| TIME[row]).collect();
    let event: Vec<bool> = repeated().map(|row| EVENT[row]).collect();
    let fit = KaplanMeier::new().fit(&RightCensored::new(&time, &event).unwrap()).unwrap();
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let rows = Bands::new().kind(kind).transform(IntervalTransform::Log).of(&fit).unwrap();
        same(&weighted(kind, Weights::frequency(&COUNT).unwrap()), &rows);
        let case = COUNT.map(|count| count as f64);
        same(&weighted(kind, Weights::case(&case).unwrap()), &rows);
    }
}

/// In another unit of weight the critical value stays, and ln S + width is as far from ln S as the root of the
/// unit says, as Greenwood's standard error is.
#[test]
fn the_unit_of_weights_scales_a_band_as_it_does_pointwise_limits() {
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let of = |unit: f64| {
            let case = COUNT.map(|count| unit * count as f64);
            weighted(kind, Weights::case(&case).unwrap())
        };
        let one = of(1.0);
        for unit in [1e-100, 0.25, 16.0, 1e90] {
            let other = of(unit);
            assert_relative_eq!(other.critical, one.critical, max_relative = 1e-8);
            if unit == 1e-100 || unit == 1e90 {
                continue;
            }
            let width = |band: &Band, k: usize| (band.survival[k] / band.lower[k]).ln();
            for k in 0..one.time.len() {
                assert_relative_eq!(
                    width(&other, k) * unit.sqrt(),
                    width(&one, k),
                    max_relative = 1e-8
                );
            }
        }
    }
}
