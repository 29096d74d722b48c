//! Standardised differences of a covariate between groups.

#![expect(clippy::indexing_slicing, reason = "groups and levels are numbered from 0")]

use ndarray::Array2;

use crate::linalg::Ldl;
use crate::numerics::sum::Sum;

/// How the levels of a factor become one standardised difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LevelDifference {
    /// That of the level that differs most: (p_a − p_b) / √((p_a(1 − p_a) + p_b(1 − p_b))/2), with its
    /// sign.
    #[default]
    LargestLevel,
    /// The Mahalanobis distance of the two rows of proportions, the first level left out:
    /// √((p_a − p_b)ᵀ S⁻¹ (p_a − p_b)), S being the mean of both multinomial covariances. Not
    /// negative, and for two levels the size of the other. (Yang & Dalton 2012, SAS Global Forum
    /// paper 335.)
    Mahalanobis,
}

/// The difference of a covariate between two groups, in standard deviations: one pair of
/// [`StandardisedDifferences`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StandardisedDifference {
    /// The two groups, by their place; the value is first less second.
    pub groups: [usize; 2],
    /// The difference; `None` where a group has too few values, or the groups differ without any
    /// spread within them, or a variance is beyond the range of numbers.
    pub value: Option<f64>,
}

/// The standardised differences of a covariate between every two groups.
///
/// # Definition
/// ```text
/// numbers   (m_a − m_b) / √((s²_a + s²_b)/2)
/// levels    see LevelDifference
/// ```
/// with m the mean and s² the variance of a group. With weights w they are
/// ```text
/// m = Σ w x / Σ w      s² = Σ w / ((Σ w)² − Σ w²) · Σ w (x − m)²      p = Σ w [x is the level] / Σ w
/// ```
/// where s² is the usual one when all weights are equal. Groups without spread that have the same mean
/// differ by 0.
///
/// # Example
/// Ages of 50, 60 and 70 against 60, 70 and 80: ten years, in standard deviations of ten.
/// ```
/// use riskset::{Groups, statistic::LevelDifference, study::Baseline};
///
/// let arm = Groups::new(&["a", "a", "a", "b", "b", "b"])?;
/// let table = Baseline::new()
///     .numeric("age", &[50., 60., 70., 60., 70., 80.])
///     .differences(LevelDifference::LargestLevel)
///     .by(&arm)?;
/// let differences = table.row("age")?.differences.as_ref().unwrap();
/// assert_eq!((differences.pairs[0].groups, differences.pairs[0].value), ([0, 1], Some(-1.0)));
/// assert_eq!(differences.largest(), Some(1.0));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `tableone::ExtractSmd`, which gives the mean over pairs; `stddiff`. `cobalt` keeps the variances before
/// weighting in the denominator.
///
/// # References
/// Austin 2009, doi:10.1002/sim.3697; Austin & Stuart 2015, doi:10.1002/sim.6607.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StandardisedDifferences {
    /// One for each pair of groups: 0 and 1, 0 and 2, …, 1 and 2, …
    pub pairs: Vec<StandardisedDifference>,
}

impl StandardisedDifferences {
    /// The largest size of all pairs; `None` where one of them has no value, since it could be the
    /// largest, and for a single group.
    #[must_use]
    pub fn largest(&self) -> Option<f64> {
        let sizes: Option<Vec<f64>> =
            self.pairs.iter().map(|pair| pair.value.map(f64::abs)).collect();
        sizes?.into_iter().reduce(f64::max)
    }

    /// Of a number: each row is its group, its value, and its weight, which is above 0.
    pub(crate) fn of_numbers(
        n_groups: usize,
        rows: impl Iterator<Item = (usize, f64, f64)> + Clone,
    ) -> Self {
        let moments = WeightedMoments::by_group(n_groups, rows);
        Self::of_pairs(n_groups, |a, b| {
            let (a, b) = (moments[a]?, moments[b]?);
            scaled(a.mean - b.mean, (a.variance? + b.variance?) / 2.0)
        })
    }

    /// Of a factor: each row is its group, its level, and its weight, which is above 0.
    pub(crate) fn of_levels(
        n_groups: usize,
        n_levels: usize,
        rows: impl Iterator<Item = (usize, usize, f64)>,
        method: LevelDifference,
    ) -> Self {
        let mut shares = Array2::from_elem((n_groups, n_levels), Sum::default());
        rows.for_each(|(group, level, weight)| shares[[group, level]].add(weight));
        let shares: Vec<Option<Vec<f64>>> = (shares.mapv(Sum::value).rows().into_iter())
            .map(|row| {
                Some(row.sum()).filter(|sum| *sum > 0.0).map(|sum| (row.mapv(|w| w / sum)).to_vec())
            })
            .collect();
        Self::of_pairs(n_groups, |a, b| {
            let (a, b) = (shares[a].as_ref()?, shares[b].as_ref()?);
            match method {
                LevelDifference::LargestLevel => largest_level(a, b),
                LevelDifference::Mahalanobis => mahalanobis(a, b),
            }
        })
    }

