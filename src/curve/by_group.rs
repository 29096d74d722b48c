//! One result for each group.

use crate::error::{Error, Result};

/// One result for each group, in the order of the groups, as
/// [`KaplanMeier::fit_by`](crate::KaplanMeier::fit_by) and its like give it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<(String, F)>", into = "Vec<(String, F)>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "F: Clone + serde::Serialize",
        deserialize = "F: serde::Deserialize<'de>"
    ))
)]
pub struct ByGroup<F> {
    names: Vec<String>,
    fits: Vec<F>,
}

impl<F> ByGroup<F> {
    /// Applies `fit` to each group.
    pub(crate) fn try_new(
        names: &[String],
        mut fit: impl FnMut(usize, &str) -> Result<F>,
    ) -> Result<Self> {
        let fits = names.iter().enumerate().map(|(group, name)| fit(group, name));
        Ok(Self { fits: fits.collect::<Result<_>>()?, names: names.to_vec() })
    }

    /// Applies `map` to each result.
    pub(crate) fn try_map<G>(&self, map: impl Fn(&str, &F) -> Result<G>) -> Result<ByGroup<G>> {
        let fits = self.iter().map(|(name, fit)| map(name, fit)).collect::<Result<_>>()?;
        Ok(ByGroup { names: self.names.clone(), fits })
    }

    /// Fails unless there is something to compare.
    pub(crate) fn at_least_two(&self) -> Result<()> {
        let what = "groups".to_owned();
        match self.names.as_slice() {
            [] => Err(Error::Empty { what }),
            [level] => Err(Error::SingleLevel { what, level: level.clone() }),
            _ => Ok(()),
        }
    }

    /// The names of the groups.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The result of one group.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn get(&self, name: &str) -> Result<&F> {
        let found = self.iter().find(|(known, _)| *known == name);
        found.map(|(_, fit)| fit).ok_or_else(|| Error::UnknownName {
            kind: "group",
            name: name.to_owned(),
            known: self.names.clone(),
        })
    }

    /// Names and results.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &F)> {
        self.names.iter().map(String::as_str).zip(&self.fits)
    }
}

#[cfg(feature = "serde")]
impl<F> From<ByGroup<F>> for Vec<(String, F)> {
    fn from(groups: ByGroup<F>) -> Self {
        groups.names.into_iter().zip(groups.fits).collect()
    }
}

#[cfg(feature = "serde")]
impl<F> From<Vec<(String, F)>> for ByGroup<F> {
    fn from(pairs: Vec<(String, F)>) -> Self {
        let (names, fits) = pairs.into_iter().unzip();
        Self { names, fits }
    }
}
