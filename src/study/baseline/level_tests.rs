//! Tests of a table of counts.

use ndarray::{Array2, Axis};

use super::test::{BaselineTest, BaselineTestKind, LevelTest};
use crate::numerics::chi_square::chi_square_sf;
use crate::numerics::random::SplitMix64;

/// Below this an expected count is too small for the chi-square distribution.
const SMALL: f64 = 5.0;

/// Who has which level: the group and the level of each row without missing values.
pub(super) struct Crossed {
    /// Groups that have rows, from 0.
    groups: Vec<usize>,
    /// Levels that rows have, from 0.
    levels: Vec<usize>,
    counts: Array2<f64>,
    expected: Array2<f64>,
}

/// Codes without those that do not occur.
#[expect(clippy::indexing_slicing, reason = "no code is above the greatest")]
fn dense(codes: impl Iterator<Item = usize> + Clone) -> (Vec<usize>, usize) {
    let n = codes.clone().max().map_or(0, |most| most.saturating_add(1));
    let mut place = vec![None; n];
    codes.clone().for_each(|code| place[code] = Some(0));
    place.iter_mut().flatten().zip(0..).for_each(|(place, next)| *place = next);
    let found = place.iter().flatten().count();
    (codes.map(|code| place[code].unwrap_or_default()).collect(), found)
}

impl Crossed {
    /// `None` unless there are two groups and two levels.
    #[expect(clippy::indexing_slicing, reason = "groups and levels are those counted")]
    pub(super) fn new(rows: &[(usize, usize)]) -> Option<Self> {
        let (groups, n_groups) = dense(rows.iter().map(|(group, _)| *group));
        let (levels, n_levels) = dense(rows.iter().map(|(_, level)| *level));
        if n_groups < 2 || n_levels < 2 {
            return None;
        }
        let counts = cross(&groups, &levels, (n_groups, n_levels));
        let (of_group, of_level) = (counts.sum_axis(Axis(1)), counts.sum_axis(Axis(0)));
        let n = rows.len() as f64;
        let expected = Array2::from_shape_fn(counts.dim(), |(g, l)| of_group[g] * of_level[l] / n);
        Some(Self { groups, levels, counts, expected })
    }

    pub(super) fn test(
        &self,
        test: LevelTest,
        permutations: u32,
        random: SplitMix64,
    ) -> BaselineTest {
        let (n_groups, n_levels) = self.counts.dim();
        let statistic = self.pearson(&self.counts);
        let df = (n_groups as f64 - 1.0) * (n_levels as f64 - 1.0);
        let min_expected = self.expected.iter().copied().fold(f64::INFINITY, f64::min);
        let pearson = BaselineTest {
            kind: BaselineTestKind::Pearson,
            statistic: Some(statistic),
            df: Some(df),
            df_error: None,
            p_value: chi_square_sf(statistic, df),
            min_expected: Some(min_expected),
        };
        match test {
            LevelTest::FisherExact if (n_groups, n_levels) == (2, 2) => BaselineTest {
                kind: BaselineTestKind::FisherExact,
                statistic: None,
                df: None,
                p_value: fisher(&self.counts),
                ..pearson
            },
            _ if min_expected < SMALL && permutations > 0 => BaselineTest {
                kind: BaselineTestKind::PearsonByPermutation,
                p_value: self.permuted(statistic, permutations, random),
                ..pearson
            },
            _ => pearson,
        }
    }

    /// Σ (observed − expected)²/expected.
    fn pearson(&self, counts: &Array2<f64>) -> f64 {
        let cells = counts.iter().zip(&self.expected);
        cells.map(|(count, expected)| (count - expected).powi(2) / expected).sum()
    }

    /// (1 + b)/(1 + B), b of B permutations of the groups being at least as extreme.
    fn permuted(&self, observed: f64, permutations: u32, mut random: SplitMix64) -> f64 {
        let mut groups = self.groups.clone();
        let mut extreme = 1.0;
        for _ in 0..permutations {
            for last in (1..groups.len()).rev() {
                groups.swap(last, random.below(last.saturating_add(1)));
            }
            let statistic = self.pearson(&cross(&groups, &self.levels, self.counts.dim()));
            // Equal tables can differ by rounding.
            extreme += f64::from(u8::from(statistic >= observed * (1.0 - 1e-10)));
        }
        extreme / (1.0 + f64::from(permutations))
    }
}

