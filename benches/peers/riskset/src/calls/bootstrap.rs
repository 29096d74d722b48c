//! Two thousand Cox fits on rows drawn anew.

use peer_protocol::{Data, Report, Timer};
use riskset::validation::{Bootstrap, BootstrapFit};
use riskset::{CoxPh, RightCensored};

use super::design::{design, names};

/// From arrays to the coefficients of every replicate.
pub fn bootstrap(data: &Data, timer: &Timer) -> Report {
    let names = names(data.p);
    let fit = |()| {
        let rows = RightCensored::new(&data.time, &data.event).expect("data");
        let design = design(data, &names);
        let bootstrap = Bootstrap::new(20_260_101).replicates(2000);
        bootstrap.fit_cox(&rows, &design, &CoxPh::new()).expect("a bootstrap")
    };
    timer.time(
        || (),
        fit,
        |fit: &BootstrapFit| {
            let errors = fit.std_error().into_iter().map(|error| error.unwrap_or(f64::NAN));
            Report::default()
                .with("replicates", [fit.values().nrows() as f64])
                .with("std_error", errors)
        },
    )
}
