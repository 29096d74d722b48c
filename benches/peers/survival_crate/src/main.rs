//! The calls of the Rust crate `survival`, each with its options at their defaults unless said.
//!
//! It owns its input: copying the arrays is not timed.

use ndarray::Array2;
use peer_protocol::{Data, Report, Timer};
use survival::concordance::{ConcordanceOptions, concordancefit};
use survival::core::SurvResponse;
use survival::data_types::SurvivalData;
use survival::regression::{CoxPHFit, CoxphData, CoxphOptions, ZphTransform, cox_zph};
use survival::surv_analysis::{SurvdiffData, SurvfitKMData, SurvfitKMOptions, survdiff, survfitkm};

fn main() {
    peer_protocol::run(&[
        ("cox", cox),
        ("cox_entry_strata_robust", cox_entry_strata_robust),
        ("kaplan_meier", kaplan_meier),
        ("log_rank", log_rank),
        ("concordance", concordance),
        ("score_residuals", score_residuals),
        ("proportionality", proportionality),
    ]);
}

fn status(data: &Data) -> Vec<i32> {
    data.event.iter().map(|event| i32::from(*event)).collect()
}

fn codes(codes: &[u32]) -> Vec<i32> {
    codes.iter().map(|code| *code as i32).collect()
}

fn matrix(data: &Data) -> Array2<f64> {
    Array2::from_shape_vec((data.time.len(), data.p), data.x.clone()).expect("a matrix")
}

fn cox(data: &Data, timer: &Timer) -> Report {
    timer.time(
        || (data.time.clone(), status(data), matrix(data)),
        |(time, status, x)| {
            let data = CoxphData::try_new(time, None, status, x, None, None, None).expect("data");
            CoxPHFit::fit(data, CoxphOptions::default()).expect("a fit")
        },
        of_cox,
    )
}

fn cox_entry_strata_robust(data: &Data, timer: &Timer) -> Report {
    timer.time(
        || {
            let columns = (data.entry.clone(), data.time.clone(), status(data), matrix(data));
            (columns, codes(&data.stratum), codes(&data.cluster))
        },
        |((entry, time, status, x), strata, cluster)| {
            let data = CoxphData::try_new(time, Some(entry), status, x, None, Some(strata), None);
            let options = CoxphOptions { cluster: Some(cluster), ..CoxphOptions::default() };
            CoxPHFit::fit(data.expect("data"), options).expect("a fit")
        },
        of_cox,
    )
}

fn of_cox(fit: &CoxPHFit) -> Report {
    Report::default()
        .with("log_likelihood", fit.loglik)
        .with("coefficients", fit.coefficients.clone())
        .with("vcov", fit.var.iter().copied())
}

fn kaplan_meier(data: &Data, timer: &Timer) -> Report {
    timer.time(
        || (data.time.clone(), status(data)),
        |(time, status)| {
            let data = SurvfitKMData::right_censored(time, status).expect("data");
            survfitkm(&data, &SurvfitKMOptions::default()).expect("a curve")
        },
        |fit| {
            let last = fit.time.len() - 1;
            let at = |column: &[f64]| -> Vec<f64> {
                (0..=100).map(|k| column[k * last / 100]).collect()
            };
            let limits = |limits: &Option<Vec<f64>>| at(limits.as_ref().expect("limits"));
            Report::default()
                .with("times", [fit.time.len() as f64])
                .with("time", at(&fit.time))
                .with("survival", at(&fit.surv))
                .with("lower", limits(&fit.lower))
                .with("upper", limits(&fit.upper))
        },
    )
}

fn log_rank(data: &Data, timer: &Timer) -> Report {
    timer.time(
        || (data.time.clone(), status(data), codes(&data.group)),
        |(time, status, group)| {
            let data = SurvdiffData::try_new(None, time, status, group, None).expect("data");
            survdiff(&data, 0.0, true).expect("a test")
        },
        |fit| {
            Report::default()
                .with("statistic", [fit.chisq])
                .with("observed", fit.obs_totals())
                .with("expected", fit.exp_totals())
        },
    )
}

fn concordance(data: &Data, timer: &Timer) -> Report {
    let score =
        Array2::from_shape_vec((data.score.len(), 1), data.score.clone()).expect("a column");
    let options = ConcordanceOptions { reverse: true, ..ConcordanceOptions::default() };
    timer.time(
        || (data.time.clone(), status(data)),
        |(time, status)| {
            let data = SurvivalData::try_new(time, status).expect("data");
            let response = SurvResponse::Right(&data);
            concordancefit(response, score.view(), None, None, None, &options).expect("a fit")
        },
        |fit| {
            let variance = fit.var.as_ref().expect("a variance")[0][0];
            let count = fit.count[0];
            Report::default()
                .with("concordance", fit.concordance.clone())
                .with("std_error", [variance.sqrt()])
                .with("pairs", [count.concordant, count.discordant, count.tied_x])
        },
    )
}

fn fitted(data: &Data) -> CoxPHFit {
    let (time, status, x) = (data.time.clone(), status(data), matrix(data));
    let data = CoxphData::try_new(time, None, status, x, None, None, None).expect("data");
    let near_the_maximum = CoxphOptions { eps: 1e-12, ..CoxphOptions::default() };
    CoxPHFit::fit(data, near_the_maximum).expect("a fit")
}

fn score_residuals(data: &Data, timer: &Timer) -> Report {
    let fit = fitted(data);
    timer.time(
        || (),
        |()| fit.score_residuals(false, None).expect("residuals"),
        |residuals| {
            let n = residuals.nrows();
            let columns = residuals.columns().into_iter();
            let places = (0..=10).map(|k| k * (n - 1) / 10);
            Report::default()
                .with("norms", columns.map(|column| column.dot(&column).sqrt()))
                .with("residuals", places.flat_map(|row| residuals.row(row).to_vec()))
        },
    )
}

fn proportionality(data: &Data, timer: &Timer) -> Report {
    let fit = fitted(data);
    timer.time(
        || (),
        |()| cox_zph(&fit, &ZphTransform::Km, true, false, true, None).expect("a test"),
        |test| {
            Report::default()
                .with("statistic", test.table.iter().map(|column| column.chisq))
                .with("global", [test.global_test.as_ref().expect("a test").chisq])
        },
    )
}