    fn of_pairs(n_groups: usize, value: impl Fn(usize, usize) -> Option<f64>) -> Self {
        let pairs = (0..n_groups).flat_map(|a| (a..n_groups).skip(1).map(move |b| [a, b]));
        let value =
            |groups @ [a, b]: [usize; 2]| StandardisedDifference { groups, value: value(a, b) };
        Self { pairs: pairs.map(value).collect() }
    }
}

/// Weighted mean and variance of the values of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WeightedMoments {
    pub(crate) mean: f64,
    /// `None` for a single value, and where it is beyond the range of numbers.
    pub(crate) variance: Option<f64>,
}

impl WeightedMoments {
    /// Of each group, `None` without rows and where the sum of its values is beyond the range of
    /// numbers: each row is its group, its value, and its weight.
    pub(crate) fn by_group(
        n_groups: usize,
        rows: impl Iterator<Item = (usize, f64, f64)> + Clone,
    ) -> Vec<Option<Self>> {
        let mut sums = vec![[Sum::default(); 3]; n_groups];
        for (group, value, weight) in rows.clone() {
            let [total, squares, first] = &mut sums[group];
            total.add(weight);
            squares.add(weight * weight);
            first.add(weight * value);
        }
        let sums = sums.into_iter().map(|sums| sums.map(Sum::value)).collect::<Vec<_>>();
        let means: Vec<f64> = sums.iter().map(|[total, _, first]| first / total).collect();
        // Around the mean in a second pass, with what the first has rounded off.
        let mut around = vec![[Sum::default(); 2]; n_groups];
        for (group, value, weight) in rows {
            let deviation = value - means[group];
            around[group][0].add(weight * deviation);
            around[group][1].add(weight * deviation * deviation);
        }
        let moments = |([total, squares, _], (mean, around)): ([f64; 3], (f64, [Sum; 2]))| {
            let [first, second] = around.map(Sum::value);
            let shift = first / total;
            let left = total - squares / total;
            // One value leaves nothing but rounding.
            let several = left > 1e-12 * total;
            // Before `max`, which would take a NaN for 0.
            let spread = Some(second - shift * first).filter(|spread| spread.is_finite());
            let variance = spread.map(|spread| (spread / left).max(0.0));
            let variance = if several { variance } else { None };
            let mean = mean + shift;
            (total > 0.0 && mean.is_finite()).then_some(Self { mean, variance })
        };
        sums.into_iter().zip(means.into_iter().zip(around)).map(moments).collect()
    }
}

/// A difference in units of the root of a variance.
fn scaled(difference: f64, variance: f64) -> Option<f64> {
    if difference == 0.0 {
        return Some(0.0);
    }
    Some(difference / variance.sqrt()).filter(|value| value.is_finite())
}

fn largest_level(a: &[f64], b: &[f64]) -> Option<f64> {
    let spread = |p: f64| p * (1.0 - p);
    let level = |(a, b): (&f64, &f64)| scaled(a - b, (spread(*a) + spread(*b)) / 2.0);
    let all: Option<Vec<f64>> = a.iter().zip(b).map(level).collect();
    all?.into_iter().reduce(|most, value| if value.abs() > most.abs() { value } else { most })
}

