//! Laws of propensity scores, balancing weights and standardised curves.

use proptest::prelude::*;
use riskset::adjustment::{
    Balance, BalancingWeights, PropensityScores, Standardisation, TargetPopulation,
};
use riskset::{CoxPh, Design, Groups, RightCensored, Weights};

/// Group, covariate and flag of forty rows and more; every group and flag occurs together.
fn rows() -> impl Strategy<Value = Vec<(usize, f64, bool)>> {
    let row = (0..3_usize, -3.0..3.0_f64, any::<bool>());
    prop::collection::vec(row, 40..80).prop_map(|mut rows| {
        for group in 0..3 {
            for flag in [false, true] {
                rows.extend([(group, -3.5, flag), (group, 3.5, flag)]);
            }
        }
        rows
    })
}

fn columns(rows: &[(usize, f64, bool)]) -> (Vec<String>, Design) {
    let groups = rows.iter().map(|(group, ..)| format!("g{group}")).collect();
    let x: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let flag: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row.2))).collect();
    let design = Design::builder().numeric("x", &x).numeric("flag", &flag).build().unwrap();
    (groups, design)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_reference_group_does_not_matter(rows in rows()) {
        let (labels, design) = columns(&rows);
        let groups = Groups::new(&labels).unwrap();
        let of = |reference: &str| {
            PropensityScores::new().reference(reference).fit(&groups, &design).unwrap()
        };
        let (a, b) = (of("g0"), of("g2"));
        prop_assert!((a.log_likelihood() - b.log_likelihood()).abs() < 1e-10);
        for (a, b) in a.probabilities().iter().zip(b.probabilities()) {
            prop_assert!((a - b).abs() < 1e-9);
        }
        // The score equations: the probabilities of a group add up to its size.
        for (g, column) in a.probabilities().columns().into_iter().enumerate() {
            let size = rows.iter().filter(|row| row.0 == g).count() as f64;
            prop_assert!((column.sum() - size).abs() < 1e-8);
        }
    }

    /// Li, Morgan & Zaslavsky 2018, theorem 3: under a logistic score overlap weights balance the mean of
    /// every column exactly.
    #[test]
    fn overlap_weights_balance_two_groups_exactly(rows in rows()) {
        let rows: Vec<_> = rows.into_iter().filter(|row| row.0 < 2).collect();
        let (labels, design) = columns(&rows);
        let groups = Groups::new(&labels).unwrap();
        let scores = PropensityScores::new().fit(&groups, &design).unwrap();
        let weights = BalancingWeights::new(TargetPopulation::Overlap).fit(&scores).unwrap();
        let balance = Balance::new(&groups, &design, weights.weights()).unwrap();
        prop_assert!(balance.largest_after().unwrap() < 1e-9);
        prop_assert!(weights.values().iter().all(|&weight| weight < 1.0));
        let target = BalancingWeights::new(TargetPopulation::Group("g1".to_owned()));
        let target = target.fit(&scores).unwrap();
        let own = rows.iter().zip(target.values()).filter(|(row, _)| row.0 == 1);
        prop_assert!(own.into_iter().all(|(_, &weight)| weight == 1.0));
    }

    /// A row that stands for k rows moves standardised curves, and their errors, as k rows do.
    #[test]
    fn frequencies_are_repeated_rows(rows in rows(), seed in 1..1000_u32) {
        let times: Vec<f64> =
            (0..rows.len() as u32).map(|row| f64::from(1 + (row * 7 + seed) % 13)).collect();
        let event: Vec<bool> = (0..rows.len() as u32).map(|row| (row * 5 + seed) % 4 != 0).collect();
        let counts: Vec<u64> = (0..rows.len() as u64).map(|row| 1 + row % 3).collect();
        let repeat: Vec<usize> =
            counts.iter().enumerate().flat_map(|(row, &k)| vec![row; k as usize]).collect();
        let curves = |rows: &[usize], counts: Option<&[u64]>, all: &[(usize, f64, bool)]| {
            let take = |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row]).collect() };
            let event: Vec<bool> = rows.iter().map(|&row| event[row]).collect();
            let arm: Vec<String> = rows.iter().map(|&row| format!("g{}", all[row].0)).collect();
            let x: Vec<f64> = rows.iter().map(|&row| all[row].1).collect();
            let mut data = RightCensored::new(&take(&times), &event).unwrap();
            if let Some(counts) = counts {
                data = data.with_weights(Weights::frequency(counts).unwrap()).unwrap();
            }
            let design = Design::builder().factor("arm", &arm, "g0").numeric("x", &x);
            let design = design.interaction("arm", "x").build().unwrap();
            let fit = CoxPh::new().tolerance(1e-12).fit(&data, &design).unwrap();
            let request = Standardisation::new(&[3.0, 9.0]).restricted_mean(10.0);
            request.of(&fit, "arm", &data, &design).unwrap()
        };
        let single: Vec<usize> = (0..rows.len()).collect();
        let (a, b) = (curves(&single, Some(&counts), &rows), curves(&repeat, None, &rows));
        for level in ["g0", "g1", "g2"] {
            for (a, b) in a.curve(level).unwrap().iter().zip(b.curve(level).unwrap()) {
                prop_assert!((a.survival - b.survival).abs() < 1e-10);
                prop_assert!((a.std_error - b.std_error).abs() < 1e-9 * b.std_error);
            }
            let mean = |fit: &riskset::adjustment::StandardisedSurvival| {
                *fit.restricted_mean(level).unwrap().unwrap()
            };
            let (a, b) = (mean(&a), mean(&b));
            prop_assert!((a.mean - b.mean).abs() < 1e-9);
            prop_assert!((a.std_error - b.std_error).abs() < 1e-9 * b.std_error);
        }
    }
}

/// An offset that is a multiple of a column only takes that much off its coefficient.
#[test]
fn a_standardised_curve_knows_the_offset() {
    let time = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
    let event = [true, true, false, true, true, true, true, false, true, true];
    let x = [3., 1., 4., 1., 5., 9., 2., 6., 5., 3.];
    let arm = ["a", "b", "b", "a", "b", "a", "a", "b", "b", "a"];
    let data = RightCensored::new(&time, &event).unwrap();
    let design = || Design::builder().factor("arm", &arm, "a").numeric("x", &x);
    let plain = design().build().unwrap();
    let offset = design().offset(&x.map(|x| 0.5 * x)).build().unwrap();
    let [plain, offset] = [plain, offset].map(|design| {
        let fit = CoxPh::new().tolerance(1e-14).fit(&data, &design).unwrap();
        Standardisation::new(&[2.5, 6.0]).of(&fit, "arm", &data, &design).unwrap()
    });
    for arm in ["a", "b"] {
        for (a, b) in plain.curve(arm).unwrap().iter().zip(offset.curve(arm).unwrap()) {
            assert!((a.survival - b.survival).abs() < 1e-12, "{a:?} {b:?}");
            assert!((a.std_error - b.std_error).abs() < 1e-12, "{a:?} {b:?}");
        }
    }
}
