//! The jumps of the cumulative hazard, in little memory.

#![expect(
    clippy::indexing_slicing,
    reason = "a time is one of those with a jump, of which every column has as many"
)]

use std::ops::Range;

use super::scaled_sum::Scaled;
use crate::linalg::sum;
use crate::numerics::large::Large;

/// The jumps at the event times of a stratum, latest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jumps {
    stay: Large,
    /// None as long as they are those of `stay`, as where no events are tied.
    leave: Option<Large>,
    /// None as long as all are 0.
    exponent: Option<Vec<i32>>,
}

impl Jumps {
    /// Room for so many.
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { stay: Large::with_capacity(n), ..Self::default() }
    }

    /// Adds that of the next time, for those who stay and for those who leave, where the risks that they were
    /// divided by are on `exponent`: their inverses are on its negative.
    #[inline]
    pub(super) fn push(&mut self, (of_stay, of_leave): (f64, f64), exponent: i32) {
        self.tell(of_leave != of_stay, exponent != 0);
        self.stay.push(of_stay);
        if let Some(leave) = &mut self.leave {
            leave.push(of_leave);
        }
        if let Some(exponents) = &mut self.exponent {
            exponents.push(-exponent);
        }
    }

    /// Adds those of times at which nobody is tied, where the risks are on the exponent 0.
    pub(super) fn extend_untied(&mut self, jumps: &[f64]) {
        self.stay.extend_from_slice(jumps);
        if let Some(leave) = &mut self.leave {
            leave.extend_from_slice(jumps);
        }
        if let Some(exponents) = &mut self.exponent {
            exponents.resize(self.stay.len(), 0);
        }
    }

    /// Adds those of the times that follow, of `n` in all, which are taken over where these are all of them.
    pub(super) fn append(&mut self, next: Self, n: usize) {
        if self.stay.capacity() == 0 {
            if next.len() == n {
                *self = next;
                return;
            }
            *self = Self::with_capacity(n);
        }
        self.tell(next.leave.is_some(), next.exponent.is_some());
        self.stay.extend_from_slice(&next.stay);
        if let Some(leave) = &mut self.leave {
            leave.extend_from_slice(next.leave.as_ref().unwrap_or(&next.stay));
        }
        if let Some(exponents) = &mut self.exponent {
            exponents.extend(next.exponent.iter().flatten());
            exponents.resize(self.stay.len(), 0);
        }
    }

    /// From here on jumps of those who leave are told apart, or exponents kept.
    fn tell(&mut self, leave: bool, exponent: bool) {
        if leave && self.leave.is_none() {
            let mut leave = Large::with_capacity(self.stay.capacity());
            leave.extend_from_slice(&self.stay);
            self.leave = Some(leave);
        }
        if exponent && self.exponent.is_none() {
            let mut exponent = Vec::with_capacity(self.stay.capacity());
            exponent.resize(self.stay.len(), 0);
            self.exponent = Some(exponent);
        }
    }

    /// For the rows that stay at risk at a time.
    #[inline]
    pub(crate) fn stay(&self, k: usize) -> Scaled {
        Scaled { mantissa: self.stay[k], exponent: self.exponent_at(k) }
    }

    /// For the rows that have the event at a time.
    #[inline]
    pub(crate) fn leave(&self, k: usize) -> Scaled {
        let mantissa = self.leave.as_ref().unwrap_or(&self.stay)[k];
        Scaled { mantissa, exponent: self.exponent_at(k) }
    }

    fn exponent_at(&self, k: usize) -> i32 {
        self.exponent.as_ref().map_or(0, |exponents| exponents[k])
    }

    /// Those of some times, for rows that stay and for rows that leave, where all are on the exponent 0.
    pub(super) fn ordinary(&self, times: Range<usize>) -> Option<(&[f64], &[f64])> {
        let leave = self.leave.as_ref().unwrap_or(&self.stay);
        self.exponent.is_none().then(|| (&self.stay[times.clone()], &leave[times]))
    }

    /// Over some times, the sum for rows that stay.
    pub(super) fn sum(&self, times: Range<usize>) -> Scaled {
        match self.ordinary(times.clone()) {
            Some((stay, _)) => Scaled { mantissa: sum(stay), exponent: 0 },
            None => times.fold(Scaled::ZERO, |sum, k| sum.plus(self.stay(k))),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.stay.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_known() {
        let all = [(0.5, 0.5, 0), (1.0, 1.0, 0), (2.0, 1.5, 0), (3.0, 3.0, -2), (4.0, 1.0, 0)];
        let push = |jumps: &mut Jumps, of: &[(f64, f64, i32)]| {
            of.iter().for_each(|&(stay, leave, exponent)| jumps.push((stay, leave), exponent));
        };
        for n in [2, 3, 5] {
            for cut in 0..=n {
                let [mut jumps, mut first, mut next] = [(); 3].map(|()| Jumps::default());
                match cut {
                    2 => first.extend_untied(&[all[0].0, all[1].0]),
                    _ => push(&mut first, &all[..cut]),
                }
                push(&mut next, &all[cut..n]);
                jumps.append(first, n);
                jumps.append(next, n);
                assert_eq!(jumps.len(), n);
                for (k, &(stay, leave, exponent)) in all[..n].iter().enumerate() {
                    assert_eq!(jumps.stay(k), Scaled { mantissa: stay, exponent: -exponent });
                    assert_eq!(jumps.leave(k), Scaled { mantissa: leave, exponent: -exponent });
                }
                let sum: f64 = all[..n.min(3)].iter().map(|(stay, ..)| stay).sum();
                assert_eq!(jumps.sum(0..n.min(3)).over(Scaled::ONE), sum);
                assert_eq!((jumps.leave.is_some(), jumps.exponent.is_some()), (n > 2, n > 3));
                let told: (&[f64], &[f64]) = (&[1.0, 2.0], &[1.0, 1.5]);
                assert!(n != 3 || jumps.ordinary(1..3) == Some(told));
                assert!(n != 5 || jumps.ordinary(1..3).is_none());
            }
        }
    }
}
