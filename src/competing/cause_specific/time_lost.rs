//! The time lost to one cause.

use super::incidence_form::Passage;
use super::person::{Event, Person};

/// The time lost to one cause up to τ, the area under its incidence, and its variance: summed from τ
/// backwards.
pub(super) fn time_lost(
    person: &Person<'_>,
    events: &[Event<'_>],
    cause: usize,
    tau: f64,
) -> (f64, f64) {
    let until = events.partition_point(|event| event.time < tau);
    let (mut variance, mut right) = (0.0, tau);
    // From the time reached to τ: the areas under S, and under what this cause and the others gain.
    let (mut alive, mut own, mut others) = (0.0, 0.0, 0.0);
    let mut slopes = person.no_slopes();
    for event in events.iter().take(until).rev() {
        let left = tau - event.time;
        let Passage { survival, scale, .. } = event.passage;
        alive += survival * (right - event.time);
        right = event.time;
        for (by, (slope, jump)) in slopes.iter_mut().zip(&event.jumps).enumerate() {
            let Some(jump) = jump else { continue };
            let derivative = match by == cause {
                true => scale * (alive + others) + event.kept(cause) * left,
                false => -scale * own - event.taken(cause) * left,
            };
            variance += derivative.powi(2) * jump.variance;
            slope.iter_mut().zip(&jump.slope).for_each(|(sum, q)| *sum += derivative * q);
        }
        own += event.incidence(cause) * left;
        others += event.others(cause) * left;
    }
    (own, variance + person.coefficient_part(&slopes))
}
