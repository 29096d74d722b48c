//! The baseline hazards of all causes, from which incidences are predicted.

use ndarray::Array2;
use std::ops::Range;

use super::fit::CauseSpecificCoxFit;
use super::stratum::CauseSpecificStratum;
use crate::data::{Cause, Coding, CompetingRisks, Design, Profile, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxBaseline, StratumBaseline};

/// The baseline hazards of a [`CauseSpecificCoxFit`], by cause and stratum: all that a predicted incidence
/// needs. Keeps no rows.
///
/// A model with strata needs a [`stratum`](Self::stratum); without strata there is
/// [`single`](Self::single). What they return predicts.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CauseSpecificBaseline {
    causes: Vec<CauseBaseline>,
    vcov: Array2<f64>,
    robust: bool,
}

/// The baseline hazard of one cause; none for a cause without events.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct CauseBaseline {
    cause: Cause,
    label: String,
    baseline: Option<CoxBaseline>,
}

impl CauseSpecificBaseline {
    pub(super) fn new(
        fit: &CauseSpecificCoxFit,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[&Design],
    ) -> Result<Self> {
        let mut causes = Vec::with_capacity(designs.len());
        for (cause, design) in fit.causes().iter().zip(designs) {
            let rows = data.cause_specific(cause.cause)?;
            let baseline = cause.fit.as_ref().map(|fit| fit.baseline(&rows, design)).transpose();
            let baseline = baseline.map_err(|error| Error::in_cause(&cause.label, error))?;
            causes.push(CauseBaseline { cause: cause.cause, label: cause.label.clone(), baseline });
        }
        Ok(Self { causes, vcov: fit.vcov().to_owned(), robust: fit.is_robust() })
    }

    /// The causes with their names, and where the hazard of each stands among those there are.
    pub(super) fn causes_with_hazards(
        &self,
    ) -> impl Iterator<Item = ((Cause, String), Option<usize>)> {
        self.causes.iter().scan(0, |next, CauseBaseline { cause, label, baseline }| {
            let place = baseline.as_ref().map(|_| *next);
            *next += usize::from(place.is_some());
            Some(((*cause, label.clone()), place))
        })
    }

    /// The baseline hazard of a cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed or has no events.
    pub fn get(&self, cause: Cause) -> Result<&CoxBaseline> {
        let with_hazard =
            || self.causes.iter().filter_map(|known| Some((known.cause, known.baseline.as_ref()?)));
        let found = with_hazard().find(|(known, _)| *known == cause).map(|(_, baseline)| baseline);
        found.ok_or_else(|| Error::UnknownName {
            kind: "cause with events",
            name: cause.to_string(),
            known: with_hazard().map(|(known, _)| known.to_string()).collect(),
        })
    }

    /// Whether the model has strata.
    #[must_use]
    pub fn is_stratified(&self) -> bool {
        self.hazards().any(CoxBaseline::is_stratified)
    }

    /// The one stratum of a model without strata.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model with strata.
    pub fn single(&self) -> Result<CauseSpecificStratum<'_>> {
        self.of(CoxBaseline::single)
    }

    /// One stratum.
    ///
    /// # Errors
    /// [`Error::UnknownName`], and [`Error::Unsupported`] for a model without strata.
    pub fn stratum(&self, name: &str) -> Result<CauseSpecificStratum<'_>> {
        self.of(|baseline| baseline.stratum(name))
    }

    fn of<'a>(
        &'a self,
        stratum: impl Fn(&'a CoxBaseline) -> Result<StratumBaseline<'a>>,
    ) -> Result<CauseSpecificStratum<'a>> {
        let hazards = self.hazards().map(stratum).collect::<Result<_>>()?;
        Ok(CauseSpecificStratum::new(self, hazards))
    }

    fn hazards(&self) -> impl Iterator<Item = &CoxBaseline> {
        self.causes.iter().filter_map(|cause| cause.baseline.as_ref())
    }

    /// Where the coefficients of each cause that has a hazard stand in the covariance.
    pub(super) fn columns(&self) -> Vec<Range<usize>> {
        let lengths = self.hazards().map(|baseline| baseline.coding().columns().len());
        let place = |start: &mut usize, p: usize| {
            let columns = *start..*start + p;
            *start = columns.end;
            Some(columns)
        };
        lengths.scan(0, place).collect()
    }

    /// The profile as each cause that has a hazard reads it: every name must be a term of one of them.
    pub(super) fn profiles(&self, profile: &Profile) -> Result<Vec<Profile>> {
        let codings: Vec<&Coding> = self.hazards().map(CoxBaseline::coding).collect();
        let known = |name: &str| codings.iter().any(|coding| coding.position(name).is_ok());
        if let Some(name) = profile.names().find(|name| !known(name)) {
            let terms = codings.iter().flat_map(|coding| coding.terms());
            let mut known: Vec<String> = terms.map(|term| term.name.clone()).collect();
            known.sort();
            known.dedup();
            return Err(Error::UnknownName { kind: "term", name: name.to_owned(), known });
        }
        let of = |coding: &&Coding| profile.only(|n| coding.position(n).is_ok());
        Ok(codings.iter().map(of).collect())
    }

    pub(super) fn vcov(&self) -> &Array2<f64> {
        &self.vcov
    }

    pub(super) fn is_robust(&self) -> bool {
        self.robust
    }
}

#[cfg(feature = "serde")]
impl CauseSpecificBaseline {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { vcov: covariance })?;
        let p = self.columns().last().map_or(0, |columns| columns.end);
        let (rows, columns) = self.vcov.dim();
        crate::checked::same_lengths(p, &[("vcov", rows), ("vcov", columns)])?;
        // Every cause has the times of all.
        let of = |stratum: StratumBaseline<'_>| {
            (stratum.name().to_owned(), stratum.series().time().to_vec())
        };
        let strata = |baseline: &CoxBaseline| -> Vec<(String, Vec<f64>)> {
            baseline.by_stratum().map(of).collect()
        };
        let mut strata =
            self.hazards().map(|baseline| (baseline.is_stratified(), strata(baseline)));
        match strata.next() {
            Some(first) if strata.all(|other| other == first) => Ok(()),
            _ => Err(Error::Inconsistent { what: "baseline" }),
        }
    }
}
