//! How a call is timed. The R and Python programs follow the same rules.

use std::hint::black_box;
use std::time::Instant;

use crate::Report;
use crate::memory;

/// Above this many seconds one run is enough.
const LONG: f64 = 60.0;
/// A call that is shorter is repeated, and the run is their mean; its very first call does not count.
const SHORT: f64 = 0.05;

/// Calls whose inputs and results are kept at a time: as few as stay near, as those of a caller do.
const BATCH: usize = 8;

/// Times a call `runs` times.
#[derive(Debug)]
pub struct Timer {
    runs: usize,
}

impl Timer {
    pub(crate) fn new(runs: usize) -> Self {
        Self { runs }
    }

    /// Times `body`, and takes the peak of memory in its first run above what was there before. What `prepare` makes is not timed: it is for peers that want
    /// to own their input. Nor is freeing input or result: a body returns both, where it can, and the report
    /// takes its values from them.
    pub fn time<S, R>(
        &self,
        prepare: impl Fn() -> S,
        body: impl Fn(S) -> R,
        values: impl Fn(&R) -> Report,
    ) -> Report {
        let run = |inputs: Vec<S>| {
            let repeats = inputs.len();
            let mut results = Vec::with_capacity(repeats);
            let start = Instant::now();
            results.extend(inputs.into_iter().map(|input| black_box(body(black_box(input)))));
            let seconds = start.elapsed().as_secs_f64() / repeats as f64;
            (seconds, results.pop())
        };
        let inputs = vec![prepare()];
        let resident = memory::resident_from_now_on();
        let (first, result) = run(inputs);
        let memory = memory::peak() - resident;
        let report = result.as_ref().map(values).unwrap_or_default();
        drop(result);
        let repeats = (SHORT / first).ceil() as usize;
        let (batch, batches) = (repeats.min(BATCH), repeats.div_ceil(BATCH));
        let of_batch = || run((0..batch).map(|_| prepare()).collect()).0;
        let again = || (0..batches).map(|_| of_batch()).sum::<f64>() / batches as f64;
        let seconds = match first {
            _ if first > LONG => vec![first],
            _ if first > SHORT => {
                [first].into_iter().chain((1..self.runs).map(|_| again())).collect()
            }
            _ => (0..self.runs).map(|_| again()).collect(),
        };
        report.measured(seconds, memory)
    }
}
