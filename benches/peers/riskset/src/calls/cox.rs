//! Cox models, from arrays to coefficients and variance.

use peer_protocol::{Data, Report, Timer};
use riskset::regression::cox::CoxFit;
use riskset::{CountingProcess, CoxPh, RightCensored};

use super::design::{design, keeping, matrix, names};

/// Efron's ties.
pub fn efron(data: &Data, timer: &Timer) -> Report {
    let names = names(data.p);
    let fit = |x| {
        let rows = RightCensored::new(&data.time, &data.event).expect("data");
        let design = keeping(x, &names);
        (CoxPh::new().fit(&rows, &design).expect("a fit"), rows, design)
    };
    timer.time(|| matrix(data), fit, |(fit, ..)| report(fit))
}

/// The fit alone, of data and design that are there: for what it takes in memory.
pub fn of_design(data: &Data, timer: &Timer) -> Report {
    let rows = RightCensored::new(&data.time, &data.event).expect("data");
    let design = design(data, &names(data.p));
    let fit = |()| CoxPh::new().fit(&rows, &design).expect("a fit");
    timer.time(|| (), fit, report)
}

/// (entry, exit], strata, and the sandwich of clusters.
pub fn entry_strata_robust(data: &Data, timer: &Timer) -> Report {
    let names = names(data.p);
    let fit = |x| {
        let rows = CountingProcess::new(&data.entry, &data.time, &data.event).expect("data");
        let rows = rows.with_strata(&data.stratum).expect("strata");
        let rows = rows.with_clusters(&data.cluster).expect("clusters");
        let design = keeping(x, &names);
        (CoxPh::new().fit(&rows, &design).expect("a fit"), rows, design)
    };
    timer.time(|| matrix(data), fit, |(fit, ..)| report(fit))
}

fn report(fit: &CoxFit) -> Report {
    let coefficients = fit.coefficients().iter();
    Report::default()
        .with("log_likelihood", [fit.log_likelihood_null(), fit.log_likelihood()])
        .with("coefficients", coefficients.map(|column| column.estimate.unwrap_or(f64::NAN)))
        .with("vcov", fit.vcov().iter().copied())
}
