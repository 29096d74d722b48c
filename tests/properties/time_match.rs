//! Near-tie policies.

use proptest::prelude::*;
use riskset::RightCensored;
use riskset::data::TimeMatch;

use crate::sample::check;

/// Times in clumps that are narrower or wider than a tolerance of 1e-6 of the largest.
fn clumps() -> impl Strategy<Value = Vec<f64>> {
    let time =
        (1_u8..=5, 0_u8..=12).prop_map(|(clump, place)| f64::from(clump) + f64::from(place) * 1e-6);
    prop::collection::vec(time, 1..20)
}

fn matched(times: &[f64], policy: TimeMatch) -> RightCensored {
    let data = RightCensored::new(times, &vec![true; times.len()]).unwrap();
    data.with_time_match(policy).unwrap()
}

const ANCHORED: TimeMatch = TimeMatch::Anchored { relative: 1e-6 };

#[test]
fn exact_leaves_the_times_as_given() {
    check(60, clumps(), |times| {
        for before in [ANCHORED, TimeMatch::RTimefix] {
            let data = matched(&times, before).with_time_match(TimeMatch::Exact).unwrap();
            assert_eq!(data.time(), times);
            assert_eq!(data.tie_report().merged, 0);
        }
    });
}

#[test]
fn anchored_moves_back_by_no_more_than_the_tolerance() {
    check(60, clumps(), |times| {
        let data = matched(&times, ANCHORED);
        let largest = times.iter().fold(0.0, |m: f64, t| m.max(*t));
        let shifts: Vec<f64> = times.iter().zip(data.time()).map(|(a, b)| a - b).collect();
        let max_shift = shifts.iter().fold(0.0, |m: f64, s| m.max(*s));
        assert!(shifts.iter().all(|s| (0.0..=1e-6 * largest).contains(s)));
        assert_eq!(data.tie_report().max_shift, max_shift);
        assert_eq!(data.tie_report().merged, shifts.iter().filter(|s| **s > 0.0).count());
        // Every time taken is one of those given.
        assert!(data.time().iter().all(|time| times.contains(time)));
    });
}

#[test]
fn matched_times_keep_their_order_and_stay_matched() {
    check(60, clumps(), |times| {
        for policy in [ANCHORED, TimeMatch::RTimefix, TimeMatch::default()] {
            let once = matched(&times, policy);
            for (i, j) in (0..times.len()).flat_map(|i| (0..times.len()).map(move |j| (i, j))) {
                assert!(times[i] > times[j] || once.time()[i] <= once.time()[j]);
            }
            assert_eq!(matched(once.time(), policy).time(), once.time());
        }
    });
}

#[test]
fn anchored_knows_no_unit() {
    check(40, clumps(), |times| {
        let scaled: Vec<f64> = times.iter().map(|t| t * 2_f64.powi(-40)).collect();
        let back: Vec<f64> =
            matched(&scaled, ANCHORED).time().iter().map(|t| t * 2_f64.powi(40)).collect();
        assert_eq!(back, matched(&times, ANCHORED).time());
    });
}
