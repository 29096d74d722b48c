//! The variance of state occupation probabilities over time, in one sweep over the rows.
//!
//! With u_i the influence of person i on p(t), a row vector, and w_i its weight at risk in each
//! state, the variance is the diagonal of M = Σ u_iᵀ u_i. A step changes every u_i, but all in the
//! same way: M, Q = Σ w_iᵀ u_i and E = Σ w_iᵀ w_i move on by themselves. Only a person whose rows begin
//! or end needs its own u_i, which [`Products`] brings up to date.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is of one of the persons, a state one of the k, a step one of the jumps"
)]

use super::course::{Course, at_start};
use super::jumps::Jumps;
use super::persons::Persons;
use super::products::Products;
use super::walk::{Members, walk};
use crate::data::MultiState;
use crate::numerics::sum::Sum;

/// The standard errors of p(0), and of each state at each time of the course.
pub(super) fn std_errors(
    data: &MultiState,
    course: &Course,
    members: Members<'_>,
    persons: &Persons<'_>,
) -> (Vec<f64>, Vec<f64>) {
    let k = course.initial.len();
    let mut sweep = Sweep::new(course, persons.n);
    sweep.begin(data, members, persons);
    let mut initial = Vec::with_capacity(k);
    sweep.errors(&course.initial, &mut initial);
    let mut place = 0;
    let mut errors = Vec::with_capacity(course.probability.len());
    walk(data, members, |visit| {
        for row in visit.entering.iter().map(|&row| row as usize) {
            let state = data.from()[row] as usize;
            sweep.change(persons.person(row), state, persons.weight(row));
        }
        if course.jumps.time.get(sweep.done) == Some(&visit.time) {
            sweep.step();
            for row in visit.leaving.iter().map(|&row| row as usize) {
                if let Some(to) = data.to()[row] {
                    let (from, to) = (data.from()[row] as usize, to as usize);
                    sweep.moves(persons.person(row), from, to, persons.weight(row));
                }
            }
            sweep.settle(&course.probability[place * k..(place + 1) * k]);
        }
        for row in visit.leaving.iter().map(|&row| row as usize) {
            let state = data.from()[row] as usize;
            sweep.change(persons.person(row), state, -persons.weight(row));
        }
        if course.time.get(place) == Some(&visit.time) {
            sweep.errors(&course.probability[place * k..(place + 1) * k], &mut errors);
            place += 1;
        }
    });
    (initial, errors)
}

/// Sums over persons at one time; matrices row by row.
struct Sweep<'a> {
    k: usize,
    course: &'a Course,
    jumps: &'a Jumps,
    products: Products<'a>,
    /// Steps that are done.
    done: usize,
    /// Persons who move at one time are added in the order of their rows, which is to leave no trace.
    m: Vec<Sum>,
    /// As those at risk grow few, these are small rests of large sums.
    q: Vec<Sum>,
    e: Vec<Sum>,
    /// The influence of each person, as of the step at which it last changed. A cluster has many rows of one
    /// time.
    influence: Vec<Sum>,
    /// The weight at risk of each person in each state.
    weight: Vec<Sum>,
    as_of: Vec<usize>,
    /// The weights and the influence of one person, rounded.
    at_risk: Vec<f64>,
    rounded: Vec<f64>,
    /// Room for what a step needs on the way.
    room: Room,
}

/// Matrices that hold nothing from one step to the next.
#[derive(Default)]
struct Room {
    c: Vec<f64>,
    d: Vec<f64>,
    n: Vec<f64>,
    kept: Vec<f64>,
    nb: Vec<f64>,
    bk: Vec<f64>,
    line: Vec<Sum>,
}

/// Fills a square matrix.
fn square<T>(out: &mut Vec<T>, k: usize, of: impl Fn(usize, usize) -> T) {
    out.clear();
    (0..k).for_each(|i| out.extend((0..k).map(|j| of(i, j))));
}

