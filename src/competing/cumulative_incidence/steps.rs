//! The events of each cause in the order of time.

use crate::data::{CompetingRisks, Rows};

/// The events of one cause at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::competing) struct Step {
    pub(in crate::competing) time: f64,
    /// Where the cause stands in the list of causes.
    pub(in crate::competing) cause: usize,
    /// Their number, weighted.
    pub(in crate::competing) n_event: f64,
}

/// Rows that are fetched ahead of being counted: in the order of time their columns lie scattered.
const FETCH: usize = 1024;

/// The steps of each group in the order of time, several at one time where several causes have events
/// there.
pub(in crate::competing) fn steps_by_group<D>(
    data: &CompetingRisks<D>,
    n_groups: usize,
    group: impl Fn(usize) -> usize,
) -> Vec<Vec<Step>> {
    let rows: &Rows = data.rows();
    let (by_exit, place, n_causes) =
        (&rows.times.by_exit, data.place_of_row(), data.causes().len());
    let room = rows.n_events() / n_groups.max(1);
    let mut steps: Vec<Vec<Step>> = (0..n_groups).map(|_| Vec::with_capacity(room)).collect();
    // The last step of each cause of each group.
    let mut last: Vec<Option<u32>> = vec![None; n_groups * n_causes];
    let mut fetched = Vec::with_capacity(FETCH);
    for (numbers, times) in by_exit.rows.chunks(FETCH).zip(by_exit.values.chunks(FETCH)) {
        fetched.clear();
        fetched.extend(numbers.iter().map(|&row| {
            let row = row as usize;
            (group(row), place(row), rows.weight(row))
        }));
        for (&(group, cause, n_event), &time) in fetched.iter().zip(times) {
            let Some(cause) = cause else { continue };
            let (steps, last) = (&mut steps[group], &mut last[group * n_causes + cause]);
            match last.map(|last| &mut steps[last as usize]).filter(|step| step.time == time) {
                Some(step) => step.n_event += n_event,
                None => {
                    *last = Some(steps.len() as u32);
                    steps.push(Step { time, cause, n_event });
                }
            }
        }
    }
    steps
}
