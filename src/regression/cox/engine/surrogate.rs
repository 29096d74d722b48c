//! A likelihood of all rows that a sample of them stands for.

use ndarray::{Array2, ArrayView1};

use super::ordered::Ordered;
use super::point::Point;
use super::ties::Ties;

/// The likelihood of a sample, turned so that score and information at coefficients of 0 are those of all
/// rows. A sample tells better how they change from there than what they are.
///
/// Source: Jordan, Lee & Yang 2019, doi:10.1080/01621459.2018.1429274.
pub(super) struct Surrogate {
    sample: Ordered,
    /// Events of all rows for one of the sample.
    share: f64,
    /// What the sample's score and information at 0 lack.
    score: Vec<f64>,
    information: Array2<f64>,
}

impl Surrogate {
    /// With one row in `one_in`; `null` is the point 0 of all rows. `None` where no event is in the sample.
    pub(super) fn new(ordered: &Ordered, ties: Ties, null: &Point, one_in: usize) -> Option<Self> {
        let sample = ordered.every(one_in);
        if sample.total_event_weight == 0.0 {
            return None;
        }
        let of_sample = Point::new(&sample, ties, vec![0.0; null.beta.len()])?;
        let share = ordered.total_event_weight / sample.total_event_weight;
        let both = null.score.iter().zip(&of_sample.score);
        let score = both.map(|(all, sample)| all - share * sample).collect();
        let information = &null.information - &(of_sample.information * share);
        Some(Self { sample, share, score, information })
    }

    /// Score and information at some coefficients; `None` where the sample's are not finite.
    pub(super) fn at(&self, ties: Ties, beta: &[f64]) -> Option<(Vec<f64>, Array2<f64>)> {
        let point = Point::new(&self.sample, ties, beta.to_vec())?;
        let turned = self.information.dot(&ArrayView1::from(beta));
        let both = point.score.iter().zip(&self.score).zip(turned);
        let score = both.map(|((sample, lack), turned)| self.share * sample + lack - turned);
        Some((score.collect(), &self.information + &(point.information * self.share)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored};

    /// A sample of all rows is all rows; one of a third of them has the derivatives of all at 0, and its own
    /// second derivative of the score.
    #[test]
    fn stands_for_all_rows() {
        let n = 300;
        let number = |row: usize, k: usize| (row * 7919 + k * 104_729) % 1009;
        let time: Vec<f64> = (0..n).map(|row| 1.0 + number(row, 1) as f64).collect();
        let event: Vec<bool> = (0..n).map(|row| number(row, 2) % 3 > 0).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let column = |k: usize| (0..n).map(|row| number(row, k) as f64 / 1009.0).collect();
        let columns: [Vec<f64>; 2] = [column(3), column(4)];
        let design = Design::builder().numeric("x", &columns[0]).numeric("z", &columns[1]);
        let design = design.build().unwrap();
        let (ties, beta) = (Ties::Efron, [0.4, -0.3]);
        let ordered = Ordered::of_data(&data, &design, Ties::Efron);
        let point = |beta: &[f64]| Point::new(&ordered, ties, beta.to_vec()).unwrap();
        let close = |(score, information): (Vec<f64>, Array2<f64>), point: &Point, within: f64| {
            for (found, expected) in score.iter().zip(&point.score) {
                approx::assert_abs_diff_eq!(found, expected, epsilon = within);
            }
            approx::assert_abs_diff_eq!(information, point.information, epsilon = within);
        };
        let null = point(&[0.0; 2]);
        let surrogate = |one_in| Surrogate::new(&ordered, ties, &null, one_in).unwrap();
        close(surrogate(1).at(ties, &beta).unwrap(), &point(&beta), 1e-10);
        close(surrogate(3).at(ties, &[0.0; 2]).unwrap(), &null, 1e-10);
        assert!(Surrogate::new(&ordered, ties, &null, n + 1).is_none());
        let h = 1e-5;
        let ahead = surrogate(3).at(ties, &[beta[0] + h, beta[1]]).unwrap().0;
        let behind = surrogate(3).at(ties, &[beta[0] - h, beta[1]]).unwrap().0;
        let information = surrogate(3).at(ties, &beta).unwrap().1;
        for j in 0..2 {
            let slope = (behind[j] - ahead[j]) / (2.0 * h);
            approx::assert_relative_eq!(information[[j, 0]], slope, max_relative = 1e-6);
        }
    }
}
