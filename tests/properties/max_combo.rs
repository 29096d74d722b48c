//! MaxCombo: one weight is the log-rank test, and what must not matter.

use proptest::prelude::*;
use riskset::nonparametric::{Alternative, MaxCombo, TestWeight};
use riskset::{Groups, LogRank, RightCensored};

fn rows() -> impl Strategy<Value = (RightCensored, Groups, Groups)> {
    proptest::collection::vec((1..40_u8, prop::bool::weighted(0.7), any::<bool>()), 12..60)
        .prop_filter_map("two groups at risk together", |rows| {
            let time: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let event: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let arm: Vec<bool> = rows.iter().map(|row| row.2).collect();
            let data = RightCensored::new(&time, &event).unwrap();
            let groups = Groups::new(&arm).unwrap();
            let swapped = Groups::with_levels(&arm, &["true", "false"]).ok()?;
            MaxCombo::new().fit(&data, &groups).ok()?;
            Some((data, groups, swapped))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn one_weight_is_the_weighted_log_rank_test((data, groups, _) in rows()) {
        for weight in [TestWeight::LogRank, TestWeight::Gehan, TestWeight::PetoPeto] {
            let combo = MaxCombo::new().weights(&[weight]).fit(&data, &groups).unwrap();
            let test = *LogRank::new().weight(weight).fit(&data, &groups).unwrap().test();
            let squared = combo.statistics()[0].powi(2);
            prop_assert!((squared - test.statistic).abs() <= 1e-11 * (1.0 + squared));
            prop_assert!((combo.p_value() - test.p_value).abs() <= 1e-10 * test.p_value.max(1e-3));
        }
    }

    #[test]
    fn swapping_the_groups_swaps_the_sides((data, groups, swapped) in rows()) {
        let p = |groups, side| MaxCombo::new().alternative(side).fit(&data, groups).unwrap();
        let (a, b) = (
            p(&groups, Alternative::SecondLower),
            p(&swapped, Alternative::SecondHigher),
        );
        for (x, y) in a.statistics().iter().zip(b.statistics()) {
            prop_assert!((x + y).abs() <= 1e-10);
        }
        prop_assert!((a.p_value() - b.p_value()).abs() <= 1e-8);
        let two = p(&groups, Alternative::TwoSided);
        prop_assert!(two.p_value_error() <= 1e-8 && (0.0..=1.0).contains(&two.p_value()));
        // Between the smallest single p and their sum.
        let single = two.statistics().iter().map(|z| z.abs()).fold(0.0, f64::max);
        prop_assert!((two.max() - single).abs() == 0.0);
    }

    #[test]
    fn a_weight_twice_changes_nothing((data, groups, _) in rows()) {
        let late = TestWeight::FlemingHarrington { rho: 0.0, gamma: 1.0 };
        let p = |weights: &[TestWeight]| {
            MaxCombo::new().weights(weights).fit(&data, &groups).unwrap().p_value()
        };
        let once = p(&[TestWeight::LogRank, late]);
        let twice = p(&[TestWeight::LogRank, late, late, TestWeight::LogRank]);
        prop_assert!((once - twice).abs() <= 1e-8, "{once} {twice}");
    }
}

#[test]
fn what_cannot_be_combined_is_refused() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4]).unwrap();
    let groups = Groups::new(&["a", "b", "a", "b"]).unwrap();
    let message =
        |test: MaxCombo, groups: &Groups| test.fit(&data, groups).unwrap_err().to_string();
    assert_eq!(
        message(MaxCombo::new().weights(&[]), &groups),
        "option `weights` is 0: there must be 1 to 8 weights"
    );
    assert_eq!(
        message(MaxCombo::new(), &Groups::new(&["a", "b", "c", "b"]).unwrap()),
        "MaxCombo: comparing more than two groups is not possible; compare them in pairs"
    );
    // The only event with both groups at risk is the first, where 1 − S is 0.
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, true]).unwrap();
    let groups = Groups::new(&["a", "b", "a"]).unwrap();
    let error = MaxCombo::new().fit(&data, &groups).unwrap_err().to_string();
    assert!(error.starts_with("MaxCombo: a weight that is 0 wherever both"), "{error}");
}
