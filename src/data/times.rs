//! A column of times that has several owners.

use std::ops::Deref;
use std::sync::Arc;

use crate::numerics::large::Large;

/// Times that a series of counts and the curves made of it share, so that none of them needs a copy.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<f64>", into = "Vec<f64>"))]
pub(crate) struct Times(Arc<Large>);

impl Deref for Times {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.0
    }
}

impl From<Vec<f64>> for Times {
    fn from(times: Vec<f64>) -> Self {
        Self(Arc::new(times.into()))
    }
}

impl From<Arc<Large>> for Times {
    fn from(times: Arc<Large>) -> Self {
        Self(times)
    }
}

#[cfg(feature = "serde")]
impl From<Times> for Vec<f64> {
    fn from(times: Times) -> Self {
        Arc::unwrap_or_clone(times.0).into()
    }
}
