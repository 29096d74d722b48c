//! What cutting, landmarks and merging must leave as it is, and small histories by hand.

use riskset::data::{Episodes, Excluded, ExposureStart, RecurrentEvents, TimeDependent};
use riskset::{
    CountingProcess, CoxPh, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored, Ties,
};

use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

const CUTS: [f64; 6] = [2.5, 1.0, 4.0, 6.5, 6.5, 40.0];

fn full(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

fn groups(episodes: &Episodes, sample: &Sample) -> Groups {
    Groups::new(&episodes.expand(&sample.group()).unwrap()).unwrap()
}

#[test]
fn cutting_changes_no_curve_and_no_log_rank_test() {
    check(60, tied(4..=20), |sample| {
        let own: Vec<usize> = (0..sample.rows.len()).collect();
        let whole = full(&sample).with_ids(&own).unwrap();
        let episodes = full(&sample).split_at(&CUTS).unwrap();
        let pieces = episodes.data();
        let (g, h) = (sample.groups(), groups(&episodes, &sample));
        assert_eq!(KaplanMeier::new().fit_by(pieces, &h), KaplanMeier::new().fit_by(&whole, &g));
        assert_eq!(NelsonAalen::new().fit_by(pieces, &h), NelsonAalen::new().fit_by(&whole, &g));
        assert_eq!(LogRank::new().fit(pieces, &h), LogRank::new().fit(&whole, &g));
    });
}

#[test]
fn cutting_changes_no_cox_model() {
    check(40, tied(6..=20), |sample| {
        let design = sample.design_with_offset();
        let data = sample.right_censored().with_weights(sample.case()).unwrap();
        let data = data.with_clusters(&sample.group()).unwrap();
        let episodes = data.split_at(&CUTS).unwrap();
        let split = episodes.expand_design(&design).unwrap();
        for ties in [Ties::Efron, Ties::Breslow] {
            let model = CoxPh::new().ties(ties);
            let at = [0.3, -0.2];
            let a = model.likelihood_at(&data, &design, &at).unwrap();
            let b = model.likelihood_at(episodes.data(), &split, &at).unwrap();
            assert_close(b.log_likelihood(), a.log_likelihood(), 1e-13);
            assert_slice_close(b.score(), a.score(), 1e-12);
            let (a, b) = (model.fit(&data, &design), model.fit(episodes.data(), &split));
            let (Ok(a), Ok(b)) = (a, b) else { continue };
            let beta = |fit: &riskset::regression::cox::CoxFit| -> Option<Vec<f64>> {
                fit.coefficients().iter().map(|c| c.estimate).collect()
            };
            if let (Some(beta_a), Some(beta_b)) = (beta(&a), beta(&b)) {
                assert_slice_close(&beta_b, &beta_a, 1e-8);
                assert_matrix_close(b.vcov(), a.vcov(), 1e-7);
            }
        }
    });
}

/// The pieces of each row are the row.
#[test]
fn pieces_join_to_their_rows() {
    check(40, tied(4..=20), |sample| {
        let data = full(&sample);
        let episodes = data.split_at(&CUTS).unwrap();
        let pieces = episodes.data();
        for row in 0..data.len() {
            let of_row: Vec<usize> =
                (0..pieces.len()).filter(|&k| episodes.source()[k] == row).collect();
            let (first, last) = (of_row[0], of_row[of_row.len() - 1]);
            assert_eq!(pieces.entry()[first], data.entry()[row]);
            assert_eq!(pieces.time()[last], data.time()[row]);
            assert_eq!(pieces.event()[last], data.event()[row]);
            for pair in of_row.windows(2) {
                assert_eq!(pieces.time()[pair[0]], pieces.entry()[pair[1]]);
                assert!(!pieces.event()[pair[0]]);
                assert!(CUTS.contains(&pieces.time()[pair[0]]));
            }
            let weight = |d: &CountingProcess, k: usize| d.weights().unwrap().values()[k];
            assert_eq!(weight(pieces, first), weight(&data, row));
        }
    });
}

/// From a landmark on, the curve is the conditional one: S(t)/S(landmark).
#[test]
fn a_landmark_leaves_the_conditional_curve() {
    check(40, tied(6..=20), |sample| {
        let data = sample.right_censored();
        let Ok(landmark) = data.landmark(3.0) else { return };
        let whole = KaplanMeier::new().fit(&data).unwrap();
        let later = KaplanMeier::new().fit(landmark.episodes().data()).unwrap();
        let at = |time: f64| whole.curve().survival_at(time).unwrap();
        for (time, survival) in later.time().iter().zip(later.survival()) {
            assert_close(survival * at(3.0), at(*time), 1e-13);
        }
        let restarted = landmark.restarted().unwrap();
        let from_zero = KaplanMeier::new().fit(restarted.data()).unwrap();
        assert_eq!(from_zero.survival(), later.survival());
        let left = landmark.excluded().total() + landmark.episodes().data().len();
        assert_eq!(left, data.len());
    });
}

/// Covariates are those at the landmark, and everybody left out has a reason.
#[test]
fn landmark_by_hand() {
    let rows = [
        ("changes later", 0., 4., false, 0),
        ("changes later", 4., 9., true, 1),
        ("changes then", 0., 3., false, 0),
        ("changes then", 3., 5., false, 1),
        ("dies then", 0., 3., true, 0),
        ("leaves then", 0., 3., false, 0),
        ("comes later", 3.5, 6., true, 0),
        ("away", 0., 2., false, 0),
        ("away", 4., 6., true, 1),
        ("recurs", 0., 2., true, 0),
        ("recurs", 2., 7., true, 1),
        ("recurs", 8., 9., true, 0),
    ];
    let entry = rows.map(|row| row.1);
    let exit = rows.map(|row| row.2);
    let event = rows.map(|row| row.3);
    let data = CountingProcess::new(&entry, &exit, &event).unwrap();
    let data = data.with_ids(&rows.map(|row| row.0)).unwrap();
    let landmark = data.landmark(3.0).unwrap();
    let later = landmark.episodes();
    assert_eq!(later.source(), [0, 3, 10, 10]);
    assert_eq!(later.expand(&rows.map(|row| row.4)).unwrap(), [0, 1, 1, 1]);
    assert_eq!(later.data().entry(), [3., 3., 3., 8.]);
    assert_eq!(later.data().time(), [9., 5., 7., 9.]);
    assert_eq!(later.data().event(), [true, false, true, true]);
    let Excluded { event, censored, late, out_of_sight, .. } = landmark.excluded();
    assert_eq!([event, censored, late, out_of_sight], [1, 1, 1, 1]);
    assert_eq!(landmark.restarted().unwrap().data().entry(), [0., 0., 0., 5.]);
}

/// Values hold after they are measured, events end their rows, and what comes too late is counted.
#[test]
fn merge_by_hand() {
    let data = CountingProcess::new(&[1., 0.], &[8., 5.], &[false, true]).unwrap();
    let data = data.with_ids(&["a", "b"]).unwrap();
    let history = TimeDependent::new()
        .carried("x", &["a", "a", "b", "a"], &[5., 0.5, 5., 8.], &[7., 6., 9., 1.])
        .carried_from("y", -1.0, &["b"], &[2.], &[3.])
        .count("n", &["a", "a", "a", "b"], &[3., 3., 5., 5.])
        .events(&["a", "a", "b"], &[3., 8., 2.]);
    let merged = data.merge(&history).unwrap();
    let rows = merged.episodes().data();
    assert_eq!(rows.entry(), [1., 3., 5., 0., 2.]);
    assert_eq!(rows.time(), [3., 5., 8., 2., 5.]);
    assert_eq!(rows.event(), [true, false, true, true, true]);
    assert_eq!(merged.episodes().source(), [0, 0, 0, 1, 1]);
    assert_eq!(merged.column("x").unwrap(), [Some(6.), Some(6.), Some(7.), None, None]);
    assert_eq!(merged.numeric("y").unwrap(), [-1., -1., -1., -1., 3.]);
    assert_eq!(merged.numeric("n").unwrap(), [0., 2., 3., 0., 0.]);
    let unused: Vec<(&str, usize)> =
        merged.unused().iter().map(|(name, k)| (name.as_str(), *k)).collect();
    assert_eq!(unused, [("x", 2), ("y", 0), ("n", 1)]);
}

/// A covariate that begins to be 1 is an exposure that begins.
#[test]
fn an_exposure_is_a_carried_covariate() {
    check(40, tied(4..=20), |sample| {
        let ids: Vec<usize> = (0..sample.rows.len()).collect();
        let data = full(&sample).with_ids(&ids).unwrap();
        let start: Vec<Option<f64>> = (sample.rows.iter())
            .map(|row| (row.group > 0).then(|| (row.exit - f64::from(row.group) * 0.75).max(0.0)))
            .collect();
        let exposed = ExposureStart::new(&start).unwrap().split(&data).unwrap();
        let at: Vec<(usize, f64)> =
            ids.iter().zip(&start).filter_map(|(&id, start)| Some((id, (*start)?))).collect();
        let (who, when): (Vec<usize>, Vec<f64>) = at.into_iter().unzip();
        let ones = vec![1.0; who.len()];
        let history = TimeDependent::new().carried_from("exposed", 0.0, &who, &when, &ones);
        let merged = data.merge(&history).unwrap();
        assert_eq!(merged.episodes().data(), exposed.episodes.data());
        let column: Vec<bool> =
            merged.numeric("exposed").unwrap().iter().map(|&x| x == 1.0).collect();
        assert_eq!(column, exposed.exposed);
        // Nobody is exposed before the start.
        let rows = exposed.episodes.data();
        for (k, &row) in exposed.episodes.source().iter().enumerate() {
            let before = start[row].is_none_or(|start| rows.time()[k] <= start);
            assert_eq!(before, !exposed.exposed[k]);
        }
    });
}

/// The Andersen–Gill layout is the histories with their events merged in.
#[test]
fn layouts_by_hand() {
    let list = RecurrentEvents::new(&["b", "a", "c"], &[9., 4., 6.]).unwrap();
    let list = list.events(&["b", "b", "c"], &[5., 3., 6.]).unwrap();
    let list = list.events(&["b"], &[8.]).unwrap();
    let rows = list.andersen_gill().unwrap();
    assert_eq!(rows.data().entry(), [0., 3., 5., 8., 0., 0.]);
    assert_eq!(rows.data().time(), [3., 5., 8., 9., 4., 6.]);
    assert_eq!(rows.source(), [0, 0, 0, 0, 1, 2]);
    assert_eq!(rows.phase(), [0, 1, 2, 3, 0, 0]);
    let data = RightCensored::new(&[9., 4., 6.], &[false; 3]).unwrap();
    let history = TimeDependent::new().events(&["b", "b", "c", "b"], &[5., 3., 6., 8.]);
    let merged = data.with_ids(&["b", "a", "c"]).unwrap().merge(&history).unwrap();
    let (ours, theirs) = (rows.data(), merged.episodes().data());
    assert_eq!(
        (ours.entry(), ours.time(), ours.event()),
        (theirs.entry(), theirs.time(), theirs.event())
    );
    let gaps = list.clone().at_most(2).pwp_gap_time().unwrap();
    assert_eq!(gaps.data().time(), [3., 2., 4., 6.]);
    assert_eq!(gaps.data().event(), [true, true, false, true]);
    assert_eq!(gaps.data().clusters().unwrap().names().len(), 3);
    let marginal = list.wei_lin_weissfeld(2).unwrap();
    assert_eq!(marginal.data().time(), [3., 5., 4., 4., 6., 6.]);
    assert_eq!(marginal.data().event(), [true, true, false, false, true, false]);
    assert_eq!(marginal.data().strata().unwrap().codes(), [0, 1, 0, 1, 0, 1]);
}
