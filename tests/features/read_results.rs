//! Parts of what is read as JSON that do not fit each other: refused, or used as far as they go.

use riskset::adjustment::{Standardisation, StandardisedSurvival};
use riskset::competing::{
    AalenJohansenFit, CauseSpecificBaseline, CauseSpecificCox, CumulativeIncidence, FineGray,
    FineGrayIncidence, StateOccupation, StateOccupationFit, TransitionCounts,
};
use riskset::data::{Episodes, IntervalCensored, MultiState};
use riskset::nonparametric::{
    AtRiskTable, Band, Bands, Estimand, InfluenceFit, InfluenceFunctions, KaplanMeierFit,
    LifeTable, LifeTableFit, NelsonAalenFit, Turnbull, TurnbullFit,
};
use riskset::regression::cox::{CoxBaseline, CoxCurve};
use riskset::statistic::Interval;
use riskset::study::{SurvivalSummary, SurvivalTable};
use riskset::{
    AalenJohansen, CompetingRisks, CoxPh, Design, Groups, KaplanMeier, NelsonAalen, Profile,
    RightCensored,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};
use std::fmt::Debug;

const TIME: [f64; 6] = [1.0, 2.5, 2.5, 4.0, 5.0, 6.0];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &[true, true, false, true, false, true]).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("x", &[2.0, 3.0, 1.0, 4.0, 3.0, 5.0]).build().unwrap()
}

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(written: Value, rule: &str) {
    let error = from_value::<T>(written).unwrap_err();
    assert!(error.to_string().contains(rule), "{error}");
}

/// A band of such a curve panicked: the place of the last survival above 0 has no standard error.
#[test]
fn survival_that_rises_again() {
    let fit = KaplanMeier::new().fit(&data()).unwrap();
    let written = to_value(&fit).unwrap();
    for (survival, defined, rule) in [
        ([0.9, 0.0, 0.8, 0.8, 0.8], 1, "`survival` row 2 is 0.8: must not be above the one before"),
        ([0.8, 0.7, 0.75, 0.5, 0.0], 4, "`survival` row 2 is 0.75: must not be above"),
    ] {
        let mut written = written.clone();
        written["curve"]["survival"] = json!(survival);
        for column in ["std_error_ln", "lower", "upper"] {
            written["curve"][column].as_array_mut().unwrap().truncate(defined);
        }
        refused::<KaplanMeierFit>(written, rule);
    }
    let mut band = to_value(Bands::new().of(&fit).unwrap()).unwrap();
    assert!(from_value::<Band>(band.clone()).is_ok());
    band["survival"][1] = json!(1.0);
    refused::<Band>(band, "`survival` row 1 is 1: must not be above the one before");
}

