//! The test of proportional hazards as what it is: the score test of a covariate that changes with time.

use riskset::data::SurvivalData;
use riskset::inference::{Proportionality, ProportionalityFit, TimeTransform};
use riskset::ndarray::ArrayView1;
use riskset::regression::cox::{CoxFit, LikelihoodAt};
use riskset::statistic::TestResult;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};

use super::direct_cox::combinations;
use super::direct_sums::{Given, Weighting, with_columns};
use super::frequency::finite;
use crate::sample::{Row, Sample, assert_close, assert_slice_close, check, tied};

/// Every row cut at the event times within it, so that x·g(t) is constant within a piece, and the rows that
/// the pieces come from.
fn cut(sample: &Sample, entry: bool) -> Sample {
    let mut times: Vec<f64> =
        sample.rows.iter().filter(|row| row.event).map(|row| row.exit).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut pieces = Vec::new();
    for row in &sample.rows {
        let mut from = if entry { row.entry } else { 0.0 };
        for &time in times.iter().chain([&row.exit]) {
            if from < time && time <= row.exit {
                let event = row.event && time == row.exit;
                pieces.push(Row { entry: from, exit: time, event, ..row.clone() });
                from = time;
            }
        }
    }
    Sample { rows: pieces }
}

fn design(given: Given, sample: &Sample) -> Design {
    if given.offset { sample.design_with_offset() } else { sample.design() }
}

fn tested(
    given: Given,
    data: &impl SurvivalData,
    design: &Design,
    transform: TimeTransform,
) -> Option<(CoxFit, ProportionalityFit)> {
    let fit = CoxPh::new().ties(given.ties).fit(data, design).ok()?;
    let width = |x: ArrayView1<'_, f64>| {
        let ends = x.iter().fold((x[0], x[0]), |(low, high), &x| (low.min(x), high.max(x)));
        ends.1 - ends.0
    };
    // No coefficient runs off.
    let beta = finite(&fit)?;
    let matrix = design.matrix();
    let ranges = matrix.columns().into_iter().map(width).zip(&beta);
    ranges.into_iter().all(|(width, beta)| (width * beta).abs() < 20.0).then_some(())?;
    let test = Proportionality::new().transform(transform).fit(&fit, data, design).unwrap();
    Some((fit, test))
}

/// Score and information of a, b, a·g, b·g on the pieces at (β, 0).
fn augmented(given: Given, sample: &Sample, beta: &[f64], g: &dyn Fn(f64) -> f64) -> LikelihoodAt {
    let pieces = cut(sample, given.entry);
    let times =
        |k: usize| -> Vec<f64> { pieces.rows.iter().map(|row| row.x[k] * g(row.exit)).collect() };
    let mut builder = Design::builder()
        .numeric("a", &pieces.x(0))
        .numeric("b", &pieces.x(1))
        .numeric("a g", &times(0))
        .numeric("b g", &times(1));
    if given.offset {
        builder = builder.offset(&pieces.offset());
    }
    let data = with_columns!(pieces.counting_process(), given, pieces);
    let model = CoxPh::new().ties(given.ties);
    model.likelihood_at(&data, &builder.build().unwrap(), &[beta[0], beta[1], 0.0, 0.0]).unwrap()
}

/// uᵀ I⁻¹ u over some columns, with the score of a and b taken for 0; `None` where I is near singular.
fn statistic(at: &LikelihoodAt, added: &[usize]) -> Option<f64> {
    let columns: Vec<usize> = [0, 1].iter().chain(added).copied().collect();
    let mut matrix: Vec<Vec<f64>> = columns
        .iter()
        .map(|&i| {
            let score = if i < 2 { 0.0 } else { at.score()[i] };
            columns.iter().map(|&j| at.information()[[i, j]]).chain([score]).collect()
        })
        .collect();
    let n = columns.len();
    let mut sum = 0.0;
    for k in 0..n {
        let pivot = matrix[k][k];
        if pivot < 1e-5 * at.information()[[columns[k], columns[k]]] {
            return None;
        }
        sum += matrix[k][n] * matrix[k][n] / pivot;
        let top = matrix[k].clone();
        for row in &mut matrix[k + 1..] {
            let factor = row[k] / pivot;
            row.iter_mut().zip(&top).skip(k).for_each(|(value, top)| *value -= factor * top);
        }
    }
    Some(sum)
}

