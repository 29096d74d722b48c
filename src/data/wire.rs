//! The serialised forms of the data types. Reading runs the constructors' checks.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::columns::{Clusters, Groups, Strata, Subjects};
use super::competing_risks::CompetingRisks;
use super::countable::nameable;
use super::counting_process::CountingProcess;
use super::design::{Coding, Design};
use super::label::{Labels, unique};
use super::multi_state::{Histories, MultiState};
use super::right_censored::RightCensored;
use super::risk_series::{Counts, RiskSeries};
use super::risk_table::RiskTable;
use super::rows::{Rows, SurvivalData};
use super::time_match::TimeMatch;
use super::weights::{WeightKind, Weights};
use crate::checked::{ascending, not_negative, same_lengths};
use crate::error::{BadCell, Error, Result};

/// Labels as codes into a table of names.
#[derive(Serialize, Deserialize)]
pub(super) struct LabelsWire {
    names: Vec<String>,
    codes: Vec<u32>,
}

impl TryFrom<LabelsWire> for Labels {
    type Error = Error;

    fn try_from(wire: LabelsWire) -> Result<Self> {
        unique(&wire.names)?;
        nameable(wire.codes.len())?;
        let rule = "must be below the number of names";
        let cells: Vec<BadCell> = (wire.codes.iter().enumerate())
            .filter(|(_, code)| **code as usize >= wire.names.len())
            .map(|(row, code)| BadCell::new("codes", row, code, rule))
            .collect();
        match cells.is_empty() {
            true if wire.codes.is_empty() => Err(Error::Empty { what: "labels".to_owned() }),
            true => Ok(Self { codes: wire.codes.into(), names: wire.names }),
            false => Err(Error::InvalidCells { cells }),
        }
    }
}

macro_rules! label_wire {
    ($($column:ident)*) => { $(
        impl From<$column> for LabelsWire {
            fn from(column: $column) -> Self {
                Self { names: column.0.names, codes: column.0.codes.into() }
            }
        }

        impl TryFrom<LabelsWire> for $column {
            type Error = Error;

            fn try_from(wire: LabelsWire) -> Result<Self> {
                Labels::try_from(wire).map(Self)
            }
        }
    )* };
}

label_wire!(Groups Strata Clusters Subjects);

/// Weights with their kind.
#[derive(Serialize, Deserialize)]
pub(super) struct WeightsWire {
    kind: WeightKind,
    values: Vec<f64>,
}

impl From<Weights> for WeightsWire {
    fn from(weights: Weights) -> Self {
        Self { kind: weights.kind(), values: weights.values().to_vec() }
    }
}

impl TryFrom<WeightsWire> for Weights {
    type Error = Error;

    fn try_from(wire: WeightsWire) -> Result<Self> {
        let whole = |value: &f64| value.fract() == 0.0 && *value >= 1.0;
        if wire.kind == WeightKind::Frequency {
            let rule = "a frequency must be a whole number from 1";
            let cells: Vec<BadCell> = (wire.values.iter().enumerate())
                .filter(|(_, value)| !whole(value))
                .map(|(row, value)| BadCell::new("weight", row, value, rule))
                .collect();
            if !cells.is_empty() {
                return Err(Error::InvalidCells { cells });
            }
        }
        Self::positive(wire.kind, (&wire.values).into())
    }
}

/// Rows with their columns, the times as given.
#[derive(Serialize, Deserialize)]
pub(super) struct RowsWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<Vec<f64>>,
    exit: Vec<f64>,
    event: Vec<bool>,
    #[serde(default)]
    time_match: TimeMatch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weights: Option<Weights>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    strata: Option<Strata>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clusters: Option<Clusters>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<Subjects>,
}

impl From<Rows> for RowsWire {
    fn from(rows: Rows) -> Self {
        let (entry, exit) = rows.times.given();
        Self {
            entry: entry.map(<[f64]>::to_vec),
            exit: exit.to_vec(),
            time_match: rows.times.policy,
            event: rows.event,
            weights: rows.weights,
            strata: rows.strata,
            clusters: rows.clusters,
            ids: rows.subjects,
        }
    }
}

