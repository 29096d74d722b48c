//! Functions of time that a coefficient may vary with.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::data::{RiskTable, Rows, WeightKind};
use crate::error::{Error, Result};
use crate::nonparametric::product_limit;

/// The function g of time along which a test of proportional hazards looks for a trend.
///
/// | | g(t) | |
/// |---|---|---|
/// | `KaplanMeier` | 1 − S(t−) of all rows together | little moved by outlying times; the default, as in R |
/// | `Rank` | mean rank of t among the exit times of all rows | |
/// | `Identity` | t | looks at late times where they are far apart |
/// | `Log` | ln t | looks at early times |
/// | [`custom`](Self::custom) | any function, `1{t > c}` for example | |
///
/// Case and sampling weights play no part in S and in ranks; a row with a frequency counts as that many.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum TimeTransform {
    /// 1 − S(t−), with S the Kaplan–Meier estimate of all rows.
    #[default]
    KaplanMeier,
    /// Mean rank among the exit times of all rows.
    Rank,
    /// Time itself.
    Identity,
    /// The natural logarithm of time.
    Log,
    /// A function of the caller's.
    Custom(CustomTransform),
}

/// A named function of time that the caller gives, see [`TimeTransform::custom`].
#[derive(Clone)]
pub struct CustomTransform {
    name: String,
    function: Arc<dyn Fn(f64) -> f64 + Send + Sync>,
}

impl TimeTransform {
    /// A function of the caller's, finite at every event time.
    #[must_use]
    pub fn custom(name: &str, function: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        Self::Custom(CustomTransform { name: name.to_owned(), function: Arc::new(function) })
    }

    /// The transform at each time, by stratum.
    pub(super) fn at(&self, rows: &Rows, times: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
        let map = |g: &dyn Fn(f64) -> f64| -> Vec<Vec<f64>> {
            times.iter().map(|times| times.iter().map(|&time| g(time)).collect()).collect()
        };
        let values = match self {
            Self::Identity => map(&|time| time),
            Self::Log => map(&f64::ln),
            Self::Custom(custom) => map(&*custom.function),
            Self::Rank => map(&mean_rank(rows)),
            Self::KaplanMeier => map(&failed_before(rows)),
        };
        match values.iter().flatten().find(|value| !value.is_finite()) {
            None => Ok(values),
            Some(&value) => {
                let rule = "the transform must be finite at every event time";
                Err(Error::InvalidOption { option: "transform", value, rule })
            }
        }
    }
}

/// The mean rank of a time among the exit times.
#[expect(clippy::indexing_slicing, reason = "there is one more below than there are exits")]
fn mean_rank(rows: &Rows) -> impl Fn(f64) -> f64 {
    let frequency = rows.weight_kind() == Some(WeightKind::Frequency);
    let exits = rows.times.by_exit.values.clone();
    let mut total = 0.0;
    let mut below = vec![0.0];
    for (row, _) in rows.times.by_exit.iter() {
        total += if frequency { rows.weight(row) } else { 1.0 };
        below.push(total);
    }
    move |time| {
        let first = exits.partition_point(|&exit| exit < time);
        let end = exits.partition_point(|&exit| exit <= time);
        (below[first] + below[end] + 1.0) / 2.0
    }
}

/// 1 − S(t−) of all rows, which count once each but for frequencies.
#[expect(clippy::indexing_slicing, reason = "there is a value at each of the times")]
fn failed_before(rows: &Rows) -> impl Fn(f64) -> f64 {
    let counted = match rows.weight_kind() {
        None | Some(WeightKind::Frequency) => Cow::Borrowed(rows),
        Some(_) => Cow::Owned(Rows { weights: None, ..rows.clone() }),
    };
    let series = RiskTable::of(&counted, false, None).pooled();
    let (survival, _) = product_limit(&series);
    move |time| {
        let place = series.time().partition_point(|&earlier| earlier < time);
        1.0 - place.checked_sub(1).map_or(1.0, |last| survival[last])
    }
}

/// The name: `km`, `rank`, `identity`, `log`, or that of a custom function.
impl fmt::Display for TimeTransform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::KaplanMeier => "km",
            Self::Rank => "rank",
            Self::Identity => "identity",
            Self::Log => "log",
            Self::Custom(custom) => &custom.name,
        })
    }
}

impl fmt::Debug for TimeTransform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeTransform({self})")
    }
}

impl fmt::Debug for CustomTransform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomTransform({})", self.name)
    }
}
