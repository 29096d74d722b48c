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
use crate::numerics::whole::whole;

/// Rows of a chunk, whose sums are formed by themselves.
const CHUNK: usize = 4096;

/// Rows that are copied and taken again while they are near.
const BLOCK: usize = 128;

/// Rows from which on a sample says where they are centred, and how many it has.
const MANY: usize = 1 << 16;
const SAMPLE: usize = 1 << 12;

/// Multiples of the golden ratio leave fractions that are spread evenly, without a period.
const GOLDEN: f64 = 1.618_033_988_749_895;

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

/// The rows of a matrix that stand at the places of `source`, each column centred near its weighted mean in
/// the stratum and divided by a power of two near its standard deviation, which is returned. A column that is
/// constant in a stratum is 0 there.
pub(super) fn centred_and_scaled(
    matrix: ArrayView2<'_, f64>,
    source: &[u32],
    weight: &RowWeights,
    strata: &[StratumRows],
) -> (RowMajor, Vec<f64>) {
    let given = matrix.as_standard_layout();
    let given = Given { rows: given.as_slice().unwrap_or_default(), p: matrix.ncols(), source };
    match Sample::of(&given, weight, strata) {
        Some(sample) => sample.centred_and_scaled(&given, strata),
        None => by_all_rows(&given, weight, strata),
    }
}

/// The rows of the data, and which of them stands at each place.
struct Given<'a> {
    rows: &'a [f64],
    p: usize,
    source: &'a [u32],
}

impl<'a> Given<'a> {
    /// The row at a place.
    fn at(&self, place: usize) -> &'a [f64] {
        &self.rows[self.source[place] as usize * self.p..][..self.p]
    }

    /// Copies the rows from a place on. Nothing else is done meanwhile, so that the processor can wait for many
    /// rows at once.
    fn copy(&self, start: usize, copies: &mut [f64]) {
        let copies = copies.chunks_exact_mut(self.p.max(1));
        copies.zip(start..).for_each(|(copy, place)| copy.copy_from_slice(self.at(place)));
    }
}

/// What a sample of the rows says about each column.
struct Sample {
    centre: Vec<f64>,
    scale: Vec<f64>,
}

impl Sample {
    /// Of one stratum of many rows; `None` where there are fewer, and where the sample does not say what a column
    /// is like: it is constant there, or its squares are out of range.
    ///
    /// The centre only has to be near the mean, against the spread: far away it would cost digits.
    fn of(given: &Given<'_>, weight: &RowWeights, strata: &[StratumRows]) -> Option<Self> {
        let [StratumRows { rows, .. }] = strata else { return None };
        if rows.len() < MANY {
            return None;
        }
        // No pattern of the rows is also one of these places.
        let place = |k: usize| rows.start + whole((k as f64 * GOLDEN).fract() * rows.len() as f64);
        let places = || (0..SAMPLE).map(place);
        let mut values: Vec<f64> =
            places().flat_map(|place| given.at(place).iter().copied()).collect();
        let weights: Vec<f64> = places().map(|place| weight[place]).collect();
        let (first, total) = (given.at(rows.start), weights.iter().sum());
        let mut moments = Moments::new(given.p);
        take_off(first, &mut values, &weights, total, &mut moments);
        let centre = first.iter().zip(&moments.mean).map(|(first, mean)| first + mean).collect();
        let scale: Option<Vec<f64>> =
            spreads(&[moments], &[total]).into_iter().map(usual_scale).collect();
        Some(Self { centre, scale: scale? })
    }

    fn centred_and_scaled(self, given: &Given<'_>, strata: &[StratumRows]) -> (RowMajor, Vec<f64>) {
        let mut x = RowMajor::zeros(given.source.len(), given.p);
        let inverse = inverse(&self.scale);
        blocks::map(chunks(&mut x, strata), |(_, start, values)| {
            let blocks = values.chunks_mut(BLOCK * given.p.max(1));
            for (block, start) in blocks.zip((start..).step_by(BLOCK)) {
                given.copy(start, block);
                shift_and_scale(block, &self.centre, &inverse);
            }
        });
        (x, self.scale)
    }
}

