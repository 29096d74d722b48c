//! The robust variance of restricted means.

use riskset::data::Variance;
use riskset::nonparametric::{Estimand, InfluenceFunctions, RestrictedMean};
use riskset::{Groups, KaplanMeier, RightCensored, Weights};

use crate::sample::{Sample, assert_close, check, tied, untied};

/// Whole numbers of weight repeat rows, which then are one cluster.
#[test]
fn sampling_weights_are_clusters_of_repeated_rows() {
    check(40, tied(4..=20), |sample| {
        let counts: Vec<f64> = sample.counts().iter().map(|&count| count as f64).collect();
        let weights = Weights::sampling(&counts).unwrap();
        let weighted = sample.counting_process().with_weights(weights).unwrap();
        let ids: Vec<u32> = (sample.rows.iter().zip(0..))
            .flat_map(|(row, id)| vec![id; row.count as usize])
            .collect();
        let repeated = sample.repeated();
        let clustered = repeated.counting_process().with_clusters(&ids).unwrap();
        let mean = RestrictedMean::new(6.0).carry_forward();
        let a = mean.fit_by(&weighted, &sample.groups()).unwrap();
        let b = mean.fit_by(&clustered, &repeated.groups()).unwrap();
        for ((_, a), (_, b)) in a.iter().zip(b.iter()) {
            assert_close(a.mean, b.mean, 1e-13);
            assert_close(a.std_error, b.std_error, 1e-13);
        }
    });
}

/// For independent rows it is the sum of squared influences, and the mean is that of the curve.
#[test]
fn independent_rows_add_their_squares() {
    check(40, tied(4..=30), |sample| {
        let data = sample.counting_process();
        let curve = KaplanMeier::new().fit(&data).unwrap();
        let mean = RestrictedMean::new(6.0).carry_forward();
        let robust = mean.variance(Variance::Robust).fit(&data).unwrap();
        assert_close(robust.mean, mean.of(&curve).unwrap().mean, 1e-14);
        assert_eq!(mean.fit(&data).unwrap(), mean.of(&curve).unwrap());
        let influence = InfluenceFunctions::new(Estimand::RestrictedMean).carry_forward();
        let influence = influence.fit(&data, &[6.0]).unwrap();
        let square: f64 = influence.influence().iter().map(|influence| influence.powi(2)).sum();
        assert_close(robust.std_error, square.sqrt(), 1e-14);
    });
}

/// Clusters do not matter to the variance that is not robust: it is that of the curves of the groups.
#[test]
fn the_model_based_variance_knows_no_clusters() {
    check(20, tied(8..=30), |sample| {
        let data = sample.counting_process();
        let ids: Vec<usize> = (0..sample.rows.len()).map(|row| row / 2).collect();
        let clustered = data.clone().with_clusters(&ids).unwrap();
        let mean = RestrictedMean::new(6.0).carry_forward().variance(Variance::ModelBased);
        let groups = sample.groups();
        let found = mean.fit_by(&clustered, &groups).unwrap();
        assert_eq!(found, mean.fit_by(&data, &groups).unwrap());
        let curves = KaplanMeier::new().fit_by(&data, &groups).unwrap();
        let compared = mean.compare_by(&clustered, &groups).ok();
        assert_eq!(compared, mean.compare(&curves).ok());
    });
}

/// A row whose curve is cut off by censoring keeps the two variances apart by terms of order 1/n;
/// without censoring they are one.
#[test]
fn the_two_variances_meet() {
    let both = |data: &RightCensored| {
        let mean = RestrictedMean::new(0.8);
        let robust = mean.variance(Variance::Robust).fit(data).unwrap().std_error;
        (robust, mean.fit(data).unwrap().std_error)
    };
    check(40, untied(4..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.event = true);
        let mean = RestrictedMean::new(2.5);
        let data = sample.right_censored();
        let robust = mean.variance(Variance::Robust).fit(&data).unwrap().std_error;
        assert_close(robust, mean.fit(&data).unwrap().std_error, 1e-13);
    });
    for n in [1_000_u32, 100_000] {
        let time: Vec<f64> = (1..=n).map(|i| f64::from(i) / f64::from(n)).collect();
        let event: Vec<bool> = (1..=n).map(|i| (i * 7919) % 5 != 0).collect();
        let (robust, model) = both(&RightCensored::new(&time, &event).unwrap());
        assert!((robust / model - 1.0).abs() < 2.0 / f64::from(n), "{robust} {model}");
    }
}

