//! Kaplan–Meier and log-rank, from arrays.

use peer_protocol::{Data, Report, Timer};
use riskset::nonparametric::{KaplanMeierFit, LogRankFit};
use riskset::{Groups, KaplanMeier, LogRank, RightCensored};

/// The curve with standard errors and limits.
pub fn kaplan_meier(data: &Data, timer: &Timer) -> Report {
    let fit = |()| {
        let rows = RightCensored::new(&data.time, &data.event).expect("data");
        (KaplanMeier::new().fit(&rows).expect("a curve"), rows)
    };
    timer.time(
        || (),
        fit,
        |(fit, _): &(KaplanMeierFit, RightCensored)| {
            let curve = fit.curve();
            let last = curve.time().len() - 1;
            let places = || (0..=100).map(move |k| k * last / 100);
            let (lower, upper) = (curve.lower(), curve.upper());
            Report::default()
                .with("times", [curve.time().len() as f64])
                .with("time", places().map(|place| curve.time()[place]))
                .with("survival", places().map(|place| curve.survival()[place]))
                .with("lower", places().map(|place| lower.get(place).unwrap_or(f64::NAN)))
                .with("upper", places().map(|place| upper.get(place).unwrap_or(f64::NAN)))
        },
    )
}

/// Four groups.
pub fn log_rank(data: &Data, timer: &Timer) -> Report {
    let fit = |()| {
        let rows = RightCensored::new(&data.time, &data.event).expect("data");
        let groups = Groups::new(&data.group).expect("groups");
        (LogRank::new().fit(&rows, &groups).expect("a test"), rows)
    };
    timer.time(
        || (),
        fit,
        |(fit, _): &(LogRankFit, RightCensored)| {
            Report::default()
                .with("statistic", [fit.test().statistic])
                .with("observed", fit.counts().iter().map(|group| group.observed))
                .with("expected", fit.counts().iter().map(|group| group.expected))
        },
    )
}
