//! The course of a group: who is in which state, who moves, and the probabilities that follow.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a state one of those named, a kind one of the pairs that occur"
)]

use super::jumps::{Jumps, times};
use super::walk::{Members, Visit, walk};
use crate::data::MultiState;
use crate::numerics::sum::Sum;

/// Counts and probabilities at each time with a transition or a censoring.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) time: Vec<f64>,
    /// At risk in each state just before each time.
    pub(super) n_risk: Vec<f64>,
    /// Censored in each state at each time.
    pub(super) n_censor: Vec<f64>,
    /// Transitions of each kind at each time.
    pub(super) n_event: Vec<f64>,
    /// p of each state at each time.
    pub(super) probability: Vec<f64>,
    /// p of each state before the first transition.
    pub(super) initial: Vec<f64>,
    /// Weight of those whose states the initial probabilities are the shares of.
    pub(super) initial_weight: f64,
    /// How many steps are done at each time.
    pub(super) steps_done: Vec<usize>,
    pub(super) jumps: Jumps,
}

/// The transitions that are made, in the order of the states left, then of those entered.
#[derive(Debug, Clone)]
pub(super) struct Kinds {
    pub(super) pairs: Vec<(usize, usize)>,
    place: Vec<Option<usize>>,
    n_states: usize,
}

impl Kinds {
    pub(super) fn new(data: &MultiState) -> Self {
        let n_states = data.states().len();
        let mut made = vec![false; n_states * n_states];
        for (&from, to) in data.from().iter().zip(data.to()) {
            if let Some(to) = to {
                made[from as usize * n_states + *to as usize] = true;
            }
        }
        let mut pairs = Vec::new();
        let mut place = vec![None; made.len()];
        for (cell, _) in made.iter().enumerate().filter(|(_, made)| **made) {
            place[cell] = Some(pairs.len());
            pairs.push((cell / n_states, cell % n_states));
        }
        Self { pairs, place, n_states }
    }

    pub(super) fn place(&self, from: usize, to: usize) -> Option<usize> {
        self.place[from * self.n_states + to]
    }
}

/// Those in each state at present.
struct AtRisk {
    weight: Vec<Sum>,
    rows: Vec<usize>,
}

impl AtRisk {
    fn add(&mut self, state: usize, weight: f64) {
        self.weight[state].add(weight);
        self.rows[state] += 1;
    }

    /// Leaves nothing behind when nobody is left.
    fn remove(&mut self, state: usize, weight: f64) {
        self.weight[state].add(-weight);
        self.rows[state] -= 1;
        if self.rows[state] == 0 {
            self.weight[state] = Sum::default();
        }
    }
}

impl Course {
    /// From the rows of a group; `None` where none makes a transition.
    pub(super) fn new(
        data: &MultiState,
        kinds: &Kinds,
        continues: &[bool],
        members: Members<'_>,
    ) -> Option<Self> {
        let k = data.states().len();
        let (initial, initial_weight) = initial(data, members)?;
        let mut course = Self {
            time: Vec::new(),
            n_risk: Vec::new(),
            n_censor: Vec::new(),
            n_event: Vec::new(),
            probability: Vec::new(),
            initial,
            initial_weight,
            steps_done: Vec::new(),
            jumps: Jumps::new(k),
        };
        let mut at_risk = AtRisk { weight: vec![Sum::default(); k], rows: vec![0; k] };
        let mut p = course.initial.clone();
        walk(data, members, |visit| {
            course.visit(data, kinds, continues, visit, &mut at_risk, &mut p);
        });
        Some(course)
    }

