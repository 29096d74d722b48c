//! Limits at other levels, contrasts, and Wald tests of several coefficients.

use ndarray::Array2;
use riskset::statistic::TestResult;
use serde_json::Value;

use super::case::{matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{fit, near};
use super::family::Family;

const CONFINT: Family =
    Family { prefix: "confint", cases: &["veteran_0.9", "veteran_0.99"], skipped: &[], total: 2 };

#[test]
fn limits_agree_with_r() {
    CONFINT.compare(|case, check| {
        let level = number(&case.spec["level"]);
        let (lower, upper) = (numbers(&case.expected["lower"]), numbers(&case.expected["upper"]));
        let ours = fit(case).hazard_ratios(level).unwrap();
        check.same("coefficients", &ours.len(), &lower.len());
        for (k, ours) in ours.into_iter().enumerate() {
            let interval = ours.interval.unwrap();
            let what = |name: &str| format!("{name} {}", ours.name);
            let of = |theirs: f64| Some(theirs.abs().max(ours.std_error_ln.unwrap()));
            let limit = |limit: Option<f64>| limit.map(f64::ln);
            let (low, high) = (Some(lower[k]), Some(upper[k]));
            near(check, &what("lower"), limit(interval.lower), low, of(lower[k]));
            near(check, &what("upper"), limit(interval.upper), high, of(upper[k]));
        }
    });
}

const CONTRAST: Family =
    Family { prefix: "contrast", cases: &["colon", "veteran"], skipped: &[], total: 2 };

#[test]
fn contrasts_agree_with_r() {
    CONTRAST.compare(|case, check| {
        let fit = fit(case);
        let rows = matrix(&case.spec["contrast"]);
        for (k, weights) in rows.iter().enumerate() {
            let ours = fit.contrast("contrast", weights, 0.95).unwrap();
            let what = |name: &str| format!("{name}[{k}]");
            let r = |name: &str| number(&case.expected[name][k]);
            let (ratio, se) = (ours.estimate.unwrap(), ours.std_error_ln.unwrap());
            let scale = r("estimate").abs().max(r("se"));
            let bound = Bound::Likelihood;
            check.scaled(bound, &what("estimate"), ratio.ln(), r("estimate"), scale);
            check.value(bound, &what("hr"), ratio, r("hr"));
            check.value(bound, &what("se"), se, r("se"));
            let interval = ours.interval.unwrap();
            check.value(bound, &what("lower"), interval.lower.unwrap(), r("lower"));
            check.value(bound, &what("upper"), interval.upper.unwrap(), r("upper"));
            check.value(Bound::PValue, &what("p"), ours.test.unwrap().p_value, r("p"));
        }
    });
}

const WALD: Family = Family {
    prefix: "wald",
    cases: &["bladder2", "colon_rx", "kidney_disease", "veteran_celltype"],
    skipped: &[],
    total: 4,
};

#[test]
fn wald_tests_of_several_coefficients_agree_with_r() {
    WALD.compare(|case, check| {
        let fit = fit(case);
        let columns = numbers(&case.spec["columns"]);
        let unit = |(row, column)| f64::from(u8::from(columns[row] == column as f64));
        let contrasts = Array2::from_shape_fn((columns.len(), fit.coefficients().len()), unit);
        let ours = fit.wald_test(&contrasts).unwrap();
        chi_square(check, "", &ours, &case.expected);
        if columns.len() == fit.coefficients().len() {
            chi_square(check, "all ", fit.wald().unwrap(), &case.expected);
        }
    });
}

/// A chi-square test that R gives with `chisq`, `df` and `p`.
pub fn chi_square(check: &mut Comparison, what: &str, ours: &TestResult, theirs: &Value) {
    check.same(&format!("{what}df"), &ours.df.map(|df| df as u64), &theirs["df"].as_u64());
    let statistic = number(&theirs["chisq"]);
    check.value(Bound::Likelihood, &format!("{what}chisq"), ours.statistic, statistic);
    check.value(Bound::PValue, &format!("{what}p"), ours.p_value, number(&theirs["p"]));
}
