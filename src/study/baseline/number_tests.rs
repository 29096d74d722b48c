//! Tests of a number between groups.

use super::test::{BaselineTest, BaselineTestKind, NumberTest};
use crate::numerics::beta::{f_sf, t_two_sided};
use crate::numerics::chi_square::chi_square_sf;
use crate::numerics::normal::normal_two_sided;
use crate::numerics::sort::Ascending;
use crate::statistic::WeightedMoments;

/// The test of the values of groups; `None` with fewer than two groups that have values, and where
/// there is no spread to measure a difference by.
pub(super) fn compare(groups: &[Vec<f64>], test: NumberTest) -> Option<BaselineTest> {
    let groups: Vec<&[f64]> =
        groups.iter().map(Vec::as_slice).filter(|values| !values.is_empty()).collect();
    match (test, groups.as_slice()) {
        (_, [] | [_]) => None,
        (NumberTest::WelchT, [a, b]) => welch(a, b),
        (NumberTest::Wilcoxon, [a, b]) => wilcoxon(a, b),
        (NumberTest::Anova | NumberTest::WelchT, groups) => anova(groups),
        (NumberTest::KruskalWallis | NumberTest::Wilcoxon, groups) => kruskal_wallis(groups),
    }
}

/// A test whose statistic is a number.
fn result(
    kind: BaselineTestKind,
    statistic: f64,
    [df, df_error]: [Option<f64>; 2],
    p_value: impl Fn(f64) -> f64,
) -> Option<BaselineTest> {
    let statistic = Some(statistic).filter(|statistic| statistic.is_finite())?;
    Some(BaselineTest {
        kind,
        statistic: Some(statistic),
        df,
        df_error,
        p_value: p_value(statistic),
        min_expected: None,
    })
}

/// The mean rank of each group, and Σ (t³ − t) over the runs of equal values.
#[expect(
    clippy::indexing_slicing,
    reason = "a row is one of the values, its owner one of the groups"
)]
fn ranks(groups: &[&[f64]]) -> (Vec<f64>, f64) {
    let all: Vec<f64> = groups.concat();
    let owner: Vec<usize> =
        groups.iter().enumerate().flat_map(|(g, values)| values.iter().map(move |_| g)).collect();
    let ascending = Ascending::new(&all);
    let (mut sums, mut ties) = (vec![0.0; groups.len()], 0.0);
    let (mut before, mut rows) = (0.0, ascending.rows.iter());
    for run in ascending.values.chunk_by(|a, b| a == b) {
        let t = run.len() as f64;
        let rank = before + (t + 1.0) / 2.0;
        ties += t * t * t - t;
        for &row in rows.by_ref().take(run.len()) {
            sums[owner[row as usize]] += rank;
        }
        before += t;
    }
    (sums.iter().zip(groups).map(|(sum, values)| sum / values.len() as f64).collect(), ties)
}

/// H = 12/(N(N + 1)) Σ n (mean rank − (N + 1)/2)² / (1 − Σ (t³ − t)/(N³ − N)).
fn kruskal_wallis(groups: &[&[f64]]) -> Option<BaselineTest> {
    let (ranks, ties) = ranks(groups);
    let n = groups.iter().map(|values| values.len()).sum::<usize>() as f64;
    let middle = (n + 1.0) / 2.0;
    let spread: f64 = (groups.iter().zip(ranks))
        .map(|(values, rank)| values.len() as f64 * (rank - middle).powi(2))
        .sum();
    let statistic = 12.0 / (n * (n + 1.0)) * spread / (1.0 - ties / (n * n * n - n));
    let df = groups.len() as f64 - 1.0;
    let p_value = |statistic| chi_square_sf(statistic, df);
    result(BaselineTestKind::KruskalWallis, statistic, [Some(df), None], p_value)
}

