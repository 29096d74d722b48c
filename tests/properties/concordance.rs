//! Concordance against pairs taken one by one, and the laws it keeps.

use riskset::data::{SurvivalData, WeightKind};
use riskset::validation::{Concordance, ConcordanceFit, PairCounts, Score};
use riskset::{CountingProcess, CoxPh, Error, RightCensored, Weights};

use crate::sample::{Sample, assert_close, check, tied, untied};

/// The five counts and the standard error, from every pair of rows.
struct Direct {
    counts: [f64; 5],
    std_error: f64,
}

fn direct(sample: &Sample, weight: &[f64], kind: WeightKind, entry: bool) -> Option<Direct> {
    let rows = &sample.rows;
    let at_risk = |j: usize, t: f64| (!entry || rows[j].entry < t) && t <= rows[j].exit;
    let mut counts = [0.0; 5];
    let mut members = vec![[0.0; 3]; rows.len()];
    for i in (0..rows.len()).filter(|&i| rows[i].event) {
        let t = rows[i].exit;
        for j in (0..rows.len()).filter(|&j| j != i && rows[j].stratum == rows[i].stratum) {
            let equal = rows[j].x[0] == rows[i].x[0];
            if rows[j].event && rows[j].exit == t {
                // Each such pair comes up twice.
                counts[3 + usize::from(equal)] += weight[i] * weight[j] / 2.0;
            } else if at_risk(j, t) {
                let k = match equal {
                    true => 2,
                    false => usize::from(rows[j].x[0] > rows[i].x[0]),
                };
                counts[k] += weight[i] * weight[j];
                members[i][k] += weight[j];
                members[j][k] += weight[i];
            }
        }
        if kind == WeightKind::Frequency {
            counts[4] += weight[i] * (weight[i] - 1.0) / 2.0;
        }
    }
    let comparable = counts[0] + counts[1] + counts[2];
    if comparable == 0.0 {
        return None;
    }
    let c = (counts[0] + counts[2] / 2.0) / comparable;
    let variance: f64 = (members.iter().zip(weight))
        .map(|([a, b, tied], w)| {
            let influence = (a + tied / 2.0 - c * (a + b + tied)) / comparable;
            let factor = if kind == WeightKind::Frequency { *w } else { w * w };
            factor * influence * influence
        })
        .sum();
    Some(Direct { counts, std_error: variance.sqrt() })
}

fn columns(pairs: PairCounts) -> [f64; 5] {
    let PairCounts { concordant, discordant, tied_score, tied_time, tied_both, .. } = pairs;
    [concordant, discordant, tied_score, tied_time, tied_both]
}

fn fit(sample: &Sample, data: &impl SurvivalData) -> riskset::Result<ConcordanceFit> {
    Concordance::new().fit(data, Score::higher_is_worse(&sample.x(0)))
}

/// Rows with whole times and few scores; entry or not, weights of three kinds or none.
#[test]
fn equals_pairs_taken_one_by_one() {
    for entry in [false, true] {
        for kind in [None, Some(WeightKind::Frequency), Some(WeightKind::Case)] {
            check(60, tied(4..=30), |sample| {
                let weights = match kind {
                    None => None,
                    Some(WeightKind::Frequency) => Some(sample.frequency()),
                    _ => Some(sample.case()),
                };
                let values = weights
                    .as_ref()
                    .map_or(vec![1.0; sample.rows.len()], |weights| weights.values().to_vec());
                let strata = sample.stratum();
                let ours = if entry {
                    let data = sample.counting_process().with_strata(&strata).unwrap();
                    fit(&sample, &with(data, weights, CountingProcess::with_weights))
                } else {
                    let data = sample.right_censored().with_strata(&strata).unwrap();
                    fit(&sample, &with(data, weights, RightCensored::with_weights))
                };
                let direct = direct(&sample, &values, kind.unwrap_or(WeightKind::Case), entry);
                let Some(direct) = direct else {
                    return assert_eq!(ours, Err(Error::NothingComparable));
                };
                let ours = ours.unwrap();
                for (found, expected) in columns(ours.pairs).into_iter().zip(direct.counts) {
                    match kind {
                        Some(WeightKind::Case) => assert_close(found, expected, 1e-13),
                        _ => assert_eq!(found, expected),
                    }
                }
                // Influences that cancel exactly leave roundings behind.
                assert_close(ours.std_error, direct.std_error, 1e-13);
            });
        }
    }
}

