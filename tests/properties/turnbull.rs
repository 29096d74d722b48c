//! The estimate from interval-censored data: where it is known otherwise, and what must not matter.

use proptest::prelude::*;
use riskset::data::IntervalCensored;
use riskset::nonparametric::{Turnbull, TurnbullFit};
use riskset::{Error, Groups, KaplanMeier, RightCensored, Weights};

const NEVER: f64 = f64::INFINITY;

fn fit(rows: &[(f64, f64)]) -> TurnbullFit {
    let (left, right): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    Turnbull::new().fit(&IntervalCensored::new(&left, &right).unwrap()).unwrap()
}

/// Rows of every kind on a grid, so that ends coincide.
fn rows() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let row = (0..12_u8, 0..6_u8, 0..6_u8).prop_map(|(left, length, kind)| {
        let left = f64::from(left);
        match kind {
            0 => (left + 1.0, left + 1.0),
            1 => (left, NEVER),
            2 => (0.0, left + 1.0),
            _ => (left, left + f64::from(length) + 1.0),
        }
    });
    proptest::collection::vec(row, 1..60)
}

proptest! {
    #[test]
    fn equals_kaplan_meier_without_intervals(
        rows in proptest::collection::vec((1..30_u8, any::<bool>(), 1..4_u64), 1..80)
    ) {
        let time: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let event: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let counts: Vec<u64> = rows.iter().map(|row| row.2).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let data = data.with_weights(Weights::frequency(&counts).unwrap()).unwrap();
        let km = KaplanMeier::new().fit(&data).unwrap();
        let fit = Turnbull::new().fit(&IntervalCensored::from_right_censored(&data)).unwrap();
        for (&time, &survival) in km.curve().time().iter().zip(km.curve().survival()) {
            let ours = fit.survival_at(time).unwrap();
            prop_assert!((ours - survival).abs() <= 1e-13, "S({time}): {ours} and {survival}");
        }
        // The start is the estimate: no iteration is needed.
        prop_assert_eq!(fit.iterations(), 0);
    }

    #[test]
    fn equals_the_empirical_distribution_of_exact_times(
        times in proptest::collection::vec(0..40_u8, 1..80)
    ) {
        let rows: Vec<(f64, f64)> =
            times.iter().map(|&time| (f64::from(time), f64::from(time))).collect();
        let fit = fit(&rows);
        for t in 0..40_u8 {
            let after = times.iter().filter(|&&time| time > t).count() as f64 / times.len() as f64;
            prop_assert!((fit.survival_at(f64::from(t)).unwrap() - after).abs() <= 1e-14);
        }
    }

    /// The conditions of Karush, Kuhn and Tucker, from the rows themselves.
    #[test]
    fn no_mass_can_be_moved_to_advantage(rows in rows()) {
        let fit = fit(&rows);
        let total: f64 = fit.intervals().iter().map(|cell| cell.mass).sum();
        prop_assert!((total - 1.0).abs() <= 1e-14);
        let covers = |row: &(f64, f64), lower: f64, upper: f64| {
            if row.0 == row.1 { lower == row.0 && upper == row.0 } else {
                row.0 <= lower && upper <= row.1 && !(lower == upper && lower == row.0)
            }
        };
        let mass = |row: &(f64, f64)| -> f64 {
            let cells = fit.intervals().iter();
            cells.filter(|c| covers(row, c.lower, c.upper.unwrap_or(NEVER))).map(|c| c.mass).sum()
        };
        let p: Vec<f64> = rows.iter().map(mass).collect();
        let ln: f64 = p.iter().map(|p| p.ln()).sum();
        prop_assert!((ln - fit.log_likelihood()).abs() <= 1e-10 * (1.0 + ln.abs()));
        let gradient = |lower: f64, upper: f64| -> f64 {
            let inside = rows.iter().zip(&p).filter(|(row, _)| covers(row, lower, upper));
            inside.map(|(_, p)| 1.0 / p).sum::<f64>() / rows.len() as f64
        };
        for quarter in 0..80_u8 {
            let t = f64::from(quarter) / 4.0;
            prop_assert!(gradient(t, t) <= 1.0 + 2e-10, "at {t}: {}", gradient(t, t));
        }
        for cell in fit.intervals().iter().filter(|cell| cell.mass > 1e-6) {
            let g = gradient(cell.lower, cell.upper.unwrap_or(NEVER));
            prop_assert!((g - 1.0).abs() <= 1e-3, "{cell:?}: {g}");
        }
    }

    #[test]
    fn order_of_rows_does_not_matter(rows in rows()) {
        let reversed: Vec<(f64, f64)> = rows.iter().rev().copied().collect();
        prop_assert_eq!(fit(&rows), fit(&reversed));
    }

    #[test]
    fn a_weight_of_two_is_the_row_twice(rows in rows()) {
        let (left, right): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let data = IntervalCensored::new(&left, &right).unwrap();
        let weighted = data.with_weights(Weights::frequency(&vec![2; rows.len()]).unwrap()).unwrap();
        let twice = fit(&[rows.clone(), rows].concat());
        let once = Turnbull::new().fit(&weighted).unwrap();
        prop_assert_eq!(twice.intervals(), once.intervals());
    }
}

