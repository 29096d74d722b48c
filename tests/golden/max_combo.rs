//! MaxCombo against R: `generate/max_combo.R` printed the numbers. p by `TVPACK` to rounding, or by
//! the random numbers of `GenzBretz`, whose stated error is the bound.

use riskset::nonparametric::{Alternative, MaxCombo, MaxComboFit, TestWeight};
use riskset::{Groups, RightCensored};

use super::case::folder;
use super::frame::Frame;

const LUNG_Z: [f64; 4] =
    [-3.213524848960347, -1.860103267587891, -3.565690872910547, -2.7685344459842];
const LUNG_R: [f64; 6] = [
    0.8406802232224461,
    0.9193489383967863,
    0.5598164555970531,
    0.926749176742413,
    0.8715198637645973,
    0.7848591667679131,
];
const VETERAN_Z: [f64; 4] =
    [0.8377012276726804, 0.3857770664889035, 1.0048281345961005, 0.7417409308850955];
const VETERAN_R: [f64; 6] = [
    0.8434126556211053,
    0.9197052448465443,
    0.564755154474934,
    0.9207822284311324,
    0.8878726496016998,
    0.7655348516205286,
];

fn data(file: &str, group: &str, strata: Option<&str>) -> (RightCensored, Groups) {
    let frame = Frame::read(&folder("data").join(file));
    let event: Vec<bool> = frame.numbers("status").iter().map(|&status| status == 1.0).collect();
    let data = RightCensored::new(&frame.numbers("time"), &event).unwrap();
    let data = match strata {
        Some(strata) => data.with_strata(frame.text(strata)).unwrap(),
        None => data,
    };
    (data, Groups::new(frame.text(group)).unwrap())
}

/// Fleming and Harrington's weights 00, 10, 11: linearly independent.
fn three() -> MaxCombo {
    let powers = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)];
    MaxCombo::new()
        .weights(&powers.map(|(rho, gamma)| TestWeight::FlemingHarrington { rho, gamma }))
}

#[track_caller]
fn near(ours: f64, theirs: f64, bound: f64) {
    assert!((ours - theirs).abs() <= bound, "ours {ours:e}, R {theirs:e}");
}

fn statistics(fit: &MaxComboFit, z: [f64; 4], upper: [f64; 6]) {
    fit.statistics().iter().zip(z).for_each(|(ours, theirs)| near(*ours, theirs, 1e-12));
    let pairs = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)];
    for (pair, theirs) in pairs.into_iter().zip(upper) {
        near(fit.correlation()[pair], theirs, 1e-13);
    }
    // What is integrated numerically is not exact.
    assert!((1e-18..1e-8).contains(&fit.p_value_error()), "{}", fit.p_value_error());
}

#[test]
fn four_weights_with_their_singular_correlation() {
    let (lung, sex) = data("lung.csv", "sex", None);
    let fit = MaxCombo::new().fit(&lung, &sex).unwrap();
    statistics(&fit, LUNG_Z, LUNG_R);
    near(fit.p_value(), 0.0009838612363113342, 2.9e-7);
    let (veteran, arm) = data("veteran.csv", "trt", Some("celltype"));
    let fit = MaxCombo::new().fit(&veteran, &arm).unwrap();
    statistics(&fit, VETERAN_Z, VETERAN_R);
    near(fit.p_value(), 0.5266872560150757, 4e-9);
}

#[test]
fn three_weights_and_one_side() {
    let (lung, sex) = data("lung.csv", "sex", None);
    let p = |test: MaxCombo, data: &RightCensored, groups: &Groups| {
        let fit = test.fit(data, groups).unwrap();
        assert!(fit.p_value_error() <= 1e-10, "{}", fit.p_value_error());
        fit.p_value()
    };
    let (lower, higher) = (Alternative::SecondLower, Alternative::SecondHigher);
    near(p(three(), &lung, &sex), 0.0007617217441834301, 9e-8);
    near(p(three().alternative(lower), &lung, &sex), 0.00038084138898975, 1e-12);
    near(p(three().alternative(higher), &lung, &sex), 0.9992238538791658, 1e-12);
    let (veteran, arm) = data("veteran.csv", "trt", Some("celltype"));
    near(p(three(), &veteran, &arm), 0.4626510486453731, 5e-11);
    near(p(three().alternative(lower), &veteran, &arm), 0.8584861272766992, 1e-12);
    near(p(three().alternative(higher), &veteran, &arm), 0.2314639402078944, 1e-12);
}
