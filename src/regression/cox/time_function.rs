//! Functions of time that a coefficient can follow.

use crate::error::{Error, Result};

/// A function g of time for a coefficient β + γ g(t); see
/// [`CoxPh::time_varying`](super::CoxPh::time_varying).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TimeFunction {
    /// g(t) = t.
    Identity,
    /// g(t) = ln t. There may be no event at time 0.
    Log,
    /// A step at each cut: one g for every interval between cuts and the last one,
    /// 1 on (cut, next cut] and 0 elsewhere. β is the coefficient up to the first cut, each γ what is
    /// added to it later.
    Step {
        /// Where the coefficient changes, ascending. An event at a cut belongs to the interval it ends.
        cuts: Vec<f64>,
    },
    /// Any function, by its values: g is known at these times only, which must include the event times.
    Tabulated {
        /// What the column is called.
        name: String,
        /// The times, ascending.
        times: Vec<f64>,
        /// g at each of them.
        values: Vec<f64>,
    },
}

impl TimeFunction {
    /// A step at each cut.
    #[must_use]
    pub fn step(cuts: &[f64]) -> Self {
        Self::Step { cuts: cuts.to_vec() }
    }

    /// Any function, evaluated at the times listed; those of the data serve, `data.time()`.
    ///
    /// ```
    /// use riskset::regression::cox::TimeFunction;
    ///
    /// let g = TimeFunction::tabulated("sqrt(t)", &[4.0, 1.0, 4.0], f64::sqrt);
    /// assert_eq!(g.at(4.0)?, [2.0]);
    /// assert!(g.at(2.0).is_err());
    /// # Ok::<(), riskset::Error>(())
    /// ```
    #[must_use]
    pub fn tabulated(name: &str, times: &[f64], g: impl Fn(f64) -> f64) -> Self {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let values = times.iter().map(|&time| g(time)).collect();
        Self::Tabulated { name: name.to_owned(), times, values }
    }

    /// The values at a time: one, or for a step function one for each interval after the first cut,
    /// of which the last is without end.
    ///
    /// # Errors
    /// [`Error::TimeFunction`] where there is no finite value.
    pub fn at(&self, time: f64) -> Result<Vec<f64>> {
        let values = match self {
            Self::Identity => vec![time],
            Self::Log => vec![time.ln()],
            Self::Step { cuts } => {
                let interval = cuts.partition_point(|&cut| cut < time);
                (1..=cuts.len()).map(|k| f64::from(u8::from(k == interval))).collect()
            }
            Self::Tabulated { times, values, .. } => {
                let place = times.binary_search_by(|known| known.total_cmp(&time)).ok();
                place.and_then(|place| values.get(place)).map_or(vec![f64::NAN], |&g| vec![g])
            }
        };
        match !time.is_nan() && values.iter().all(|value| value.is_finite()) {
            true => Ok(values),
            false => Err(Error::TimeFunction { function: self.names().join(", "), time }),
        }
    }

    /// What each of the values is called.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Identity => vec!["time".to_owned()],
            Self::Log => vec!["ln(time)".to_owned()],
            Self::Step { cuts } => {
                let ends = cuts.iter().skip(1).map(|cut| format!("{cut}]"));
                let ends = ends.chain(std::iter::once("∞)".to_owned()));
                cuts.iter().zip(ends).map(|(cut, end)| format!("({cut}, {end}")).collect()
            }
            Self::Tabulated { name, .. } => vec![name.clone()],
        }
    }

    /// Fails where cuts or times are not ascending.
    #[expect(clippy::indexing_slicing, reason = "the first is asked for no number before it")]
    pub(super) fn check(&self) -> Result<()> {
        let (option, numbers) = match self {
            Self::Identity | Self::Log => return Ok(()),
            Self::Step { cuts } => ("cuts", cuts),
            Self::Tabulated { times, values, .. } => {
                if values.len() != times.len() {
                    let (expected, found) = (times.len(), values.len());
                    let what = "values".to_owned();
                    return Err(Error::LengthMismatch { what, expected, found });
                }
                ("times", times)
            }
        };
        let rule = "must be finite and ascending";
        let bad = (numbers.iter().enumerate())
            .find(|&(k, value)| !(value.is_finite() && (k == 0 || numbers[k - 1] < *value)));
        match bad {
            Some((_, &value)) => Err(Error::InvalidOption { option, value, rule }),
            None if numbers.is_empty() => Err(Error::Empty { what: option.to_owned() }),
            None => Ok(()),
        }
    }
}