impl RowsWire {
    /// Puts the columns that every kind of observation shares back onto checked rows; not the ids.
    fn dress(self, rows: Rows) -> Result<Rows> {
        let length = |column: Option<usize>, what| match column {
            Some(found) => rows.same_length(what, found),
            None => Ok(()),
        };
        length(self.weights.as_ref().map(|weights| weights.values().len()), "weights")?;
        length(self.strata.as_ref().map(Strata::len), "strata")?;
        length(self.clusters.as_ref().map(Clusters::len), "clusters")?;
        length(self.ids.as_ref().map(Subjects::len), "ids")?;
        Ok(Rows {
            weights: self.weights,
            strata: self.strata,
            clusters: self.clusters,
            ..rows.with_time_match(self.time_match)?
        })
    }
}

impl From<RightCensored> for RowsWire {
    fn from(data: RightCensored) -> Self {
        data.rows.into()
    }
}

impl TryFrom<RowsWire> for RightCensored {
    type Error = Error;

    fn try_from(wire: RowsWire) -> Result<Self> {
        if wire.entry.is_some() {
            return Err(Error::Unsupported {
                estimator: "RightCensored",
                what: "reading entry times",
                instead: "read a CountingProcess",
            });
        }
        let ids = wire.ids.clone();
        let rows = Self::new(&wire.exit, &wire.event)?.rows;
        let mut rows = wire.dress(rows)?;
        ids.map_or(Ok(()), |ids| rows.identify(ids))?;
        Ok(Self { rows })
    }
}

impl From<CountingProcess> for RowsWire {
    fn from(data: CountingProcess) -> Self {
        data.rows.into()
    }
}

impl TryFrom<RowsWire> for CountingProcess {
    type Error = Error;

    fn try_from(wire: RowsWire) -> Result<Self> {
        let ids = wire.ids.clone();
        let entry = wire.entry.as_deref().unwrap_or_default();
        // A piece may be so short that another policy than its own takes its ends for one time.
        let times = [entry.into(), (&wire.exit).into()];
        let rows = Self::under(wire.time_match, times, (&wire.event).into())?.rows;
        let mut rows = wire.dress(rows)?;
        ids.map_or(Ok(()), |ids| rows.identify_pieces(ids))?;
        Ok(Self { rows })
    }
}

/// Competing risks: the rows, the code that ended each, and the names of the causes.
#[derive(Serialize, Deserialize)]
pub(super) struct CompetingRisksWire<D> {
    rows: D,
    codes: Vec<u32>,
    causes: Vec<(u32, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    censoring_strata: Option<Groups>,
}

impl<D: SurvivalData> From<CompetingRisks<D>> for CompetingRisksWire<D> {
    fn from(data: CompetingRisks<D>) -> Self {
        let code = |cause: &Option<super::Cause>| cause.map_or(0, super::Cause::code);
        let name = |(cause, name): &(super::Cause, String)| (cause.code(), name.clone());
        Self {
            codes: data.status().iter().map(code).collect(),
            causes: data.causes().iter().map(name).collect(),
            censoring_strata: data.censoring_strata().cloned(),
            rows: data.any_cause(),
        }
    }
}

impl<D: SurvivalData> TryFrom<CompetingRisksWire<D>> for CompetingRisks<D> {
    type Error = Error;

    fn try_from(wire: CompetingRisksWire<D>) -> Result<Self> {
        let names: Vec<(u32, &str)> =
            wire.causes.iter().map(|(code, name)| (*code, name.as_str())).collect();
        Self::from_parts(wire.rows.rows(), &wire.codes, &names, wire.censoring_strata)
    }
}

/// Histories through states: the rows with their ids, the states of each, their names.
#[derive(Serialize, Deserialize)]
pub(in crate::data) struct MultiStateWire {
    rows: CountingProcess,
    from: Vec<u32>,
    to: Vec<Option<u32>>,
    states: Vec<String>,
}

impl From<MultiState> for MultiStateWire {
    fn from(data: MultiState) -> Self {
        let Histories { from, to } = data.histories;
        Self { rows: CountingProcess { rows: data.rows }, from, to, states: data.states }
    }
}

impl TryFrom<MultiStateWire> for MultiState {
    type Error = Error;

