//! Limits of cumulative incidences by resampling patients, so that tumours of one patient stay together.

use riskset::AalenJohansen;
use riskset::statistic::Interval;

use super::super::random::Stream;
use super::cells::LEVEL;
use super::lesions::{CAUSES, Lesion, competing};
use super::progress;

/// The incidence of both causes at some times.
pub(crate) type Incidences = [Vec<f64>; 2];

/// The Aalen-Johansen estimate; 0 for a cause that nobody has, `None` without lesions.
pub(crate) fn incidences(lesions: &[Lesion], times: &[f64]) -> riskset::Result<Option<Incidences>> {
    if lesions.is_empty() {
        return Ok(None);
    }
    let fit = AalenJohansen::new().fit(&competing(lesions)?)?;
    let of = |name: &str| -> riskset::Result<Vec<f64>> {
        Ok(fit.incidence_of(name)?.at(times)?.iter().map(|at| at.incidence).collect())
    };
    Ok(Some([of(CAUSES[0].1)?, of(CAUSES[1].1)?]))
}

/// Percentile limits of the incidences of some parts of the lesions, in the order of the parts, each for
/// both causes at every time; a part that a resample has none of is left out of it.
///
/// Resample `r` depends on seed and `r` alone, not on what was drawn before it.
pub(crate) fn limits(
    lesions: &[Lesion],
    n_patients: usize,
    parts: &[&dyn Fn(&Lesion) -> bool],
    times: &[f64],
    seed: u64,
    resamples: usize,
) -> riskset::Result<Vec<[Vec<Option<Interval>>; 2]>> {
    let mut of_patient: Vec<Vec<&Lesion>> = vec![Vec::new(); n_patients];
    lesions.iter().for_each(|lesion| of_patient[lesion.patient].push(lesion));
    let mut drawn: Vec<[Vec<Vec<f64>>; 2]> =
        vec![[vec![vec![]; times.len()], vec![vec![]; times.len()]]; parts.len()];
    let bar = progress::bar(resamples as u64, "Bootstrap of patients");
    for resample in 0..resamples {
        let sample = draw(&of_patient, Stream::new(seed), resample);
        for (part, drawn) in parts.iter().zip(&mut drawn) {
            let members: Vec<Lesion> =
                sample.iter().filter(|lesion| part(lesion)).cloned().collect();
            let Some(found) = incidences(&members, times)? else { continue };
            for (drawn, found) in drawn.iter_mut().zip(found) {
                drawn.iter_mut().zip(found).for_each(|(drawn, found)| drawn.push(found));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let cause = |values: [Vec<Vec<f64>>; 2]| {
        values.map(|times| times.into_iter().map(percentiles).collect())
    };
    Ok(drawn.into_iter().map(cause).collect())
}

/// As many patients as there are, drawn with replacement; a copy is a patient of its own.
fn draw(of_patient: &[Vec<&Lesion>], stream: Stream, resample: usize) -> Vec<Lesion> {
    let n = of_patient.len();
    let copy = |place: usize| {
        let u = stream.patient(1 + resample as u64 * n as u64 + place as u64).uniform(63);
        let own = &of_patient[((u * n as f64) as usize).min(n - 1)];
        own.iter().map(move |&lesion| Lesion { patient: place, ..lesion.clone() })
    };
    (0..n).flat_map(copy).collect()
}

/// The order statistics that leave 2.5 % of one more than the values outside; `None` for too few.
fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    let outside = ((1.0 - LEVEL) / 2.0 * (values.len() + 1) as f64).floor() as usize;
    let (lower, upper) =
        (values.get(outside.checked_sub(1)?)?, values.get(values.len() - outside)?);
    Interval::new(*lower, *upper, LEVEL).ok()
}
