//! The variance of cumulative transition hazards, in one sweep over the rows.
//!
//! As for the probabilities, but a step takes the influence u of a person on A_jk to
//! u − w_j dA/Y_j, so that a difference of running sums brings it up to date.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and of one of the persons; a place is one of the times"
)]

use super::course::{Course, Kinds};
use super::persons::Persons;
use super::walk::{Members, walk};
use crate::data::MultiState;
use crate::numerics::sum::Sum;

/// A and its standard error, at each time of the course.
#[derive(Debug, Clone)]
pub(super) struct Hazard {
    pub(super) cumulative: Vec<f64>,
    pub(super) std_error: Vec<f64>,
}

/// The cumulative hazard of one kind of transition.
pub(super) fn hazard(
    data: &MultiState,
    course: &Course,
    kinds: &Kinds,
    kind: usize,
    members: Members<'_>,
    persons: &Persons<'_>,
) -> Hazard {
    let (k, n_kinds) = (course.initial.len(), kinds.pairs.len());
    let (from, to) = kinds.pairs[kind];
    let mut sweep = Sweep::new(persons.n);
    let (mut total, mut place, mut at_risk) = (Sum::default(), 0, 0);
    let column = || Vec::with_capacity(course.time.len());
    let mut hazard = Hazard { cumulative: column(), std_error: column() };
    walk(data, members, |visit| {
        let in_state = |row: &usize| data.from()[*row] as usize == from;
        for row in visit.entering.iter().map(|&row| row as usize).filter(in_state) {
            sweep.change(persons.person(row), persons.weight(row));
            at_risk += 1;
        }
        let here = course.time.get(place) == Some(&visit.time);
        let leaving = || visit.leaving.iter().map(|&row| row as usize).filter(in_state);
        let d = if here { course.n_event[place * n_kinds + kind] } else { 0.0 };
        if d > 0.0 {
            let risk = course.n_risk[place * k + from];
            total.add(d / risk);
            let enters = |row: &usize| data.to()[*row].is_some_and(|state| state as usize == to);
            // Where all who are at risk move, the step and the moves cancel.
            if leaving().filter(enters).count() < at_risk {
                sweep.step(d / risk / risk);
                for row in leaving().filter(enters) {
                    sweep.moves(persons.person(row), persons.weight(row) / risk);
                }
            }
        }
        for row in leaving() {
            sweep.change(persons.person(row), -persons.weight(row));
            at_risk -= 1;
        }
        if here {
            hazard.cumulative.push(total.value());
            hazard.std_error.push(sweep.square.value().max(0.0).sqrt());
            place += 1;
        }
    });
    hazard
}

/// All in twice the working precision: as rows of a cluster end, each of the sums becomes a small rest of
/// large ones, and would be divided by the few at risk then.
struct Sweep {
    /// Σ u², Σ w u, Σ w².
    square: Sum,
    product: Sum,
    weights: Sum,
    /// Σ dA/Y over the steps.
    running: Sum,
    persons: Vec<Person>,
}

/// One person: they come in no order, so that what is known of one lies together.
#[derive(Clone, Copy, Default)]
struct Person {
    influence: Sum,
    weight: Sum,
    as_of: Sum,
}

impl Sweep {
    fn new(n: usize) -> Self {
        let zero = Sum::default();
        Self {
            square: zero,
            product: zero,
            weights: zero,
            running: zero,
            persons: vec![Person::default(); n],
        }
    }

    fn current(&mut self, person: usize) -> Sum {
        let person = &mut self.persons[person];
        let steps = self.running.after(person.as_of);
        person.influence.subtract_product(person.weight, steps);
        person.as_of = self.running;
        person.influence
    }

    fn change(&mut self, person: usize, weight: f64) {
        let u = self.current(person);
        self.product.add_scaled(weight, u);
        let own = &mut self.persons[person].weight;
        self.weights.add_scaled(2.0 * weight, *own);
        self.weights.add_product(weight, weight);
        own.add(weight);
    }

    fn step(&mut self, x: f64) {
        // x² Σ w² − 2x Σ w u.
        let mut change = Sum::default();
        change.add_scaled(x, self.weights);
        change.add_scaled(-2.0, self.product);
        self.square.add_scaled(x, change);
        self.product.add_scaled(-x, self.weights);
        self.running.add(x);
    }

    fn moves(&mut self, person: usize, shift: f64) {
        let u = self.current(person);
        self.square.add_scaled(2.0 * shift, u);
        self.square.add_product(shift, shift);
        let person = &mut self.persons[person];
        self.product.add_scaled(shift, person.weight);
        person.influence.add(shift);
    }
}
