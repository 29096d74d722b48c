//! Rows as a caller may hand them over: up to 64 of them, with up to 6 covariates.

use arbitrary::{Result, Unstructured};
use riskset::data::TimeMatch;
use riskset::{Groups, Weights};

use crate::number::{Range, number, range};
use crate::options;

#[derive(Debug, Clone, Copy)]
enum WeightKind {
    None,
    Case,
    Sampling,
    Frequency,
}

/// The columns of a data set, of one length each.
#[derive(Debug)]
pub struct Sample {
    pub exit: Vec<f64>,
    pub entry: Vec<f64>,
    pub event: Vec<bool>,
    /// 0 is a censoring.
    pub cause: Vec<u32>,
    pub group: Vec<u8>,
    pub stratum: Option<Vec<u8>>,
    pub cluster: Option<Vec<u8>>,
    pub id: Option<Vec<u8>>,
    pub x: Vec<Vec<f64>>,
    pub offset: Option<Vec<f64>>,
    pub weight: Vec<f64>,
    pub time_match: TimeMatch,
    /// Whether the entries are used.
    pub counting: bool,
    weights: WeightKind,
}

fn column(n: usize, source: &mut Unstructured<'_>) -> Result<Vec<f64>> {
    let range = range(source)?;
    (0..n).map(|_| number(range, source)).collect()
}

fn labels(n: usize, largest: u8, source: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    (0..n).map(|_| source.int_in_range(0..=largest)).collect()
}

fn maybe<T>(
    source: &mut Unstructured<'_>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    if source.ratio(1, 4)? { make(source).map(Some) } else { Ok(None) }
}

impl Sample {
    pub fn new(source: &mut Unstructured<'_>) -> Result<Self> {
        let n = source.int_in_range(0..=64)?;
        let columns = source.int_in_range(0..=6)?;
        let counting = source.arbitrary()?;
        let weights = options::one_of(
            &[
                WeightKind::None,
                WeightKind::None,
                WeightKind::Case,
                WeightKind::Sampling,
                WeightKind::Frequency,
            ],
            source,
        )?;
        let time_match = options::time_match(source)?;
        let stratum = maybe(source, |source| labels(n, 3, source))?;
        let cluster = maybe(source, |source| labels(n, 9, source))?;
        let id = maybe(source, |source| labels(n, 63, source))?;
        let offset = maybe(source, |source| column(n, source))?;
        let entry_range = range(source)?;
        let mut exit = column(n, source)?;
        let mut entry = Vec::with_capacity(n);
        for exit in &mut exit {
            let start = number(entry_range, source)?;
            // Ordinary intervals have a length; the others are refused or survive as they are.
            if counting && entry_range == Range::Tame && *exit < 1e3 {
                *exit += start + 0.25;
            }
            entry.push(start);
        }
        let cause: Vec<u32> = (0..n).map(|_| source.int_in_range(0..=3)).collect::<Result<_>>()?;
        Ok(Self {
            exit,
            entry,
            event: cause.iter().map(|&cause| cause > 0).collect(),
            cause,
            group: labels(n, 2, source)?,
            stratum,
            cluster,
            id,
            x: (0..columns).map(|_| column(n, source)).collect::<Result<_>>()?,
            offset,
            weight: column(n, source)?,
            time_match,
            counting,
            weights,
        })
    }

    pub fn n(&self) -> usize {
        self.exit.len()
    }

    pub fn groups(&self) -> riskset::Result<Groups> {
        Groups::new(&self.group)
    }

    /// `None` when the rows have no weights.
    pub fn weights(&self) -> Option<riskset::Result<Weights>> {
        let raised: Vec<f64> = self.weight.iter().map(|weight| weight + 0.25).collect();
        match self.weights {
            WeightKind::None => None,
            WeightKind::Case => Some(Weights::case(&raised)),
            WeightKind::Sampling => Some(Weights::sampling(&raised)),
            WeightKind::Frequency => {
                let counts: Vec<u64> =
                    raised.iter().map(|&weight| (weight as u64).saturating_add(1)).collect();
                Some(Weights::frequency(&counts))
            }
        }
    }
}
