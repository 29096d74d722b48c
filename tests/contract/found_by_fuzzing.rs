//! What tests/fuzz has found, each as the least input that still shows it.

use riskset::Groups;
use riskset::study::{Baseline, BaselineSummary, Cell, NumberTest, Style, Table};

use super::hard_input::assert_finite;

/// The square of a deviation can be beyond the range of numbers where the values are not.
#[test]
fn a_spread_too_large_for_its_square() {
    let arm = Groups::new(&["a", "a", "b", "b", "b"]).unwrap();
    for test in [NumberTest::Anova, NumberTest::WelchT, NumberTest::KruskalWallis] {
        for huge in [1e160, 1e300, f64::MAX] {
            let table = Baseline::new().numeric("x", &[0.0, huge, 1.0, 2.0, 4.0]).number_test(test);
            let table = table.by(&arm);
            assert_finite(&table);
            let row = table.unwrap().row("x").unwrap().clone();
            let BaselineSummary::Number { by_group, overall } = &row.summary else { panic!() };
            assert_eq!((by_group[0].std_deviation, overall.std_deviation), (None, None));
            assert_eq!((by_group[0].mean, overall.mean), (Some(huge / 2.0), Some(huge / 5.0)));
            assert!(by_group[1].std_deviation.is_some());
            assert_eq!(row.test.is_some(), test == NumberTest::KruskalWallis);
        }
    }
}

/// Nor is the sum of the values always a number, nor the distance of two of them.
#[test]
fn values_at_both_ends_of_the_range_of_numbers() {
    let arm = Groups::new(&["a", "a", "b", "b", "b"]).unwrap();
    for last in [f64::MIN, f64::MAX] {
        let x = [f64::MAX, f64::MAX, f64::MIN, f64::MAX, last];
        for weights in [None, Some(riskset::Weights::case(&[2.0; 5]).unwrap())] {
            let mut table = Baseline::new().numeric("x", &x);
            if let Some(weights) = &weights {
                table = table.weights(weights);
            }
            assert_finite(&table.by(&arm));
        }
    }
}

/// More decimals than a number can be written with.
#[test]
fn a_cell_with_endless_decimals() {
    let endless = Cell::Number { value: 0.5, decimals: usize::MAX };
    let table = Table::new("title", &["", "number"]).row("row", vec![endless]);
    for text in [table.to_html(), table.to_latex(), table.to_markdown()] {
        assert!(text.contains("0.500"), "{text}");
    }
    assert!(Style::default().interval(Some(0.5), None, usize::MAX).starts_with("0.500"));
}