/// What rises by its definition is refused where it falls, at whatever times it was asked for, and the like.
#[test]
fn curves_that_turn_back() {
    macro_rules! turned {
        ($type:ty, $value:expr, $($place:literal: $number:expr),+ => $rule:expr) => {
            let value: $type = $value;
            let mut written = to_value(&value).unwrap();
            assert_eq!(from_value::<$type>(written.clone()).unwrap(), value);
            $(
                let place = written.pointer_mut($place).unwrap();
                assert!(place.is_number(), "{place}");
                *place = json!($number);
            )+
            refused::<$type>(written, $rule);
        };
    }
    let (data, design) = (data(), design());
    let above = "`survival` row 1 is 0.99: must not be above the one before";
    let hazard = "`cumulative_hazard` row 1 is 0.01: must not be below the one before";

    turned!(NelsonAalenFit, NelsonAalen::new().fit(&data).unwrap(),
        "/cumulative_hazard/1": 0.01 => hazard);
    turned!(LifeTableFit, LifeTable::new(&[0.0, 2.0, 4.5]).fit(&data).unwrap(),
        "/intervals/1/survival": 0.8, "/intervals/2/survival": 0.9
        => "`survival` row 2 is 0.9: must not be above the one before");
    turned!(LifeTableFit, LifeTable::new(&[0.0, 2.0, 4.5]).fit(&data).unwrap(),
        "/intervals/2/start": 2.0, "/intervals/1/end": 2.0 => "`start` row 2 is 2: must be finite and ascending");
    let within = IntervalCensored::new(&[0.0, 1.0, 2.0, 4.0], &[1.0, 2.0, 3.0, 5.0]).unwrap();
    turned!(TurnbullFit, Turnbull::new().fit(&within).unwrap(),
        "/levels/2": 0.9 => "`levels` row 2 is 0.9: must not be above the one before");
    let all = Groups::new(&["all"; 6]).unwrap();
    for (column, place) in [("n_event", "/rows/0/n_event/1"), ("n_censor", "/rows/0/n_censor/1")] {
        let table = AtRiskTable::new(&data, &all, &[5.5, 1.5]).unwrap();
        let mut written = to_value(table).unwrap();
        *written.pointer_mut(place).unwrap() = json!(4.0);
        refused::<AtRiskTable>(written, &format!("`{column}` row 0 is"));
    }
    let survival = SurvivalSummary::new().times(&[4.5, 1.5]).fit(&data).unwrap();
    turned!(SurvivalTable, survival, "/overall/at/0/survival": 0.99
        => "`survival` row 0 is 0.99: must not be above the one before");
    for (estimand, number, rule) in [
        (Estimand::Survival, 0.99, "above"),
        (Estimand::CumulativeHazard, 0.01, "below"),
        (Estimand::RestrictedMean, 0.5, "below"),
    ] {
        let fit = InfluenceFunctions::new(estimand).fit(&data, &[4.5, 1.5]).unwrap();
        turned!(InfluenceFit, fit, "/estimate/data/0": number
            => &format!("`estimate` row 0 is {number}: must not be {rule} the one before"));
    }

    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let baseline = fit.baseline(&data, &design).unwrap();
    let person = Profile::new().number("x", 3.0);
    turned!(CoxCurve, baseline.single().unwrap().curve(&person).unwrap(),
        "/cumulative_hazard/1": 0.01 => hazard);
    let arms = Design::builder().factor("arm", &["a", "b", "a", "b", "b", "a"], "a");
    let arms = arms.build().unwrap();
    let fit = CoxPh::new().fit(&data, &arms).unwrap();
    let standardised = Standardisation::new(&[2.0, 5.0]).of(&fit, "arm", &data, &arms).unwrap();
    turned!(StandardisedSurvival, standardised, "/curves/1/1/survival": 0.99
        => "`survival` row 1 is 0.99: must not be above the one before");

    let causes = [(1, "relapse"), (2, "death")];
    let ends = CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 1, 2], &causes).unwrap();
    let fit = AalenJohansen::new().fit(&ends).unwrap();
    turned!(AalenJohansenFit, fit.clone(), "/survival/1": 0.99 => above);
    turned!(CumulativeIncidence, fit.curves()[0].clone(), "/incidence/1": 0.1
        => "`incidence` row 1 is 0.1: must not be below the one before");
    let fit = FineGray::new(ends.cause("relapse").unwrap()).fit(&ends, &design).unwrap();
    let incidence = fit.incidence(&ends, &design, &[4.5, 0.5, 1.5]).unwrap();
    turned!(FineGrayIncidence, incidence, "/times/0/sum/hazard/total": 1e-9
        => "`hazard` row 0 is 0.000000001: must not be below the one before");
    let to = [Some("ill"), Some("dead"), Some("ill"), Some("ill")];
    let states = MultiState::new(
        &[1, 1, 2, 3],
        &[0.0, 2.0, 0.0, 0.0],
        &[2.0, 5.0, 4.0, 4.5],
        &to,
        &["well", "ill", "dead"],
    );
    turned!(StateOccupationFit, StateOccupation::new().fit(&states.unwrap()).unwrap(),
        "/transitions/0/cumulative_hazard/1": 0.01 => hazard);
}

/// The sums of the hazards were formed of as many columns as were named, which ended the process.
#[test]
fn hazards_of_more_columns_than_memory_holds() {
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let baseline = fit.baseline(&data(), &design()).unwrap();
    let written = to_value(&baseline).unwrap();
    assert_eq!(from_value::<CoxBaseline>(written.clone()).unwrap(), baseline);
    for (n, jumps) in [(usize::MAX, false), (usize::MAX, true), (2, true), (0, true)] {
        let mut written = written.clone();
        written["strata"][0]["sums"][0] = json!(n);
        if !jumps {
            written["strata"][0]["sums"][1] = json!([]);
            written["strata"][0]["time"] = json!([]);
        }
        refused::<CoxBaseline>(written, "baseline does not hold together");
    }
}

