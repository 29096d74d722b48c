//! The incidences of one person and their variances, event time by event time.

#![expect(
    clippy::indexing_slicing,
    reason = "every cause has its place, and so has every pair of causes"
)]

use super::person::{Event, Person};
use crate::regression::cox::HazardJump;

/// What the jumps so far of one cause do to the incidence of a cause: the derivative D of the incidence
/// by each jump, less S where both causes are the same, is never negative but for its sign, and only
/// grows as time goes on, so that nothing here is ever subtracted.
#[derive(Debug, Clone)]
struct Moments {
    /// Σ v over the jumps, v their variance; Σ D v; Σ D² v.
    variance: [f64; 3],
    /// Σ q, q the derivative of a jump by the coefficients; Σ D q.
    slope: [Vec<f64>; 2],
}

impl Moments {
    fn new(p: usize) -> Self {
        Self { variance: [0.0; 3], slope: [vec![0.0; p], vec![0.0; p]] }
    }

    /// Lets D grow.
    fn grow(&mut self, by: f64) {
        let [total, first, second] = &mut self.variance;
        *second += by * (2.0 * *first + by * *total);
        *first += by * *total;
        let [slope, weighted] = &mut self.slope;
        weighted.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += by * *slope);
    }

    /// Adds a jump with its D.
    fn add(&mut self, jump: &HazardJump, scale: f64, derivative: f64) {
        let v = scale * scale * jump.variance;
        for (sum, power) in self.variance.iter_mut().zip([1.0, derivative, derivative.powi(2)]) {
            *sum += power * v;
        }
        let [slope, weighted] = &mut self.slope;
        for ((slope, weighted), q) in slope.iter_mut().zip(weighted).zip(&jump.slope) {
            *slope += scale * q;
            *weighted += derivative * scale * q;
        }
    }

    /// Σ (D + s)² v and Σ (D + s) q.
    fn shifted(&self, s: f64) -> (f64, Vec<f64>) {
        let [total, first, second] = self.variance;
        let [slope, weighted] = &self.slope;
        let both = slope.iter().zip(weighted);
        (second + s * (2.0 * first + s * total), both.map(|(q, dq)| dq + s * q).collect())
    }
}

/// S and the incidences with their variances, event time by event time.
#[derive(Debug)]
pub(super) struct Progress<'a> {
    person: &'a Person<'a>,
    pub(super) survival: f64,
    pub(super) incidence: Vec<f64>,
    /// By cause of the incidence, then by cause of the jumps.
    moments: Vec<Vec<Moments>>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(person: &'a Person<'a>) -> Self {
        let n = person.n_causes();
        let of_jumps: Vec<Moments> =
            person.no_slopes().iter().map(|slope| Moments::new(slope.len())).collect();
        Self { person, survival: 1.0, incidence: vec![0.0; n], moments: vec![of_jumps; n] }
    }

    pub(super) fn pass(&mut self, event: &Event<'_>) {
        let scale = event.passage.scale;
        for (cause, of_jumps) in self.moments.iter_mut().enumerate() {
            let (own, others) = (event.incidence(cause), event.others(cause));
            for (by, moments) in of_jumps.iter_mut().enumerate() {
                let same = by == cause;
                moments.grow(if same { others } else { own });
                if let Some(jump) = event.jumps[by] {
                    let at_once = if same { event.kept(cause) } else { event.taken(cause) };
                    moments.add(jump, scale, at_once);
                }
            }
            self.incidence[cause] += own;
        }
        self.survival = event.passage.survival;
    }

    /// The variance of the incidence of a cause.
    pub(super) fn variance(&self, cause: usize) -> f64 {
        let mut variance = 0.0;
        let mut slopes = Vec::with_capacity(self.moments.len());
        for (by, moments) in self.moments[cause].iter().enumerate() {
            let (sum, mut slope) = moments.shifted(if by == cause { self.survival } else { 0.0 });
            if by != cause {
                slope.iter_mut().for_each(|q| *q = -*q);
            }
            variance += sum;
            slopes.push(slope);
        }
        variance + self.person.coefficient_part(&slopes)
    }

    /// The variance of ln S.
    pub(super) fn variance_ln_survival(&self) -> f64 {
        let own = || self.moments.iter().enumerate().map(|(cause, of_jumps)| &of_jumps[cause]);
        let slopes: Vec<Vec<f64>> = own().map(|moments| moments.slope[0].clone()).collect();
        own().map(|moments| moments.variance[0]).sum::<f64>()
            + self.person.coefficient_part(&slopes)
    }
}