fn with<D>(data: D, weights: Option<Weights>, add: fn(D, Weights) -> riskset::Result<D>) -> D {
    match weights {
        Some(weights) => add(data, weights).unwrap(),
        None => data,
    }
}

#[test]
fn the_other_direction_gives_one_minus_c() {
    check(60, tied(4..=30), |sample| {
        let data = sample.counting_process().with_weights(sample.case()).unwrap();
        let scores = sample.x(0);
        let negative: Vec<f64> = scores.iter().map(|score| -score).collect();
        let concordance = Concordance::new();
        let worse = concordance.fit(&data, Score::higher_is_worse(&scores));
        let Ok(worse) = worse else { return };
        let better = concordance.fit(&data, Score::higher_is_better(&scores)).unwrap();
        let turned = concordance.fit(&data, Score::higher_is_better(&negative)).unwrap();
        assert_close(worse.concordance + better.concordance, 1.0, 1e-14);
        assert_close(worse.std_error, better.std_error, 1e-13);
        assert_eq!(worse.pairs.concordant, better.pairs.discordant);
        assert_close(worse.concordance, turned.concordance, 1e-14);
        assert_close(worse.somers_d(), -better.somers_d(), 1e-14);
    });
}

/// A frequency is as many rows.
#[test]
fn frequencies_are_repeated_rows() {
    check(40, tied(4..=15), |sample| {
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let repeated = sample.repeated();
        let (a, b) = (fit(&sample, &data), fit(&repeated, &repeated.counting_process()));
        let (Ok(a), Ok(b)) = (a, b) else { return };
        assert_eq!((a.pairs, a.n, a.n_events), (b.pairs, b.n, b.n_events));
        assert_close(a.std_error, b.std_error, 1e-13);
        let clusters: Vec<usize> = (sample.counts().iter().enumerate())
            .flat_map(|(row, &count)| vec![row; count as usize])
            .collect();
        let apart: Vec<usize> = (0..sample.rows.len()).collect();
        let a = fit(&sample, &data.with_clusters(&apart).unwrap()).unwrap();
        let of_clusters = repeated.counting_process().with_clusters(&clusters).unwrap();
        assert_close(a.std_error, fit(&repeated, &of_clusters).unwrap().std_error, 1e-13);
    });
}

/// The variance is made of derivatives by the weights: of clusters, if there are any.
#[test]
fn the_standard_error_is_made_of_derivatives() {
    check(20, tied(8..=25), |sample| {
        let at = |group: u8, step: f64| {
            let weights: Vec<f64> = (sample.rows.iter().zip(sample.case().values()))
                .map(|(row, w)| if row.group == group { w * (1.0 + step) } else { *w })
                .collect();
            let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
            let data = data.with_weights(Weights::case(&weights).unwrap()).unwrap();
            fit(&sample, &data.with_clusters(&sample.group()).unwrap())
        };
        let Ok(centre) = at(0, 0.0) else { return };
        let variance: f64 = (0..3)
            .map(|group| {
                let value = |step: f64| at(group, step).unwrap().concordance;
                ((value(1e-5) - value(-1e-5)) / 2e-5).powi(2)
            })
            .sum();
        assert!((centre.std_error - variance.sqrt()).abs() < 1e-9);
    });
}

/// Leaving out one row at a time differs by terms of order 1/n.
#[test]
fn the_standard_error_is_near_the_jackknife() {
    check(6, untied(120..=120), |sample| {
        let whole = fit(&sample, &sample.right_censored()).unwrap();
        let n = sample.rows.len();
        let without: Vec<f64> = (0..n)
            .map(|out| {
                let rows: Vec<usize> = (0..n).filter(|&row| row != out).collect();
                let rest = sample.reordered(&rows);
                fit(&rest, &rest.right_censored()).unwrap().concordance
            })
            .collect();
        let mean = without.iter().sum::<f64>() / n as f64;
        let squares: f64 = without.iter().map(|c| (c - mean).powi(2)).sum();
        let jackknife = (squares * (n as f64 - 1.0) / n as f64).sqrt();
        assert!(
            (whole.std_error / jackknife - 1.0).abs() < 0.03,
            "{} {jackknife}",
            whole.std_error
        );
    });
}

