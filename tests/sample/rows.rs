//! Random rows with every column an estimator can use.

use proptest::prelude::*;
use riskset::{CompetingRisks, CountingProcess, Design, Groups, RightCensored, Weights};
use std::ops::RangeInclusive;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub entry: f64,
    pub exit: f64,
    pub event: bool,
    pub count: u64,
    pub stratum: u8,
    pub group: u8,
    pub x: [f64; 2],
    pub offset: f64,
}

/// Rows, at least one of them with an event, in at least two groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub rows: Vec<Row>,
}

/// Rows with whole times up to 9, so that there are many ties of every kind.
pub fn tied(n: RangeInclusive<usize>) -> impl Strategy<Value = Sample> {
    let row = (
        (0_u8..9, 1_u8..=4),
        prop::bool::weighted(0.6),
        1_u64..=4,
        (0_u8..3, 0_u8..3),
        prop::array::uniform2(-8_i8..=8),
        -4_i8..=4,
    );
    let row = row.prop_map(|((entry, stay), event, count, (stratum, group), x, offset)| Row {
        entry: f64::from(entry),
        exit: f64::from((entry + stay).min(9)),
        event,
        count,
        stratum,
        group,
        x: x.map(|x| f64::from(x) / 8.0),
        offset: f64::from(offset) / 4.0,
    });
    prop::collection::vec(row, n).prop_map(Sample::new)
}

/// The same without ties among the exit times, which come in any order.
pub fn untied(n: RangeInclusive<usize>) -> impl Strategy<Value = Sample> {
    let times = |sample: Sample| {
        let places: Vec<usize> = (1..=sample.rows.len()).collect();
        (Just(sample), Just(places).prop_shuffle())
    };
    tied(n).prop_flat_map(times).prop_map(|(mut sample, places)| {
        for (row, place) in sample.rows.iter_mut().zip(places) {
            row.exit = place as f64;
            row.entry = (row.exit - row.entry - 0.5).max(0.0);
        }
        sample
    })
}

/// The causes that can end a row.
pub const CAUSES: [(u32, &str); 3] = [(1, "a"), (2, "b"), (3, "c")];

impl Sample {
    fn new(mut rows: Vec<Row>) -> Self {
        rows[0].event = true;
        rows[0].group = 0;
        rows[1].group = 1;
        Self { rows }
    }

    fn column<T>(&self, of: impl Fn(&Row) -> T) -> Vec<T> {
        self.rows.iter().map(of).collect()
    }

    pub fn exit(&self) -> Vec<f64> {
        self.column(|row| row.exit)
    }

    pub fn entry(&self) -> Vec<f64> {
        self.column(|row| row.entry)
    }

    pub fn event(&self) -> Vec<bool> {
        self.column(|row| row.event)
    }

    pub fn counts(&self) -> Vec<u64> {
        self.column(|row| row.count)
    }

    pub fn group(&self) -> Vec<u8> {
        self.column(|row| row.group)
    }

    pub fn stratum(&self) -> Vec<u8> {
        self.column(|row| row.stratum)
    }

    pub fn x(&self, k: usize) -> Vec<f64> {
        self.column(|row| row.x[k])
    }

    pub fn offset(&self) -> Vec<f64> {
        self.column(|row| row.offset)
    }

    pub fn groups(&self) -> Groups {
        Groups::new(&self.group()).unwrap()
    }

    /// The counts as frequencies.
    pub fn frequency(&self) -> Weights {
        Weights::frequency(&self.counts()).unwrap()
    }

    /// Case weights that no sum of is a whole number.
    pub fn case(&self) -> Weights {
        let weights: Vec<f64> = self.column(|row| row.count as f64 * 0.37 + 0.05);
        Weights::case(&weights).unwrap()
    }

    /// Without the entry times.
    pub fn right_censored(&self) -> RightCensored {
        RightCensored::new(&self.exit(), &self.event()).unwrap()
    }

    pub fn counting_process(&self) -> CountingProcess {
        CountingProcess::new(&self.entry(), &self.exit(), &self.event()).unwrap()
    }

    /// What ended each row: 0 without an event, otherwise one of three causes.
    pub fn codes(&self) -> Vec<u32> {
        self.column(|row| u32::from(row.event) * (1 + u32::from(row.stratum)))
    }

    /// The causes, without the entry times.
    pub fn competing_risks(&self) -> CompetingRisks {
        CompetingRisks::from_codes(&self.exit(), &self.codes(), &CAUSES).unwrap()
    }

    pub fn competing_process(&self) -> CompetingRisks<CountingProcess> {
        let (entry, exit) = (self.entry(), self.exit());
        CompetingRisks::counting_process(&entry, &exit, &self.codes(), &CAUSES).unwrap()
    }

    /// The two covariates.
    pub fn design(&self) -> Design {
        Design::builder().numeric("a", &self.x(0)).numeric("b", &self.x(1)).build().unwrap()
    }

    pub fn design_with_offset(&self) -> Design {
        let builder = Design::builder().numeric("a", &self.x(0)).numeric("b", &self.x(1));
        builder.offset(&self.offset()).build().unwrap()
    }

    /// Every row as often as its count says.
    pub fn repeated(&self) -> Self {
        let repeat = |row: &Row| vec![row.clone(); row.count as usize];
        Self { rows: self.rows.iter().flat_map(repeat).collect() }
    }

    /// The rows in another order.
    pub fn reordered(&self, order: &[usize]) -> Self {
        Self { rows: order.iter().map(|&row| self.rows[row].clone()).collect() }
    }

    /// The rows of one stratum.
    pub fn of_stratum(&self, stratum: u8) -> Self {
        let rows = self.rows.iter().filter(|row| row.stratum == stratum);
        Self { rows: rows.cloned().collect() }
    }
}
