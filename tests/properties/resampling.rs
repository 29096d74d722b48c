//! The bootstrap and the jackknife: what is drawn, what is counted, what the limits are.

use std::sync::Mutex;

use riskset::data::SurvivalData;
use riskset::statistic::Interval;
use riskset::validation::{Bootstrap, BootstrapFit, Concordance, Jackknife, Score};
use riskset::{CountingProcess, CoxPh, Design, Error, KaplanMeier, RightCensored};

use crate::sample::{Sample, assert_close, check, tied, untied};

fn mean(sample: &RightCensored, _: &[usize]) -> riskset::Result<Vec<f64>> {
    Ok(vec![sample.time().iter().sum::<f64>() / sample.len() as f64])
}

/// 40 skew times, all events.
fn skew() -> RightCensored {
    let times: Vec<f64> = (1..=40).map(|k| f64::from(k * k % 83) + 0.5).collect();
    RightCensored::new(&times, &[true; 40]).unwrap()
}

/// The samples a bootstrap draws, in order: the rows and the data.
fn samples<D: SurvivalData + Clone + Sync + Send>(
    bootstrap: &Bootstrap,
    data: &D,
) -> Vec<(Vec<usize>, D)> {
    let seen = Mutex::new(Vec::new());
    let record = |sample: &D, rows: &[usize]| {
        let mut seen = seen.lock().unwrap();
        seen.push((rows.to_vec(), sample.clone()));
        Ok(vec![(seen.len() - 1) as f64])
    };
    // On several threads they need not come in order; their values are in order.
    let order: Vec<f64> = bootstrap.fit(data, record).unwrap().values().iter().copied().collect();
    let seen = seen.into_inner().unwrap();
    order.into_iter().map(|place| seen[place as usize].clone()).collect()
}

#[test]
fn rows_bring_their_columns_along() {
    check(20, tied(4..=20), |sample| {
        let data = sample.counting_process().with_weights(sample.case()).unwrap();
        let data = data.with_strata(&sample.stratum()).unwrap();
        for (rows, drawn) in samples(&Bootstrap::new(3).replicates(5), &data) {
            assert_eq!(rows.len(), data.len());
            let name = |data: &CountingProcess, row: usize| {
                let strata = data.strata().unwrap();
                strata.names()[strata.codes()[row] as usize].clone()
            };
            for (k, &row) in rows.iter().enumerate() {
                assert_eq!(drawn.entry()[k], data.entry()[row]);
                assert_eq!(drawn.time()[k], data.time()[row]);
                assert_eq!(drawn.event()[k], data.event()[row]);
                let weight = |data: &CountingProcess, k: usize| data.weights().unwrap().values()[k];
                assert_eq!(weight(&drawn, k), weight(&data, row));
                assert_eq!(name(&drawn, k), name(&data, row));
            }
        }
    });
}

/// Each stratum keeps its rows.
#[test]
fn strata_keep_their_size() {
    check(20, tied(6..=20), |sample| {
        let data = sample.right_censored().with_strata(&sample.stratum()).unwrap();
        let count = |rows: &[usize], stratum: u8| {
            rows.iter().filter(|&&row| sample.rows[row].stratum == stratum).count()
        };
        let all: Vec<usize> = (0..data.len()).collect();
        for (rows, _) in samples(&Bootstrap::new(1).replicates(5).within_strata(), &data) {
            (0..3).for_each(|s| assert_eq!(count(&rows, s), count(&all, s)));
        }
    });
}

