//! Histories over several states.

use arbitrary::{Result, Unstructured};
use riskset::Groups;
use riskset::competing::{StateOccupation, TransitionCounts};
use riskset::data::MultiState;

use crate::finite::checked;
use crate::number::{level, option};
use crate::options::transform;
use crate::sample::Sample;

const STATES: [&str; 4] = ["well", "ill", "cured", "dead"];

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    if source.ratio(1, 8)? {
        let illness: Vec<Option<f64>> = sample
            .entry
            .iter()
            .zip(&sample.event)
            .map(|(&time, &ill)| ill.then_some(time))
            .collect();
        let died: Vec<bool> = sample.group.iter().map(|&group| group > 0).collect();
        let names = ["well", "ill", "dead"];
        let data = MultiState::illness_death(&illness, &sample.exit, &died, &names);
        return checked(data).map_or(Ok(()), |data| occupation(data, &sample, source));
    }
    let chained = source.ratio(7, 8)?;
    let data = if chained { chains(&sample) } else { observed(&sample) };
    checked(data).map_or(Ok(()), |data| occupation(data, &sample, source))
}

/// The state that a row ends in; a censoring ends in none.
fn to(sample: &Sample) -> Vec<Option<&'static str>> {
    sample.cause.iter().map(|&state| (state > 0).then(|| STATES[state as usize])).collect()
}

fn observed(sample: &Sample) -> riskset::Result<MultiState> {
    let from: Vec<&str> = sample.group.iter().map(|&state| STATES[usize::from(state)]).collect();
    let id = sample.id.as_ref().unwrap_or(&sample.group);
    MultiState::with_from(id, &sample.entry, &sample.exit, &from, &to(sample), &STATES)
}

/// Rows in fours are one history without gaps.
fn chains(sample: &Sample) -> riskset::Result<MultiState> {
    let mut ends = sample.exit.clone();
    let mut starts = sample.entry.clone();
    for row in 0..ends.len() {
        if row % 4 > 0 {
            starts[row] = ends[row - 1];
            ends[row] += starts[row];
        }
    }
    let ids: Vec<usize> = (0..ends.len()).map(|row| row / 4).collect();
    MultiState::new(&ids, &starts, &ends, &to(sample), &STATES)
}

fn occupation(data: MultiState, sample: &Sample, source: &mut Unstructured<'_>) -> Result<()> {
    let Some(data) = checked(with_columns(data, sample)) else { return Ok(()) };
    checked(Ok(TransitionCounts::new(&data)));
    let mut estimator =
        StateOccupation::new().confidence(level(source)?).transform(transform(source)?);
    if source.arbitrary()? {
        estimator = estimator.restricted_to(option(&[1.0, 4.0, 9.0], source)?);
    }
    if let Some(groups) = checked(Groups::new(&sample.group)) {
        checked(estimator.fit_by(&data, &groups));
    }
    let Some(fit) = checked(estimator.fit(&data)) else { return Ok(()) };
    assert!(!fit.to_string().is_empty());
    for state in STATES {
        checked(fit.at(state, option(&[0.0, 1.0, 5.0], source)?));
        checked(fit.intervals(state));
    }
    Ok(())
}

fn with_columns(mut data: MultiState, sample: &Sample) -> riskset::Result<MultiState> {
    if let Some(weights) = sample.weights() {
        data = data.with_weights(weights?)?;
    }
    if let Some(strata) = &sample.stratum {
        data = data.with_strata(strata)?;
    }
    if let Some(clusters) = &sample.cluster {
        data = data.with_clusters(clusters)?;
    }
    data.with_time_match(sample.time_match)
}
