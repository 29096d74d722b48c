//! Rows cut into episodes.

use arbitrary::{Result, Unstructured};
use riskset::data::{Episodes, ExposureStart, RecurrentEvents, TimeDependent};
use riskset::{CoxPh, KaplanMeier, Profile};

use crate::design::design;
use crate::finite::{checked, checked_unwritten};
use crate::number::{number, option, range, times};
use crate::sample::Sample;
use crate::survival::{counting_process, right_censored};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    match source.int_in_range(0..=4)? {
        0 => recurrent(&sample, source),
        1 => marginal(&sample),
        2 => exposure(&sample),
        _ if sample.counting => {
            let Some(data) = checked(counting_process(&sample)) else { return Ok(()) };
            checked(data.landmark(option(&[1.0, 2.5], source)?).map(|landmark| {
                checked(landmark.restarted());
                landmark
            }));
            checked(data.merge(&time_dependent(&sample, source)?));
            let cut = checked(data.split_at(&times(source)?));
            expanded(cut, &sample, source)
        }
        _ => {
            let Some(data) = checked(right_censored(&sample)) else { return Ok(()) };
            checked(data.landmark(option(&[1.0, 2.5], source)?));
            checked(data.merge(&time_dependent(&sample, source)?));
            let cut = checked(data.split_at(&times(source)?));
            expanded(cut, &sample, source)
        }
    }
}

fn expanded(cut: Option<Episodes>, sample: &Sample, source: &mut Unstructured<'_>) -> Result<()> {
    let Some(cut) = cut else { return Ok(()) };
    checked(KaplanMeier::new().fit(cut.data()));
    checked(cut.expand(&sample.group));
    let Some(design) = design(sample, source)? else { return Ok(()) };
    if let Some(design) = checked(cut.expand_design(&design)) {
        if let Some(fit) = checked(CoxPh::new().fit(cut.data(), &design)) {
            checked(fit.hazard_ratio("none", &Profile::new(), &Profile::new(), 0.95));
        }
    }
    Ok(())
}

fn time_dependent(sample: &Sample, source: &mut Unstructured<'_>) -> Result<TimeDependent> {
    let range = range(source)?;
    let n = source.int_in_range(0..=16)?;
    let id: Vec<u8> = (0..n).map(|_| source.int_in_range(0..=63)).collect::<Result<_>>()?;
    let time: Vec<f64> = (0..n).map(|_| number(range, source)).collect::<Result<_>>()?;
    let value: Vec<f64> = (0..n).map(|_| number(range, source)).collect::<Result<_>>()?;
    let mut made = TimeDependent::new();
    if source.arbitrary()? {
        made = made.carried("value", &id, &time, &value);
    }
    if source.arbitrary()? {
        made = made.carried_from("from", option(&[0.0, 1.0], source)?, &id, &time, &value);
    }
    if source.arbitrary()? {
        made = made.count("count", &id, &time);
    }
    if source.ratio(1, 4)? {
        made = made.events(&id, &time[..sample.n().min(n)]);
    }
    Ok(made)
}

fn recurrent(sample: &Sample, source: &mut Unstructured<'_>) -> Result<()> {
    let id: Vec<usize> = (0..sample.n()).collect();
    let Some(follow_up) = checked_unwritten(RecurrentEvents::new(&id, &sample.exit)) else {
        return Ok(());
    };
    let events = sample.id.as_ref().unwrap_or(&sample.group);
    let events: Vec<usize> = events.iter().map(|&id| usize::from(id)).collect();
    let Some(data) = checked_unwritten(follow_up.events(&events, &sample.entry)) else {
        return Ok(());
    };
    let data = if source.arbitrary()? { data.at_most(source.int_in_range(0..=4)?) } else { data };
    checked(data.andersen_gill());
    checked(data.pwp_total_time());
    checked(data.pwp_gap_time());
    checked(data.wei_lin_weissfeld(source.int_in_range(0..=4)?));
    Ok(())
}

fn marginal(sample: &Sample) -> Result<()> {
    let id: Vec<usize> = (0..sample.n()).collect();
    let kinds: [(&str, &[f64], &[bool]); 2] =
        [("one", &sample.exit, &sample.event), ("two", &sample.weight, &sample.event)];
    checked(Episodes::marginal(&id, &kinds));
    Ok(())
}

fn exposure(sample: &Sample) -> Result<()> {
    let starts = sample.weight.iter().zip(&sample.group);
    let start: Vec<Option<f64>> =
        starts.map(|(&start, &group)| (group > 0).then_some(start)).collect();
    let Some(exposure) = checked_unwritten(ExposureStart::new(&start)) else { return Ok(()) };
    let Some(data) = checked(right_censored(sample)) else { return Ok(()) };
    checked(exposure.split(&data));
    Ok(())
}