#[test]
fn many_rows_converge() {
    let mut state = 1_u64;
    let mut uniform = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as f64 + 0.5) / f64::from(1_u32 << 31)
    };
    let rows: Vec<(f64, f64)> = (0..3_000)
        .map(|_| {
            let time = -uniform().ln();
            let (first, gap) = (uniform() * 0.5, 0.1 + uniform());
            let visits = (0..6).map(|k| first + gap * f64::from(k));
            let left = visits.clone().filter(|&v| v < time).fold(0.0, f64::max);
            let right = visits.filter(|&v| v >= time).fold(NEVER, f64::min);
            (left, right)
        })
        .collect();
    let fit = fit(&rows);
    assert!(fit.iterations() < 30, "{}", fit.iterations());
    assert!((0.0..=1e-10).contains(&fit.reduced_gradient()));
    let s = fit.intervals().iter().filter_map(|c| Some((c.upper?, c.survival?)));
    let worst = s.map(|(t, s)| (s - (-t).exp()).abs()).fold(0.0, f64::max);
    assert!(worst < 0.1, "{worst}");
}

/// The start, as the product-limit estimate has it: within a tolerance of one half. g is greatest in (4, 5],
/// which three rows cover.
#[test]
fn the_reduced_gradient_is_that_of_the_masses() {
    let data = IntervalCensored::new(&[0., 2., 4., 4., 6.], &[3., 5., 5., 8., NEVER]).unwrap();
    let fit = Turnbull::new().tolerance(0.5).fit(&data).unwrap();
    let mass: Vec<f64> = fit.intervals().iter().map(|cell| cell.mass).collect();
    for (mass, expected) in mass.iter().zip([0.3, 0.42, 0.28]) {
        assert!((mass - expected).abs() < 1e-15, "{mass}");
    }
    let largest = (1.0 / 0.72 + 1.0 / 0.42 + 1.0 / 0.7) / 5.0 - 1.0;
    assert!((fit.reduced_gradient() - largest).abs() < 1e-15);
    assert_eq!(fit.iterations(), 0);
}

#[test]
fn groups_are_fitted_each_by_itself() {
    let rows = [(0.0, 2.0), (1.0, 3.0), (2.0, NEVER), (1.0, 1.0), (0.0, 4.0), (3.0, NEVER)];
    let (left, right): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    let data = IntervalCensored::new(&left, &right).unwrap();
    let groups = Groups::new(&["a", "b", "a", "b", "a", "b"]).unwrap();
    let by_group = Turnbull::new().fit_by(&data, &groups).unwrap();
    for (start, name) in ["a", "b"].into_iter().enumerate() {
        let own: Vec<(f64, f64)> = rows.iter().copied().skip(start).step_by(2).collect();
        assert_eq!(by_group.get(name).unwrap(), &fit(&own));
    }
    let few = Groups::new(&["a", "b"]).unwrap();
    let error = Turnbull::new().fit_by(&data, &few).unwrap_err();
    assert_eq!(error.to_string(), "`groups` has 2 rows, expected 6");
    let empty = Groups::with_levels(&["a"; 6], &["a", "b"]).unwrap();
    let error = Turnbull::new().fit_by(&data, &empty).unwrap_err();
    assert!(matches!(error, Error::Empty { what } if what == "b"));
}

/// A cell with little mass, whose gradient is next to that of the others while the mass is still to move:
/// the slope along a step is far below the rounding of what it is made of.
#[test]
fn little_mass_finds_its_place() {
    let rows = [
        (8.0, 8.0),
        (8.0, 9.0),
        (0.0, 9.0),
        (7.0, NEVER),
        (7.0, 7.0),
        (7.0, NEVER),
        (1.0, NEVER),
        (6.0, 9.0),
        (5.0, 5.0),
        (0.0, 3.0),
        (8.0, 8.0),
        (4.0, 7.0),
        (7.0, 9.0),
        (9.0, 9.0),
        (1.0, 1.0),
        (0.0, 9.0),
        (1.0, 5.0),
        (3.0, 5.0),
        (6.0, 9.0),
        (2.0, 4.0),
    ];
    let fit = fit(&rows);
    assert!(fit.iterations() < 30, "{}", fit.iterations());
    assert!((0.0..=1e-10).contains(&fit.reduced_gradient()));
}

/// Beside a weight of 10³⁰ the others leave no trace in a sum, and yet each of their cells has its mass.
#[test]
fn weights_of_very_different_size_lose_no_cell() {
    let data = IntervalCensored::new(&[0., 2., 4., 3.], &[1., 3., 5., 5.]).unwrap();
    let data = data.with_weights(Weights::case(&[1e30, 1., 1., 1.]).unwrap()).unwrap();
    let fit = Turnbull::new().fit(&data).unwrap();
    assert!(fit.log_likelihood().is_finite());
    let mass: Vec<f64> = fit.intervals().iter().map(|cell| cell.mass).collect();
    assert_eq!(mass.len(), 3);
    for (mass, expected) in mass.iter().zip([1.0, 1e-30, 2e-30]) {
        assert!((mass / expected - 1.0).abs() < 1e-6, "{mass:e}");
    }
}
