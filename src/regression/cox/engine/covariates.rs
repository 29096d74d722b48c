//! The copy of the covariates that the passes read: in their order, centred and scaled.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a place one of a stratum, a column one of the p"
)]

use multiversion::multiversion;
use ndarray::ArrayView2;

use super::row_weights::RowWeights;
use super::stratum::StratumRows;
use crate::linalg::RowMajor;
use crate::numerics::blocks;

/// Rows of a chunk, whose sums are formed by themselves.
const CHUNK: usize = 4096;

/// Rows that are copied and, still near, summed.
const BLOCK: usize = 128;

/// Subtracts the weighted mean of each stratum from rows of p values. The first row is taken off before,
/// so that a constant column becomes exactly 0.
pub(crate) fn centre(x: &mut [f64], p: usize, weight: &RowWeights, strata: &[StratumRows]) {
    for stratum in strata {
        let block = &mut x[stratum.rows.start * p..stratum.rows.end * p];
        let total = weight.sum(stratum.rows.clone());
        let first = block[..p].to_vec();
        let mut mean = vec![0.0; p];
        for (row, place) in block.chunks_exact_mut(p.max(1)).zip(stratum.rows.clone()) {
            let share = weight[place] / total;
            for ((value, first), mean) in row.iter_mut().zip(&first).zip(&mut mean) {
                *value -= first;
                *mean += share * *value;
            }
        }
        for row in block.chunks_exact_mut(p.max(1)) {
            row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
        }
    }
}

/// The rows of a matrix that stand at the places of `source`, each column centred at its weighted mean in
/// the stratum and divided by a power of two near its standard deviation, which is returned. The first row
/// of the stratum is taken off before, so that a constant column becomes 0.
pub(super) fn centred_and_scaled(
    matrix: ArrayView2<'_, f64>,
    source: &[u32],
    weight: &RowWeights,
    strata: &[StratumRows],
) -> (RowMajor, Vec<f64>) {
    let p = matrix.ncols();
    let given = matrix.as_standard_layout();
    let given = given.as_slice().unwrap_or_default();
    let given = |row: u32| &given[row as usize * p..][..p];
    let mut x = RowMajor::zeros(source.len(), p);
    let totals: Vec<f64> = strata.iter().map(|stratum| weight.sum(stratum.rows.clone())).collect();
    let moments = blocks::map(chunks(&mut x, strata), |(stratum, start, values)| {
        let first = given(source[strata[stratum].rows.start]);
        let mut moments = Moments::new(p);
        let rows = values.len() / p.max(1);
        let places = blocks::cut(rows, BLOCK);
        for (places, block) in places.into_iter().zip(values.chunks_mut(BLOCK * p.max(1))) {
            let places = start + places.start..start + places.end;
            // Nothing else here, so that the processor can wait for many rows at once.
            for (&row, copy) in source[places.clone()].iter().zip(block.chunks_exact_mut(p)) {
                copy.copy_from_slice(given(row));
            }
            let weights = weight.of(places.clone()).unwrap_or(&[1.0; BLOCK][..places.len()]);
            take_off(first, block, weights, totals[stratum], &mut moments);
        }
        (stratum, moments)
    });
    let mut of_strata = vec![Moments::new(p); strata.len()];
    moments.iter().for_each(|(stratum, part)| of_strata[*stratum].add(part));
    let all = weight.sum(0..weight.len());
    let mut spread = vec![0.0; p];
    for (moments, total) in of_strata.iter().zip(&totals) {
        let share = total / all;
        let both = moments.mean.iter().zip(&moments.square);
        for (spread, (mean, square)) in spread.iter_mut().zip(both) {
            // The first row is one of the stratum: the mean is not far from it against the spread.
            let variance = square - mean * mean;
            // Squares out of range say nothing about a stratum; the column is then measured without.
            *spread += if variance.is_nan() { f64::INFINITY } else { share * variance.max(0.0) };
        }
    }
    let usual = 1e-200..1e200;
    let scale: Vec<f64> = (spread.into_iter().enumerate())
        .map(|(j, spread)| match usual.contains(&spread) {
            true => 2.0_f64.powf(spread.log2().div_euclid(2.0)),
            false => absolute_deviation(j, &x, weight, strata, &of_strata),
        })
        .collect();
    let inverse: Vec<f64> = scale.iter().map(|scale| 1.0 / scale).collect();
    blocks::map(chunks(&mut x, strata), |(stratum, _, values)| {
        shift_and_scale(values, &of_strata[stratum].mean, &inverse);
    });
    (x, scale)
}

/// The chunks of each stratum: its index, the first place, and the values of the rows.
fn chunks<'a>(x: &'a mut RowMajor, strata: &[StratumRows]) -> Vec<(usize, usize, &'a mut [f64])> {
    let p = x.n_columns();
    let mut left = x.values_mut();
    let mut chunks = Vec::with_capacity(strata.len());
    for (index, stratum) in strata.iter().enumerate() {
        for chunk in blocks::cut(stratum.rows.len(), CHUNK) {
            let (values, rest) = left.split_at_mut(chunk.len() * p);
            chunks.push((index, stratum.rows.start + chunk.start, values));
            left = rest;
        }
    }
    chunks
}

