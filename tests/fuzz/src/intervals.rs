//! Interval-censored data.

use arbitrary::{Result, Unstructured};
use riskset::data::IntervalCensored;
use riskset::nonparametric::Turnbull;

use crate::finite::{checked, finite};
use crate::number::option;
use crate::sample::Sample;
use crate::survival::right_censored;

fn data(sample: &Sample) -> riskset::Result<IntervalCensored> {
    let data = if sample.counting {
        // A row without an event is known to lie right of its start.
        let ends = sample.exit.iter().zip(&sample.event);
        let right: Vec<f64> =
            ends.map(|(&exit, &event)| if event { exit } else { f64::INFINITY }).collect();
        IntervalCensored::new(&sample.entry, &right)?
    } else {
        IntervalCensored::from_right_censored(&right_censored(sample)?)
    };
    let data = match sample.weights() {
        Some(weights) => data.with_weights(weights?)?,
        None => data,
    };
    data.with_time_match(sample.time_match)
}

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Ok(data) = data(&sample) else { return Ok(()) };
    let mut estimator = Turnbull::new();
    if source.ratio(1, 4)? {
        estimator = estimator.max_iterations(source.int_in_range(0..=1000)?);
    }
    if source.ratio(1, 4)? {
        estimator = estimator.tolerance(option(&[1e-9, 1e-3], source)?);
    }
    if let Some(groups) = checked(sample.groups()) {
        let _ = estimator.fit_by(&data, &groups);
    }
    if let Ok(fit) = estimator.fit(&data) {
        // The last interval may be open on the right.
        let mass: Vec<f64> = fit.intervals().iter().map(|interval| interval.mass).collect();
        finite(&mass);
        let total: f64 = mass.iter().sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        finite(&fit.survival_at(option(&[0.0, 1.0, 5.0], source)?));
        assert!(!fit.to_string().is_empty());
    }
    Ok(())
}
