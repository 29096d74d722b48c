//! The nonparametric half against R packages beside `survival`: `../peers.json`, made by
//! `generate/60_peers.R`.

use riskset::RightCensored;
use serde_json::Value;
use std::fs;

use super::case::folder;
use super::frame::Frame;

mod bands;
mod life_table;
mod means;
mod reverse;
mod smoothed_hazard;
mod xie_liu;

/// What the packages say about one subject.
fn peers(subject: &str) -> Value {
    let text = fs::read_to_string(folder("golden/peers.json")).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    assert!(!all[subject].is_null(), "no `{subject}` in peers.json");
    all[subject].take()
}

fn read(name: &str) -> Frame {
    Frame::read(&folder("data").join(format!("{name}.csv")))
}

/// The rows of a frame with the time in this column.
fn data(frame: &Frame, time: &str) -> RightCensored {
    let event: Vec<bool> = frame.numbers("status").iter().map(|&status| status == 1.0).collect();
    RightCensored::new(&frame.numbers(time), &event).unwrap()
}

/// Relative to R's value.
#[track_caller]
fn near(ours: &[f64], theirs: &[f64], bound: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (place, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let off = (ours - theirs).abs();
        assert!(off <= bound * theirs.abs(), "[{place}]: ours {ours:e}, R {theirs:e}");
    }
}