/// Centred at the mean of all rows of a stratum, and scaled by the spread of all rows. The first row of the
/// stratum is taken off before, so that a constant column becomes 0.
fn by_all_rows(
    given: &Given<'_>,
    weight: &RowWeights,
    strata: &[StratumRows],
) -> (RowMajor, Vec<f64>) {
    let p = given.p;
    let mut x = RowMajor::zeros(given.source.len(), p);
    let totals: Vec<f64> = strata.iter().map(|stratum| weight.sum(stratum.rows.clone())).collect();
    let moments = blocks::map(chunks(&mut x, strata), |(stratum, start, values)| {
        let first = given.at(strata[stratum].rows.start);
        let mut moments = Moments::new(p);
        let rows = values.len() / p.max(1);
        let places = blocks::cut(rows, BLOCK);
        for (places, block) in places.into_iter().zip(values.chunks_mut(BLOCK * p.max(1))) {
            let places = start + places.start..start + places.end;
            given.copy(places.start, block);
            let weights = weight.of(places.clone()).unwrap_or(&[1.0; BLOCK][..places.len()]);
            take_off(first, block, weights, totals[stratum], &mut moments);
        }
        (stratum, moments)
    });
    let mut of_strata = vec![Moments::new(p); strata.len()];
    moments.iter().for_each(|(stratum, part)| of_strata[*stratum].add(part));
    let scale: Vec<f64> = (spreads(&of_strata, &totals).into_iter().enumerate())
        .map(|(j, spread)| {
            let scale = usual_scale(spread);
            scale.unwrap_or_else(|| absolute_deviation(j, &x, weight, strata, &of_strata))
        })
        .collect();
    let inverse = inverse(&scale);
    blocks::map(chunks(&mut x, strata), |(stratum, _, values)| {
        shift_and_scale(values, &of_strata[stratum].mean, &inverse);
    });
    (x, scale)
}

/// The variance of each column within strata of these weights.
fn spreads(of_strata: &[Moments], totals: &[f64]) -> Vec<f64> {
    let all: f64 = totals.iter().sum();
    let mut spread = vec![0.0; of_strata.first().map_or(0, |moments| moments.mean.len())];
    for (moments, total) in of_strata.iter().zip(totals) {
        let share = total / all;
        let both = moments.mean.iter().zip(&moments.square);
        for (spread, (mean, square)) in spread.iter_mut().zip(both) {
            // The first row is one of the stratum: the mean is not far from it against the spread.
            let variance = square - mean * mean;
            // Squares out of range say nothing about a stratum; the column is then measured without.
            *spread += if variance.is_nan() { f64::INFINITY } else { share * variance.max(0.0) };
        }
    }
    spread
}

/// The power of two near the root of a variance, unless that is 0 or out of range.
fn usual_scale(variance: f64) -> Option<f64> {
    let usual = (1e-200..1e200).contains(&variance);
    usual.then(|| 2.0_f64.powf(variance.log2().div_euclid(2.0)))
}

fn inverse(scale: &[f64]) -> Vec<f64> {
    scale.iter().map(|scale| 1.0 / scale).collect()
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

    /// Rows of one stratum, as many as are given, in the order of the data.
    fn one_stratum(columns: &[Vec<f64>]) -> (Ordered, Vec<f64>) {
        let n = columns[0].len();
        let time: Vec<f64> = (0..n).map(|row| (n - row) as f64).collect();
        let data = RightCensored::new(&time, &vec![true; n]).unwrap();
        let mut design = Design::builder();
        for (j, column) in columns.iter().enumerate() {
            design = design.numeric(&format!("x{j}"), column);
        }
        let ordered = Ordered::of_data(&data, &design.build().unwrap(), Ties::Efron);
        let rows = (0..n).flat_map(|row| columns.iter().map(move |column| column[row]));
        (ordered, rows.collect())
    }

    /// Near the mean of all rows, by the same power of two here, and constant columns are 0 either way.
    #[test]
    fn a_sample_of_many_rows_says_enough() {
        let n = MANY;
        let columns = [
            fractions(n).iter().map(|x| 1e6 + 10.0 * x).collect(),
            (0..n).map(|row| f64::from(u8::from(row % 7 == 0))).collect::<Vec<f64>>(),
        ];
        let (ordered, rows) = one_stratum(&columns);
        let given = Given { rows: &rows, p: 2, source: &ordered.source };
        let of = |strata: &[StratumRows]| Sample::of(&given, &ordered.weight, strata);
        assert!(of(&ordered.strata).is_some());
        let (x, scale) = by_all_rows(&given, &ordered.weight, &ordered.strata);
        assert_eq!(ordered.scale, scale);
        for j in 0..2 {
            let by = |row: usize| ordered.x.row(row)[j] - x.row(row)[j];
            assert!(by(0).abs() < 0.1, "{}", by(0));
            (0..n).for_each(|row| approx::assert_abs_diff_eq!(by(row), by(0), epsilon = 1e-9));
        }
        let two: Vec<StratumRows> = [&ordered.strata[..]; 2].concat();
        assert!(of(&two).is_none());
        for (n, last) in [(n - 1, 1.0), (n, 0.0), (n, 1e-150)] {
            // All but the last row, which is not in the sample, say 0.
            let mut rare = vec![0.0; n];
            rare[n - 1] = last;
            let columns = [columns[0][..n].to_vec(), rare];
            let (ordered, rows) = one_stratum(&columns);
            let given = Given { rows: &rows, p: 2, source: &ordered.source };
            assert!(Sample::of(&given, &ordered.weight, &ordered.strata).is_none());
            let rare = ordered.x.view().column(1).to_vec();
            let size: f64 = rare.iter().map(|x| x.abs()).sum();
            assert!(rare.iter().sum::<f64>().abs() <= 1e-12 * size);
            assert_eq!(rare.iter().all(|&x| x == 0.0), last == 0.0);
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
