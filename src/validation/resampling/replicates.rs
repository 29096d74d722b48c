//! A statistic on many samples, with those on which it failed.

use ndarray::Array2;

use crate::data::{Pick, SurvivalData};
use crate::error::{BadCell, Error, Result};
use crate::numerics::blocks;
use crate::room::room_for;

/// A sample of a [`Bootstrap`](crate::validation::Bootstrap) or
/// [`Jackknife`](crate::validation::Jackknife) on which the statistic failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ResamplingFailure {
    /// Number of the replicate, or of the unit left out, counted from 0.
    pub replicate: usize,
    /// What the statistic said.
    pub reason: String,
}

/// The values of a statistic on the samples on which it did not fail.
#[derive(Debug)]
pub(super) struct Replicates {
    /// Samples × values.
    pub(super) values: Array2<f64>,
    pub(super) failures: Vec<ResamplingFailure>,
}

/// The statistic on the data as given.
///
/// # Errors
/// Those of the statistic, and [`Error::InvalidCells`] for a value that is not finite.
pub(super) fn estimate<D: SurvivalData>(
    data: &D,
    statistic: &impl Fn(&D, &[usize]) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let all: Vec<usize> = (0..data.rows().len()).collect();
    let values = statistic(data, &all)?;
    all_finite(&values)?;
    Ok(values)
}

fn all_finite(values: &[f64]) -> Result<()> {
    let rule = "a value of the statistic must be finite";
    let cells: Vec<BadCell> = (values.iter().enumerate())
        .filter(|(_, value)| !value.is_finite())
        .map(|(k, value)| BadCell::new("statistic", k, value, rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

impl Replicates {
    /// The statistic on samples 0..n, each of which depends on its number alone.
    #[expect(clippy::indexing_slicing, reason = "the number of values of each sample is checked")]
    pub(super) fn new<D: SurvivalData + Sync>(
        data: &D,
        n: usize,
        n_values: usize,
        sample: impl Fn(usize) -> Result<Vec<Pick>> + Sync,
        statistic: &(impl Fn(&D, &[usize]) -> Result<Vec<f64>> + Sync),
    ) -> Result<Self> {
        // Each sample as it comes, with its values, and the table of all.
        room_for::<[f64; 2]>("samples × values", &[n, n_values.saturating_add(4)])?;
        let one = |k: usize| {
            let picks = sample(k)?;
            let rows: Vec<usize> = picks.iter().map(|pick| pick.row as usize).collect();
            if rows.is_empty() {
                return Err(Error::Empty { what: "sample".to_owned() });
            }
            let values = statistic(&D::of_rows(data.rows().resampled(&picks)), &rows)?;
            if values.len() != n_values {
                let (expected, found) = (n_values, values.len());
                let what = "statistic".to_owned();
                return Err(Error::LengthMismatch { what, expected, found });
            }
            all_finite(&values).map(|()| values)
        };
        let outcomes = blocks::map((0..n).collect(), one);
        let (mut values, mut failures) = (Vec::<Vec<f64>>::new(), Vec::new());
        for (replicate, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(found) => values.push(found),
                Err(error) => {
                    failures.push(ResamplingFailure { replicate, reason: error.to_string() });
                }
            }
        }
        let values = Array2::from_shape_fn((values.len(), n_values), |(i, k)| values[i][k]);
        Ok(Self { values, failures })
    }
}
