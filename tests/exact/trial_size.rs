//! Sizes of trials, against published examples and sums that can be done by hand.

use approx::assert_relative_eq;
use riskset::Error;
use riskset::inference::{FollowUp, PowerFormula, TwoArmTrial};

/// z(0.025) + z(0.1) = 1.959964 + 1.281552 and z(0.025) + z(0.2) = 1.959964 + 0.841621.
const AT_90: f64 = 3.241_515_550_084_654;
const AT_80: f64 = 2.801_585_218_112_969;

/// Collett, *Modelling Survival Data in Medical Research*, on chronic active hepatitis: survival past
/// five years is to rise from 0.41 to 0.60, a ratio of ln 0.60 / ln 0.41 = 0.57. With 90% power he
/// needs 4 · 10.507 / (ln 0.57)² = 42.03 / 0.3160 = 133 deaths.
#[test]
fn hepatitis() {
    let events = TwoArmTrial::new(0.57).events(0.9).unwrap();
    assert_relative_eq!(events, 4.0 * AT_90.powi(2) / 0.57_f64.ln().powi(2), max_relative = 1e-13);
    assert_eq!(events.floor(), 133.0);
}

/// Rosner, *Fundamentals of Biostatistics*, 14.12, after Freedman: 200 patients in each arm, of whom
/// 0.3707 and 0.4890 have the event, and a ratio of 0.7. Expected are 74.14 + 97.8 = 171.94 events;
/// √171.94 · 0.3/1.7 − 1.96 = 2.314 − 1.960 = 0.354, the power is Φ(0.354) = 0.638. For a power of
/// 0.8, (1.7/0.3)² · 7.8489 = 252.04 events, and 252.04 / (0.3707 + 0.4890) = 293.2 in each arm.
#[test]
fn retinitis() {
    let trial = TwoArmTrial::new(0.7).formula(PowerFormula::Freedman);
    let power = trial.power(200.0 * 0.3707 + 200.0 * 0.4890).unwrap();
    assert_relative_eq!(power, 0.638_338_942_525_039, max_relative = 1e-13);
    let size = trial.size_of(0.8, 0.3707, 0.4890).unwrap();
    assert_eq!((size.events, size.n_treated, size.n_control, size.n), (253, 294, 294, 588));
    assert!(size.power > 0.8 && size.power < 0.802);
}

/// MRC Cognition and Brain Sciences Unit, on Schoenfeld's formula: survival of 0.75 against 0.37 is a
/// ratio of ln 0.75 / ln 0.37 = 0.2893; 4 · (1.96 + 0.84)² / 1.2401² = 20.39 events, 20.41 with all
/// digits of the quantiles.
#[test]
fn amyloid() {
    let ratio = 0.75_f64.ln() / 0.37_f64.ln();
    let events = TwoArmTrial::new(ratio).events(0.8).unwrap();
    assert_relative_eq!(events, 20.414_075_935_208, max_relative = 1e-13);
}

/// Two treated for each control, a ratio of 0.6: φ = 2, (1 + 1.2)²/(2 · 0.16) = 15.125 for Freedman
/// and 1/((2/9) · ln² 0.6) = 17.2450 for Schoenfeld.
#[test]
fn unequal_arms() {
    let trial = TwoArmTrial::new(0.6).allocation(2.0 / 3.0);
    let freedman = trial.formula(PowerFormula::Freedman).events(0.8).unwrap();
    assert_relative_eq!(freedman, AT_80.powi(2) * 15.125, max_relative = 1e-13);
    let factor = 4.5 / 0.6_f64.ln().powi(2);
    assert_relative_eq!(trial.events(0.8).unwrap(), AT_80.powi(2) * factor, max_relative = 1e-13);
    // Which arm is called treated does not matter.
    for formula in [PowerFormula::Schoenfeld, PowerFormula::Freedman] {
        let here = trial.formula(formula).events(0.9).unwrap();
        let there = TwoArmTrial::new(1.0 / 0.6).allocation(1.0 / 3.0).formula(formula);
        assert_relative_eq!(there.events(0.9).unwrap(), here, max_relative = 1e-13);
    }
}

#[test]
fn power_is_the_inverse_of_events() {
    for ratio in [0.3, 0.8, 1.4] {
        for formula in [PowerFormula::Schoenfeld, PowerFormula::Freedman] {
            for trial in [TwoArmTrial::new(ratio), TwoArmTrial::new(ratio).one_sided()] {
                let trial = trial.formula(formula).significance(0.01).allocation(0.4);
                for power in [0.2, 0.8, 0.999] {
                    let events = trial.events(power).unwrap();
                    assert_relative_eq!(trial.power(events).unwrap(), power, max_relative = 1e-12);
                }
            }
        }
    }
}

