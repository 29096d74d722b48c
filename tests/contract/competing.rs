//! Gray's test and multi-state histories: what is refused, what has no answer, what is printed.

use riskset::competing::{GrayPairwise, GrayTest, StateOccupation, TransitionCounts, Untested};
use riskset::data::MultiState;
use riskset::nonparametric::PairVariance;
use riskset::statistic::Adjust;
use riskset::{CompetingRisks, Groups, Warning, Weights};

use super::error_text::text;

const CAUSES: [(u32, &str); 2] = [(1, "relapse"), (2, "death")];
const STATES: [&str; 3] = ["well", "ill", "dead"];
const NAN: f64 = f64::NAN;

fn risks(time: &[f64], codes: &[u32]) -> CompetingRisks {
    CompetingRisks::from_codes(time, codes, &CAUSES).unwrap()
}

fn times(n: u32) -> Vec<f64> {
    (1..=n).map(f64::from).collect()
}

#[test]
fn options_of_grays_test() {
    let data = risks(&times(4), &[1, 2, 1, 0]);
    let groups = Groups::new(&["a", "b", "b", "a"]).unwrap();
    for (rho, found) in [(NAN, "NaN"), (11.0, "11"), (f64::NEG_INFINITY, "-inf")] {
        let error = text(GrayTest::new().rho(rho).fit(&data, &groups));
        assert_eq!(error, format!("option `rho` is {found}: must be from -10 to 10"));
    }
    let short = Groups::new(&["a", "b"]).unwrap();
    let error = "`groups` has 2 rows, expected 4";
    assert_eq!(text(GrayTest::new().fit(&data, &short)), error);
    let none = risks(&times(4), &[0; 4]);
    assert_eq!(text(GrayTest::new().fit(&none, &groups)), "no events among 4 rows");
    let fit = GrayTest::new().fit(&data, &groups).unwrap();
    assert_eq!(text(fit.cause("x")), "no cause is named `x`; there are relapse, death");
}

#[test]
fn causes_without_a_test_say_why() {
    // Only `a` is at risk when relapse strikes; death strikes when both are.
    let data = risks(&times(5), &[0, 2, 0, 1, 0]);
    let groups = Groups::new(&["b", "a", "b", "a", "a"]).unwrap();
    let fit = GrayTest::new().fit(&data, &groups).unwrap();
    assert_eq!(fit.cause("relapse").unwrap().test, Err(Untested::NothingToCompare));
    assert!(fit.cause("death").unwrap().test.is_ok());
    assert_eq!(
        fit.to_string(),
        "Tests:\n            stat    pv df\nrelapse        -     -  -\ndeath   0.333333 0.564  1\nrelapse: no test, no two groups are at risk together at any event time\n"
    );
    // 30 of `a` have relapsed before `b` and `c` do: the pooled incidence passes 1.
    let codes: Vec<u32> = vec![1; 36];
    let labels: Vec<&str> =
        (0..36).map(|row| ["a", "b", "c"][if row < 30 { 0 } else { 1 + row % 2 }]).collect();
    let fit =
        GrayTest::new().fit(&risks(&times(36), &codes), &Groups::new(&labels).unwrap()).unwrap();
    let relapse = fit.cause("relapse").unwrap();
    assert_eq!(relapse.test, Err(Untested::PooledIncidence));
    assert!(relapse.variance.is_none() && relapse.scores.iter().all(|s| s.score.is_none()));
    assert_eq!(relapse.scores[0].n_event, 30.0);
}

