//! What a result may not hold.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sound::unsound;

/// Panics when a number anywhere in a value is NaN or infinite, or cannot be what its name says.
#[track_caller]
pub fn finite(value: &impl Debug) {
    finite_text(&format!("{value:?}"));
}

#[track_caller]
fn finite_text(text: &str) {
    all_numbers(text);
    let wrong = unsound(text);
    assert!(wrong.is_empty(), "{wrong:?} in {text}");
}

/// Panics when a number anywhere in a text is NaN or infinite: what was read from changed JSON has no
/// estimator to answer for the rest.
#[track_caller]
pub fn all_numbers(text: &str) {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{text}");
}

/// An `Err` must have something to say; an `Ok` must be finite, and be read as it is written.
#[track_caller]
pub fn checked<T: Debug + Serialize + DeserializeOwned>(result: riskset::Result<T>) -> Option<T> {
    let value = checked_unwritten(result)?;
    returns(&value);
    Some(value)
}

/// The same of what is not written as JSON.
#[track_caller]
pub fn checked_unwritten<T: Debug>(result: riskset::Result<T>) -> Option<T> {
    match result {
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
        Ok(value) => {
            finite(&value);
            Some(value)
        }
    }
}

/// What is written as JSON is read, and is what it was.
#[track_caller]
fn returns<T: Debug + Serialize + DeserializeOwned>(value: &T) {
    let Ok(text) = serde_json::to_string(value) else { panic!("{value:?} is not written") };
    match serde_json::from_str::<T>(&text) {
        Ok(read) => assert_eq!(format!("{read:?}"), format!("{value:?}")),
        Err(error) => panic!("{error}: {text}"),
    }
}

/// The same where times were asked for: they are given back, and may be infinite, which JSON has no word for.
#[track_caller]
pub fn checked_at<T: Debug + Serialize + DeserializeOwned>(
    result: riskset::Result<T>,
) -> Option<T> {
    let text = format!("{:?}", result.as_ref().ok());
    if !text.contains("inf") {
        result.iter().for_each(returns);
    }
    let mut parts = text.split("times: [");
    finite_at(parts.next().unwrap_or_default());
    for part in parts {
        let plain = part.split_once(']').filter(|(list, _)| !list.contains('{'));
        finite_at(plain.map_or(part, |(_, rest)| rest));
    }
    result.ok()
}

#[track_caller]
fn finite_at(text: &str) {
    finite_text(&text.replace("time: inf", "").replace("time: -inf", ""));
}
