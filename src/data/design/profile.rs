//! One covariate profile: a value for each named term.

use std::fmt;

use crate::error::{BadCell, Error, Result};

/// A value for each covariate of a model, by name: the person a prediction or a contrast speaks of.
///
/// ```
/// use riskset::Profile;
///
/// let treated = Profile::new().number("age", 60.0).level("arm", "Lev");
/// # let _ = treated;
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Profile {
    values: Vec<(String, Value)>,
    #[cfg_attr(feature = "serde", serde(default))]
    offset: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) enum Value {
    Number(f64),
    Level(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{x}"),
            Self::Level(level) => f.write_str(level),
        }
    }
}

impl Value {
    pub(super) fn misfit(&self, name: &str, rule: &'static str) -> Error {
        Error::InvalidCells { cells: vec![BadCell::new(name, 0, self, rule)] }
    }
}

/// `age=60, arm=Lev`.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.values.iter().map(|(name, value)| format!("{name}={value}"));
        f.pad(&each.collect::<Vec<_>>().join(", "))
    }
}

impl Profile {
    /// An empty profile.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a numeric covariate. A name that stands already gets the new value.
    #[must_use]
    pub fn number(self, name: &str, value: f64) -> Self {
        self.with(name, Value::Number(value))
    }

    /// Sets a factor. A name that stands already gets the new level.
    #[must_use]
    pub fn level(self, name: &str, level: &str) -> Self {
        self.with(name, Value::Level(level.to_owned()))
    }

    /// Sets the offset, which is added to the linear predictor. Only a model with an offset needs one.
    #[must_use]
    pub fn offset(self, value: f64) -> Self {
        Self { offset: Some(value), ..self }
    }

    /// The offset, if it is set.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for one that is not finite.
    pub(crate) fn known_offset(&self) -> Result<Option<f64>> {
        match self.offset {
            Some(x) if !x.is_finite() => Err(Value::Number(x).misfit("offset", "must be finite")),
            offset => Ok(offset),
        }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value));
        self
    }

    /// The names of the covariates that have a value.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_str())
    }

    /// The same with some of the covariates only.
    pub(crate) fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let values = self.values.iter().filter(|(name, _)| keep(name)).cloned().collect();
        Self { values, offset: self.offset }
    }

    pub(super) fn values(&self) -> &[(String, Value)] {
        &self.values
    }

    /// Whether a covariate has a value.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    pub(super) fn get(&self, name: &str) -> Result<&Value> {
        let found = self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        match found {
            None => Err(Error::IncompleteProfile { name: name.to_owned() }),
            Some(value @ Value::Number(x)) if !x.is_finite() => {
                Err(value.misfit(name, "must be finite"))
            }
            Some(value) => Ok(value),
        }
    }
}