/// A group that is the other one again, pair by pair, is no different, for certain; with a twin who
/// lives longer the difference is the mean of the differences of the pairs.
#[test]
fn pairs_across_groups_are_dependent() {
    let compare = |first: &[f64], second: &[f64]| {
        let data = RightCensored::new(&[first, second].concat(), &vec![true; 2 * first.len()]);
        let pairs: Vec<usize> = (0..2 * first.len()).map(|row| row % first.len()).collect();
        let arms = [vec!["a"; first.len()], vec!["b"; first.len()]].concat();
        let data = data.unwrap().with_clusters(&pairs).unwrap();
        RestrictedMean::new(10.0).compare_by(&data, &Groups::new(&arms).unwrap()).unwrap()
    };
    let first = [1.0, 4.0, 6.0, 9.0];
    let same = compare(&first, &first);
    let difference = same.contrasts[0].difference;
    assert_eq!((difference.estimate, difference.test, same.test), (0.0, None, None));
    assert!(difference.std_error < 1e-7);
    assert!(same.to_string().contains("difference"));

    let second = [2.0, 4.5, 9.0, 9.0];
    let paired = compare(&first, &second);
    let gains: Vec<f64> = second.iter().zip(&first).map(|(b, a)| b - a).collect();
    let mean = gains.iter().sum::<f64>() / 4.0;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / 16.0;
    let difference = paired.contrasts[0].difference;
    assert_close(difference.estimate, mean, 1e-14);
    assert_close(difference.std_error, variance.sqrt(), 1e-14);
    assert_close(paired.test.unwrap().statistic, mean * mean / variance, 1e-12);
    let correlation = paired.correlation.unwrap()[[0, 1]];
    assert!(correlation > 0.9 && correlation < 1.0);
}

/// Of three groups that share clusters each two have a correlation of their own.
#[test]
fn trios_across_groups_are_compared_two_by_two() {
    let time = [1.0, 4.0, 6.0, 9.0, 2.0, 4.5, 9.0, 9.0, 8.0, 3.0, 7.0, 2.5];
    let trios: Vec<usize> = (0..12).map(|row| row % 4).collect();
    let arms: Vec<&str> = (0..12).map(|row| ["a", "b", "c"][row / 4]).collect();
    let data = RightCensored::new(&time, &[true; 12]).unwrap().with_clusters(&trios).unwrap();
    let groups = Groups::new(&arms).unwrap();
    let compared = RestrictedMean::new(10.0).compare_by(&data, &groups).unwrap();
    for (name, contrast) in ["b", "c"].iter().zip(&compared.contrasts) {
        assert_eq!(&compared.contrast(name, "a").unwrap(), contrast);
    }
}

/// Rows of clusters that stay within one group leave the groups independent.
#[test]
fn clusters_within_groups_leave_them_independent() {
    check(40, tied(4..=20), |sample: Sample| {
        let ids: Vec<u8> = sample.rows.iter().map(|row| 3 * row.group + row.stratum).collect();
        let data = sample.counting_process().with_clusters(&ids).unwrap();
        let mean = RestrictedMean::new(6.0).carry_forward();
        let comparison = mean.compare_by(&data, &sample.groups()).unwrap();
        assert_eq!(comparison.correlation, None);
        assert_eq!(comparison.groups, mean.fit_by(&data, &sample.groups()).unwrap());
    });
}
