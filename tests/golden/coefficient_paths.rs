//! Paths of coefficients beyond the reference cases: `generate/zph_paths.R` prints the numbers.

use riskset::inference::{Proportionality, TimeTransform};
use riskset::{CoxPh, Design, RightCensored};

use super::case::folder;
use super::frame::Frame;
use crate::sample::{assert_close, assert_slice_close};

/// Events of the second stratum, where z is constant, are in the path of x alone, and z is scaled by the
/// events of the first.
#[test]
fn a_column_that_is_constant_within_a_stratum() {
    let k = || 0..24_u32;
    let time: Vec<f64> = k().map(|k| f64::from(k * 7 % 13 + 1)).collect();
    let event: Vec<bool> = k().map(|k| k * 5 % 4 != 0).collect();
    let stratum: Vec<bool> = k().map(|k| k >= 14).collect();
    let x: Vec<f64> = k().map(|k| f64::from(k * 11 % 7)).collect();
    let z: Vec<f64> = k().map(|k| f64::from(if k >= 14 { 2 } else { k * 3 % 5 })).collect();
    let data = RightCensored::new(&time, &event).unwrap().with_strata(&stratum).unwrap();
    let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let test = Proportionality::new().transform(TimeTransform::Identity);
    let statistics: Vec<f64> = (test.fit(&fit, &data, &design).unwrap().columns().iter())
        .map(|column| column.test.unwrap().statistic)
        .collect();
    assert_slice_close(&statistics, &[0.002_710_867_866_786_65, 1.099_441_408_433_779_8], 1e-9);
    let paths = test.paths(&fit, &data, &design).unwrap();
    let values = |k: usize| -> Vec<f64> {
        paths.columns[k].points.iter().map(|point| point.value).collect()
    };
    let of_x = [
        0.120829935121023,
        -0.963575727396483,
        -0.170743209127389,
        0.280964625638178,
        0.355844839426045,
        0.866887669864663,
        1.13748035911358,
        -0.377477206529403,
        -0.120167728825055,
        0.126014964975577,
        0.441047813857837,
        0.837704935771637,
        1.31696427136378,
        -0.523588034116793,
        -0.252760042182058,
        -0.674018183149124,
        -0.25929457296369,
        0.126014964975577,
    ];
    let of_z = [
        1.2491004892359,
        -0.878949756768835,
        0.536182131027154,
        -1.01790522516036,
        0.580587427676399,
        1.45249513574239,
        -0.56003438805131,
        -0.796331919724345,
        -0.378724057401692,
        0.020825269020873,
    ];
    assert_slice_close(&values(0), &of_x, 1e-9);
    assert_slice_close(&values(1), &of_z, 1e-9);
    assert_close(paths.columns[0].variance, 0.3680896209414727, 1e-9);
    assert_close(paths.columns[1].variance, 0.6538778986296042, 1e-9);
}

/// DIFFERENCE: the inner knots are quantiles of the transformed event times; R's plot takes quantiles of them
/// and of 40 plotting positions together, so that its curve depends on how finely it is drawn.
#[test]
fn a_smooth_is_least_squares_on_a_natural_spline() {
    let veteran = Frame::read(&folder("data/veteran.csv"));
    let event: Vec<bool> = veteran.numbers("status").iter().map(|status| *status == 1.0).collect();
    let data = RightCensored::new(&veteran.numbers("time"), &event).unwrap();
    let design = Design::builder()
        .numeric("karno", &veteran.numbers("karno"))
        .numeric("age", &veteran.numbers("age"))
        .build()
        .unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let paths = Proportionality::new().paths(&fit, &data, &design).unwrap();
    let smooth = paths.columns[0].smooth(4, 0.95).unwrap();
    let places = [0, 19, 49, 79, smooth.time.len() - 1];
    let theirs = [
        [1.0, 0.0, -0.05995771550929979, -0.09359584197086984, -0.02631958904772974],
        [27.0, 0.2700729927007299, -0.0589204928749516, -0.0778391910054154, -0.0400017947444878],
        [
            99.0,
            0.5587835757367189,
            -0.01079482376742389,
            -0.02828188172083501,
            0.006692234185987224,
        ],
        [
            250.0,
            0.8379188078305818,
            -0.01107163316929224,
            -0.02893099070834994,
            0.006787724369765463,
        ],
        [
            999.0,
            0.9909954893239212,
            -0.03463244924091727,
            -0.07080975356697022,
            0.001544855085135681,
        ],
    ];
    for (place, theirs) in places.into_iter().zip(theirs) {
        let ours = [
            smooth.time[place],
            smooth.transformed[place],
            smooth.value[place],
            smooth.lower[place],
            smooth.upper[place],
        ];
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(0.05), "{ours} {theirs}");
        }
    }
}