/// Clusters come whole; one drawn twice is two clusters.
#[test]
fn clusters_come_whole_and_apart() {
    check(20, tied(6..=20), |sample| {
        let clusters: Vec<usize> = (0..sample.rows.len()).map(|row| row / 3).collect();
        let data = sample.counting_process().with_clusters(&clusters).unwrap();
        let n_clusters = clusters[clusters.len() - 1] + 1;
        for (rows, drawn) in samples(&Bootstrap::new(5).replicates(5), &data) {
            let column = drawn.clusters().unwrap();
            assert_eq!(column.names().len(), n_clusters);
            for code in 0..n_clusters as u32 {
                let places = (0..rows.len()).filter(|&k| column.codes()[k] == code);
                let mut of_cluster: Vec<usize> = places.map(|k| rows[k]).collect();
                of_cluster.sort_unstable();
                let cluster = clusters[of_cluster[0]];
                let whole: Vec<usize> =
                    (0..clusters.len()).filter(|&row| clusters[row] == cluster).collect();
                assert_eq!(of_cluster, whole);
            }
        }
    });
}

/// Subjects are drawn with all their rows, and a copy is another subject: rows that would overlap are not
/// taken for one history.
#[test]
fn subjects_are_drawn_as_histories() {
    let data = RightCensored::new(&[5., 7., 9., 4.], &[true, true, false, true]).unwrap();
    let data = data.split_at(&[3., 6.]).unwrap().into_data();
    for (rows, drawn) in samples(&Bootstrap::new(2).replicates(20), &data) {
        let curve = KaplanMeier::new().fit(&drawn).unwrap();
        assert_eq!(curve.n_risk()[0], 4.0);
        assert_eq!(drawn.subjects().unwrap().names().len(), 4);
        assert_eq!(drawn.n_gaps(), 0);
        assert_eq!(drawn.len(), rows.len());
    }
}

#[test]
fn the_seed_and_the_number_decide() {
    let data = skew();
    let fit = |seed, n| Bootstrap::new(seed).replicates(n).fit(&data, mean).unwrap();
    assert_eq!(fit(1, 50), fit(1, 50));
    assert_ne!(fit(1, 50).values(), fit(2, 50).values());
    let (few, many) = (fit(1, 50), fit(1, 80));
    let (few, many) = (few.values(), many.values());
    assert!(few.iter().eq(many.iter().take(50)));
}

/// Place (B + 1) p among the sorted values, interpolated.
fn directly(fit: &BootstrapFit, p: f64) -> f64 {
    let mut values = fit.values().column(0).to_vec();
    values.sort_by(f64::total_cmp);
    let place = (values.len() + 1) as f64 * p - 1.0;
    let (low, part) = (place.floor() as usize, place.fract());
    values[low] * (1.0 - part) + values[low + 1] * part
}

#[test]
fn percentile_limits_are_order_statistics() {
    let fit = Bootstrap::new(11).replicates(999).fit(&skew(), mean).unwrap();
    for level in [0.5, 0.9, 0.95] {
        let Interval { lower, upper, level: stated, .. } = fit.percentile(level).unwrap()[0];
        assert_close(lower.unwrap(), directly(&fit, (1.0 - level) / 2.0), 1e-13);
        assert_close(upper.unwrap(), directly(&fit, (1.0 + level) / 2.0), 1e-13);
        assert_eq!(stated, level);
    }
    let few = Bootstrap::new(11).replicates(10).fit(&skew(), mean).unwrap();
    let Interval { lower, upper, .. } = few.percentile(0.95).unwrap()[0];
    assert_eq!((lower, upper), (None, None));
}