/// A group that is never at risk with others takes a degree of freedom with it.
#[test]
fn a_group_that_leaves_before_the_first_event_is_not_compared() {
    let data = risks(&[1., 1., 2., 3., 4., 5., 6.], &[0, 0, 1, 1, 0, 1, 0]);
    let labels = ["a", "a", "b", "c", "b", "c", "b"];
    let all = GrayTest::new().fit(&data, &Groups::new(&labels).unwrap()).unwrap();
    let data = risks(&[2., 3., 4., 5., 6.], &[1, 1, 0, 1, 0]);
    let two = GrayTest::new().fit(&data, &Groups::new(&labels[2..]).unwrap()).unwrap();
    let (all, two) = (all.causes()[0].test.unwrap(), two.causes()[0].test.unwrap());
    assert_eq!((all.df, all.p_value), (Some(1), two.p_value));
}

#[test]
fn far_tails_have_their_logarithm() {
    let n = 400;
    let codes: Vec<u32> = (0..n).map(|row| if row < 200 { 1 } else { 0 }).collect();
    let labels: Vec<bool> = (0..n).map(|row| row < 200).collect();
    let fit = GrayTest::new().fit(&risks(&times(n), &codes), &Groups::new(&labels).unwrap());
    let test = fit.unwrap().causes()[0].test.unwrap();
    assert!(test.p_value < 1e-60 && test.p_value > 0.0);
    assert!((test.ln_p_value - test.p_value.ln()).abs() < 1e-10);
}

#[test]
fn pairs_are_adjusted_within_a_cause() {
    let data = risks(&times(9), &[1, 1, 2, 1, 0, 1, 2, 0, 1]);
    let groups = Groups::new(&["a", "b", "c", "a", "b", "c", "a", "b", "c"]).unwrap();
    let pairwise = GrayPairwise::new().adjust(Adjust::Bonferroni);
    let causes = pairwise.fit(&data, &groups).unwrap();
    assert_eq!(causes.len(), 2);
    for pair in causes.iter().flat_map(|cause| &cause.pairs) {
        assert_eq!(pair.test.df, Some(1));
    }
    for pair in &causes[0].pairs {
        assert_eq!(pair.adjusted, (3.0 * pair.test.p_value).min(1.0));
    }
    let death = &causes[1];
    assert_eq!(death.pairs.len() + death.untested.len(), 3);
    // The own pair is a test of its own.
    let rows = [0, 1, 3, 4, 6, 7];
    let time: Vec<f64> = rows.iter().map(|&row| times(9)[row]).collect();
    let alone = risks(&time, &[1, 1, 1, 0, 2, 0]);
    let two = Groups::new(&["a", "b", "a", "b", "a", "b"]).unwrap();
    let alone = GrayTest::new().fit(&alone, &two).unwrap();
    assert_eq!(causes[0].pairs[0].test, alone.causes()[0].test.unwrap());
    // With two groups the pooled pair is the test itself.
    let pooled = GrayPairwise::new().variance(PairVariance::Pooled);
    let data = risks(&time, &[1, 1, 1, 0, 2, 0]);
    let pooled = pooled.fit(&data, &two).unwrap()[0].pairs[0].test;
    let whole = alone.causes()[0].test.unwrap();
    assert!((pooled.statistic - whole.statistic).abs() < 1e-13);
}

fn rows(entry: &[f64], exit: &[f64], from: &[&str], to: &[Option<&str>]) -> String {
    let ids = vec![1; entry.len()];
    text(MultiState::with_from(&ids, entry, exit, from, to, &STATES))
}

