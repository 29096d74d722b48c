//! The text of the errors of episodes: the row and the rule.

use riskset::data::{Episodes, ExposureStart, RecurrentEvents, TimeDependent};
use riskset::{Design, RightCensored};

use super::error_text::{data, text};

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;
const NEAR: &str = "the near-tie policy takes entry and exit for one time";
const FROM_ZERO: &str = "must be after 0 to be part of a history (0, time]";

#[test]
fn episodes() {
    assert_eq!(text(data().split_at(&[1., NAN])), "option `cuts` is NaN: must be finite");
    let at_zero = RightCensored::new(&[2., 0.], &[true, true]).unwrap();
    assert_eq!(text(at_zero.split_at(&[1.])), format!("`time` row 1 is 0: {FROM_ZERO}"));
    let near = RightCensored::new(&[1., 2.5], &[true, true]).unwrap();
    assert_eq!(
        text(near.split_at(&[2.5 - 1e-13])),
        format!("`entry` row 1 is {}: {NEAR}", 2.5 - 1e-13)
    );
    let episodes = data().split_at(&[1.5]).unwrap();
    assert_eq!(text(episodes.expand(&["a"])), "`column` has 1 rows, expected 4");
    assert_eq!(text(episodes.expand_design(&Design::empty(9))), "`design` has 9 rows, expected 4");
    let pairs = data().with_clusters(&[1, 1, 2, 2]).unwrap().with_ids(&[1, 1, 2, 3]).unwrap();
    assert_eq!(
        text(pairs.split_at(&[1.5])),
        "`entry` row 1 is 0: must not be before the end of the subject's previous row"
    );
    assert_eq!(
        text(data().landmark(-1.)),
        "option `landmark` is -1: must be finite and not negative"
    );
    assert_eq!(text(data().landmark(4.)), "`landmark` has no rows");
}

#[test]
fn exposures() {
    assert_eq!(
        text(ExposureStart::new(&[None, Some(-1.)])),
        "`exposure` row 1 is -1: must be finite and not negative"
    );
    let start = |start: &[Option<f64>]| ExposureStart::new(start).unwrap().split(&data());
    assert_eq!(text(start(&[None])), "`exposure` has 1 rows, expected 4");
    assert_eq!(
        text(start(&[Some(1.5), Some(2.), None, None])),
        "`exposure` row 0 is 1.5: must not be after the end of follow-up; give None for who is \
         never exposed"
    );
}

#[test]
fn merges() {
    let none = TimeDependent::new();
    assert_eq!(
        text(data().merge(&none)),
        "merge: a merge into rows without ids is not possible; add them with with_ids"
    );
    let data = data().with_ids(&["a", "b", "c", "d"]).unwrap();
    let carried = |ids: &[&str], times: &[f64], values: &[f64]| {
        text(data.merge(&TimeDependent::new().carried("x", ids, times, values)))
    };
    assert_eq!(carried(&["a"], &[1., 2.], &[1.]), "`times of x` has 2 rows, expected 1");
    assert_eq!(carried(&["a"], &[1.], &[]), "`values of x` has 0 rows, expected 1");
    assert_eq!(
        carried(&["z", "a", "b"], &[1., NAN, 1.], &[1., 1., INFINITY]),
        "`x` row 0 is z: must be the id of a subject; \
         `x` row 1 is NaN: the time must be finite and not negative; \
         `x` row 2 is inf: must be finite"
    );
    assert_eq!(
        carried(&["a", "b", "a"], &[1., 1., 1.], &[1.; 3]),
        "`x` row 2 is 1: a subject has one value at one time"
    );
    let twice = TimeDependent::new().count("x", &["a"], &[1.]).count("x", &["a"], &[1.]);
    assert_eq!(text(data.merge(&twice)), "the name `x` is given twice");
    assert_eq!(
        text(data.merge(&TimeDependent::new().events(&["a", "b"], &[1.5, 0.]))),
        "`events` row 0 is 1.5: an event must lie within the follow-up of its subject; \
         `events` row 1 is 0: an event must lie within the follow-up of its subject"
    );
    let late = TimeDependent::new().carried("x", &["d"], &[2.], &[1.]);
    let merged = data.merge(&late).unwrap();
    assert_eq!(text(merged.column("y")), "no column is named `y`; there are x");
    let rule = "nothing is measured yet; give an initial value or leave the row out";
    let missing: Vec<String> =
        (0..4).map(|row| format!("`x` row {row} is missing: {rule}")).collect();
    assert_eq!(text(merged.numeric("x")), missing.join("; "));
}

#[test]
fn recurrent_events() {
    let new = |end: &[f64]| RecurrentEvents::new(&["a", "b"], end);
    assert_eq!(text(new(&[1.])), "`end` has 1 rows, expected 2");
    assert_eq!(text(new(&[1., 0.])), "`end` row 1 is 0: must be finite and above 0");
    assert_eq!(
        text(RecurrentEvents::new(&["a", "a"], &[1., 2.])),
        "`ids` row 1 is a: an id may stand once, unless clusters are declared"
    );
    let list = new(&[4., 5.]).unwrap();
    let events = |ids: &[&str], times: &[f64]| text(list.clone().events(ids, times));
    assert_eq!(events(&["a"], &[]), "`event times` has 0 rows, expected 1");
    assert_eq!(
        events(&["z", "a", "b", "b"], &[1., 4.5, 3., 3.]),
        "`ids` row 0 is z: must be the id of a subject; \
         `event times` row 1 is 4.5: must be above 0 and within the follow-up of its subject; \
         `event times` row 3 is 3: a subject has one event at one time"
    );
    let endless = text(list.wei_lin_weissfeld(usize::MAX));
    assert_eq!(endless, format!("{} rows: at most {} are supported", usize::MAX, u32::MAX));
    assert_eq!(text(list.wei_lin_weissfeld(0)), "option `k` is 0: must be at least 1");
    assert_eq!(text(list.at_most(0).andersen_gill()), "option `at_most` is 0: must be at least 1");
    let kind: (&str, &[f64], &[bool]) = ("death", &[1.], &[true, false]);
    assert_eq!(
        text(Episodes::marginal(&["a", "b"], &[kind])),
        "`time of death` has 1 rows, expected 2"
    );
}
