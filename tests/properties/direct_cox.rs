//! The two-pass engine against direct sums, every combination of options.

use proptest::prelude::*;
use riskset::ndarray::arr2;
use riskset::regression::cox::LikelihoodAt;
use riskset::{CoxPh, Ties};

use super::direct_sums::{Given, Weighting, with_columns};
use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close};
use crate::sample::{check, tied};

/// Every combination of ties, weights, entry, strata and offset.
pub fn combinations() -> Vec<Given> {
    let mut all = Vec::new();
    let weightings = [Weighting::None, Weighting::Frequency, Weighting::Case];
    for (ties, weights) in
        [Ties::Efron, Ties::Breslow].into_iter().flat_map(|t| weightings.map(|w| (t, w)))
    {
        for bits in 0..8 {
            let [entry, strata, offset] = [1, 2, 4].map(|bit| bits & bit != 0);
            all.push(Given { ties, weights, entry, strata, offset });
        }
    }
    all
}

fn engine(given: Given, sample: &Sample, beta: &[f64]) -> LikelihoodAt {
    let model = CoxPh::new().ties(given.ties);
    let design = if given.offset { sample.design_with_offset() } else { sample.design() };
    macro_rules! on {
        ($data:expr) => {{
            let data = with_columns!($data, given, sample);
            model.likelihood_at(&data, &design, beta).unwrap()
        }};
    }
    if given.entry { on!(sample.counting_process()) } else { on!(sample.right_censored()) }
}

#[test]
fn likelihood_score_and_information() {
    let points = prop::array::uniform2(-3.0..3.0);
    let combinations = combinations();
    check(40, (tied(2..=30), points), |(sample, beta)| {
        for &given in &combinations {
            let (found, direct) = (engine(given, &sample, &beta), given.likelihood(&sample, beta));
            assert_close(found.log_likelihood(), direct.log_likelihood, 1e-12);
            assert_slice_close(found.score(), &direct.score, 1e-12);
            assert_matrix_close(found.information(), arr2(&direct.information).view(), 1e-12);
        }
    });
}
