//! The event times of one stratum, in little memory.

#![expect(
    clippy::indexing_slicing,
    reason = "a time is one of those kept, each with its weight where there are weights"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::ops::Range;

/// One event time of one stratum.
#[derive(Debug, Clone)]
pub(crate) struct EventTime {
    /// The time.
    pub(crate) time: f64,
    /// Sum of the weights of the events.
    weight: f64,
    /// Where the rows begin that join the risk set, the events among them, and where these end.
    places: [u32; 3],
    /// Whether weights are frequencies, so that each of them counts as a step.
    frequencies: bool,
}

impl EventTime {
    /// Rows that leave at this time or since the next later event time, without an event: they
    /// are at risk here for the first time on the way back.
    pub(crate) fn joining(&self) -> Range<usize> {
        self.places[0] as usize..self.places[1] as usize
    }

    /// Rows with the event.
    pub(crate) fn events(&self) -> Range<usize> {
        self.places[1] as usize..self.places[2] as usize
    }

    /// Sum of the weights of the events, and so of the steps.
    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// Number of steps the tied events are taken in.
    pub(crate) fn steps(&self) -> f64 {
        if self.frequencies { self.weight } else { f64::from(self.places[2] - self.places[1]) }
    }

    /// Weight of each step.
    pub(crate) fn step_weight(&self) -> f64 {
        match self.steps() {
            // The most frequent case needs no division.
            1.0 => self.weight,
            steps => self.weight / steps,
        }
    }
}

/// Event times, latest first. The rows that join at one begin where the events of the one before end.
#[derive(Debug, Clone)]
pub(crate) struct EventTimes {
    kept: Vec<Kept>,
    /// Where the rows begin that join first.
    start: u32,
    /// Sums of the weights of the events; none where each weighs 1.
    weights: Option<Vec<f64>>,
    frequencies: bool,
}

/// What is kept of each time.
#[derive(Debug, Clone, Copy)]
struct Kept {
    time: f64,
    /// The places of the events.
    events: [u32; 2],
}

impl EventTimes {
    /// Room for so many times of rows from `start` on. Whether rows have weights, and whether these are
    /// frequencies.
    pub(super) fn with_capacity(
        room: usize,
        start: usize,
        weighted: bool,
        frequencies: bool,
    ) -> Self {
        let weights = weighted.then(|| Vec::with_capacity(room));
        Self { kept: Vec::with_capacity(room), start: start as u32, weights, frequencies }
    }

    /// Room for so many times of the same kind.
    pub(super) fn alike(&self, room: usize, start: usize) -> Self {
        Self::with_capacity(room, start, self.weights.is_some(), self.frequencies)
    }

    /// Adds the next earlier time, with the places of its events and the sum of their weights.
    pub(super) fn push(&mut self, time: f64, events: Range<usize>, weight: f64) {
        self.kept.push(Kept { time, events: [events.start as u32, events.end as u32] });
        if let Some(weights) = &mut self.weights {
            weights.push(weight);
        }
    }

    /// The same of one row without a weight, if it has the event, without a branch on that.
    pub(super) fn push_if(&mut self, event: bool, time: f64, place: usize) {
        self.push(time, place..place + 1, 1.0);
        self.kept.truncate(self.kept.len() - usize::from(!event));
    }

    /// The time at k, where there is one.
    pub(crate) fn get(&self, k: usize) -> Option<EventTime> {
        (k < self.len()).then(|| self.at(k))
    }

    /// The time at k.
    #[inline]
    pub(crate) fn at(&self, k: usize) -> EventTime {
        let Kept { time, events: [first, end] } = self.kept[k];
        let joining = if k == 0 { self.start } else { self.kept[k - 1].events[1] };
        let weight = match &self.weights {
            Some(weights) => weights[k],
            None => f64::from(end - first),
        };
        let places = [joining, first, end];
        EventTime { time, weight, places, frequencies: self.frequencies }
    }

    /// The places of the events of the time at k.
    #[inline]
    pub(super) fn events(&self, k: usize) -> Range<usize> {
        let [first, end] = self.kept[k].events;
        first as usize..end as usize
    }

    /// Whether each event is one step: weights are no frequencies.
    pub(super) fn events_are_steps(&self) -> bool {
        !self.frequencies
    }

