//! What the functionals of curves refuse, and what they say at the edges.

use riskset::curve::ByGroup;
use riskset::data::{RiskTable, Variance};
use riskset::nonparametric::{
    Bands, FixedTime, KaplanMeierFit, LifeTable, RestrictedMean, SmoothedHazard,
};
use riskset::{
    CountingProcess, Error, Groups, KaplanMeier, NelsonAalen, RightCensored, Warning, Weights,
};

fn two_groups(time: &[f64], event: &[bool], groups: &[&str]) -> ByGroup<KaplanMeierFit> {
    let data = RightCensored::new(time, event).unwrap();
    KaplanMeier::new().fit_by(&data, &Groups::new(groups).unwrap()).unwrap()
}

fn one() -> KaplanMeierFit {
    let data = RightCensored::new(&[2.0, 3.0, 5.0], &[true, true, false]).unwrap();
    KaplanMeier::new().fit(&data).unwrap()
}

#[test]
fn tau_is_checked() {
    for tau in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = RestrictedMean::new(tau).of(&one()).unwrap_err();
        assert!(matches!(error, Error::InvalidOption { option: "tau", .. }), "{error}");
    }
    let error = RestrictedMean::new(6.0).of(&one()).unwrap_err();
    assert_eq!(error.to_string(), "`data` is followed up to 5: nothing is known at 6");
    let carried = RestrictedMean::new(6.0).carry_forward().of(&one()).unwrap();
    assert!((carried.mean - (2.0 + 2.0 / 3.0 + 1.0)).abs() < 1e-15);
    assert!(RestrictedMean::new(4.0).confidence(1.0).of(&one()).is_err());
}

#[test]
fn tau_before_the_first_event_is_the_mean() {
    for tau in [0.1, 1.7, 2.0] {
        let fit = RestrictedMean::new(tau).of(&one()).unwrap();
        assert_eq!((fit.mean, fit.std_error, fit.time_lost), (tau, 0.0, 0.0));
    }
    let curves = two_groups(&[2.0, 3.0, 2.5, 4.0], &[true; 4], &["a", "a", "b", "b"]);
    let means = RestrictedMean::new(1.0).compare(&curves).unwrap();
    let contrast = &means.contrasts[0];
    assert_eq!((contrast.difference.estimate, contrast.difference.test), (0.0, None));
    assert_eq!((contrast.time_lost_ratio, means.test), (None, None));
    assert!(means.contrast("a", "a").is_err());
    assert!(means.contrast("a", "c").is_err());
    assert_eq!(means.contrast("a", "b").unwrap().reference, "b");
}

#[test]
fn huge_and_tiny_times_stay_numbers() {
    for unit in [1e-300, 1e300] {
        let data =
            RightCensored::new(&[unit, 2.0 * unit, 3.0 * unit], &[true, true, false]).unwrap();
        let fit = KaplanMeier::new().fit(&data).unwrap();
        let mean = RestrictedMean::new(3.0 * unit).of(&fit).unwrap();
        assert!((mean.mean / unit - 2.0).abs() < 1e-14);
        // Areas 1 and 1/3 after the two events: 1/6 + 1/18.
        assert!((mean.std_error / unit - (2.0_f64 / 9.0).sqrt()).abs() < 1e-14);
        let hazard = NelsonAalen::new().fit(&data).unwrap();
        let smoothed = SmoothedHazard::new(unit).of(&hazard, &[unit]);
        assert!(smoothed.unwrap().hazard()[0].is_finite());
    }
}

#[test]
fn everybody_dies_at_time_0() {
    let curves = two_groups(&[0.0, 0.0, 1.0, 2.0], &[true; 4], &["a", "a", "b", "b"]);
    let means = RestrictedMean::new(2.0).compare(&curves).unwrap();
    let a = means.groups.get("a").unwrap();
    assert_eq!((a.mean, a.std_error, a.time_lost), (0.0, 0.0, 2.0));
    assert_eq!(means.contrasts[0].ratio, None);
    assert!(means.contrasts[0].time_lost_ratio.is_some());
    assert!(means.to_string().contains("difference"));
}

