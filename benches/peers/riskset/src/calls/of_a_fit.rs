//! What takes the rows of a Cox fit again; the fit itself is not timed.

use peer_protocol::{Data, Report, Timer};
use riskset::inference::ProportionalityFit;
use riskset::ndarray::Array2;
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, RightCensored};

use super::design::{design, names};

fn fitted(data: &Data) -> (RightCensored, Design, CoxFit) {
    let rows = RightCensored::new(&data.time, &data.event).expect("data");
    let design = design(data, &names(data.p));
    let fit = CoxPh::new().fit(&rows, &design).expect("a fit");
    (rows, design, fit)
}

/// Score residuals of all rows.
pub fn score_residuals(data: &Data, timer: &Timer) -> Report {
    let (rows, design, fit) = fitted(data);
    let residuals = |()| fit.residuals(&rows, &design).expect("residuals").score();
    timer.time(
        || (),
        residuals,
        |residuals: &Array2<f64>| {
            let (n, columns) = (residuals.nrows(), residuals.columns());
            let norms = columns.into_iter().map(|column| column.dot(&column).sqrt());
            let places = (0..=10).map(|k| k * (n - 1) / 10);
            let values = places.flat_map(|row| residuals.row(row).to_vec());
            Report::default().with("norms", norms).with("residuals", values)
        },
    )
}

/// The test of proportional hazards, by column and globally.
pub fn proportionality(data: &Data, timer: &Timer) -> Report {
    let (rows, design, fit) = fitted(data);
    let test = |()| fit.proportionality(&rows, &design).expect("a test");
    timer.time(
        || (),
        test,
        |fit: &ProportionalityFit| {
            let columns = fit.columns().iter().map(|column| column.test.expect("a test").statistic);
            let global = fit.global().expect("a test").statistic;
            Report::default().with("statistic", columns).with("global", [global])
        },
    )
}