/// `None` where the groups share no level: S is singular then, and the distance infinite.
fn mahalanobis(a: &[f64], b: &[f64]) -> Option<f64> {
    let used = (0..a.len()).filter(|&k| a[k] + b[k] > 0.0);
    let kept: Vec<usize> = used.skip(1).collect();
    let covariance = |p: &[f64], k: usize, l: usize| match k == l {
        true => p[k] * (1.0 - p[k]),
        false => -p[k] * p[l],
    };
    let mean = Array2::from_shape_fn((kept.len(), kept.len()), |(i, j)| {
        let (k, l) = (kept[i], kept[j]);
        (covariance(a, k, l) + covariance(b, k, l)) / 2.0
    });
    let differences: Vec<f64> = kept.iter().map(|&k| a[k] - b[k]).collect();
    let ldl = Ldl::new(&mean);
    (ldl.rank() == kept.len()).then(|| ldl.quadratic_form(&differences).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    fn levels(
        rows: &[(usize, usize, f64)],
        n_levels: usize,
        method: LevelDifference,
    ) -> Option<f64> {
        StandardisedDifferences::of_levels(2, n_levels, rows.iter().copied(), method).largest()
    }

    /// Means 2 and 4, variances 1 and 4.
    #[test]
    fn numbers_by_hand() {
        let rows = [(0, 1.0), (0, 2.0), (0, 3.0), (1, 2.0), (1, 4.0), (1, 6.0)];
        let of = |weight: f64| {
            let rows = rows.iter().map(move |&(group, value)| (group, value, weight));
            StandardisedDifferences::of_numbers(2, rows).pairs[0].value.unwrap()
        };
        assert_close(of(1.0), -2.0 / 2.5_f64.sqrt(), 1e-15);
        assert_close(of(0.3), of(1.0), 1e-15);
    }

    /// Weights 1 and 2 of the values 0 and 3: mean 2, Σ w (x − 2)² = 6, 3/(9 − 5) · 6 = 4.5.
    #[test]
    fn weighted_moments_by_hand() {
        let rows = [(0, 0.0, 1.0), (0, 3.0, 2.0), (2, 7.0, 0.1)];
        let moments = WeightedMoments::by_group(3, rows.into_iter());
        assert_eq!(moments[0], Some(WeightedMoments { mean: 2.0, variance: Some(4.5) }));
        assert_eq!(moments[1], None);
        assert_eq!(moments[2], Some(WeightedMoments { mean: 7.0, variance: None }));
    }

    #[test]
    fn groups_without_spread() {
        let of = |values: [f64; 4]| {
            let rows = values.into_iter().enumerate().map(|(row, value)| (row / 2, value, 1.0));
            StandardisedDifferences::of_numbers(2, rows).largest()
        };
        assert_eq!(of([5.0; 4]), Some(0.0));
        assert_eq!(of([5.0, 5.0, 6.0, 6.0]), None);
        let apart = [(0, 0, 1.0), (1, 1, 1.0)];
        assert_eq!(levels(&apart, 2, LevelDifference::LargestLevel), None);
        assert_eq!(levels(&apart, 2, LevelDifference::Mahalanobis), None);
        assert_eq!(levels(&apart[..1], 2, LevelDifference::LargestLevel), None);
    }

    /// Of two levels both are |p − q| / √((p(1 − p) + q(1 − q))/2), with p = 1/4 and q = 1/2.
    #[test]
    fn two_levels_have_one_distance() {
        let rows = [(0, 1, 1.0), (0, 0, 3.0), (1, 0, 2.0), (1, 1, 2.0)];
        let expected = 0.25 / ((0.1875_f64 + 0.25) / 2.0).sqrt();
        for method in [LevelDifference::LargestLevel, LevelDifference::Mahalanobis] {
            // A level that nobody has changes nothing, wherever it stands.
            for shift in 0..2 {
                let moved = rows.map(|(group, level, weight)| (group, level + shift, weight));
                assert_close(levels(&moved, 3, method).unwrap(), expected, 1e-14);
            }
        }
    }

    /// p = (1/4, 1/4, 1/2) and q = (1/2, 1/4, 1/4) over the last two levels: differences (0, 1/4),
    /// S = ((3/16, −3/32), (−3/32, 7/32)), S⁻¹ at the second is (3/16)/(33/1024) = 64/11.
    #[test]
    fn three_levels_by_hand() {
        let rows = [(0, 0, 1.0), (0, 1, 1.0), (0, 2, 2.0), (1, 0, 2.0), (1, 1, 1.0), (1, 2, 1.0)];
        let found = levels(&rows, 3, LevelDifference::Mahalanobis).unwrap();
        assert_close(found, 0.25 * (64.0_f64 / 11.0).sqrt(), 1e-14);
    }

    #[test]
    fn pairs_stand_in_order() {
        let rows = [(0, 0.0), (0, 2.0), (1, 1.0), (1, 3.0), (2, 0.0), (2, 2.0)];
        let rows = rows.into_iter().map(|(group, value)| (group, value, 1.0));
        let found = StandardisedDifferences::of_numbers(3, rows);
        let pairs: Vec<[usize; 2]> = found.pairs.iter().map(|pair| pair.groups).collect();
        assert_eq!(pairs, [[0, 1], [0, 2], [1, 2]]);
        assert_eq!(found.pairs[1].value, Some(0.0));
        assert_close(found.largest().unwrap(), 0.5_f64.sqrt(), 1e-15);
    }
}
