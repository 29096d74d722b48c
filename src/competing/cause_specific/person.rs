//! The hazards of one person, all causes on one axis of time, and what they add up to.

use ndarray::{ArrayView1, ArrayView2};
use std::ops::Range;

use super::incidence_form::{IncidenceForm, Passage};
use crate::error::Warning;
use crate::regression::cox::{HazardJump, PersonHazard};

/// The jumps of every cause that has a model.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// One for each cause.
    hazards: Vec<PersonHazard>,
    /// Where the coefficients of each cause stand in the covariance of all.
    columns: Vec<Range<usize>>,
    vcov: ArrayView2<'a, f64>,
    form: IncidenceForm,
}

/// One event time.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) time: f64,
    /// The jump of each cause, if it has one here.
    pub(super) jumps: Vec<Option<&'a HazardJump>>,
    pub(super) passage: Passage,
    /// The jump of all causes, where it is above what the form can take.
    above: Option<f64>,
}

impl Event<'_> {
    #[expect(clippy::indexing_slicing, reason = "a time has a place for each cause")]
    fn hazard(&self, cause: usize) -> f64 {
        self.jumps[cause].map_or(0.0, |jump| jump.hazard)
    }

    pub(super) fn warning(&self) -> Option<Warning> {
        self.above.map(|hazard| Warning::HazardAboveOne { time: self.time, hazard })
    }

    /// dF of a cause.
    pub(super) fn incidence(&self, cause: usize) -> f64 {
        self.passage.mass * self.hazard(cause)
    }

    /// dF of all other causes.
    pub(super) fn others(&self, cause: usize) -> f64 {
        let others = (0..self.jumps.len()).filter(|&other| other != cause);
        others.map(|other| self.incidence(other)).sum()
    }

    /// How much of a change of its own jump here stays with a cause at once, S aside.
    pub(super) fn kept(&self, cause: usize) -> f64 {
        let Passage { tie, lost, .. } = self.passage;
        let others = (0..self.jumps.len()).filter(|&other| other != cause);
        tie * others.map(|other| self.hazard(other)).sum::<f64>() + lost
    }

    /// How much a change of the jump of another cause here takes from a cause at once.
    pub(super) fn taken(&self, cause: usize) -> f64 {
        self.passage.tie * self.hazard(cause)
    }
}

impl<'a> Person<'a> {
    pub(super) fn new(
        hazards: Vec<PersonHazard>,
        columns: Vec<Range<usize>>,
        vcov: ArrayView2<'a, f64>,
        form: IncidenceForm,
    ) -> Self {
        Self { hazards, columns, vcov, form }
    }

    pub(super) fn n_causes(&self) -> usize {
        self.hazards.len()
    }

    /// How far the person lies from the centre of the data, for the cause for which it is the most.
    pub(super) fn distance(&self) -> f64 {
        let farther = |a: f64, b: f64| if b.abs() > a.abs() { b } else { a };
        self.hazards.iter().map(|hazard| hazard.distance).fold(0.0, farther)
    }

    /// The event times of all causes, ascending, with what happens at each.
    pub(super) fn events(&self) -> Vec<Event<'_>> {
        let mut next = vec![0; self.n_causes()];
        let mut cumulative = vec![0.0; self.n_causes()];
        let mut survival = 1.0;
        let mut events = Vec::new();
        loop {
            let ahead =
                self.hazards.iter().zip(&next).filter_map(|(hazard, &k)| hazard.jumps.get(k));
            let Some(time) = ahead.map(|jump| jump.time).reduce(f64::min) else {
                return events;
            };
            let mut here = Vec::with_capacity(self.n_causes());
            let causes = self.hazards.iter().zip(&mut next).zip(&mut cumulative);
            for ((hazard, next), cumulative) in causes {
                let jump = hazard.jumps.get(*next).filter(|jump| jump.time == time);
                if let Some(jump) = jump {
                    *next += 1;
                    *cumulative = jump.cumulative;
                }
                here.push(jump);
            }
            let hazard: f64 = here.iter().flatten().map(|jump| jump.hazard).sum();
            let passage = self.form.pass(survival, hazard, cumulative.iter().sum());
            let above = survival > 0.0 && self.form.leaves_less(hazard);
            survival = passage.survival;
            let above = above.then_some(hazard);
            events.push(Event { time, jumps: here, passage, above });
        }
    }

    /// qᵀ V q, with q the derivatives by the coefficients of each cause.
    #[expect(clippy::indexing_slicing, reason = "a cause has its columns in the covariance of all")]
    pub(super) fn coefficient_part(&self, slopes: &[Vec<f64>]) -> f64 {
        let mut whole = vec![0.0; self.vcov.nrows()];
        for (columns, slope) in self.columns.iter().zip(slopes) {
            whole[columns.clone()].copy_from_slice(slope);
        }
        let whole = ArrayView1::from(&whole);
        whole.dot(&self.vcov.dot(&whole)).max(0.0)
    }

    pub(super) fn no_slopes(&self) -> Vec<Vec<f64>> {
        self.columns.iter().map(|columns| vec![0.0; columns.len()]).collect()
    }
}
