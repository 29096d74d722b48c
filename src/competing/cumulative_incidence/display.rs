//! Cumulative incidences as R prints them.

use std::fmt;

use super::curve::CumulativeIncidence;
use super::fit::AalenJohansenFit;
use crate::curve::ByGroup;
use crate::statistic::{Table, fixed, significant};

/// A line for each cause of each group: rows, events, and the time lost to the cause up to the end of
/// follow-up, of all groups.
fn overview(fits: &[(&str, &AalenJohansenFit)]) -> String {
    let causes =
        || fits.iter().flat_map(|(name, fit)| fit.curves().iter().map(move |c| (name, fit, c)));
    let end = causes().map(|(_, _, curve)| curve.follow_up()).fold(0.0, f64::max);
    let column = |value: &dyn Fn(&AalenJohansenFit, &CumulativeIncidence) -> f64| {
        let values: Vec<Option<f64>> =
            causes().map(|(_, fit, curve)| Some(value(fit, curve))).collect();
        significant(&values, 7, "")
    };
    let name = |group: &str, curve: &CumulativeIncidence| match group {
        "" => curve.name().to_owned(),
        _ => format!("{group}, {}", curve.name()),
    };
    let table = Table::default()
        .column("", causes().map(|(group, _, curve)| name(group, curve)).collect())
        .column("n", column(&|fit, _| fit.n()))
        .column("nevent", column(&|_, curve| curve.n_events()))
        .column("rmean*", column(&|_, curve| curve.area(end)));
    format!("{table}   *mean time lost to the cause (max time = {end})\n")
}

impl AalenJohansenFit {
    /// The table of R's `summary`: a line for each time of events.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, of which every column has as many"
    )]
    fn steps(&self) -> Table {
        let events: Vec<usize> =
            (0..self.time().len()).filter(|&k| self.n_event()[k] > 0.0).collect();
        let of = |values: &[f64]| events.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let table = Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(self.n_risk()), 4, ""))
            .column("n.event", significant(&of(self.n_event()), 4, ""))
            .column("Pr((s0))", fixed(&of(self.survival()), 5, ""));
        self.curves().iter().fold(table, |table, curve| {
            let mut steps = curve.time().iter().zip(curve.incidence()).peekable();
            let mut incidence = 0.0;
            let along = events.iter().map(|&k| {
                let step = steps.next_if(|(time, _)| **time == self.time()[k]);
                incidence = step.map_or(incidence, |(_, value)| *value);
                Some(incidence)
            });
            let along: Vec<Option<f64>> = along.collect();
            table.column(&format!("Pr({})", curve.name()), fixed(&along, 5, ""))
        })
    }
}

/// `{}`: a line for each cause. `{:#}`: also S and every incidence at every time of events.
impl fmt::Display for AalenJohansenFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", overview(&[("", self)]))?;
        if f.alternate() {
            write!(f, "\n{}", self.steps())?;
        }
        self.warnings().iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

/// `{}`: a line for each cause of each group. `{:#}`: also every time of events of every group.
impl fmt::Display for ByGroup<AalenJohansenFit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", overview(&self.iter().collect::<Vec<_>>()))?;
        for (name, fit) in self.iter() {
            if f.alternate() {
                write!(f, "\n{name}\n{}", fit.steps())?;
            }
            fit.warnings()
                .iter()
                .try_for_each(|warning| writeln!(f, "Warning: {name}: {warning}"))?;
        }
        Ok(())
    }
}

/// F at each time of events of the cause, with standard error and limits.
impl fmt::Display for CumulativeIncidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let some = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let percent = crate::statistic::percent(self.level());
        let table = Table::default()
            .column("time", significant(&some(self.time()), 7, ""))
            .column("n.event", significant(&some(self.n_event()), 4, ""))
            .column("incidence", fixed(&some(self.incidence()), 5, ""))
            .column("std.err", fixed(&some(self.std_error()), 5, ""))
            .column(&format!("lower {percent}"), fixed(&some(self.lower()), 5, ""))
            .column(&format!("upper {percent}"), fixed(&some(self.upper()), 5, ""));
        write!(f, "{table}")
    }
}