#[expect(clippy::indexing_slicing, reason = "groups and levels are those counted")]
fn cross(groups: &[usize], levels: &[usize], shape: (usize, usize)) -> Array2<f64> {
    let mut counts = Array2::zeros(shape);
    groups.iter().zip(levels).for_each(|(&group, &level)| counts[[group, level]] += 1.0);
    counts
}

/// The probability of all 2 × 2 tables with these margins that are no more likely than this one.
///
/// The probabilities follow from their ratios, starting at this table, so that nothing has to be taken
/// out of factorials.
fn fisher(counts: &Array2<f64>) -> f64 {
    let [a, b, c, d] = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|cell| counts[cell]);
    // One more at `a`: b and c give one away.
    let up = |k: f64| (b - k) * (c - k) / ((a + k + 1.0) * (d + k + 1.0));
    let down = |k: f64| (a - k) * (d - k) / ((b + k + 1.0) * (c + k + 1.0));
    let (mut total, mut extreme) = (1.0, 1.0);
    for (steps, ratio) in [(b.min(c), &up as &dyn Fn(f64) -> f64), (a.min(d), &down)] {
        let (mut odds, mut k) = (1.0, 0.0);
        while k < steps {
            odds *= ratio(k);
            k += 1.0;
            total += odds;
            // Equal probabilities can differ by rounding; R's allowance.
            if odds <= 1.0 + 1e-7 {
                extreme += odds;
            }
        }
    }
    (extreme / total).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    /// Fisher's lady: of 70 choices 1 has all four right and 16 three.
    #[test]
    fn fisher_by_hand() {
        let table = |cells: [f64; 4]| Array2::from_shape_vec((2, 2), cells.to_vec()).unwrap();
        assert_close(fisher(&table([3.0, 1.0, 1.0, 3.0])), 34.0 / 70.0, 1e-15);
        assert_close(fisher(&table([4.0, 0.0, 0.0, 4.0])), 2.0 / 70.0, 1e-15);
        assert_close(fisher(&table([2.0, 2.0, 2.0, 2.0])), 1.0, 1e-15);
    }

    /// Of the 20 ways to give three of six rows the first group, 2 are as extreme as the one observed.
    #[test]
    fn permutations_approach_the_exact_share() {
        let rows: Vec<(usize, usize)> = (0..6).map(|row| (row / 3, row / 3)).collect();
        let crossed = Crossed::new(&rows).unwrap();
        let of = |seed, n| crossed.test(LevelTest::Pearson, n, SplitMix64::new(seed));
        let test = of(1, 9999);
        assert_eq!(test.kind, BaselineTestKind::PearsonByPermutation);
        assert_eq!((test.statistic, test.df, test.min_expected), (Some(6.0), Some(1.0), Some(1.5)));
        // Four standard errors.
        assert!((test.p_value - 0.1).abs() < 4.0 * (0.09_f64 / 9999.0).sqrt(), "{}", test.p_value);
        assert_eq!(of(1, 99), of(1, 99));
        assert_ne!(of(1, 9999), of(2, 9999));
        // Without permutations the chi-square distribution is what is left.
        assert_eq!(of(1, 0).kind, BaselineTestKind::Pearson);
    }

    #[test]
    fn what_does_not_occur_is_not_compared() {
        assert!(Crossed::new(&[(0, 1), (1, 1)]).is_none());
        assert!(Crossed::new(&[(2, 0), (2, 1)]).is_none());
        assert!(Crossed::new(&[]).is_none());
        let rows = [(0, 4), (0, 2), (3, 4), (3, 2)];
        let test = Crossed::new(&rows).unwrap().test(LevelTest::Pearson, 0, SplitMix64::new(1));
        assert_eq!((test.statistic, test.df), (Some(0.0), Some(1.0)));
    }
}