/// A one-sided test at α is a two-sided one at 2 α.
#[test]
fn sides() {
    let one = TwoArmTrial::new(0.7).one_sided().significance(0.025).events(0.9).unwrap();
    assert_relative_eq!(one, TwoArmTrial::new(0.7).events(0.9).unwrap(), max_relative = 1e-15);
}

/// Median 12 months, hazard of dropping out 0.01, 18 months of accrual and 12 more: λ = ln 2/12 and
/// μ = λ + 0.01 give λ/μ (1 − (exp(−12 μ) − exp(−30 μ))/(18 μ)), computed in R.
#[test]
fn probability_of_an_event() {
    let months = FollowUp::median(12.0).accrual(18.0).follow_up(12.0).dropout(0.01);
    let probability = |ratio| months.probability(ratio).unwrap();
    assert_relative_eq!(probability(1.0), 0.634_028_050_979_002, max_relative = 1e-13);
    assert_relative_eq!(probability(0.5), 0.407_763_549_938_269, max_relative = 1e-13);
    // Short accrual is none: the two forms of the mean meet, and it goes to λ (f + a/2).
    let at = |accrual: f64| {
        let months = FollowUp::hazard(1.0).accrual(accrual).follow_up(0.5);
        months.probability(1.0).unwrap()
    };
    assert_relative_eq!(at(0.1), at(0.1 - 1e-12), max_relative = 1e-11);
    let direct = 1.0 - ((-0.5_f64).exp() - (-0.59_f64).exp()) / 0.09;
    assert_relative_eq!(at(0.09), direct, max_relative = 1e-14);
    let rare = FollowUp::hazard(1e-12).accrual(4.0).follow_up(3.0).probability(1.0).unwrap();
    assert_relative_eq!(rare, 5e-12, max_relative = 1e-11);
}

#[test]
fn size_and_power_agree() {
    let months = FollowUp::median(12.0).accrual(18.0).follow_up(12.0).dropout(0.01);
    let trial = TwoArmTrial::new(0.6).allocation(0.6);
    let size = trial.size(0.85, &months).unwrap();
    assert_eq!(size.n, size.n_treated + size.n_control);
    let power = trial.power_of_size(size.n_treated, size.n_control, &months).unwrap();
    assert!((0.85..0.86).contains(&power), "{power}");
    assert_relative_eq!(size.power, power, max_relative = 1e-3);
    assert!(size.to_string().contains("number of events="));
}

#[test]
fn options_out_of_range_are_refused() {
    let months = FollowUp::median(12.0).follow_up(12.0);
    let good = TwoArmTrial::new(0.7);
    #[track_caller]
    fn refused<T: std::fmt::Debug>(result: riskset::Result<T>, name: &str) {
        match result.unwrap_err() {
            Error::InvalidOption { option, .. } => assert_eq!(option, name),
            error => panic!("{error}"),
        }
    }
    for ratio in [0.0, -1.0, 1.0, f64::NAN, f64::INFINITY] {
        refused(TwoArmTrial::new(ratio).events(0.8), "hazard_ratio");
        refused(TwoArmTrial::new(ratio).size(0.8, &months), "hazard_ratio");
    }
    refused(TwoArmTrial::new(1.0 + 1e-9).events(0.8), "hazard_ratio");
    for level in [0.0, 0.5, f64::NAN] {
        refused(good.significance(level).power(100.0), "significance");
    }
    for share in [0.0, 1.0, f64::NAN] {
        refused(good.allocation(share).power(100.0), "allocation");
    }
    for power in [0.0, 0.025, 1.0, f64::NAN] {
        refused(good.events(power), "power");
    }
    for events in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(good.power(events), "events");
    }
    refused(good.power_of_size(0, 10, &months), "treated");
    refused(good.power_of_size(10, 0, &months), "control");
    refused(good.size_of(0.8, 0.0, 0.5), "probability_treated");
    refused(good.size_of(0.8, 0.5, 1.5), "probability_control");
    for value in [-1.0, f64::NAN, f64::INFINITY] {
        refused(good.size(0.8, &months.accrual(value)), "accrual");
        refused(good.size(0.8, &months.follow_up(value)), "follow_up");
        refused(good.size(0.8, &months.dropout(value)), "dropout");
        refused(FollowUp::hazard(value).follow_up(1.0).probability(1.0), "hazard");
        refused(months.probability(value), "ratio");
    }
    refused(FollowUp::median(0.0).follow_up(1.0).probability(1.0), "hazard");
    refused(FollowUp::median(12.0).probability(1.0), "follow_up");
    refused(FollowUp::hazard(1e-300).follow_up(1e-300).probability(1.0), "hazard");
    refused(good.size_of(0.8, 1e-20, 1e-20), "hazard_ratio");
}
