//! What a cohort says about the published numbers, and nothing more: replicates need it fast.

use riskset::ndarray::Array2;
use riskset::regression::cox::CoxFit;
use riskset::statistic::Interval;
use riskset::{CoxPh, Groups, KaplanMeier, LogRank};

use super::super::cohort::Cohort;
use super::super::levels::{Level, Therapy};
use super::super::model::{Endpoint, Model, groups};
use super::super::patients::Patient;
use super::cells::LEVEL;
use super::lesions::{self, cause_specific};
use super::published::{Quantity, Tested};

/// An estimate; `None` where the cohort has none, as a median that is not reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) value: Option<f64>,
    pub(crate) interval: Option<Interval>,
}

const NOTHING: Estimate = Estimate { value: None, interval: None };

/// The fits of a cohort.
#[derive(Debug)]
pub(crate) struct Estimates {
    ends: [EndpointFits; 2],
    local: riskset::Result<CoxFit>,
}

#[derive(Debug)]
struct EndpointFits {
    endpoint: Endpoint,
    /// The median of each group, in the order of `Therapy::ALL`.
    medians: Vec<Estimate>,
    /// The p-value of synchronous against delayed, and against no therapy.
    log_rank: [Option<f64>; 2],
    model: riskset::Result<CoxFit>,
}

/// The groups that the synchronous one is compared with.
const COMPARED: [Therapy; 2] = [Therapy::Delayed, Therapy::None];

impl Estimates {
    pub(crate) fn new(cohort: &Cohort) -> riskset::Result<Self> {
        let patients: Vec<&Patient> = cohort.patients.iter().collect();
        let lesions = lesions::tumours(cohort).unwrap_or_else(|| lesions::patients(cohort));
        let [pfs, os] = Endpoint::ALL.map(|endpoint| EndpointFits::new(endpoint, &patients));
        Ok(Self { ends: [pfs?, os?], local: cause_specific(&lesions) })
    }

    fn of(&self, endpoint: Endpoint) -> &EndpointFits {
        &self.ends[usize::from(self.ends[0].endpoint != endpoint)]
    }

    /// The estimate of a quantity, with its 95 % interval.
    pub(crate) fn estimate(&self, quantity: Quantity) -> Estimate {
        match quantity {
            Quantity::Median(endpoint, group) => self.of(endpoint).medians[group as usize],
            Quantity::Ratio(endpoint, covariate, level) => {
                ratio(&self.of(endpoint).model, &format!("{covariate}={level}"))
            }
            Quantity::Local(factor) => ratio(&self.local, factor),
        }
    }

    /// The p-value of a statement.
    pub(crate) fn p_value(&self, tested: Tested) -> Option<f64> {
        match tested {
            Tested::LogRank(endpoint, other) => {
                let place = COMPARED.iter().position(|group| *group == other)?;
                self.of(endpoint).log_rank[place]
            }
            Tested::Level(endpoint, covariate, level) => {
                wald(&self.of(endpoint).model, |name| name == format!("{covariate}={level}"))
            }
            Tested::Covariates(endpoint, covariates) => wald(&self.of(endpoint).model, |name| {
                name.split_once('=').is_some_and(|(term, _)| covariates.contains(&term))
            }),
            Tested::Local(factor) => wald(&self.local, |name| name == factor),
        }
    }

    /// Whether the synchronous group has the longest median of both endpoints; one that is not reached is
    /// longer than any that is.
    pub(crate) fn sync_is_longest(&self) -> bool {
        let longest = |fits: &EndpointFits| {
            let of = |group: Therapy| fits.medians[group as usize].value.unwrap_or(f64::INFINITY);
            let others = [Therapy::Upfront, Therapy::Delayed, Therapy::None];
            others.iter().all(|group| of(*group) < of(Therapy::Sync))
        };
        self.ends.iter().all(longest)
    }
}

impl EndpointFits {
    fn new(endpoint: Endpoint, patients: &[&Patient]) -> riskset::Result<Self> {
        let (data, groups) = (endpoint.data(patients)?, groups(patients)?);
        let curves = KaplanMeier::new()
            .transform(riskset::statistic::IntervalTransform::LogLog)
            .fit_by(&data, &groups)?;
        let median = |group: &Therapy| {
            curves.get(group.name()).map_or(NOTHING, |fit| {
                let median = fit.curve().median();
                Estimate { value: median.time, interval: Some(median.interval) }
            })
        };
        Ok(Self {
            endpoint,
            medians: Therapy::ALL.iter().map(median).collect(),
            log_rank: COMPARED.map(|other| log_rank(endpoint, patients, other)),
            model: Model::new(endpoint, patients, &endpoint.model_a())
                .and_then(|model| CoxPh::new().fit(&model.data, &model.design)),
        })
    }
}

/// Synchronous therapy against another group, on the patients of the two.
fn log_rank(endpoint: Endpoint, patients: &[&Patient], other: Therapy) -> Option<f64> {
    let both: Vec<&Patient> = (patients.iter().copied())
        .filter(|patient| patient.group == Therapy::Sync || patient.group == other)
        .collect();
    let labels: Vec<&str> = both.iter().map(|patient| patient.group.name()).collect();
    let groups = Groups::with_levels(&labels, &[Therapy::Sync.name(), other.name()]).ok()?;
    let fit = LogRank::new().fit(&endpoint.data(&both).ok()?, &groups).ok()?;
    Some(fit.test().p_value)
}

fn ratio(fit: &riskset::Result<CoxFit>, name: &str) -> Estimate {
    let ratios = fit.as_ref().ok().and_then(|fit| fit.hazard_ratios(LEVEL).ok());
    let found = ratios.into_iter().flatten().find(|ratio| ratio.name == name);
    found.map_or(NOTHING, |ratio| Estimate { value: ratio.estimate, interval: ratio.interval })
}

/// Wald's test that the coefficients of some columns are all 0.
fn wald(fit: &riskset::Result<CoxFit>, chosen: impl Fn(&str) -> bool) -> Option<f64> {
    let fit = fit.as_ref().ok()?;
    let names = fit.coefficients().iter().map(|coefficient| chosen(&coefficient.name));
    let places: Vec<usize> =
        names.enumerate().filter(|(_, chosen)| *chosen).map(|(j, _)| j).collect();
    let mut contrasts = Array2::zeros((places.len(), fit.coefficients().len()));
    places.iter().enumerate().for_each(|(row, &column)| contrasts[[row, column]] = 1.0);
    Some(fit.wald_test(&contrasts).ok()?.p_value)
}