#[test]
fn histories_that_are_none() {
    let to = [None, Some("dead")];
    assert_eq!(
        rows(&[0., 1.], &[2., 3.], &["well", "well"], &to),
        "`entry` row 1 is 1: overlap: begins before the subject's previous row has ended"
    );
    assert_eq!(
        rows(&[0., 2.5], &[2., 3.], &["well", "well"], &to),
        "`entry` row 1 is 2.5: gap: begins after the subject's previous row has ended"
    );
    assert_eq!(
        rows(&[0., 2.5], &[2., 3.], &["well", "ill"], &to),
        "`from` row 1 is ill: jump: is not the state the subject was in before a gap"
    );
    assert_eq!(
        rows(&[0., 2.], &[2., 3.], &["well", "ill"], &to),
        "`from` row 1 is ill: teleport: is not the state the subject's previous row ended in"
    );
    assert_eq!(
        rows(&[0., 2.], &[2., 3.], &["well", "dead"], &[Some("dead"), Some("dead")]),
        "`to` row 1 is dead: cannot be the state the row begins in"
    );
    assert_eq!(
        rows(&[0.], &[2.], &["well"], &[Some("gone")]),
        "`to` has no level `gone`; its levels are well, ill, dead"
    );
    assert_eq!(
        rows(&[2.], &[2.], &["well"], &[None]),
        "`entry` row 0 is 2: must be before the exit time"
    );
    assert_eq!(
        rows(&[NAN], &[2.], &["well"], &[None]),
        "`entry` row 0 is NaN: must be finite and not negative"
    );
    assert_eq!(rows(&[], &[], &[], &[]), "`exit` has no rows");
    let missing =
        MultiState::with_from(&[1], &[0.], &[1.], &[None::<&str>], &[None::<&str>], &STATES);
    assert_eq!(text(missing), "`from` row 0 is missing: every row begins in a state");
    let one = MultiState::new(&[1], &[0.], &[1.], &[None::<&str>], &["well"]);
    assert_eq!(text(one), "`states` has a single level, `well`: at least two are needed");
    let twice = MultiState::new(&[1], &[0.], &[1.], &[None::<&str>], &["well", "well"]);
    assert_eq!(text(twice), "the name `well` is given twice");
    let long = MultiState::new(&[1, 2], &[0.], &[1.], &[None::<&str>], &STATES);
    assert_eq!(text(long), "`ids` has 2 rows, expected 1");
}

#[test]
fn illness_and_death_that_do_not_follow_each_other() {
    let of = |illness: &[Option<f64>], time: &[f64]| {
        text(MultiState::illness_death(illness, time, &vec![true; time.len()], &STATES))
    };
    assert_eq!(
        of(&[Some(3.0), Some(NAN)], &[3.0, 0.0]),
        "`time` row 1 is 0: must be finite and above 0; \
         `illness` row 0 is 3: must come before the end of follow-up; \
         `illness` row 1 is NaN: must be finite and above 0"
    );
    assert_eq!(of(&[None], &[1.0, 2.0]), "`illness` has 1 rows, expected 2");
    assert_eq!(of(&[], &[]), "`time` has no rows");
    // The second of two patients, whose rows are the second and the third.
    assert_eq!(
        of(&[None, Some(1.5)], &[3.0, 1.5 + 1e-12]),
        "`illness` row 1 is 1.5: must come before the end of follow-up"
    );
}

fn three() -> MultiState {
    let illness = [Some(1.0), Some(2.0), None];
    MultiState::illness_death(&illness, &[3., 5., 4.], &[true, false, true], &STATES).unwrap()
}

#[test]
fn options_of_state_occupation() {
    let fit = |estimator: StateOccupation| text(estimator.fit(&three()));
    let confidence = "option `confidence` is 1: must be between 0 and 1";
    assert_eq!(fit(StateOccupation::new().confidence(1.0)), confidence);
    let tau = "option `tau` is NaN: must be above 0 and finite";
    assert_eq!(fit(StateOccupation::new().restricted_to(NAN)), tau);
    let late = "`data` is followed up to 5: nothing is known at 6";
    assert_eq!(fit(StateOccupation::new().restricted_to(6.0)), late);
    let strata = three().with_strata(&[1, 1, 2, 2, 2]).unwrap();
    assert_eq!(
        text(StateOccupation::new().fit(&strata)),
        "StateOccupation: one estimate over strata is not possible; use fit_by with the strata as groups"
    );
    let counts = Weights::frequency(&[1, 2, 1, 1, 1]).unwrap();
    assert_eq!(
        text(StateOccupation::new().fit(&three().with_weights(counts).unwrap())),
        "`weight` row 1 is 2: a frequency counts subjects and cannot change within one"
    );
    let still = MultiState::new(&[1], &[0.], &[1.], &[None::<&str>], &STATES).unwrap();
    assert_eq!(text(StateOccupation::new().fit(&still)), "no events among 1 rows");
    let fit = StateOccupation::new().fit(&three()).unwrap();
    assert!(fit.mean_times().is_none());
    assert_eq!(text(fit.at("well", 6.0)), late);
    assert_eq!(
        text(fit.at("well", NAN)),
        "option `time` is NaN: must be a number and not negative"
    );
    assert_eq!(text(fit.at("sick", 1.0)), "no state is named `sick`; there are well, ill, dead");
    assert_eq!(
        text(fit.transition("dead", "well")),
        "no transition is named `dead to well`; there are well to ill, well to dead, ill to dead"
    );
}