    fn visit(
        &mut self,
        data: &MultiState,
        kinds: &Kinds,
        continues: &[bool],
        visit: Visit<'_>,
        at_risk: &mut AtRisk,
        p: &mut [f64],
    ) {
        let k = p.len();
        let (rows, from, to) = (data.rows(), data.from(), data.to());
        for row in visit.entering.iter().map(|&row| row as usize) {
            at_risk.add(from[row] as usize, rows.weight(row));
        }
        let risk: Vec<f64> = at_risk.weight.iter().map(|weight| weight.value()).collect();
        let all = at_risk.rows.clone();
        let mut events = vec![Sum::default(); kinds.pairs.len()];
        let mut censored = vec![Sum::default(); k];
        let (mut moved, mut ends) = (vec![0; k], false);
        for row in visit.leaving.iter().map(|&row| row as usize) {
            let (state, weight) = (from[row] as usize, rows.weight(row));
            at_risk.remove(state, weight);
            match to[row].and_then(|to| kinds.place(state, to as usize)) {
                Some(place) => {
                    events[place].add(weight);
                    moved[state] += 1;
                }
                None if !continues[row] => {
                    censored[state].add(weight);
                    ends = true;
                }
                None => {}
            }
        }
        let events: Vec<f64> = events.into_iter().map(Sum::value).collect();
        let moves = moved.iter().any(|&rows| rows > 0);
        if moves {
            let gone: Vec<bool> = (0..k).map(|j| moved[j] > 0 && moved[j] == all[j]).collect();
            self.step(visit.time, kinds, &risk, &events, &gone, p);
        }
        if moves || ends {
            self.time.push(visit.time);
            self.n_risk.extend(risk);
            self.n_event.extend(events);
            self.n_censor.extend(censored.into_iter().map(Sum::value));
            self.probability.extend_from_slice(p);
            self.steps_done.push(self.jumps.len());
        }
    }

    /// p ← p (I + dA). `gone` says from which states everybody goes.
    fn step(
        &mut self,
        time: f64,
        kinds: &Kinds,
        risk: &[f64],
        events: &[f64],
        gone: &[bool],
        p: &mut [f64],
    ) {
        let k = p.len();
        let (mut matrix, mut share, mut leaving) = (vec![0.0; k * k], vec![0.0; k], vec![0.0; k]);
        for (&(from, to), &d) in kinds.pairs.iter().zip(events) {
            if d > 0.0 {
                matrix[from * k + to] = d / risk[from];
                share[from] = p[from] / risk[from];
                leaving[from] += d;
            }
        }
        for j in 0..k {
            matrix[j * k + j] = match leaving[j] {
                0.0 => 1.0,
                _ if gone[j] => 0.0,
                leaving => ((risk[j] - leaving) / risk[j]).max(0.0),
            };
        }
        self.jumps.push(time, &matrix, &share);
        let before = p.to_vec();
        times(&before, &matrix, p);
        // Rounding alone takes the sum from 1; over many steps it would drift.
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|p| *p /= total);
    }
}

impl Course {
    /// The first time at which somebody is at risk in a state whose probability is 0.
    pub(super) fn impossible(&self, state: usize) -> Option<f64> {
        let k = self.initial.len();
        let before = self.initial.iter().chain(&self.probability).skip(state).step_by(k);
        let at_risk = self.n_risk.iter().skip(state).step_by(k);
        let mut places = before.zip(at_risk).zip(&self.time);
        places.find(|((p, at_risk), _)| **p == 0.0 && **at_risk > 0.0).map(|(_, &time)| time)
    }
}

/// The share of each state among those at risk at the first transition, and their weight.
fn initial(data: &MultiState, members: Members<'_>) -> Option<(Vec<f64>, f64)> {
    let first = first_transition(data, members)?;
    let mut weight = vec![Sum::default(); data.states().len()];
    let mut total = Sum::default();
    for row in members.by_exit.iter().map(|&row| row as usize) {
        if at_start(data, row, first) {
            weight[data.from()[row] as usize].add(data.rows().weight(row));
            total.add(data.rows().weight(row));
        }
    }
    let total = total.value();
    Some((weight.into_iter().map(|weight| weight.value() / total).collect(), total))
}

/// When somebody first moves.
pub(super) fn first_transition(data: &MultiState, members: Members<'_>) -> Option<f64> {
    let moves = members.by_exit.iter().find(|&&row| data.to()[row as usize].is_some());
    moves.map(|&row| data.time()[row as usize])
}

/// Whether a row is at risk at the time of the first transition.
pub(super) fn at_start(data: &MultiState, row: usize, first: f64) -> bool {
    data.entry()[row] < first && first <= data.time()[row]
}