/// Of a mean everything is known: its bootstrap and jackknife standard errors and its acceleration.
#[test]
fn of_a_mean() {
    let data = skew();
    let (n, times) = (data.len() as f64, data.time());
    let centre = times.iter().sum::<f64>() / n;
    let moment = |power| times.iter().map(|time| (time - centre).powi(power)).sum::<f64>();
    let boot = Bootstrap::new(4).replicates(4000).fit(&data, mean).unwrap();
    let expected = (moment(2) / n / n).sqrt();
    // 4000 replicates know it to about one per cent.
    assert!((boot.std_error()[0].unwrap() / expected - 1.0).abs() < 0.05);
    assert!(boot.bias()[0].unwrap().abs() < 5.0 * expected / 4000_f64.sqrt());
    let jackknife = Jackknife::new().fit(&data, mean).unwrap();
    assert_close(jackknife.std_error()[0].unwrap(), (moment(2) / n / (n - 1.0)).sqrt(), 1e-12);
    let acceleration = moment(3) / (6.0 * moment(2).powf(1.5));
    assert_close(jackknife.acceleration()[0].unwrap(), acceleration, 1e-11);
    let (plain, bca) = (boot.percentile(0.9).unwrap()[0], boot.bca(0.9, &jackknife).unwrap()[0]);
    // Positive skewness moves both limits up, by little.
    assert!(acceleration > 0.0);
    assert!((bca.lower.unwrap() - plain.lower.unwrap()).abs() < expected);
    assert!((bca.upper.unwrap() - plain.upper.unwrap()).abs() < expected);
    let other = Jackknife::new().fit(&data, |s, _| Ok(vec![s.time()[0]])).unwrap();
    assert_eq!(
        boot.bca(0.9, &other),
        Err(Error::OtherData { what: "the estimate of the jackknife" })
    );
}

/// Within strata the variance of a sum of stratum means is the sum of theirs.
#[test]
fn the_jackknife_within_strata() {
    let data = RightCensored::new(&[1., 2., 6., 10., 30.], &[true; 5]).unwrap();
    let data = data.with_strata(&["a", "a", "a", "b", "b"]).unwrap();
    let sum = |sample: &RightCensored, rows: &[usize]| {
        let mean = |of: fn(usize) -> bool| {
            let times: Vec<f64> = (rows.iter().zip(sample.time()))
                .filter(|(row, _)| of(**row))
                .map(|(_, time)| *time)
                .collect();
            times.iter().sum::<f64>() / times.len() as f64
        };
        Ok(vec![mean(|row| row < 3) + mean(|row| row >= 3)])
    };
    let fit = Jackknife::new().within_strata().fit(&data, sum).unwrap();
    // Variances 7 and 200 of 3 and 2 values.
    assert_close(fit.std_error()[0].unwrap(), (7.0 / 3.0 + 100.0_f64).sqrt(), 1e-13);
    assert_eq!(fit.n_units(), 5);
}

/// Failures are counted with their reason, and the rest is used.
#[test]
fn failures_are_told() {
    let data = RightCensored::new(&[1., 2., 3., 4., 5.], &[true, false, false, false, true]);
    let data = data.unwrap();
    let design = Design::builder().numeric("x", &[3., 1., 2., 5., 4.]).build().unwrap();
    let fit = Bootstrap::new(8).replicates(200).fit_cox(&data, &design, &CoxPh::new()).unwrap();
    assert_eq!(fit.values().nrows() + fit.failures().len(), 200);
    assert!(fit.failures().len() > 50 && fit.values().nrows() > 10);
    let reasons: Vec<&str> = fit.failures().iter().map(|failure| failure.reason.as_str()).collect();
    assert!(reasons.contains(&"no events among 5 rows"), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("no finite estimate")), "{reasons:?}");
    assert!(format!("{fit}").contains("replicates failed, the first: "));
    let unstable = |sample: &RightCensored, _: &[usize]| match sample.n_events() {
        2 => Ok(vec![1.0]),
        3 => Ok(vec![f64::NAN]),
        _ => Ok(vec![1.0, 2.0]),
    };
    let fit = Bootstrap::new(8).replicates(50).fit(&data, unstable).unwrap();
    assert!(fit.values().iter().all(|&value| value == 1.0));
    let reasons: Vec<&str> = fit.failures().iter().map(|failure| failure.reason.as_str()).collect();
    assert!(reasons.contains(&"`statistic` row 0 is NaN: a value of the statistic must be finite"));
    assert!(reasons.contains(&"`statistic` has 2 rows, expected 1"));
    let jackknife = Jackknife::new().fit(&data, unstable).unwrap();
    assert_eq!(jackknife.failures().len(), 2);
    assert_eq!((jackknife.std_error()[0], jackknife.acceleration()[0]), (None, None));
}

