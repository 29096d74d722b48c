//! Designs with a column that says nothing new, against the NA coefficients of `coxph`.

use riskset::Warning;
use riskset::regression::cox::{CoefficientStatus, CoxFit};

use super::case::Case;
use super::cox_fits::{counts, estimates, fit};
use super::family::Family;

const FAMILY: Family =
    Family { prefix: "coxsing", cases: &["constant", "duplicate", "sum"], skipped: &[], total: 3 };

#[test]
fn singular_designs_agree_with_r() {
    FAMILY.compare(|case, check| {
        let ours = fit(case);
        counts(check, &ours, &case.expected);
        estimates(check, &ours, &case.expected);
        let (column, of) = aliased(case);
        for coefficient in ours.coefficients() {
            let expected = match coefficient.name == column {
                true => CoefficientStatus::Aliased { of: of.clone() },
                false => CoefficientStatus::Finite,
            };
            check.same(&format!("status {}", coefficient.name), &coefficient.status, &expected);
        }
        warned(&ours, column);
    });
}

/// The column that is not estimated, and the earlier ones that it is made of.
fn aliased(case: &Case) -> (&'static str, Vec<String>) {
    let (column, of): (_, &[&str]) = match case.name.as_str() {
        "coxsing_constant" => ("constant", &[]),
        "coxsing_duplicate" => ("times2(age)", &["age"]),
        "coxsing_sum" => ("age + ph_karno", &["age", "ph_karno"]),
        other => panic!("{other}"),
    };
    (column, of.iter().map(ToString::to_string).collect())
}

fn warned(fit: &CoxFit, column: &str) {
    let column = column.to_owned();
    assert_eq!(fit.warnings(), [Warning::AliasedColumn { column }]);
}