/// Two copies of one score differ by nothing; against its reverse the errors add up.
#[test]
fn a_score_compared_with_itself_and_its_reverse() {
    check(30, tied(8..=25), |sample| {
        let (data, scores) = (sample.counting_process(), sample.x(0));
        let (a, b) = (Score::higher_is_worse(&scores), Score::higher_is_better(&scores));
        let concordance = Concordance::new();
        let Ok(same) = concordance.compare(&data, a, a) else { return };
        assert_eq!((same.difference.estimate, same.difference.std_error), (0.0, 0.0));
        assert_eq!(same.difference.test, None);
        let reverse = concordance.compare(&data, a, b).unwrap();
        assert_close(reverse.difference.std_error, 2.0 * reverse.first.std_error, 1e-12);
        assert_close(reverse.covariance, -reverse.first.std_error.powi(2), 1e-12);
    });
}

/// Splitting histories, moving rows, another unit and any ascending transform change nothing.
#[test]
fn only_order_counts() {
    check(40, tied(4..=20), |sample| {
        let Ok(plain) = fit(&sample, &sample.right_censored()) else { return };
        let order: Vec<usize> = (0..sample.rows.len()).rev().collect();
        let moved = sample.reordered(&order);
        let moved = fit(&moved, &moved.right_censored()).unwrap();
        assert_eq!(moved.pairs, plain.pairs);
        assert_close(moved.std_error, plain.std_error, 1e-13);
        let times: Vec<f64> = sample.exit().iter().map(|time| time.powi(3) * 0.1).collect();
        let data = RightCensored::new(&times, &sample.event()).unwrap();
        let scores: Vec<f64> = sample.x(0).iter().map(|x| x.exp()).collect();
        let other = Concordance::new().fit(&data, Score::higher_is_worse(&scores)).unwrap();
        assert_eq!((other.pairs, other.std_error), (plain.pairs, plain.std_error));
    });
}

/// A weight of another magnitude leaves nothing behind when it goes.
#[test]
fn a_heavy_row_that_leaves_is_gone() {
    let (entry, exit) = ([0.0, 2.0, 2.0, 2.5], [2.0, 3.0, 4.0, 5.0]);
    let data = CountingProcess::new(&entry, &exit, &[true, true, true, false]).unwrap();
    let heavy = Weights::case(&[1e90, 0.1, 0.2, 0.7]).unwrap();
    let fit = Concordance::new()
        .fit(&data.with_weights(heavy).unwrap(), Score::higher_is_worse(&[9., 1., 3., 2.]))
        .unwrap();
    // (3; 4) and (3; 5) are discordant, (4; 5) is concordant.
    assert_close(fit.pairs.concordant, 0.14, 1e-15);
    assert_close(fit.pairs.discordant, 0.02 + 0.07, 1e-15);
}

/// The predictor of a model counts like the score it is; a constant one is tied throughout.
#[test]
fn of_a_model() {
    check(20, untied(10..=25), |sample| {
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let design = sample.design_with_offset();
        let Ok(model) = CoxPh::new().fit(&data, &design) else { return };
        let beta: Option<Vec<f64>> =
            model.coefficients().iter().map(|coefficient| coefficient.estimate).collect();
        let Some(beta) = beta else { return };
        let predictor: Vec<f64> = (sample.rows.iter())
            .map(|row| row.x[0] * beta[0] + row.x[1] * beta[1] + row.offset)
            .collect();
        let score = Score::higher_is_worse(&predictor);
        let by_hand = Concordance::new().fit(&data, score).unwrap();
        assert_eq!(model.concordance(&data, &design).unwrap(), by_hand);
        let null = riskset::Design::empty(sample.rows.len());
        let null_fit = CoxPh::new().fit(&data, &null).unwrap();
        assert_eq!(null_fit.concordance(&data, &null).unwrap().concordance, 0.5);
    });
}
