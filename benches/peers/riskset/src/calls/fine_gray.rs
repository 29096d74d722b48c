//! The Fine–Gray model, from arrays to coefficients and variance.

use peer_protocol::{Data, Report, Timer};
use riskset::CompetingRisks;
use riskset::competing::{CensoringTies, FineGray, FineGrayFit};

use super::design::{keeping, matrix, names};

/// The first of two causes, with the variance that knows the censoring distribution to be estimated. By the
/// rule of `cmprsk`: its variance differs in the seventh digit even where no times are tied.
pub fn fine_gray(data: &Data, timer: &Timer) -> Report {
    let names = names(data.p);
    let causes = data.causes();
    let fit = |x| {
        let rows = CompetingRisks::from_codes(&data.time, &causes, &[(1, "first"), (2, "second")]);
        let rows = rows.expect("data");
        let cause = rows.cause("first").expect("a cause");
        let model = FineGray::new(cause).censoring_ties(CensoringTies::Cmprsk);
        let design = keeping(x, &names);
        (model.fit(&rows, &design).expect("a fit"), rows, design)
    };
    timer.time(|| matrix(data), fit, |(fit, ..)| report(fit))
}

fn report(fit: &FineGrayFit) -> Report {
    let coefficients = fit.coefficients().iter();
    Report::default()
        .with("log_likelihood", [fit.log_pseudo_likelihood_null(), fit.log_pseudo_likelihood()])
        .with("coefficients", coefficients.map(|column| column.estimate.unwrap_or(f64::NAN)))
        .with("vcov", fit.vcov().iter().copied())
}
