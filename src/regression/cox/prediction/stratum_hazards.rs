//! The hazards of one stratum at a fit's estimate.

use super::covariates::{Covariates, Estimated};
use super::hazard_sums::{HazardSum, HazardSums};
use super::product_limit;
use crate::data::{Design, RiskSeries};
use crate::regression::cox::engine::{
    Ordered, Scaled, ScaledSum, StratumRows, Ties, TimesPass, power, risk_sets,
};

/// One stratum: who was at risk when, and the hazard at its centre.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "wire::Wire", into = "wire::Wire"))]
pub(crate) struct StratumHazards {
    pub(crate) name: String,
    /// Weighted mean of the columns over all rows.
    pub(crate) mean: Vec<f64>,
    /// The covariates the hazards are relative to: the mean of the rows in risk sets.
    pub(crate) centre: Vec<f64>,
    pub(crate) centre_offset: f64,
    pub(crate) series: RiskSeries,
    /// Event times, ascending.
    pub(crate) time: Vec<f64>,
    pub(crate) sums: HazardSums,
}

impl StratumHazards {
    /// A stratum without events.
    pub(crate) fn without_events(name: String, mean: Vec<f64>, series: RiskSeries) -> Self {
        let sums = HazardSums::new(mean.len(), Vec::new());
        let (centre, centre_offset, time) = (mean.clone(), 0.0, Vec::new());
        Self { name, mean, centre, centre_offset, series, time, sums }
    }

    /// The same stratum with its hazards.
    pub(crate) fn with_hazards(
        self,
        hazards: &Hazards<'_>,
        stratum: &StratumRows,
        design: &Design,
    ) -> Self {
        let centre = Centre::new(hazards.ordered, stratum, design);
        let mut jumps = hazards.jumps(stratum);
        for jump in &mut jumps {
            centre.move_to(jump, &hazards.ordered.scale, hazards.estimated);
        }
        jumps.reverse();
        Self {
            sums: HazardSums::new(self.mean.len(), jumps),
            time: stratum.times.iter().rev().map(|time| time.time).collect(),
            centre: centre.at.x,
            centre_offset: centre.at.offset,
            ..self
        }
    }

    /// The centre as a person.
    pub(crate) fn at_centre(&self) -> Covariates {
        Covariates { x: self.centre.clone(), offset: self.centre_offset }
    }

    /// How many event times there are up to a time.
    pub(crate) fn n_until(&self, time: f64) -> usize {
        self.time.partition_point(|&known| known <= time)
    }

    /// The last time at which somebody left.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, each with its counts"
    )]
    pub(crate) fn last_time(&self) -> Option<f64> {
        let left = |k: &usize| self.series.n_event()[*k] + self.series.n_censor()[*k] > 0.0;
        (0..self.series.time().len()).rev().find(left).map(|k| self.series.time()[k])
    }
}

/// The rows of a fit at its estimate.
#[derive(Debug)]
pub(crate) struct Hazards<'a> {
    pub(crate) ordered: &'a Ordered,
    pub(crate) times: &'a TimesPass,
    pub(crate) ties: Ties,
    pub(crate) estimated: Estimated<'a>,
}

impl Hazards<'_> {
    /// The jumps of one stratum in the scaled columns, latest first.
    fn jumps(&self, stratum: &StratumRows) -> Vec<HazardSum> {
        let mut jumps = Vec::with_capacity(stratum.times.len());
        risk_sets::walk(self.ordered, stratum, &self.times.risk, |k, stay, leave| {
            let time = &stratum.times.at(k);
            let exponent = stay.align(leave);
            let steps = self.ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            let theta = steps.mean_theta * steps.square;
            let both = stay.first.iter().zip(&leave.first);
            let first = both.map(|(n, d)| steps.square * n + theta * d).collect();
            let scalar = |exponent, total| ScaledSum { exponent, total, first: Vec::new() };
            let all = stay.total + leave.total;
            let share = |place: usize| {
                let (Scaled { mantissa, exponent: of_row }, weight) =
                    (self.times.risk.at(place), self.ordered.weight[place]);
                (mantissa / weight * power(of_row - exponent) / all, weight)
            };
            let events: Vec<(f64, f64)> = time.events().map(share).collect();
            let alpha = product_limit::solve(&events, stay.total / all);
            jumps.push(HazardSum {
                hazard: ScaledSum { exponent: -exponent, total: steps.hazard, first },
                variance: scalar(-2 * exponent, steps.square),
                product_limit: alpha.map(|a| scalar(-exponent, a / all)),
            });
        });
        jumps
    }
}