/// A Cox model fitted anew on the rows drawn.
#[test]
fn coefficients_are_those_of_the_samples() {
    check(5, untied(20..=25), |sample| {
        let (data, design) = (sample.counting_process(), sample.design());
        let Ok(fit) = Bootstrap::new(6).replicates(10).fit_cox(&data, &design, &CoxPh::new())
        else {
            return;
        };
        let values = fit.values();
        let mut found = values.rows().into_iter();
        let failed: Vec<usize> = fit.failures().iter().map(|failure| failure.replicate).collect();
        for (k, (rows, _)) in samples(&Bootstrap::new(6).replicates(10), &data).iter().enumerate() {
            if failed.contains(&k) {
                continue;
            }
            let drawn: Sample = sample.reordered(rows);
            let again = CoxPh::new().fit(&drawn.counting_process(), &drawn.design()).unwrap();
            for (ours, coefficient) in found.next().unwrap().iter().zip(again.coefficients()) {
                assert_close(*ours, coefficient.estimate.unwrap(), 1e-7);
            }
        }
        assert!(found.next().is_none());
    });
}

/// The infinitesimal jackknife of a concordance is near the bootstrap.
#[test]
fn the_standard_error_of_a_concordance() {
    check(2, untied(100..=100), |sample| {
        let (data, scores) = (sample.right_censored(), sample.x(0));
        let of = |data: &RightCensored, scores: &[f64]| {
            Concordance::new().fit(data, Score::higher_is_worse(scores))
        };
        let statistic = |drawn: &RightCensored, rows: &[usize]| {
            let scores: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
            Ok(vec![of(drawn, &scores)?.concordance])
        };
        let boot = Bootstrap::new(9).replicates(600).fit(&data, statistic).unwrap();
        let ratio = boot.std_error()[0].unwrap() / of(&data, &scores).unwrap().std_error;
        assert!((ratio - 1.0).abs() < 0.12, "{ratio}");
    });
}

/// 95 % limits of a log hazard ratio of 0.7 cover it in about 95 % of 600 trials of 100 patients.
#[test]
#[ignore = "a simulation, to run on demand"]
fn limits_cover_the_truth() {
    let mut state = 1_u64;
    let mut uniform = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let (trials, n, beta) = (600, 100, 0.7);
    let mut covered = [0; 2];
    for trial in 0..trials {
        let arm: Vec<f64> = (0..n).map(|row| f64::from(row % 2)).collect();
        let (mut time, mut event) = (Vec::new(), Vec::new());
        for x in &arm {
            let (death, end) = (-uniform().ln() / (beta * x).exp(), 0.5 + 2.0 * uniform());
            time.push(death.min(end));
            event.push(death <= end);
        }
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder().numeric("arm", &arm).build().unwrap();
        let model = CoxPh::new();
        let boot = Bootstrap::new(trial).replicates(999).fit_cox(&data, &design, &model).unwrap();
        let jackknife = Jackknife::new().fit_cox(&data, &design, &model).unwrap();
        let both = [boot.percentile(0.95).unwrap()[0], boot.bca(0.95, &jackknife).unwrap()[0]];
        for (count, interval) in covered.iter_mut().zip(both) {
            // A limit beyond the replicates there are excludes nothing.
            let within = interval.lower.is_none_or(|lower| lower <= beta)
                && interval.upper.is_none_or(|upper| beta <= upper);
            *count += usize::from(within);
        }
    }
    let share = covered.map(|count| f64::from(count as u32) / trials as f64);
    println!("percentile {:.3}, BCa {:.3}", share[0], share[1]);
    // Three standard deviations of 600 trials, and the error of limits of order 1/√n.
    assert!(share.iter().all(|share| (share - 0.95).abs() < 0.04), "{share:?}");
}
