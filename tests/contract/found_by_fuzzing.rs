//! What tests/fuzz has found, each as the least input that still shows it.

use riskset::nonparametric::{BandKind, Bands};
use riskset::regression::cox::CoxFit;
use riskset::study::{Baseline, BaselineSummary, ForestData, NumberTest, SurvivalSummary};
use riskset::{CoxPh, Design, Error, Groups, KaplanMeier, Profile, RightCensored};

use super::hard_input::assert_finite;

/// The square of a deviation can be beyond the range of numbers where the values are not.
#[test]
fn a_spread_too_large_for_its_square() {
    let arm = Groups::new(&["a", "a", "b", "b", "b"]).unwrap();
    for test in [NumberTest::Anova, NumberTest::WelchT, NumberTest::KruskalWallis] {
        for huge in [1e160, 1e300, f64::MAX] {
            let table = Baseline::new().numeric("x", &[0.0, huge, 1.0, 2.0, 4.0]).number_test(test);
            let table = table.by(&arm);
            assert_finite(&table);
            let row = table.unwrap().row("x").unwrap().clone();
            let BaselineSummary::Number { by_group, overall } = &row.summary else { panic!() };
            assert_eq!((by_group[0].std_deviation, overall.std_deviation), (None, None));
            assert_eq!((by_group[0].mean, overall.mean), (Some(huge / 2.0), Some(huge / 5.0)));
            assert!(by_group[1].std_deviation.is_some());
            assert_eq!(row.test.is_some(), test == NumberTest::KruskalWallis);
        }
    }
}

/// Nor is the sum of the values always a number, nor the distance of two of them.
#[test]
fn values_at_both_ends_of_the_range_of_numbers() {
    let arm = Groups::new(&["a", "a", "b", "b", "b"]).unwrap();
    for last in [f64::MIN, f64::MAX] {
        let x = [f64::MAX, f64::MAX, f64::MIN, f64::MAX, last];
        for weights in [None, Some(riskset::Weights::case(&[2.0; 5]).unwrap())] {
            let mut table = Baseline::new().numeric("x", &x);
            if let Some(weights) = &weights {
                table = table.weights(weights);
            }
            assert_finite(&table.by(&arm));
        }
    }
}

/// A level that rounds to none: the multiplier of its limits is 0, and so is the critical value.
#[test]
fn a_band_of_next_to_no_confidence() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, false]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let band = Bands::new().kind(kind).confidence(1e-17).of(&fit);
        assert_finite(&band);
        assert!(band.unwrap().critical.is_sign_positive());
    }
}

/// A column whose squares are out of range in one of two strata only: it was taken for a combination of other
/// columns, and Firth's penalty had degrees of freedom that are no number. It is refused as without strata.
#[test]
fn a_column_that_is_huge_in_one_stratum() {
    let (time, event) = ([1.0, 2.0, 3.0, 4.0, 5.0], [true, true, false, true, true]);
    let x = [0.5, -1.0, 2.0, 1.0, -0.5];
    let design = |x: &[f64]| Design::builder().numeric("x", x).build().unwrap();
    let alone = RightCensored::new(&time, &event).unwrap();
    let both = RightCensored::new(&[time, time].concat(), &[event, event].concat()).unwrap();
    let both = both.with_strata(&[["a"; 5], ["b"; 5]].concat()).unwrap();
    for model in [CoxPh::new(), CoxPh::new().firth()] {
        let fit = |by: f64| model.fit(&both, &design(&[x.map(|x| x * by), x].concat()));
        assert!(matches!(fit(1e300), Err(Error::ColumnScale { .. })));
        // One that is large, but not out of range, hides the other stratum.
        let estimate = |fit: CoxFit| fit.coefficients()[0].estimate.unwrap();
        let expected = estimate(model.fit(&alone, &design(&x)).unwrap());
        let large = estimate(fit(1e60).unwrap()) * 1e60;
        approx::assert_relative_eq!(large, expected, max_relative = 1e-9);
    }
}

/// Times that are numbers, whose sum is none: the person-time was infinite.
#[test]
fn person_time_beyond_the_range_of_numbers() {
    let data = RightCensored::new(&[1.0, f64::MAX, f64::MAX], &[true, true, false]).unwrap();
    let arm = Groups::new(&["a", "a", "b"]).unwrap();
    let table = SurvivalSummary::new().by(&data, &arm);
    assert_finite(&table);
    let table = table.unwrap();
    assert_eq!(table.overall.person_time, None);
    assert_eq!(table.groups[1].person_time, Some(f64::MAX));
    assert!(!table.to_string().contains("inf"));
}

/// The level of limits is checked where there is nothing to give limits of.
#[test]
fn a_forest_without_rows_has_a_level() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true; 3]).unwrap();
    let design = Design::empty(3);
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    assert!(ForestData::of_fit(&fit, &data, &design, 0.95).unwrap().rows.is_empty());
    for level in [f64::NAN, 1.0, 0.0] {
        let refused = ForestData::of_fit(&fit, &data, &design, level);
        assert!(matches!(refused, Err(Error::InvalidOption { .. })), "{refused:?}");
    }
}

/// The value of an interaction follows from its covariates: one of its own was passed over, whatever it was,
/// and stood in the names of ratios.
#[test]
fn an_interaction_has_no_value_of_its_own() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[true; 6]).unwrap();
    let design = Design::builder()
        .numeric("a", &[0.3, 1.2, 0.1, 0.9, -0.4, 0.2])
        .numeric("b", &[1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
        .interaction("a", "b")
        .build()
        .unwrap();
    let fit = CoxPh::new().ridge(0.1).fit(&data, &design).unwrap();
    let at = Profile::new().number("b", 1.0);
    let along = |at: &Profile| fit.ratios_along("a", &[2.0], 0.0, at, 0.95);
    assert_eq!(along(&at).unwrap()[0].ratio.name, "a=2 against 0 at b=1");
    for value in [f64::NAN, 2.0] {
        let refused = along(&at.clone().number("a:b", value));
        let Err(Error::InvalidCells { cells }) = refused else { panic!("{refused:?}") };
        assert_eq!((cells.len(), cells[0].column.as_str()), (1, "a:b"));
        assert!(cells[0].rule.contains("covariates"));
    }
}

/// What a profile says of the covariate itself is replaced by the values that are compared: it stood in the
/// name all the same, even where it was no number.
#[test]
fn a_ratio_along_a_covariate_is_not_named_after_a_value_of_its_own() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[true; 6]).unwrap();
    let design = Design::builder()
        .numeric("a", &[0.3, 1.2, 0.1, 0.9, -0.4, 0.2])
        .factor("g", &["x", "y", "x", "x", "y", "y"], "x")
        .build()
        .unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let person = |a: f64| Profile::new().number("a", a).level("g", "y");
    let along = |at: &Profile| fit.ratios_along("a", &[2.0], 0.0, at, 0.95).unwrap();
    for a in [1.0, f64::NAN] {
        assert_eq!(along(&person(a))[0].ratio.name, "a=2 against 0 at g=y");
        assert_eq!(along(&person(a))[0].ratio.estimate, along(&Profile::new())[0].ratio.estimate);
    }
    let levels = fit.level_ratios("g", "x", &person(1.0), 0.95).unwrap();
    assert_eq!(levels[0].name, "g=y against x at a=1");
}
