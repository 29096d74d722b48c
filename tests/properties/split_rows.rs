//! Cutting the rows of a counting process changes nothing.

use riskset::{CountingProcess, CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, Ties};

use crate::sample::{Row, Sample, assert_close, assert_matrix_close, assert_slice_close};
use crate::sample::{check, tied};

/// Every row cut at each whole time within it, and the number of the row each piece comes from.
pub fn split(sample: &Sample) -> (Sample, Vec<usize>) {
    let mut pieces = Vec::new();
    let mut ids = Vec::new();
    for (id, row) in sample.rows.iter().enumerate() {
        let mut entry = row.entry;
        while entry < row.exit {
            let exit = (entry + 1.0).min(row.exit);
            let event = row.event && exit == row.exit;
            pieces.push(Row { entry, exit, event, ..row.clone() });
            ids.push(id);
            entry = exit;
        }
    }
    (Sample { rows: pieces }, ids)
}

fn with_ids(sample: &Sample, ids: &[usize]) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
    data.with_ids(ids).unwrap()
}

#[test]
fn of_curves_and_log_rank() {
    check(60, tied(4..=20), |whole| {
        let (pieces, ids) = split(&whole);
        let own: Vec<usize> = (0..whole.rows.len()).collect();
        let (a, b) = (with_ids(&pieces, &ids), with_ids(&whole, &own));
        let (groups_a, groups_b) = (pieces.groups(), whole.groups());
        let km = KaplanMeier::new();
        assert_eq!(km.fit_by(&a, &groups_a), km.fit_by(&b, &groups_b));
        let na = NelsonAalen::new();
        assert_eq!(na.fit_by(&a, &groups_a), na.fit_by(&b, &groups_b));
        let robust = km.variance(riskset::data::Variance::Robust);
        let (of_a, of_b) = (robust.fit_by(&a, &groups_a), robust.fit_by(&b, &groups_b));
        for ((_, a), (_, b)) in of_a.unwrap().iter().zip(of_b.unwrap().iter()) {
            for (a, b) in a.curve().std_error_ln().iter().zip(b.curve().std_error_ln().iter()) {
                assert_close(a.unwrap_or(-1.0), b.unwrap_or(-1.0), 1e-14);
            }
        }
        assert_eq!(LogRank::new().fit(&a, &groups_a), LogRank::new().fit(&b, &groups_b));
    });
}

/// Without ids a piece that is cut off counts as a censoring, but the estimates stay.
#[test]
fn without_ids_the_estimates_stay() {
    check(40, tied(4..=20), |whole| {
        let (pieces, _) = split(&whole);
        let km = |s: &Sample| KaplanMeier::new().fit(&s.counting_process()).unwrap();
        let (a, b) = (km(&pieces), km(&whole));
        for (time, survival) in b.time().iter().zip(b.survival()) {
            assert_eq!(a.curve().survival_at(*time), Some(*survival));
        }
        let test = |s: &Sample, g: &Groups| LogRank::new().fit(&s.counting_process(), g);
        let (a, b) = (test(&pieces, &pieces.groups()), test(&whole, &whole.groups()));
        assert_eq!(a.map(|fit| *fit.test()), b.map(|fit| *fit.test()));
    });
}

#[test]
fn of_the_partial_likelihood() {
    check(60, tied(4..=20), |whole| {
        let (pieces, _) = split(&whole);
        for ties in [Ties::Efron, Ties::Breslow] {
            let at = |s: &Sample| {
                let data = s.counting_process().with_weights(s.case()).unwrap();
                let design: Design = s.design_with_offset();
                CoxPh::new().ties(ties).likelihood_at(&data, &design, &[0.8, -0.3]).unwrap()
            };
            let (a, b) = (at(&pieces), at(&whole));
            assert_close(a.log_likelihood(), b.log_likelihood(), 1e-13);
            assert_slice_close(a.score(), b.score(), 1e-12);
            assert_matrix_close(a.information(), b.information(), 1e-12);
        }
    });
}

/// (0, t] is what a right-censored row means.
#[test]
fn entry_at_the_start_is_no_entry() {
    check(40, tied(4..=20), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.entry = 0.0);
        let (a, b) = (sample.counting_process(), sample.right_censored());
        let km = KaplanMeier::new();
        assert_eq!(km.fit(&a).unwrap().curve(), km.fit(&b).unwrap().curve());
        let cox = |data: &CountingProcess| {
            CoxPh::new().likelihood_at(data, &sample.design(), &[0.8, -0.3]).unwrap()
        };
        let other = CoxPh::new().likelihood_at(&b, &sample.design(), &[0.8, -0.3]).unwrap();
        assert_close(cox(&a).log_likelihood(), other.log_likelihood(), 1e-13);
        assert_slice_close(cox(&a).score(), other.score(), 1e-12);
    });
}