/// There is one stratum where none is named, and in each a mean of each column and a sum of all hazards.
#[test]
fn strata_of_a_baseline() {
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let written = to_value(fit.baseline(&data(), &design()).unwrap()).unwrap();
    let (mut two, mut short, mut large) = (written.clone(), written.clone(), written);
    let again = two["strata"][0].clone();
    two["strata"].as_array_mut().unwrap().push(again);
    short["strata"][0]["mean"] = json!([]);
    for jump in large["strata"][0]["sums"][1].as_array_mut().unwrap() {
        jump["hazard"]["total"] = json!(1e308);
    }
    for written in [two, short, large] {
        refused::<CoxBaseline>(written, "baseline does not hold together");
    }
}

/// The events of every cause were sought at the times of the first.
#[test]
fn causes_at_times_of_their_own() {
    let causes = [(1, "relapse"), (2, "death")];
    let data = CompetingRisks::from_codes(&TIME, &[1, 2, 0, 1, 1, 2], &causes).unwrap();
    let fit = CauseSpecificCox::default().fit(&data, &design()).unwrap();
    let mut written = to_value(fit.baseline(&data, &design()).unwrap()).unwrap();
    let fewer = RightCensored::new(&TIME[..2], &[true, true]).unwrap();
    let fewer = KaplanMeier::new().fit(&fewer).unwrap();
    written["causes"][1]["baseline"]["strata"][0]["series"] = to_value(fewer.series()).unwrap();
    refused::<CauseSpecificBaseline>(written, "baseline does not hold together");
}

/// To print them a column was asked for that is not there.
#[test]
fn transitions_of_fewer_states_than_are_named() {
    let to = [Some("ill"), None, None];
    let data =
        MultiState::new(&[1, 1, 2], &[0.0, 2.0, 0.0], &[2.0, 5.0, 4.0], &to, &["well", "ill"]);
    let counts = TransitionCounts::new(&data.unwrap());
    let written = to_value(&counts).unwrap();
    assert_eq!(from_value::<TransitionCounts>(written.clone()).unwrap(), counts);
    for (part, rule) in [
        ("states", "`transitions` has 2 rows, expected 3"),
        ("censored", "`censored` has 3 rows, expected 2"),
    ] {
        let mut written = written.clone();
        let more = written[part][0].clone();
        written[part].as_array_mut().unwrap().push(more);
        refused::<TransitionCounts>(written, rule);
    }
}

/// A derive of serde can leave public functions of the type itself beside the traits; they check nothing.
#[test]
fn reading_by_the_function_of_a_type() {
    macro_rules! refused {
        ($type:ty, $value:expr, $place:literal, $number:expr, $rule:expr) => {
            let mut written = to_value(&$value).unwrap();
            assert_eq!(<$type>::deserialize(&written).unwrap(), $value);
            *written.pointer_mut($place).unwrap() = json!($number);
            let of_the_type = <$type>::deserialize(&written).unwrap_err();
            let of_the_trait = serde_json::from_str::<$type>(&written.to_string()).unwrap_err();
            assert_eq!(of_the_type.to_string(), $rule);
            assert!(of_the_trait.to_string().starts_with($rule), "{of_the_trait}");
        };
    }
    let fit = KaplanMeier::new().fit(&data()).unwrap();
    let apart = "the serialised curve with its counts does not hold together";
    refused!(KaplanMeierFit, fit, "/observed/series/time/0", 0.5, apart);
    let interval = Interval::new(0.5, 2.0, 0.95).unwrap();
    refused!(Interval, interval, "/level", 2, "`level` row 0 is 2: must be between 0 and 1");
    let episodes = data().split_at(&[3.0]).unwrap();
    let unknown = "the serialised episodes does not hold together";
    refused!(Episodes, episodes, "/source/0", 6, unknown);
}
