//! Harrell's C of a score, with its standard error.

use peer_protocol::{Data, Report, Timer};
use riskset::RightCensored;
use riskset::validation::{Concordance, ConcordanceFit, Score};

/// C from arrays.
pub fn concordance(data: &Data, timer: &Timer) -> Report {
    let fit = |()| {
        let rows = RightCensored::new(&data.time, &data.event).expect("data");
        let fit = Concordance::new().fit(&rows, Score::higher_is_worse(&data.score));
        (fit.expect("a fit"), rows)
    };
    timer.time(
        || (),
        fit,
        |(fit, _): &(ConcordanceFit, RightCensored)| {
            let pairs = &fit.pairs;
            Report::default()
                .with("concordance", [fit.concordance])
                .with("std_error", [fit.std_error])
                .with("pairs", [pairs.concordant, pairs.discordant, pairs.tied_score])
        },
    )
}