#[test]
fn a_fixed_time_needs_survival_between_0_and_1() {
    let (time, event) = ([1.0, 4.0, 5.0, 2.0, 3.0, 6.0], [true, true, false, true, true, true]);
    let curves = two_groups(&time, &event, &["a", "a", "a", "b", "b", "b"]);
    let at = |time: f64| FixedTime::new(time).compare(&curves);
    assert!(at(3.5).unwrap().to_string().contains("against a"));
    assert_eq!(
        at(1.5).unwrap_err().to_string(),
        "survival of `b` at time 1.5 is 1: a comparison needs a value between 0 and 1 in every group"
    );
    // Somebody has left, but nobody has died.
    let event = [true, true, false, false, true, true];
    let left = two_groups(&time, &event, &["a", "a", "a", "b", "b", "b"]);
    let error = FixedTime::new(2.5).compare(&left).unwrap_err();
    assert!(matches!(error, Error::DegenerateSurvival { survival: 1.0, .. }), "{error}");
    assert!(matches!(at(5.5), Err(Error::BeyondFollowUp { last: 5.0, .. })));
    assert!(matches!(at(f64::NAN), Err(Error::InvalidOption { option: "time", .. })));
    let dead = two_groups(&time, &[true; 6], &["a", "a", "a", "b", "b", "b"]);
    let error = FixedTime::new(5.0).compare(&dead).unwrap_err();
    assert!(matches!(error, Error::DegenerateSurvival { survival: 0.0, .. }));
    let single = two_groups(&time, &event, &["a"; 6]);
    assert!(matches!(FixedTime::new(3.0).compare(&single), Err(Error::SingleLevel { .. })));
    assert!(matches!(RestrictedMean::new(3.0).compare(&single), Err(Error::SingleLevel { .. })));
}

