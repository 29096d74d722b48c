//! Weighted risks of rows, in little memory.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, and no block is longer than `AHEAD`"
)]

use multiversion::multiversion;
use std::ops::Range;

use super::ordered::Ordered;
use super::scaled_sum::{ORDINARY, Scaled};
use crate::linalg::{dot, sum};
use crate::numerics::blocks;
use crate::numerics::exp::exp_each;
use crate::numerics::large::Large;

/// Places whose risks are formed at a time: their rows stay near while they are met again.
const AHEAD: usize = 128;

/// Places of a chunk that may run on a thread of its own.
const CHUNK: usize = 4096;

/// The largest |η| that is within reach.
const REACH: f64 = 1e9;

/// w exp(η) of each place. Exponents are kept only where some are not 0, which is rare.
#[derive(Debug, Clone, Default)]
pub(crate) struct Risks {
    mantissa: Large,
    /// Empty as long as all are 0.
    exponent: Vec<i32>,
}

impl Risks {
    /// Room for those of so many places.
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { mantissa: Large::with_capacity(n), exponent: Vec::new() }
    }

    /// Those of some places, which are counted from 0; `None` where some η is out of reach.
    pub(super) fn of(ordered: &Ordered, beta: &[f64], places: Range<usize>) -> Option<Self> {
        Self::shown(ordered, beta, places, |_| ())
    }

    /// The same, and η of each of the places.
    pub(super) fn with_predictors(
        ordered: &Ordered,
        beta: &[f64],
        places: Range<usize>,
    ) -> Option<(Self, Vec<f64>)> {
        let mut all = Vec::with_capacity(places.len());
        let risks = Self::shown(ordered, beta, places.clone(), |eta| all.extend_from_slice(eta))?;
        // With coefficients of 0 there was none to be shown.
        all.resize(places.len(), 0.0);
        Some((risks, all))
    }

    /// The same, where `show` is shown each η that is not 0 by coefficients of 0.
    fn shown(
        ordered: &Ordered,
        beta: &[f64],
        places: Range<usize>,
        mut show: impl FnMut(&[f64]),
    ) -> Option<Self> {
        if beta.iter().all(|&beta| beta == 0.0) && ordered.offset.is_none() {
            let weights = ordered.weight.of(places.clone());
            let ones = || vec![1.0; places.len()];
            return Some(weights.map_or_else(ones, <[f64]>::to_vec).into());
        }
        let mut risks = Self::with_capacity(places.len());
        let mut next = places.start;
        while next < places.end {
            let end = (next + AHEAD).min(places.end);
            risks.form(ordered, beta, next..end, &mut show)?;
            next = end;
        }
        Some(risks)
    }

    /// Those of all places.
    pub(super) fn of_all(ordered: &Ordered, beta: &[f64]) -> Option<Self> {
        let n = ordered.weight.len();
        let mut all = Self::default();
        let chunks = blocks::cut(n, CHUNK);
        let of = |places| Self::of(ordered, beta, places);
        for chunk in blocks::map(chunks, of) {
            all.append(all.len(), chunk?, n);
        }
        Some(all)
    }

    /// Forms the risks of the next places.
    fn form(
        &mut self,
        ordered: &Ordered,
        beta: &[f64],
        places: Range<usize>,
        show: &mut impl FnMut(&[f64]),
    ) -> Option<()> {
        let mut block = [0.0; AHEAD];
        let eta = &mut block[..places.len()];
        linear_predictors(ordered, beta, places.clone(), eta);
        show(eta);
        if self.exponent.is_empty() && become_risks(eta, ordered.weight.of(places.clone())) {
            self.mantissa.extend_from_slice(eta);
            return Some(());
        }
        let reached = eta.iter().all(|eta| eta.abs() < REACH);
        let both = eta.iter().zip(places);
        both.for_each(|(&eta, place)| self.push(Scaled::exp(eta, ordered.weight[place])));
        reached.then_some(())
    }

    /// Adds the risks of the places from `start` on, of `n` places in all, which are taken over where these are
    /// all of them; those between, in no risk set, have none.
    pub(super) fn append(&mut self, start: usize, next: Self, n: usize) {
        if self.mantissa.capacity() == 0 {
            if next.len() == n {
                *self = next;
                return;
            }
            *self = Self::with_capacity(n);
        }
        self.mantissa.extend_from_slice(&vec![0.0; start - self.len()]);
        self.mantissa.extend_from_slice(&next.mantissa);
        if !(self.exponent.is_empty() && next.exponent.is_empty()) {
            self.exponent.resize(start, 0);
            self.exponent.extend_from_slice(&next.exponent);
            self.exponent.resize(self.len(), 0);
        }
    }

    /// Adds the next place.
    fn push(&mut self, risk: Scaled) {
        if risk.exponent != 0 && self.exponent.is_empty() {
            self.exponent.resize(self.mantissa.len(), 0);
        }
        self.mantissa.push(risk.mantissa);
        if risk.exponent != 0 || !self.exponent.is_empty() {
            self.exponent.push(risk.exponent);
        }
    }

    /// The risk of one place.
    pub(crate) fn at(&self, place: usize) -> Scaled {
        let exponent = self.exponent.get(place).copied().unwrap_or(0);
        Scaled { mantissa: self.mantissa[place], exponent }
    }

    /// The risks of some places, where all are on the exponent 0.
    pub(super) fn ordinary(&self, places: Range<usize>) -> Option<&[f64]> {
        self.exponent.is_empty().then(|| &self.mantissa[places])
    }

    /// The sum of those of some places.
    #[inline]
    pub(super) fn sum(&self, places: Range<usize>) -> Scaled {
        match self.ordinary(places.clone()) {
            Some(risk) => Scaled { mantissa: sum(risk), exponent: 0 },
            None => places.fold(Scaled::ZERO, |sum, place| sum.plus(self.at(place))),
        }
    }

    /// Makes `shares` those of as many places in a total.
    pub(super) fn shares(&self, places: Range<usize>, total: Scaled, shares: &mut [f64]) {
        match self.ordinary(places.clone()) {
            Some(risk) => {
                let inverse = 1.0 / total.mantissa;
                shares.iter_mut().zip(risk).for_each(|(share, risk)| *share = risk * inverse);
            }
            None => {
                let both = shares.iter_mut().zip(places);
                both.for_each(|(share, place)| *share = self.at(place).over(total));
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.mantissa.len()
    }
}

/// η = xβ + offset at some places.
pub(super) fn linear_predictors(
    ordered: &Ordered,
    beta: &[f64],
    places: Range<usize>,
    eta: &mut [f64],
) {
    multiply(ordered.rows(places.clone()), beta, eta);
    if let Some(offset) = &ordered.offset {
        eta.iter_mut().zip(&offset[places]).for_each(|(eta, offset)| *eta += offset);
    }
}

/// Replaces every η by w exp(η), unless one is out of the ordinary: then all stay, and the answer is no.
/// Without weights all are 1.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(super) fn become_risks(eta: &mut [f64], weights: Option<&[f64]>) -> bool {
    each_becomes_a_risk(eta, weights)
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn each_becomes_a_risk(eta: &mut [f64], weights: Option<&[f64]>) -> bool {
    // All are looked at: to stop early, each would have to be looked at by itself.
    let ordinary = eta.iter().fold(true, |all, eta| all & (eta.abs() < ORDINARY));
    if ordinary {
        exp_each(eta);
        let both = eta.iter_mut().zip(weights.unwrap_or_default());
        both.for_each(|(risk, weight)| *risk *= weight);
    }
    ordinary
}

/// xβ of rows that lie one after the other.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn multiply(rows: &[f64], beta: &[f64], products: &mut [f64]) {
    multiply_each(rows, beta, products);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn multiply_each(rows: &[f64], beta: &[f64], products: &mut [f64]) {
    for (product, row) in products.iter_mut().zip(rows.chunks_exact(beta.len().max(1))) {
        *product = dot(row, beta);
    }
}

/// Risks of ordinary size.
impl From<Vec<f64>> for Risks {
    fn from(mantissa: Vec<f64>) -> Self {
        Self { mantissa: mantissa.into(), exponent: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for p in 0..40 {
            for n in [1, 2, 7, 33] {
                let (rows, beta) = (fractions(n * p), fractions(p));
                let (mut chosen, mut plain) = (vec![0.0; n], vec![0.0; n]);
                multiply(&rows, &beta, &mut chosen);
                multiply_each(&rows, &beta, &mut plain);
                assert!(same_bits(&chosen, &plain), "{n} x {p}");
            }
        }
        for n in 0..70 {
            let mut chosen: Vec<f64> = fractions(n).iter().map(|x| x % 100.0).collect();
            let (mut plain, weights) = (chosen.clone(), fractions(n));
            assert!(become_risks(&mut chosen, Some(&weights)));
            assert!(each_becomes_a_risk(&mut plain, Some(&weights)));
            assert!(same_bits(&chosen, &plain), "{n} numbers");
            for extreme in [f64::NAN, f64::INFINITY, -2.0 * ORDINARY] {
                let mut some = [chosen.as_slice(), &[extreme], &plain].concat();
                let before = some.clone();
                assert!(!become_risks(&mut some, None));
                assert!(same_bits(&some, &before));
            }
        }
    }

    #[test]
    fn a_risk_is_the_weight_times_an_exponential() {
        let (eta, weights) = ([0.0, 2.0, -1.5, 30.0, -0.25], [3.0, 0.5, 4.0, 0.125, 1.0]);
        let (mut alike, mut weighted) = (eta, eta);
        assert!(become_risks(&mut alike, None));
        assert!(become_risks(&mut weighted, Some(&weights)));
        for (k, eta) in eta.into_iter().enumerate() {
            approx::assert_relative_eq!(alike[k], eta.exp(), max_relative = 1e-15);
            approx::assert_relative_eq!(weighted[k], weights[k] * eta.exp(), max_relative = 1e-15);
        }
    }

    #[test]
    fn exponents_appear_when_they_are_needed() {
        let all = [0.5, 1.0, -1e5, 3.0, 1e5].map(|eta| Scaled::exp(eta, 2.0));
        for n in [2, 5] {
            let mut risks = Risks::default();
            all[..n].iter().for_each(|&risk| risks.push(risk));
            assert!((0..n).all(|place| risks.at(place) == all[place]));
            assert_eq!(risks.exponent.is_empty(), n == 2);
            assert_eq!(risks.ordinary(0..n).is_some(), n == 2);
            assert_eq!(risks.len(), n);
        }
    }

    #[test]
    fn parts_follow_each_other() {
        let all = [0.5, 1.0, -1e5, 3.0, 1e5, 2.0].map(|eta| Scaled::exp(eta, 2.0));
        for cuts in [[0, 2], [2, 4], [2, 5], [0, 6], [6, 6]] {
            let mut risks = Risks::default();
            for part in [&all[..cuts[0]], &all[cuts[0]..cuts[1]], &all[cuts[1]..]] {
                let mut next = Risks::default();
                part.iter().for_each(|&risk| next.push(risk));
                risks.append(risks.len(), next, all.len());
            }
            assert!((0..all.len()).all(|place| risks.at(place) == all[place]));
            assert!(risks.ordinary(0..2).is_none());
        }
    }
}
