//! Every row under every level of a factor.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the code of a stratum, and a risk at each level"
)]

use ndarray::Array2;

use crate::data::{Design, Rows, Term, TermKind, WeightKind};
use crate::error::{Error, Result};
use crate::numerics::fingerprint::{by_fingerprint, fingerprint};
use crate::numerics::sum::Sum;
use crate::regression::cox::Population;

/// The rows of a fit, their risks had they all been at one level, and their histories.
pub(super) struct Sample<'a> {
    pub(super) population: &'a Population,
    pub(super) rows: &'a Rows,
    design: &'a Design,
    factor: &'a Term,
    pub(super) levels: &'a [String],
    /// exp of the linear predictor relative to the stratum, levels × rows.
    pub(super) risk: Array2<f64>,
    /// The same at the level that each row has.
    pub(super) own_risk: Vec<f64>,
    /// Weight as a number of persons or a factor, one for each row.
    pub(super) weight: Vec<f64>,
    pub(super) total: f64,
    /// The rows in the order of what they say, in which sums over them are formed.
    pub(super) order: Vec<usize>,
}

impl<'a> Sample<'a> {
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::Unsupported`] for a term that is not a factor;
    /// [`Error::BeyondRange`].
    pub(super) fn new(
        population: &'a Population,
        rows: &'a Rows,
        design: &'a Design,
        factor: &str,
    ) -> Result<Self> {
        let factor = design.coding().term(factor)?;
        let TermKind::Factor { levels } = &factor.kind else {
            return Err(Error::Unsupported {
                estimator: "Standardisation",
                what: "standardising over the levels of a term that has none",
                instead: "code the treatment as a factor",
            });
        };
        let n = rows.len();
        let weight: Vec<f64> = (0..n).map(|row| rows.weight(row)).collect();
        let mut sample = Self {
            population,
            rows,
            design,
            factor,
            levels,
            risk: Array2::zeros((levels.len(), n)),
            own_risk: vec![0.0; n],
            total: Sum::of(weight.iter().copied()),
            order: by_fingerprint(n, |row| {
                let of_row = [weight[row], design.offset().map_or(0.0, |offset| offset[row])];
                let code = rows.strata.as_ref().map_or(0, |strata| strata.codes()[row]);
                fingerprint(fingerprint(u64::from(code), &of_row), design.row(row))
            }),
            weight,
        };
        let mut x = vec![0.0; design.columns().len()];
        for row in 0..n {
            for level in 0..levels.len() {
                sample.centred(row, level, &mut x);
                sample.risk[[level, row]] =
                    population.risk(sample.stratum(row), &x, sample.offset(row))?;
            }
            x.copy_from_slice(&design.matrix().row(row).to_vec());
            population.strata[sample.stratum(row)].centre(&mut x);
            sample.own_risk[row] = population.risk(sample.stratum(row), &x, sample.offset(row))?;
        }
        Ok(sample)
    }

    pub(super) fn n_columns(&self) -> usize {
        self.design.columns().len()
    }

    /// Code of the stratum of a row.
    pub(super) fn stratum(&self, row: usize) -> usize {
        self.rows.strata.as_ref().map_or(0, |strata| strata.codes()[row] as usize)
    }

    /// Whether a row stands for several identical ones.
    pub(super) fn counts(&self) -> bool {
        self.rows.weight_kind() == Some(WeightKind::Frequency)
    }

    fn offset(&self, row: usize) -> f64 {
        self.design.offset().map_or(0.0, |offset| offset[row])
    }

    /// The covariates of a row at a level, relative to the centre of its stratum.
    pub(super) fn centred(&self, row: usize, level: usize, x: &mut [f64]) {
        let given = self.design.matrix();
        x.iter_mut().zip(given.row(row)).for_each(|(slot, value)| *slot = *value);
        for (column, of) in self.factor.columns.clone().zip(1..) {
            x[column] = f64::from(u8::from(of == level));
        }
        for term in self.design.terms() {
            if let TermKind::Interaction { of: [a, b] } = term.kind {
                let of = |term: usize| self.design.terms()[term].columns.clone();
                let pairs = of(b).flat_map(|b| of(a).map(move |a| (a, b)));
                for (column, (a, b)) in term.columns.clone().zip(pairs) {
                    x[column] = x[a] * x[b];
                }
            }
        }
        self.population.strata[self.stratum(row)].centre(x);
    }

    /// The last time of observation of every stratum that has rows, and its name.
    pub(super) fn ends(&self) -> Vec<(String, f64)> {
        let names = self.rows.strata.as_ref().map_or(&[][..], |strata| strata.names());
        let mut ends: Vec<Option<f64>> = vec![None; self.population.strata.len()];
        for row in 0..self.rows.len() {
            let exit = self.rows.times.exit[row];
            let end = &mut ends[self.stratum(row)];
            *end = Some(end.map_or(exit, |end| end.max(exit)));
        }
        let name = |code: usize| names.get(code).cloned().unwrap_or_else(|| "data".to_owned());
        let ends = ends.into_iter().enumerate();
        ends.filter_map(|(code, end)| end.map(|end| (name(code), end))).collect()
    }
}
