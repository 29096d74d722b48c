//! The survival summary, printed.

use std::fmt;

use super::cell::Cell;
use super::table::{Table, TableRow};
use crate::statistic::{IntervalTransform, percent};
use crate::study::survival::{GroupSurvival, SurvivalTable};

impl From<&SurvivalTable> for Table {
    fn from(survival: &SurvivalTable) -> Self {
        let level = percent(survival.level);
        let mut header: Vec<String> =
            ["Group", "n", "Events", "Person-time"].map(str::to_owned).into();
        header.push(format!("Median ({level} CI)"));
        for time in &survival.times {
            header.push(format!("At risk at {time}"));
            header.push(format!("Survival at {time}, % ({level} CI)"));
        }
        header.push(format!("Median follow-up ({level} CI)"));
        header.extend(survival.tau.map(|tau| format!("Mean up to {tau} ({level} CI)")));
        let mut table = Self::new("Survival", &header);
        let all = survival.groups.iter().chain([&survival.overall]);
        table.rows = all.clone().map(|group| row(group, survival.tau)).collect();
        let scale = match survival.transform {
            IntervalTransform::Plain => "plain",
            IntervalTransform::Log => "log",
            IntervalTransform::LogLog => "log-log",
            IntervalTransform::Logit => "logit",
            IntervalTransform::Arcsin => "arcsine",
        };
        table.footnotes.push(format!(
            "Kaplan–Meier estimates with {level} confidence intervals ({scale}); NR: not reached. \
             Follow-up by reverse Kaplan–Meier."
        ));
        if all.into_iter().any(|group| group.few_at_risk().contains(&true)) {
            let few = GroupSurvival::FEW_AT_RISK;
            table.footnotes.push(format!("† fewer than {few} at risk."));
        }
        table
    }
}

fn row(group: &GroupSurvival, tau: Option<f64>) -> TableRow {
    let mut cells = vec![
        Cell::Count(group.n),
        Cell::Count(group.n_events),
        group.person_time.map_or(Cell::Empty, |value| Cell::Number { value, decimals: 0 }),
        Cell::Time { value: group.median.time, interval: Some(group.median.interval) },
    ];
    for (at, few) in group.at.iter().zip(group.few_at_risk()) {
        cells.push(Cell::Count(at.n_risk));
        let (value, interval) = (at.survival, at.interval);
        cells.push(Cell::Probability { value, interval, marked: few });
    }
    cells.push(Cell::Time { value: group.follow_up, interval: group.follow_up_interval });
    if tau.is_some() {
        cells.push(group.restricted_mean.map_or_else(
            || Cell::Text("follow-up too short".to_owned()),
            |mean| Cell::Time { value: Some(mean.mean), interval: Some(mean.interval) },
        ));
    }
    TableRow::new("", &group.name, cells)
}

/// The printed table.
impl fmt::Display for SurvivalTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Table::from(self))
    }
}
