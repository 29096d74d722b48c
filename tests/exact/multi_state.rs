//! State occupation and Gray's test by hand, in fractions.

use riskset::competing::{GrayTest, StateOccupation, Untested};
use riskset::data::MultiState;
use riskset::{CompetingRisks, Groups};

use crate::sample::assert_close;

/// Five subjects, two of whom enter late, one of whom returns to `a`.
fn histories() -> MultiState {
    let (ids, from) = ([1, 1, 2, 3, 3, 4, 5], ["a", "b", "a", "b", "a", "a", "b"]);
    let to = [Some("b"), Some("c"), None, Some("a"), Some("c"), Some("b"), Some("c")];
    let (entry, exit) = ([0., 2., 1., 0., 4., 2., 3.], [2., 5., 6., 4., 7., 8., 9.]);
    MultiState::with_from(&ids, &entry, &exit, &from, &to, &["a", "b", "c"]).unwrap()
}

#[test]
fn probabilities_are_these_fractions() {
    let fit = StateOccupation::new().restricted_to(8.0).fit(&histories()).unwrap();
    assert_eq!(fit.time(), [2., 4., 5., 6., 7., 8., 9.]);
    assert_eq!(fit.initial(), [2. / 3., 1. / 3., 0.]);
    let expected = [
        [1. / 3., 2. / 3., 0.],
        [5. / 9., 4. / 9., 0.],
        [5. / 9., 2. / 9., 2. / 9.],
        [5. / 9., 2. / 9., 2. / 9.],
        [5. / 18., 2. / 9., 0.5],
        [0., 0.5, 0.5],
        [0., 0., 1.],
    ];
    for (ours, expected) in fit.probability().rows().into_iter().zip(expected) {
        ours.iter().zip(expected).for_each(|(ours, p)| assert_close(*ours, p, 1e-15));
    }
    let risk: Vec<f64> = fit.n_risk().column(0).to_vec();
    assert_eq!(risk, [2., 2., 3., 3., 2., 1., 0.]);
    assert_eq!(fit.n_censor().column(0).to_vec(), [0., 0., 0., 1., 0., 0., 0.]);
    let means = fit.mean_times().unwrap().iter().map(|of| of.mean);
    means.zip([71. / 18., 28. / 9., 17. / 18.]).for_each(|(m, e)| assert_close(m, e, 1e-15));
    let of = fit.transition("a", "b").unwrap();
    assert_eq!(of.n_event, [1., 0., 0., 0., 0., 1., 0.]);
    assert_eq!(of.cumulative_hazard, [0.5, 0.5, 0.5, 0.5, 0.5, 1.5, 1.5]);
}

/// Nobody is censored before 2, where one of the three at risk is in `a`: binomial. At 9 nothing is
/// left to vary.
#[test]
fn variances_are_these_fractions() {
    let fit = StateOccupation::new().fit(&histories()).unwrap();
    let variance = |place: usize, state: usize| fit.std_error()[[place, state]].powi(2);
    (0..2).for_each(|j| assert_close(fit.initial_std_error()[j].powi(2), 2. / 27., 1e-16));
    assert_close(variance(0, 0), 2. / 27., 1e-16);
    assert_close(variance(0, 1), 2. / 27., 1e-16);
    assert_eq!(fit.std_error().row(6).to_vec(), [0.0; 3]);
    // Of the two at risk in `a` at 2 one moves: (½)²/2² twice.
    assert_close(fit.transition("a", "b").unwrap().std_error[0].powi(2), 1. / 8., 1e-16);
    let at = fit.at("c", 2.0).unwrap();
    assert_eq!((at.interval.lower, at.interval.upper, at.std_error), (None, None, 0.0));
    let end = fit.intervals("c").unwrap()[6];
    assert_eq!((end.lower, end.upper), (Some(1.0), Some(1.0)));
    let before = fit.at("b", 1.0).unwrap();
    assert_eq!((before.probability, before.std_error), (1. / 3., fit.initial_std_error()[1]));
}

/// One event among one in each group: z = ½, V = ½·(½)²·(1 + 1). With a second row in the other
/// group z = ⅔, V = ⅓·(⅔)²·(1 + ½).
#[test]
fn grays_test_of_one_event() {
    let causes = [(1, "relapse"), (2, "death")];
    for (groups, score, variance) in
        [(vec!["a", "b"], 0.5, 0.25), (vec!["a", "b", "b"], 2. / 3., 2. / 9.)]
    {
        let n = groups.len();
        let codes = [1, 0, 0];
        let data = CompetingRisks::from_codes(&[1., 2., 3.][..n], &codes[..n], &causes).unwrap();
        let fit = GrayTest::new().fit(&data, &Groups::new(&groups).unwrap()).unwrap();
        let relapse = fit.cause("relapse").unwrap();
        assert_close(relapse.scores[0].score.unwrap(), score, 1e-15);
        assert_close(relapse.scores[1].score.unwrap(), -score, 1e-15);
        assert_close(relapse.variance.as_ref().unwrap()[[0, 0]], variance, 1e-15);
        assert_close(relapse.test.unwrap().statistic, score * score / variance, 1e-14);
        assert_eq!(fit.cause("death").unwrap().test, Err(Untested::NoEvents));
    }
}