/// The centre of a stratum as a number of each column can hold it, and what it is off by.
#[derive(Debug)]
struct Centre {
    at: Covariates,
    /// `at` less the centre that the engine subtracted.
    off: Covariates,
}

impl Centre {
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is one of the rows, and its source one of the data"
    )]
    fn new(ordered: &Ordered, stratum: &StratumRows, design: &Design) -> Self {
        let place = stratum.rows.start;
        let source = ordered.source[place] as usize;
        // The engine's centre is the first row less that row as it stands centred.
        let around = |given: f64, centred: f64| {
            let at = given - centred;
            (at, (at - given) + centred)
        };
        let centred = ordered.row(place).iter().zip(&ordered.scale).map(|(x, scale)| x * scale);
        let given = design.matrix().row(source).to_vec();
        let (x, off): (Vec<f64>, Vec<f64>) =
            given.into_iter().zip(centred).map(|(given, centred)| around(given, centred)).unzip();
        let given = design.offset().map_or(0.0, |offset| offset[source]);
        let centred = ordered.offset.as_ref().map_or(0.0, |offset| offset[place]);
        let (offset, off_offset) = around(given, centred);
        Self { at: Covariates { x, offset }, off: Covariates { x: off, offset: off_offset } }
    }

    /// Turns the scaled columns of a jump back and takes it from the engine's centre to this one.
    fn move_to(&self, jump: &mut HazardSum, scale: &[f64], estimated: Estimated<'_>) {
        let factor = (estimated.dot(&self.off.x) + self.off.offset).exp();
        let HazardSum { hazard, variance, product_limit } = jump;
        let total = hazard.total;
        for ((first, scale), off) in hazard.first.iter_mut().zip(scale).zip(&self.off.x) {
            *first = factor * (*first * scale - off * total);
        }
        hazard.total *= factor;
        variance.total *= factor * factor;
        if let Some(sum) = product_limit {
            sum.total *= factor;
        }
    }
}

#[cfg(feature = "serde")]
mod wire {
    use super::super::hazard_sums::{HazardSum, HazardSums};
    use super::StratumHazards;
    use crate::data::RiskSeries;
    use crate::error::{Error, Result};

    /// The hazards as the number of columns and the jumps.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub(super) struct Wire {
        name: String,
        mean: Vec<f64>,
        centre: Vec<f64>,
        centre_offset: f64,
        series: RiskSeries,
        time: Vec<f64>,
        sums: (usize, Vec<HazardSum>),
    }

    impl Wire {
        /// Whether there are as many columns everywhere, and as many times, and all numbers are finite.
        fn holds(&self) -> bool {
            let (p, (n_columns, jumps)) = (self.mean.len(), &self.sums);
            self.centre.len() == p
                && self.mean.iter().chain(&self.centre).all(|value| value.is_finite())
                && self.centre_offset.is_finite()
                && self.time.is_sorted_by(|a, b| a < b)
                && self.time.iter().all(|time| time.is_finite())
                && *n_columns == p
                && jumps.len() == self.time.len()
                && jumps.iter().all(|jump| jump.holds(p))
        }
    }

    impl From<StratumHazards> for Wire {
        fn from(stratum: StratumHazards) -> Self {
            let StratumHazards { name, mean, centre, centre_offset, series, time, sums } = stratum;
            Self { name, mean, centre, centre_offset, series, time, sums: sums.into_jumps() }
        }
    }

    impl TryFrom<Wire> for StratumHazards {
        type Error = Error;

        /// Forms the sums only of what holds together: their size is columns × times.
        fn try_from(wire: Wire) -> Result<Self> {
            if !wire.holds() {
                return Err(Error::Inconsistent { what: "baseline" });
            }
            let Wire { name, mean, centre, centre_offset, series, time, sums: (p, jumps) } = wire;
            let sums = HazardSums::new(p, jumps);
            if !sums.holds(p) {
                return Err(Error::Inconsistent { what: "baseline" });
            }
            Ok(Self { name, mean, centre, centre_offset, series, time, sums })
        }
    }
}