/// Once all are where nobody leaves, the mean times are known for ever.
#[test]
fn after_everybody_has_come_to_rest_nothing_is_unknown() {
    let illness = [Some(1.0), None];
    let data = MultiState::illness_death(&illness, &[3., 2.], &[true, true], &STATES).unwrap();
    let fit = StateOccupation::new().restricted_to(10.0).fit(&data).unwrap();
    let means: Vec<f64> = fit.mean_times().unwrap().iter().map(|of| of.mean).collect();
    for (mean, expected) in means.iter().zip([1.5, 1.0, 7.5]) {
        assert!((mean - expected).abs() < 1e-14, "{means:?}");
    }
}

/// The third subject is seen ill from 2.5 on, when by the estimate nobody can be ill.
#[test]
fn those_who_join_an_impossible_state_are_told_of() {
    let (entry, exit) = ([0.0, 0.0, 2.5], [2.0, 5.0, 4.0]);
    let (from, to) = (["well", "well", "ill"], [Some("dead"), None, Some("dead")]);
    let data = MultiState::with_from(&[1, 2, 3], &entry, &exit, &from, &to, &STATES).unwrap();
    let fit = StateOccupation::new().fit(&data).unwrap();
    let warning = Warning::ImpossibleState { state: "ill".to_owned(), time: 4.0 };
    assert_eq!(fit.warnings(), [warning]);
    assert!(fit.to_string().ends_with(
        "Warning: somebody is at risk in `ill` at 4, where its probability is estimated as 0: \
         what happens to them counts in the hazards alone\n"
    ));
    assert_eq!(fit.at("dead", 5.0).unwrap().probability, 0.5);
    assert_eq!(fit.transition("ill", "dead").unwrap().cumulative_hazard, [0.0, 1.0, 1.0]);
    assert!(StateOccupation::new().fit(&three()).unwrap().warnings().is_empty());
}

#[test]
fn merged_times_of_histories_are_told_of() {
    let exit = [1.5, 1.5 + 1e-12, 4.0];
    let to = [Some("ill"), Some("dead"), None];
    let data = MultiState::new(&[1, 2, 3], &[0.0; 3], &exit, &to, &STATES).unwrap();
    let fit = StateOccupation::new().fit(&data).unwrap();
    assert_eq!(fit.time(), [1.5, 4.0]);
    assert!(matches!(fit.warnings(), [Warning::TimesMerged { merged: 1, .. }]));
}

#[test]
fn prints_as_r() {
    let fit = StateOccupation::new().restricted_to(4.0).fit(&three()).unwrap();
    assert_eq!(
        fit.to_string(),
        "     n nevent    rmean se(rmean)\nwell 3      0 2.333333  0.720082\nill  3      2 1.333333  0.544331\ndead 3      2 0.333333  0.272166\nmean times up to 4\n"
    );
    assert_eq!(
        TransitionCounts::new(&three()).to_string(),
        "     ill dead (censored)\nwell   2    1          0\nill    0    1          1\ndead   0    0          0\n"
    );
}