impl<'a> Sweep<'a> {
    fn new(course: &'a Course, n: usize) -> Self {
        let k = course.initial.len();
        Self {
            k,
            course,
            jumps: &course.jumps,
            products: Products::new(&course.jumps),
            done: 0,
            m: vec![Sum::default(); k * k],
            q: vec![Sum::default(); k * k],
            e: vec![Sum::default(); k * k],
            influence: vec![Sum::default(); n * k],
            weight: vec![Sum::default(); n * k],
            at_risk: vec![0.0; k],
            rounded: vec![0.0; k],
            as_of: vec![0; n],
            room: Room::default(),
        }
    }

    /// Adds the standard errors at present. Influences sum to 0 over the states, so that the variance of the
    /// likeliest one is that of all others together, which keeps its digits as they die out.
    fn errors(&self, p: &[f64], errors: &mut Vec<f64>) {
        let k = self.k;
        let likeliest = (0..k).fold(0, |best, j| if p[j] > p[best] { j } else { best });
        let others = || (0..k).filter(|&j| j != likeliest);
        let rest = others().flat_map(|j| others().map(move |l| self.m[j * k + l].value()));
        let rest: f64 = rest.sum();
        let variance = |j: usize| if j == likeliest { rest } else { self.m[j * k + j].value() };
        errors.extend((0..k).map(|j| variance(j).max(0.0).sqrt()));
    }

    /// The influence on the initial probabilities.
    fn begin(&mut self, data: &MultiState, members: Members<'_>, persons: &Persons<'_>) {
        let (k, course) = (self.k, self.course);
        let Some(&first) = self.jumps.time.first() else { return };
        for row in members.by_exit.iter().map(|&row| row as usize) {
            if !at_start(data, row, first) {
                continue;
            }
            let share = persons.weight(row) / course.initial_weight;
            let person = persons.person(row);
            let influence = &mut self.influence[person * k..(person + 1) * k];
            for (sum, p) in influence.iter_mut().zip(&course.initial) {
                sum.add(-share * p);
            }
            influence[data.from()[row] as usize].add(share);
        }
        for u in self.influence.chunks_exact(k) {
            round(u, &mut self.rounded);
            outer(&self.rounded, &self.rounded, &mut self.m);
        }
    }

    /// Brings the influence of a person up to date.
    fn current(&mut self, person: usize) {
        if self.as_of[person] == self.done {
            return;
        }
        let range = person * self.k..(person + 1) * self.k;
        round(&self.weight[range.clone()], &mut self.at_risk);
        let (influence, u) = (&mut self.influence[range], &mut self.rounded);
        round(influence, u);
        self.products.advance(self.as_of[person], self.done, &self.at_risk, u);
        influence.iter_mut().zip(u).for_each(|(sum, u)| *sum = Sum::from(*u));
        self.as_of[person] = self.done;
    }

    /// A row of a person begins, or with a negative weight ends.
    fn change(&mut self, person: usize, state: usize, weight: f64) {
        self.current(person);
        let k = self.k;
        let own = &mut self.weight[person * k..(person + 1) * k];
        for (j, own) in own.iter().enumerate() {
            self.e[state * k + j].add_scaled(weight, *own);
            self.e[j * k + state].add_scaled(weight, *own);
        }
        self.e[state * k + state].add_product(weight, weight);
        own[state].add(weight);
        let u = &self.influence[person * k..(person + 1) * k];
        let line = &mut self.q[state * k..(state + 1) * k];
        line.iter_mut().zip(u).for_each(|(sum, &u)| sum.add_scaled(weight, u));
    }