#[test]
fn it_is_the_score_test_on_rows_cut_at_event_times() {
    let combinations = combinations();
    let compared = std::cell::Cell::new(0);
    check(25, tied(8..=25), |sample| {
        for &given in &combinations {
            let g = |time: f64| time.sqrt() - 1.3 * time;
            let transform = TimeTransform::custom("bent", g);
            let design = design(given, &sample);
            let tested = match given.entry {
                true => {
                    let data = with_columns!(sample.counting_process(), given, sample);
                    tested(given, &data, &design, transform)
                }
                false => {
                    let data = with_columns!(sample.right_censored(), given, sample);
                    tested(given, &data, &design, transform)
                }
            };
            let Some((fit, test)) = tested else { continue };
            let at = augmented(given, &sample, &finite(&fit).unwrap(), &g);
            let columns = test.columns().iter().map(|column| column.test);
            let ours: Vec<Option<TestResult>> = columns.chain([test.global().copied()]).collect();
            for (ours, added) in ours.iter().zip([&[2][..], &[3], &[2, 3]]) {
                let Some(expected) = statistic(&at, added) else { continue };
                let ours = ours.unwrap();
                assert_eq!(ours.df, Some(added.len()));
                assert_close(ours.statistic, expected, 1e-7);
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 1000, "{} statistics compared", compared.get());
}

fn statistics(fit: &ProportionalityFit) -> Vec<f64> {
    let all = fit.columns().iter().map(|column| column.test).chain([fit.global().copied()]);
    all.map(|test| test.map_or(-1.0, |test| test.statistic)).collect()
}

fn plain(sample: &Sample, design: &Design, transform: TimeTransform) -> Option<Vec<f64>> {
    let given = Given {
        ties: Ties::Efron,
        weights: Weighting::None,
        entry: false,
        strata: false,
        offset: false,
    };
    tested(given, &sample.right_censored(), design, transform).map(|(_, test)| statistics(&test))
}

#[test]
fn shift_and_scale_of_a_column_change_nothing() {
    check(40, tied(15..=30), |sample| {
        let Some(base) = plain(&sample, &sample.design(), TimeTransform::KaplanMeier) else {
            return;
        };
        for (shift, scale) in [(1994.0, 1.0), (-3.0, 64.0), (0.0, -1e-8), (1e6, 1e3)] {
            let moved: Vec<f64> = sample.x(0).iter().map(|x| shift + scale * x).collect();
            let design = Design::builder().numeric("a", &moved).numeric("b", &sample.x(1)).build();
            let found = plain(&sample, &design.unwrap(), TimeTransform::KaplanMeier).unwrap();
            assert_slice_close(&found, &base, 1e-6);
        }
    });
}

/// A unit of time changes nothing for any transform; a monotone change of time nothing for ranks and S.
#[test]
fn changes_of_time() {
    check(40, tied(15..=30), |sample| {
        let with = |f: &dyn Fn(f64) -> f64| {
            let mut moved = sample.clone();
            moved.rows.iter_mut().for_each(|row| row.exit = f(row.exit));
            moved
        };
        let of = |sample: &Sample, transform| plain(sample, &sample.design(), transform);
        for transform in [
            TimeTransform::KaplanMeier,
            TimeTransform::Rank,
            TimeTransform::Identity,
            TimeTransform::Log,
        ] {
            let Some(base) = of(&sample, transform.clone()) else { return };
            let scaled = of(&with(&|t| 365.25 * t), transform).unwrap();
            assert_slice_close(&scaled, &base, 1e-8);
        }
        let squared = with(&|t| t * t);
        for transform in [TimeTransform::KaplanMeier, TimeTransform::Rank] {
            assert_eq!(of(&squared, transform.clone()), of(&sample, transform));
        }
        // ln t² = 2 ln t.
        let (a, b) = (of(&squared, TimeTransform::Log), of(&sample, TimeTransform::Log));
        assert_slice_close(&a.unwrap(), &b.unwrap(), 1e-8);
        let root = TimeTransform::custom("root", f64::sqrt);
        let (a, b) = (of(&squared, root), of(&sample, TimeTransform::Identity));
        assert_slice_close(&a.unwrap(), &b.unwrap(), 1e-8);
    });
}

/// A row with frequency k is k rows, for the transform as for the test.
#[test]
fn a_frequency_is_so_many_rows() {
    check(25, tied(10..=20), |sample| {
        let all = sample.repeated();
        let one = Given {
            ties: Ties::Efron,
            weights: Weighting::None,
            entry: true,
            strata: true,
            offset: false,
        };
        let many = Given { weights: Weighting::Frequency, ..one };
        for transform in [TimeTransform::KaplanMeier, TimeTransform::Rank] {
            let a = with_columns!(sample.counting_process(), many, sample);
            let b = with_columns!(all.counting_process(), one, all);
            let a = tested(many, &a, &sample.design(), transform.clone());
            let b = tested(one, &b, &all.design(), transform);
            let Some(((_, a), (_, b))) = a.zip(b) else { return };
            assert_slice_close(&statistics(&a), &statistics(&b), 1e-6);
        }
    });
}

/// The scaled residuals of a path are those of the fit, and a straight line through them has the slope of the
/// approximate test.
#[test]
fn paths_scatter_about_the_estimate() {
    check(40, tied(15..=30), |sample| {
        let (data, design) = (sample.right_censored(), sample.design());
        let Ok(fit) = CoxPh::new().tolerance(1e-13).fit(&data, &design) else { return };
        let Some(beta) = finite(&fit) else { return };
        if beta.iter().any(|beta| beta.abs() > 10.0) {
            return;
        }
        let paths = Proportionality::new().paths(&fit, &data, &design).unwrap();
        let scaled = fit.residuals(&data, &design).unwrap().schoenfeld().scaled();
        for (j, path) in paths.columns.iter().enumerate() {
            let values: Vec<f64> = path.points.iter().map(|point| point.value).collect();
            let scaled = scaled[j].as_ref().unwrap().to_vec();
            let size = scaled.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
            assert_slice_close(&values, &scaled, 1e-9 * size);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((mean - beta[j]).abs() < 1e-6 * size);
            let expected = fit.n_events() * fit.vcov()[[j, j]];
            assert_close(path.variance / expected, 1.0, 1e-9);
            let Ok(line) = path.smooth(2, 0.95) else { continue };
            let points = &path.points;
            let middle = points.iter().map(|p| p.transformed).sum::<f64>() / points.len() as f64;
            let spread: f64 = points.iter().map(|p| (p.transformed - middle).powi(2)).sum();
            let slope =
                points.iter().map(|p| (p.transformed - middle) * p.value).sum::<f64>() / spread;
            for (k, x) in line.transformed.iter().enumerate() {
                assert!((line.value[k] - mean - slope * (x - middle)).abs() < 1e-9 * size);
                let variance =
                    path.variance * (1.0 / points.len() as f64 + (x - middle).powi(2) / spread);
                let half = 1.959963984540054 * variance.sqrt();
                assert_close((line.upper[k] - line.lower[k]) / (2.0 * half), 1.0, 1e-9);
            }
        }
    });
}

/// Rows cut at short intervals, with a covariate that slides with time: the information keeps its digits.
#[test]
fn a_slide_keeps_the_digits_of_the_test() {
    let fit = |slide: f64| {
        let noise = |row: usize| (((row * 7919 + 13) % 1009) as f64) / 1009.0;
        let entry: Vec<f64> = (0..800).map(|row| (row / 8) as f64).collect();
        let exit: Vec<f64> = entry.iter().map(|entry| entry + 1.0).collect();
        let event: Vec<bool> = (0..800).map(|row| row % 8 < 2).collect();
        let x: Vec<f64> = (0..800).map(|row| slide * entry[row] + noise(row)).collect();
        let z: Vec<f64> = (0..800).map(|row| noise(3 * row + 1)).collect();
        let data = CountingProcess::new(&entry, &exit, &event).unwrap();
        let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let test = Proportionality::new().transform(TimeTransform::Identity);
        statistics(&test.fit(&fit, &data, &design).unwrap())
    };
    let plain = fit(0.0);
    for (slide, bound) in [(1.0, 1e-10), (1e2, 1e-8), (1e4, 1e-6)] {
        assert_slice_close(&fit(slide), &plain, bound);
    }
}

/// Aliased and separated columns, and events at one time, have no test, and take none from the others.
#[test]
fn columns_without_a_test() {
    let time = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
    let event = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0].map(|event| event == 1);
    let data = RightCensored::new(&time, &event).unwrap();
    let x = [2., 5., 1., 3., 4., 0., 2., 6., 1., 3.];
    let twice = x.map(|x| 2.0 * x);
    let never = event.map(|event| f64::from(u8::from(!event)));
    let design =
        Design::builder().numeric("x", &x).numeric("twice", &twice).numeric("never", &never);
    let design = design.build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let test = fit.proportionality(&data, &design).unwrap();
    let there: Vec<bool> = test.columns().iter().map(|column| column.test.is_some()).collect();
    assert_eq!(there, [true, false, false]);
    assert_eq!(test.global().unwrap().df, Some(1));
    assert_eq!(test.global(), test.columns()[0].test.as_ref());
    let paths = Proportionality::new().paths(&fit, &data, &design).unwrap();
    assert_eq!(paths.columns.len(), 1);
    assert_eq!(paths.terms.len(), 1);
    let residuals = fit.residuals(&data, &design).unwrap();
    assert_eq!(residuals.schoenfeld().scaled().iter().filter(|column| column.is_some()).count(), 1);
    assert!(
        residuals
            .dfbetas()
            .column(1)
            .iter()
            .chain(residuals.dfbetas().column(2))
            .all(|d| *d == 0.0)
    );

    let tied = RightCensored::new(&[3.0; 10], &event).unwrap();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    let fit = CoxPh::new().fit(&tied, &design).unwrap();
    let test = fit.proportionality(&tied, &design).unwrap();
    assert_eq!((test.columns()[0].test, test.global()), (None, None));
}
