//! The time axis: its end, its ticks, and which of them have room for a number.

use super::step_curve::StepCurve;
use crate::error::{Error, Result};
use crate::plot::page::{labels, nice_step, steps};

/// The time axis, in its own unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeAxis {
    pub(super) end: f64,
    pub(super) ticks: Vec<f64>,
    pub(super) labels: Vec<String>,
}

/// How many ticks an axis may have.
const MOST_TICKS: f64 = 100.0;

/// How much of a step an axis is lengthened to end in a tick.
const CLOSE: f64 = 0.15;

impl TimeAxis {
    /// From 0 to `limit` or the end of the last curve; `unit` is the length of one unit of the axis.
    pub(super) fn new(
        curves: &[StepCurve],
        unit: f64,
        limit: Option<f64>,
        step: Option<f64>,
        at_most: usize,
    ) -> Result<Self> {
        let last = curves.iter().map(StepCurve::end).fold(0.0, f64::max) / unit;
        // Where everything happens at time 0 there is still an axis.
        let end = limit.unwrap_or(if last == 0.0 { 1.0 } else { last });
        if !(1e-100..=1e100).contains(&end) {
            let rule = "must bring the times to between 1e-100 and 1e100";
            return Err(Error::InvalidOption { option: "time_unit", value: unit, rule });
        }
        let step = step.unwrap_or_else(|| nice_step(end, at_most));
        if !(end / step <= MOST_TICKS) {
            let rule = "must give at most 100 ticks";
            return Err(Error::InvalidOption { option: "tick_step", value: step, rule });
        }
        // A tick that the last curve just misses closes the axis.
        let next = (end / step).ceil() * step;
        let end = if limit.is_none() && next - end <= CLOSE * step { next } else { end };
        let ticks = steps(end, step);
        let labels = labels(&ticks, step);
        Ok(Self { end, ticks, labels })
    }
}
