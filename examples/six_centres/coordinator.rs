//! The coordinator: adds what the centres send, and steps to the maximum. It sees no row.

use super::centre::{AtTime, Centre, Grid};
use super::newton::{self, Maximum, Point};

/// The Cox model in which each centre has a baseline hazard of its own.
///
/// Likelihood, score and information of a stratified model are sums over strata, so this is the pooled fit
/// and no approximation of it.
pub(crate) fn stratified(centres: &[Centre]) -> Result<Maximum, String> {
    let p = columns(centres)?;
    newton::maximise(p, |beta| {
        let mut point = Point::zero(p);
        for centre in centres {
            let sent = centre.likelihood(beta).map_err(|error| error.to_string())?;
            point.log_likelihood += sent.log_likelihood();
            point.score.iter_mut().zip(sent.score()).for_each(|(sum, value)| *sum += value);
            point.information.iter_mut().zip(sent.information()).for_each(|(sum, v)| *sum += v);
        }
        Ok(point)
    })
}

/// The Cox model with one baseline hazard, Efron's treatment of ties also between centres.
pub(crate) fn common(centres: &[Centre]) -> Result<Maximum, String> {
    let p = columns(centres)?;
    let times = event_times(centres);
    newton::maximise(p, |beta| {
        let mut sent = centres.iter().map(|centre| centre.sums(&times, beta));
        let mut total = sent.next().unwrap_or_default();
        for sums in sent {
            total.iter_mut().zip(&sums).for_each(|(sum, other)| sum.add(other));
        }
        let mut point = Point::zero(p);
        total.iter().for_each(|time| add_time(&mut point, time, beta));
        Ok(point)
    })
}

/// The centres on the first of some grids of time on which, from each event time to the next, no patient or
/// `least` of all centres together leave with the event, and likewise without it: then no sum over the centres,
/// and no difference of two, is that of fewer. `None` where no grid is coarse enough.
pub(crate) fn on_first_grid(
    centres: &[Centre],
    grids: &[Grid],
    least: usize,
) -> riskset::Result<Option<(Grid, Vec<Centre>)>> {
    for &grid in grids {
        let moved = centres.iter().map(|centre| centre.on_grid(grid));
        let moved: Vec<Centre> = moved.collect::<riskset::Result<_>>()?;
        let times = event_times(&moved);
        let mut leaving = vec![[0; 2]; times.len()];
        for (sum, one) in moved.iter().flat_map(|centre| centre.leaving(&times)).enumerate() {
            let sum = &mut leaving[sum % times.len()];
            *sum = [sum[0] + one[0], sum[1] + one[1]];
        }
        if leaving.as_flattened().iter().all(|&n| n == 0 || n >= least) {
            return Ok(Some((grid, moved)));
        }
    }
    Ok(None)
}

/// The event times of all centres, ascending.
pub(crate) fn event_times(centres: &[Centre]) -> Vec<f64> {
    let mut times: Vec<f64> = centres.iter().flat_map(Centre::event_times).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

fn columns(centres: &[Centre]) -> Result<usize, String> {
    let p = centres.first().ok_or("there is no centre")?.n_columns();
    match centres.iter().all(|centre| centre.n_columns() == p) {
        true => Ok(p),
        false => Err("the centres have different columns".to_owned()),
    }
}

/// The share of one event time: d events leave one by one, in unknown order, each step with the mean
/// of those who stay and of (d − l)/d of those who leave.
fn add_time(point: &mut Point, time: &AtTime, beta: &[f64]) {
    let p = beta.len();
    for (i, (sum, beta)) in time.covariates.iter().zip(beta).enumerate() {
        point.log_likelihood += beta * sum;
        point.score[i] += sum;
    }
    for step in 0..time.events {
        let gone = f64::from(step) / f64::from(time.events);
        let left = |all: f64, leaving: f64| all - gone * leaving;
        let total = left(time.at_risk.total, time.leaving.total);
        let mean: Vec<f64> = (time.at_risk.first.iter().zip(&time.leaving.first))
            .map(|(&all, &leaving)| left(all, leaving) / total)
            .collect();
        point.log_likelihood -= total.ln();
        for i in 0..p {
            point.score[i] -= mean[i];
            for j in 0..p {
                let place = i * p + j;
                let second = left(time.at_risk.second[place], time.leaving.second[place]) / total;
                point.information[place] += second - mean[i] * mean[j];
            }
        }
    }
}

/// The covariates of single patients that a curious coordinator reads off the sums of one centre.
///
/// At β = 0 a sum over the risk set counts patients. Where it falls by one from an event time to the
/// next, the fall of Σ x is that patient's covariates; so is the last sum where one is left. Another β
/// hides nothing: covariates are the ratio of the two falls.
pub(crate) fn disclosed(sums: &[AtTime]) -> Vec<Vec<f64>> {
    let mut found = Vec::new();
    for (k, now) in sums.iter().enumerate() {
        let next = sums.get(k + 1).map(|next| &next.at_risk);
        if now.at_risk.total - next.map_or(0.0, |next| next.total) == 1.0 {
            let later = |i: usize| next.map_or(0.0, |next| next.first[i]);
            found.push(now.at_risk.first.iter().enumerate().map(|(i, x)| x - later(i)).collect());
        }
    }
    found
}