#[test]
fn a_curve_that_emptied_starts_again() {
    let data = CountingProcess::new(&[0.0, 2.0, 2.0], &[1.0, 3.0, 4.0], &[true; 3]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    assert_eq!(fit.warnings(), [Warning::RiskSetEmptied { time: 1.0 }]);
    let given = fit.given(1.0).unwrap();
    assert_eq!((given.survival(), given.warnings()), (&[0.5, 0.0][..], &[][..]));
    assert_eq!(given.at_time(3.0).unwrap().n_risk, 2.0);
    assert!(matches!(fit.given(4.0), Err(Error::BeyondFollowUp { .. })));
    assert!(matches!(fit.given(-1.0), Err(Error::InvalidOption { .. })));
    assert!(matches!(fit.given(f64::NAN), Err(Error::InvalidOption { .. })));
}

#[test]
fn given_a_reverse_curve_keeps_its_direction() {
    let data = RightCensored::new(&[1.0, 2.0, 2.0, 3.0], &[true, true, false, false]).unwrap();
    let given = KaplanMeier::new().reverse().fit(&data).unwrap().given(1.0).unwrap();
    assert_eq!(given.survival(), [0.5, 0.0]);
}

#[test]
fn the_robust_variance_is_refused_where_increments_must_be_independent() {
    let data = RightCensored::new(&[2.0, 3.0, 5.0], &[true, true, false]).unwrap();
    let data = data.with_clusters(&[1, 1, 2]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    assert!(matches!(RestrictedMean::new(4.0).of(&fit), Err(Error::Unsupported { .. })));
    assert!(matches!(fit.given(2.0), Err(Error::Unsupported { .. })));
    assert!(matches!(Bands::new().of(&fit), Err(Error::Unsupported { .. })));
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let smoothed = SmoothedHazard::new(1.0).of(&hazard, &[2.0]);
    assert!(matches!(smoothed, Err(Error::Unsupported { .. })));
    assert!(RestrictedMean::new(4.0).fit(&data).is_ok());
    let model = KaplanMeier::new().variance(Variance::ModelBased).fit(&data).unwrap();
    assert!(RestrictedMean::new(4.0).of(&model).is_ok());
    assert!(Bands::new().of(&model).is_ok());
    let robust = RestrictedMean::new(4.0).variance(Variance::Robust);
    assert!(matches!(robust.of(&model), Err(Error::Unsupported { .. })));
}

#[test]
fn a_smoothed_hazard_stays_within_its_range() {
    let data = RightCensored::new(&[2.0, 3.0, 5.0], &[true, true, false]).unwrap();
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    for bandwidth in [0.0, -1.0, f64::NAN, 2.6, f64::INFINITY] {
        let error = SmoothedHazard::new(bandwidth).of(&hazard, &[1.0]).unwrap_err();
        assert!(error.to_string().contains("must be above 0 and at most half"), "{error}");
    }
    let estimator = SmoothedHazard::new(1.0);
    for time in [-0.1, 5.1, f64::NAN] {
        assert!(estimator.of(&hazard, &[time]).is_err());
    }
    assert!(estimator.range(1.0, 6.0).of(&hazard, &[2.0]).is_err());
    assert!(estimator.range(4.0, 3.0).of(&hazard, &[3.5]).is_err());
    assert!(estimator.range(f64::NAN, 3.0).of(&hazard, &[2.0]).is_err());
    assert!(SmoothedHazard::new(1e-310).of(&hazard, &[2.0]).is_err());
    assert!(estimator.of(&hazard, &[]).unwrap().hazard().is_empty());
    // The hazard is 10³⁰⁰/4, its standard error 10¹⁰ times as much, which no number holds.
    let data = data.with_weights(Weights::case(&[1e-20; 3]).unwrap()).unwrap();
    let hazard = NelsonAalen::new().fit(&data).unwrap();
    let error = SmoothedHazard::new(1e-300).of(&hazard, &[2.0]).unwrap_err();
    assert!(error.to_string().contains("is too small for the unit of time"), "{error}");
}

/// A robust variance needs the rows, and so do sampling weights, whose variance is robust.
#[test]
fn curves_of_counts_have_no_robust_variance() {
    let data = RightCensored::new(&[2.0, 3.0, 5.0], &[true, true, false]).unwrap();
    let groups = Groups::new(&["a", "b", "a"]).unwrap();
    let refused = |model: KaplanMeier, data: &RightCensored| {
        let table = RiskTable::by(data, &groups).unwrap();
        match model.fit_table(&table) {
            Err(Error::Unsupported { what, .. }) => Some(what),
            other => other.map(|_| None).unwrap(),
        }
    };
    let sampled = data.clone().with_weights(Weights::sampling(&[0.5, 1.0, 2.0]).unwrap()).unwrap();
    let robust = KaplanMeier::new().variance(Variance::Robust);
    let what = Some("a robust variance from counts");
    assert_eq!(refused(KaplanMeier::new(), &data), None);
    assert_eq!(refused(KaplanMeier::new(), &sampled), what);
    assert_eq!(refused(robust, &data), what);
}

#[test]
fn a_life_table_checks_its_intervals_and_counts() {
    for starts in [&[1.0, 2.0][..], &[0.0, 2.0, 2.0], &[0.0, f64::NAN], &[0.0, f64::INFINITY]] {
        let error = LifeTable::new(starts).of_counts(&[1.0; 2], &[1.0; 2]).unwrap_err();
        assert!(matches!(error, Error::InvalidCells { .. }), "{error}");
    }
    let table = LifeTable::new(&[0.0, 1.0]);
    assert!(matches!(LifeTable::new(&[]).of_counts(&[], &[]), Err(Error::Empty { .. })));
    assert!(matches!(table.of_counts(&[1.0], &[1.0; 2]), Err(Error::LengthMismatch { .. })));
    assert!(matches!(table.of_counts(&[0.0; 2], &[0.0; 2]), Err(Error::Empty { .. })));
    let data = RightCensored::new(&[0.5, 1.5], &[true, false]).unwrap();
    let error = table.fit_by(&data, &Groups::with_levels(&["a"; 2], &["a", "b"]).unwrap());
    assert!(matches!(error, Err(Error::Empty { what }) if what == "b"));
    for count in [-1.0, f64::NAN, f64::INFINITY, 1e15] {
        let error = table.of_counts(&[count, 1.0], &[0.0; 2]).unwrap_err().to_string();
        assert_eq!(error, format!("`n_event` row 0 is {count}: must be from 0 to below 1e15"));
    }
}
