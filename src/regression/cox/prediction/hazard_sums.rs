//! Hazards of a stratum at its event times, summed from the start and over any interval.

#![expect(
    clippy::indexing_slicing,
    reason = "there is one more sum than times, and a run for each node of a tree over them"
)]

use std::ops::Range;

use crate::regression::cox::engine::ScaledSum;

/// What event times add up to, relative to the centre c of a stratum.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct HazardSum {
    /// Σ dΛ, and Σ (E − c) dΛ.
    pub(crate) hazard: ScaledSum,
    /// Σ w/u² over the steps: the variance of Σ dΛ with the coefficients known.
    pub(crate) variance: ScaledSum,
    /// Σ −ln α with the factors α of Kalbfleisch and Prentice; `None` once a factor is 0.
    pub(crate) product_limit: Option<ScaledSum>,
}

impl HazardSum {
    pub(crate) fn empty(p: usize) -> Self {
        let scalar = ScaledSum::new(0);
        Self { hazard: ScaledSum::new(p), variance: scalar.clone(), product_limit: Some(scalar) }
    }

    fn merge(&mut self, other: &Self) {
        self.hazard.merge(&other.hazard);
        self.variance.merge(&other.variance);
        match (&mut self.product_limit, &other.product_limit) {
            (Some(sum), Some(other)) => sum.merge(other),
            (sum, _) => *sum = None,
        }
    }

    /// Whether all numbers are finite and the columns as many as expected.
    #[cfg(feature = "serde")]
    pub(crate) fn holds(&self, p: usize) -> bool {
        let finite = |sum: &ScaledSum, p: usize| {
            sum.first.len() == p
                && sum.first.iter().all(|value| value.is_finite())
                && sum.total >= 0.0
                && sum.total < f64::INFINITY
                && sum.exponent.abs() < 1 << 24
        };
        finite(&self.hazard, p)
            && finite(&self.variance, 0)
            && self.product_limit.as_ref().is_none_or(|sum| finite(sum, 0))
    }

    /// Σ dΛ of several sums that [hold](Self::holds), all on the exponent of the largest.
    #[cfg(feature = "serde")]
    pub(crate) fn hazards<'a>(sums: impl Iterator<Item = &'a Self> + Clone) -> Vec<f64> {
        let filled = sums.clone().filter(|sum| !sum.hazard.is_empty());
        let top = filled.map(|sum| sum.hazard.exponent).max().unwrap_or(0);
        let hazard = |mut sum: ScaledSum| {
            sum.rescale(top);
            sum.total
        };
        sums.map(|sum| hazard(sum.hazard.clone())).collect()
    }
}

/// The jumps at the event times, ascending; their sums from the first one on; and those of aligned
/// runs of times, so that an interval is a sum of few of them and nothing is subtracted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HazardSums {
    n_columns: usize,
    /// With m times, the jump of time k stands at m + k; every sum below m is that of the two at
    /// twice its place.
    runs: Vec<HazardSum>,
    /// Before any time, after the first, after the second.
    cumulative: Vec<HazardSum>,
}

impl HazardSums {
    /// From the jumps at ascending event times.
    pub(crate) fn new(n_columns: usize, jumps: Vec<HazardSum>) -> Self {
        let m = jumps.len();
        let mut cumulative = vec![HazardSum::empty(n_columns)];
        for (k, jump) in jumps.iter().enumerate() {
            let mut sum = cumulative[k].clone();
            sum.merge(jump);
            cumulative.push(sum);
        }
        let mut runs = vec![HazardSum::empty(n_columns); m];
        runs.extend(jumps);
        for k in (1..m).rev() {
            let mut sum = runs[2 * k].clone();
            sum.merge(&runs[2 * k + 1]);
            runs[k] = sum;
        }
        Self { n_columns, runs, cumulative }
    }

    /// Number of event times.
    pub(crate) fn n_times(&self) -> usize {
        self.runs.len() / 2
    }

    /// The jump at one event time.
    pub(crate) fn jump(&self, k: usize) -> &HazardSum {
        &self.runs[self.n_times() + k]
    }

    /// The sum over the first `n` event times.
    pub(crate) fn first(&self, n: usize) -> &HazardSum {
        &self.cumulative[n]
    }

    /// The sum over any range of event times.
    pub(crate) fn over(&self, range: Range<usize>) -> HazardSum {
        let mut sum = HazardSum::empty(self.n_columns);
        let (mut from, mut until) = (range.start + self.n_times(), range.end + self.n_times());
        while from < until {
            if from % 2 == 1 {
                sum.merge(&self.runs[from]);
                from += 1;
            }
            if until % 2 == 1 {
                until -= 1;
                sum.merge(&self.runs[until]);
            }
            (from, until) = (from / 2, until / 2);
        }
        sum
    }

    /// Whether all sums are of so many columns, and finite.
    #[cfg(feature = "serde")]
    pub(super) fn holds(&self, n_columns: usize) -> bool {
        self.runs.iter().all(|sum| sum.holds(n_columns))
    }

    /// How many columns there are, and the jumps alone.
    #[cfg(feature = "serde")]
    pub(super) fn into_jumps(mut self) -> (usize, Vec<HazardSum>) {
        (self.n_columns, self.runs.split_off(self.runs.len() / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_sums_of_their_jumps() {
        let jump = |k: i32| HazardSum {
            hazard: ScaledSum { exponent: 0, total: f64::from(k), first: vec![f64::from(k * k)] },
            variance: ScaledSum { exponent: 0, total: f64::from(k), first: vec![] },
            product_limit: (k != 5).then(|| ScaledSum::new(0)),
        };
        for m in 1..12 {
            let sums = HazardSums::new(1, (1..=m).map(jump).collect());
            for from in 0..=m {
                for until in from..=m {
                    let sum = sums.over(from as usize..until as usize);
                    let direct: i32 = (from + 1..=until).sum();
                    let square: i32 = (from + 1..=until).map(|k| k * k).sum();
                    assert_eq!(sum.hazard.total, f64::from(direct));
                    assert_eq!(sum.hazard.first, [f64::from(square)]);
                    assert_eq!(sum.variance.total, f64::from(direct));
                    assert_eq!(sum.product_limit.is_none(), from < 5 && until >= 5);
                }
                assert_eq!(sums.first(from as usize), &sums.over(0..from as usize));
            }
        }
    }
}
