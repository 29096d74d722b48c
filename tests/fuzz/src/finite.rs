//! What a result may not hold.

use std::fmt::Debug;

/// Panics when a number anywhere in a value is NaN or infinite.
#[track_caller]
pub fn finite(value: &impl Debug) {
    let text = format!("{value:?}");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{text}");
}

/// An `Err` must have something to say, an `Ok` must be finite.
#[track_caller]
pub fn checked<T: Debug>(result: riskset::Result<T>) -> Option<T> {
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