    /// Some of the times.
    pub(crate) fn range(
        &self,
        times: Range<usize>,
    ) -> impl ExactSizeIterator<Item = EventTime> + DoubleEndedIterator + Clone {
        times.map(|k| self.at(k))
    }

    /// All of them.
    pub(crate) fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = EventTime> + DoubleEndedIterator + Clone {
        self.range(0..self.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The first time from `from` on whose events do not end before `place`.
    pub(super) fn reaching(&self, from: usize, place: usize) -> usize {
        from + self.kept[from..].partition_point(|kept| (kept.events[1] as usize) < place)
    }

    /// Where the events of the last one end.
    pub(super) fn end(&self) -> Option<usize> {
        self.kept.last().map(|kept| kept.events[1] as usize)
    }

    /// Those of some times at which there are several events, or one that takes several steps.
    pub(super) fn tied(&self, times: Range<usize>) -> Vec<usize> {
        let single = |k: usize| {
            self.events(k).len() == 1 && (!self.frequencies || self.at(k).steps() == 1.0)
        };
        times.filter(|&k| !single(k)).collect()
    }

    /// How many are later than a time.
    pub(super) fn later_than(&self, time: f64) -> usize {
        self.kept.partition_point(|kept| kept.time > time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 3 to 9: two with the event at 7, one that joins before two at 5, and one with the event at 2.
    fn times(weighted: bool, frequencies: bool) -> EventTimes {
        let mut times = EventTimes::with_capacity(3, 3, weighted, frequencies);
        let all = [(7.0, 3..5, 6.0), (5.0, 6..8, 3.0), (2.0, 8..9, 1.0)];
        all.into_iter().for_each(|(time, events, weight)| times.push(time, events, weight));
        times
    }

    #[test]
    fn rows_join_behind_the_events_before() {
        let times = times(false, false);
        let joining: Vec<Range<usize>> = times.iter().map(|time| time.joining()).collect();
        assert_eq!(joining, [3..3, 5..6, 8..8]);
        assert!(times.range(1..3).map(|time| time.time).eq([5.0, 2.0]));
        assert_eq!((times.get(2).unwrap().events(), times.get(3).is_none()), (8..9, true));
        assert_eq!((times.len(), times.end()), (3, Some(9)));
        assert_eq!([4, 5, 6, 9, 10].map(|place| times.reaching(0, place)), [0, 0, 1, 2, 3]);
        assert_eq!(times.reaching(2, 4), 2);
        assert_eq!([7.0, 6.0, 2.0, 1.0].map(|time| times.later_than(time)), [0, 1, 2, 3]);
        let mut alike = times.alike(1, 6);
        alike.push(5.0, 6..8, 2.0);
        assert_eq!(alike.at(0).joining(), 6..6);
    }

    #[test]
    fn what_is_no_event_leaves_no_time() {
        let mut found = EventTimes::with_capacity(3, 0, false, false);
        for (place, event) in [true, false, true].into_iter().enumerate() {
            found.push_if(event, 9.0 - place as f64, place);
        }
        let of = |time: EventTime| (time.time, time.joining(), time.events());
        assert!(found.iter().map(of).eq([(9.0, 0..0, 0..1), (7.0, 1..2, 2..3)]));
    }

    #[test]
    fn steps_by_the_meaning_of_weights() {
        let steps = |weighted, frequencies| {
            let all = times(weighted, frequencies);
            let of = |time: EventTime| [time.weight(), time.steps(), time.step_weight()];
            all.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(steps(false, false), [[2.0, 2.0, 1.0], [2.0, 2.0, 1.0], [1.0; 3]]);
        assert_eq!(steps(true, false), [[6.0, 2.0, 3.0], [3.0, 2.0, 1.5], [1.0; 3]]);
        assert_eq!(steps(true, true), [[6.0, 6.0, 1.0], [3.0, 3.0, 1.0], [1.0; 3]]);
        let all = times(true, false);
        let tied = [0..3, 1..2, 2..3, 1..1].map(|times| all.tied(times));
        assert_eq!(tied, [vec![0, 1], vec![1], vec![], vec![]]);
        let mut twice = all.alike(1, 0);
        twice.frequencies = true;
        twice.push(1.0, 0..1, 2.0);
        assert_eq!(twice.tied(0..1), [0]);
    }
}