/// z of the rank sum of the first group, half a rank nearer to its mean.
fn wilcoxon(a: &[f64], b: &[f64]) -> Option<BaselineTest> {
    let (ranks, ties) = ranks(&[a, b]);
    let [n_a, n_b] = [a, b].map(|values| values.len() as f64);
    let n = n_a + n_b;
    let excess = n_a * (ranks.first()? - (n + 1.0) / 2.0);
    let nearer = (excess.abs() - 0.5).max(0.0).copysign(excess);
    let variance = n_a * n_b / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)));
    let z = nearer / variance.sqrt();
    result(BaselineTestKind::Wilcoxon, z, [None, None], |z| normal_two_sided(z).0)
}

/// Mean and variance of a group.
fn moments(values: &[f64]) -> Option<WeightedMoments> {
    let rows = values.iter().map(|&value| (0, value, 1.0));
    WeightedMoments::by_group(1, rows).into_iter().next().flatten()
}

fn welch(a: &[f64], b: &[f64]) -> Option<BaselineTest> {
    let of = |values: &[f64]| {
        let moments = moments(values)?;
        let n = values.len() as f64;
        Some((moments.mean, moments.variance? / n, n - 1.0))
    };
    let ((mean_a, error_a, df_a), (mean_b, error_b, df_b)) = (of(a)?, of(b)?);
    let error = error_a + error_b;
    let t = (mean_a - mean_b) / error.sqrt();
    // Satterthwaite's degrees of freedom.
    let df = 1.0 / ((error_a / error).powi(2) / df_a + (error_b / error).powi(2) / df_b);
    result(BaselineTestKind::WelchT, t, [Some(df), None], |t| t_two_sided(t, df))
}

fn anova(groups: &[&[f64]]) -> Option<BaselineTest> {
    let n = groups.iter().map(|values| values.len()).sum::<usize>() as f64;
    let df = groups.len() as f64 - 1.0;
    let df_error = n - groups.len() as f64;
    let grand = moments(&groups.concat())?.mean;
    let (mut between, mut within) = (0.0, 0.0);
    for values in groups {
        let own = moments(values)?;
        let count = values.len() as f64;
        between += count * (own.mean - grand).powi(2);
        within += match own.variance {
            Some(variance) => variance * (count - 1.0),
            None if values.len() == 1 => 0.0,
            None => return None,
        };
    }
    let f = between / df / (within / df_error);
    result(BaselineTestKind::Anova, f, [Some(df), Some(df_error)], |f| f_sf(f, df, df_error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    /// Ranks 1, 2, 3 against 4, 5, 6: H = 12/42 · 2 · 3 · 1.5² = 27/7, and F = 13.5 on 1 and 4.
    #[test]
    fn two_groups_by_hand() {
        let groups = [vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
        let of = |test| compare(&groups, test).unwrap();
        assert_close(of(NumberTest::KruskalWallis).statistic.unwrap(), 27.0 / 7.0, 1e-14);
        let anova = of(NumberTest::Anova);
        assert_eq!((anova.df, anova.df_error), (Some(1.0), Some(4.0)));
        assert_close(anova.statistic.unwrap(), 13.5, 1e-14);
        let welch = of(NumberTest::WelchT);
        assert_close(welch.statistic.unwrap().powi(2), 13.5, 1e-14);
        assert_close(welch.p_value, anova.p_value, 1e-14);
        // W = 0: an excess of −4.5, variance 9 · 7/12.
        let z = -4.0 / (9.0 * 7.0 / 12.0_f64).sqrt();
        assert_close(of(NumberTest::Wilcoxon).statistic.unwrap(), z, 1e-14);
    }

    #[test]
    fn nothing_to_compare_is_no_test() {
        let all = [
            NumberTest::KruskalWallis,
            NumberTest::Anova,
            NumberTest::WelchT,
            NumberTest::Wilcoxon,
        ];
        for test in all {
            for groups in
                [vec![], vec![vec![1.0]], vec![vec![1.0, 2.0], vec![]], vec![vec![3.0; 2]; 2]]
            {
                assert_eq!(compare(&groups, test), None, "{groups:?}");
            }
        }
        assert_eq!(compare(&[vec![1.0], vec![2.0]], NumberTest::Anova), None);
        assert_eq!(compare(&[vec![1.0], vec![2.0, 3.0]], NumberTest::WelchT), None);
    }
}