    fn try_from(wire: MultiStateWire) -> Result<Self> {
        Self::of(wire.rows.rows, Histories { from: wire.from, to: wire.to }, wire.states)
    }
}

/// A design as its terms and its coded matrix.
#[derive(Serialize, Deserialize)]
pub(in crate::data) struct DesignWire {
    coding: Coding,
    matrix: Array2<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<Vec<f64>>,
}

impl From<Design> for DesignWire {
    fn from(design: Design) -> Self {
        Self {
            coding: design.coding().clone(),
            offset: design.offset().map(<[f64]>::to_vec),
            matrix: design.matrix().to_owned(),
        }
    }
}

impl TryFrom<DesignWire> for Design {
    type Error = Error;

    fn try_from(wire: DesignWire) -> Result<Self> {
        let names: Vec<&str> = wire.coding.columns().iter().map(String::as_str).collect();
        let checked = Self::from_matrix(&wire.matrix, &names)?;
        checked.with_coding(wire.coding, wire.offset)
    }
}

/// A series as its counts; the numbers at risk follow from them.
#[derive(Serialize, Deserialize)]
pub(super) struct SeriesWire {
    time: Vec<f64>,
    counts: CountsWire,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<CountsWire>,
}

#[derive(Serialize, Deserialize)]
struct CountsWire {
    n_event: Vec<f64>,
    n_censor: Vec<f64>,
    n_enter: Vec<f64>,
}

impl From<&Counts> for CountsWire {
    fn from(counts: &Counts) -> Self {
        Self {
            n_event: counts.event.to_vec(),
            n_censor: counts.censor.to_vec(),
            n_enter: counts.enter.to_vec(),
        }
    }
}

impl CountsWire {
    fn check(self, n_times: usize) -> Result<Counts> {
        let columns =
            [("n_event", &self.n_event), ("n_censor", &self.n_censor), ("n_enter", &self.n_enter)];
        same_lengths(n_times, &columns.map(|(name, column)| (name, column.len())))?;
        columns.iter().try_for_each(|(name, column)| not_negative(name, *column))?;
        Ok(Counts::new(self.n_event.into(), self.n_censor.into(), self.n_enter.into()))
    }
}

impl From<RiskSeries> for SeriesWire {
    fn from(series: RiskSeries) -> Self {
        Self {
            counts: (&series.counts).into(),
            rows: series.rows.as_ref().map(Into::into),
            time: series.time.into(),
        }
    }
}

impl TryFrom<SeriesWire> for RiskSeries {
    type Error = Error;

    fn try_from(wire: SeriesWire) -> Result<Self> {
        ascending("time", &wire.time)?;
        let n_times = wire.time.len();
        let counts = wire.counts.check(n_times)?;
        let rows = wire.rows.map(|rows| rows.check(n_times)).transpose()?;
        let mut series = Self { time: wire.time.into(), counts, rows };
        series.finish();
        Ok(series)
    }
}

/// A table of series, stratum by stratum and group by group.
#[derive(Serialize, Deserialize)]
pub(super) struct TableWire {
    strata: Vec<String>,
    groups: Vec<String>,
    series: Vec<RiskSeries>,
    weight_kind: Option<WeightKind>,
}

impl From<RiskTable> for TableWire {
    fn from(table: RiskTable) -> Self {
        let RiskTable { strata, groups, series, weight_kind } = table;
        Self { strata, groups, series, weight_kind }
    }
}

impl TryFrom<TableWire> for RiskTable {
    type Error = Error;

    fn try_from(wire: TableWire) -> Result<Self> {
        let TableWire { strata, groups, series, weight_kind } = wire;
        unique(&strata)?;
        unique(&groups)?;
        same_lengths(strata.len() * groups.len(), &[("series", series.len())])?;
        Ok(Self { strata, groups, series, weight_kind })
    }
}