    /// A step as for persons who are at risk and do not move: with g_j = w_j s_j each
    /// u becomes (u − g) B + g.
    fn step(&mut self) {
        let Self { k, jumps, done, m, q, e, room, .. } = self;
        let k = *k;
        let (b, s) = (jumps.matrix(*done), jumps.share(*done));
        let at = |i: usize, j: usize| i * k + j;
        let Room { c, d, n, kept, nb, bk, line } = room;
        // Σ uᵀg, Σ gᵀg, and from them Σ (u − g)ᵀ(u − g) and Σ (u − g)ᵀ g.
        square(c, k, |i, j| s[j] * q[at(j, i)].value());
        square(d, k, |i, j| s[i] * s[j] * e[at(i, j)].value());
        square(n, k, |i, j| m[at(i, j)].value() - c[at(i, j)] - c[at(j, i)] + d[at(i, j)]);
        square(kept, k, |i, j| c[at(i, j)] - d[at(i, j)]);
        // Bᵀ N B = (N B)ᵀ B, as N is symmetric.
        square(nb, k, |i, j| (0..k).map(|l| n[at(i, l)] * b[at(l, j)]).sum());
        square(bk, k, |i, j| (0..k).map(|l| b[at(l, i)] * kept[at(l, j)]).sum());
        square(m, k, |i, j| {
            let bnb: f64 = (0..k).map(|l| nb[at(l, i)] * b[at(l, j)]).sum();
            Sum::from(bnb + bk[at(i, j)] + bk[at(j, i)] + d[at(i, j)])
        });
        step_weighted(q, e, b, s, line);
        *done += 1;
    }

    /// What the step just done is more for a person who moved.
    fn moves(&mut self, person: usize, from: usize, to: usize, weight: f64) {
        self.current(person);
        let k = self.k;
        let shift = weight * self.jumps.share(self.done - 1)[from];
        let u = &mut self.influence[person * k..(person + 1) * k];
        // uᵀ v + vᵀ (u + v), with v the change of u.
        for (u, line) in u.iter().zip(self.m.chunks_exact_mut(k)) {
            line[from].add_scaled(-shift, *u);
            line[to].add_scaled(shift, *u);
        }
        u[from].add(-shift);
        u[to].add(shift);
        for (state, shift) in [(from, -shift), (to, shift)] {
            let line = &mut self.m[state * k..(state + 1) * k];
            line.iter_mut().zip(&*u).for_each(|(sum, &u)| sum.add_scaled(shift, u));
        }
        let weights = &self.weight[person * k..(person + 1) * k];
        for (&weight, line) in weights.iter().zip(self.q.chunks_exact_mut(k)) {
            line[from].add_scaled(-shift, weight);
            line[to].add_scaled(shift, weight);
        }
    }

    /// A state that cannot be occupied varies by nothing, nor does the only one that can.
    fn settle(&mut self, p: &[f64]) {
        let k = self.k;
        for j in (0..k).filter(|&j| p[j] == 0.0) {
            for l in 0..k {
                self.m[j * k + l] = Sum::default();
                self.m[l * k + j] = Sum::default();
                self.q[l * k + j] = Sum::default();
            }
        }
        if p.iter().filter(|&&p| p > 0.0).count() == 1 {
            self.m.fill(Sum::default());
            self.q.fill(Sum::default());
        }
    }
}

/// Σ w_jᵀ u becomes (Σ w_jᵀ u − Σ w_jᵀ g) B + Σ w_jᵀ g. Most of B is 0.
fn step_weighted(q: &mut [Sum], e: &[Sum], b: &[f64], s: &[f64], out: &mut Vec<Sum>) {
    let k = s.len();
    for (q, e) in q.chunks_exact_mut(k).zip(e.chunks_exact(k)) {
        out.clear();
        out.resize(k, Sum::default());
        for l in 0..k {
            out[l].add_scaled(s[l], e[l]);
            let mut kept = q[l];
            kept.add_scaled(-s[l], e[l]);
            for (out, &b) in out.iter_mut().zip(&b[l * k..(l + 1) * k]) {
                if b != 0.0 {
                    out.add_scaled(b, kept);
                }
            }
        }
        q.copy_from_slice(out);
    }
}

fn round(sums: &[Sum], out: &mut [f64]) {
    out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum.value());
}

/// Adds xᵀ y.
fn outer(x: &[f64], y: &[f64], sum: &mut [Sum]) {
    let k = x.len();
    for (x, line) in x.iter().zip(sum.chunks_exact_mut(k)) {
        line.iter_mut().zip(y).for_each(|(sum, &y)| sum.add_product(*x, y));
    }
}