/// The weighted means of columns and of their squares.
#[derive(Debug, Clone)]
struct Moments {
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Moments {
    fn new(p: usize) -> Self {
        Self { mean: vec![0.0; p], square: vec![0.0; p] }
    }

    fn add(&mut self, other: &Self) {
        self.mean.iter_mut().zip(&other.mean).for_each(|(sum, part)| *sum += part);
        self.square.iter_mut().zip(&other.square).for_each(|(sum, part)| *sum += part);
    }
}

/// Takes the first row of a stratum off others and adds these to the moments, by their share of the weight.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn take_off(first: &[f64], rows: &mut [f64], weights: &[f64], total: f64, moments: &mut Moments) {
    take_each_off(first, rows, weights, total, moments);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn take_each_off(
    first: &[f64],
    rows: &mut [f64],
    weights: &[f64],
    total: f64,
    moments: &mut Moments,
) {
    let p = first.len();
    for (row, w) in rows.chunks_exact_mut(p.max(1)).zip(weights) {
        let share = w / total;
        let both = first.iter().zip(moments.mean.iter_mut().zip(&mut moments.square));
        for (value, (first, (mean, square))) in row.iter_mut().zip(both) {
            *value -= first;
            let shared = share * *value;
            *mean += shared;
            *square += shared * *value;
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn shift_and_scale(rows: &mut [f64], mean: &[f64], inverse: &[f64]) {
    shift_and_scale_each(rows, mean, inverse);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn shift_and_scale_each(rows: &mut [f64], mean: &[f64], inverse: &[f64]) {
    for row in rows.chunks_exact_mut(mean.len().max(1)) {
        for ((value, mean), inverse) in row.iter_mut().zip(mean).zip(inverse) {
            *value = (*value - mean) * inverse;
        }
    }
}

/// The mean absolute deviation of a column whose variance is 0 or out of range; 1 where it is constant.
fn absolute_deviation(
    column: usize,
    x: &RowMajor,
    weight: &RowWeights,
    strata: &[StratumRows],
    moments: &[Moments],
) -> f64 {
    let all = weight.sum(0..weight.len());
    let of_stratum = |(stratum, moments): (&StratumRows, &Moments)| -> f64 {
        let deviation = |place: usize| (x.row(place)[column] - moments.mean[column]).abs();
        stratum.rows.clone().map(|place| weight[place] / all * deviation(place)).sum()
    };
    let deviation: f64 = strata.iter().zip(moments).map(of_stratum).sum();
    if deviation == 0.0 { 1.0 } else { deviation }
}

#[cfg(test)]
mod tests {
    use super::super::ordered::Ordered;
    use super::super::ties::Ties;
    use super::*;
    use crate::data::{Design, RightCensored, Weights};
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for p in 1..=21 {
            let (n, first) = (17, fractions(p));
            let weights: Vec<f64> = fractions(n).iter().map(|weight| weight.abs() + 0.1).collect();
            let (mut chosen, mut of_chosen) = (fractions(n * p), Moments::new(p));
            let (mut plain, mut of_plain) = (chosen.clone(), of_chosen.clone());
            take_off(&first, &mut chosen, &weights, 7.0, &mut of_chosen);
            take_each_off(&first, &mut plain, &weights, 7.0, &mut of_plain);
            assert!(same_bits(&chosen, &plain), "{p} columns");
            assert!(same_bits(&of_chosen.mean, &of_plain.mean), "{p} columns");
            assert!(same_bits(&of_chosen.square, &of_plain.square), "{p} columns");
            shift_and_scale(&mut chosen, &of_chosen.mean, &first);
            shift_and_scale_each(&mut plain, &of_chosen.mean, &first);
            assert!(same_bits(&chosen, &plain), "{p} columns");
        }
    }

    /// To the last digit: 0.7/13, 13 times over, is not 0.7.
    #[test]
    fn what_is_constant_becomes_0() {
        let data = RightCensored::new(&[1.0; 13], &[true; 13]).unwrap();
        let design = Design::builder().numeric("x", &[0.7; 13]).offset(&[0.7; 13]).build().unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::Efron);
        assert_eq!(ordered.offset.unwrap(), [0.0; 13]);
        assert!(ordered.x.view().iter().all(|&x| x == 0.0));
    }

    #[test]
    fn every_column_of_a_stratum_has_its_own_centre() {
        let (time, stratum) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0, 0, 1, 1, 1, 0]);
        let weights = Weights::case(&[1.0, 2.0, 0.5, 1.5, 1.0, 3.0]).unwrap();
        let data = RightCensored::new(&time, &[true; 6]).unwrap().with_strata(&stratum).unwrap();
        let data = data.with_weights(weights).unwrap();
        let design = Design::builder().numeric("x", &time).build().unwrap();
        let Ordered { weight, strata, .. } = Ordered::of_data(&data, &design, Ties::Efron);
        let given: Vec<f64> = (0..12).map(|k| f64::from(k * k % 7)).collect();
        let mut x = given.clone();
        centre(&mut x, 2, &weight, &strata);
        for rows in strata.into_iter().map(|stratum| stratum.rows) {
            for j in 0..2 {
                let sum: f64 = rows.clone().map(|row| weight[row] * x[2 * row + j]).sum();
                approx::assert_abs_diff_eq!(sum, 0.0, epsilon = 1e-14);
                let by = |row: usize| x[2 * row + j] - given[2 * row + j];
                rows.clone().for_each(|row| {
                    approx::assert_abs_diff_eq!(by(row), by(rows.start), epsilon = 1e-14);
                });
            }
        }
    }
}
