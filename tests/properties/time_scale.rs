//! The unit of time is irrelevant.

use riskset::ndarray::Array2;
use riskset::{CountingProcess, CoxPh, KaplanMeier, LogRank, NelsonAalen};

use crate::sample::{Sample, assert_close, assert_slice_close, check, tied};

fn scaled(sample: &Sample, factor: f64) -> CountingProcess {
    let scale = |times: Vec<f64>| times.iter().map(|t| t * factor).collect::<Vec<_>>();
    CountingProcess::new(&scale(sample.entry()), &scale(sample.exit()), &sample.event()).unwrap()
}

/// Everything two units must agree on, in one list.
fn results(sample: &Sample, factor: f64) -> Vec<f64> {
    let data = scaled(sample, factor);
    let km = KaplanMeier::new().fit(&data).unwrap();
    let na = NelsonAalen::new().fit(&data).unwrap();
    let cox = CoxPh::new().likelihood_at(&data, &sample.design(), &[0.5, -1.0]).unwrap();
    let mut all = [km.survival(), km.n_risk(), na.cumulative_hazard(), cox.score()].concat();
    all.extend(km.time().iter().map(|time| time / factor));
    all.extend(km.curve().lower().iter().flatten());
    all.push(cox.log_likelihood());
    all.extend(cox.information());
    if let Ok(test) = LogRank::new().fit(&data, &sample.groups()) {
        all.push(test.test().statistic);
    }
    all
}

#[test]
fn powers_of_two_give_the_same_bits() {
    check(40, tied(4..=25), |sample| {
        for exponent in [-900, -30, -1, 1, 12, 900] {
            assert_eq!(results(&sample, 2_f64.powi(exponent)), results(&sample, 1.0));
        }
    });
}

#[test]
fn any_factor_gives_the_same_numbers() {
    check(40, tied(4..=25), |sample| {
        for factor in [365.25, 1.0 / 365.25, 0.1, 1e-200, 1.0 / 3.0] {
            assert_slice_close(&results(&sample, factor), &results(&sample, 1.0), 1e-13);
        }
    });
}

#[test]
fn the_median_scales_with_the_unit() {
    check(40, tied(4..=25), |sample| {
        let median = |factor| {
            KaplanMeier::new().fit(&scaled(&sample, factor)).unwrap().curve().median().time
        };
        match (median(1.0), median(365.25)) {
            (Some(a), Some(b)) => assert_close(b / 365.25, a, 1e-14),
            (a, b) => assert_eq!(a, b),
        }
    });
}

/// A Cox model sees the order of the times alone.
#[test]
fn rank_methods_ignore_a_monotone_change() {
    check(40, tied(4..=25), |sample| {
        let bend = |times: Vec<f64>| times.iter().map(|t| t.exp() - 1.0).collect::<Vec<_>>();
        let bent =
            CountingProcess::new(&bend(sample.entry()), &bend(sample.exit()), &sample.event());
        let at = |data: &CountingProcess| {
            CoxPh::new().likelihood_at(data, &sample.design(), &[0.5, -1.0]).unwrap()
        };
        let (a, b) = (at(&bent.unwrap()), at(&sample.counting_process()));
        assert_eq!(a, b);
        assert_eq!(a.information().dim(), Array2::<f64>::zeros((2, 2)).dim());
    });
}
