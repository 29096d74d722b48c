//! Restricted cubic splines: knots, tests against a line, hazard ratios along them, against
//! `Hmisc::rcspline.eval` and `coxph`; `generate/45_terms.R` made the numbers.

use riskset::Profile;
use riskset::data::spline_knots;
use riskset::{CoxPh, Design, RightCensored};

use super::case::{Case, list, number, numbers, text};
use super::compare::Bound;
use super::cox_fits::near;
use super::cox_terms::three;
use super::family::Family;

const FAMILY: Family = Family {
    prefix: "spline",
    cases: &["lung_age", "rotterdam_age", "veteran_karno"],
    skipped: &[],
    total: 3,
};

fn design(case: &Case, column: &str, knots: &[f64]) -> Design {
    let names = list(&case.spec["terms"]).iter().map(|term| text(&term["column"]));
    names
        .fold(Design::builder(), |builder, name| {
            let values = case.frame.numbers(&name);
            if name == column {
                builder.spline(&name, &values, knots)
            } else {
                builder.numeric(&name, &values)
            }
        })
        .build()
        .unwrap()
}

#[test]
fn splines_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (column, theirs) = (text(&case.spec["spline"]), &case.expected);
        let count = number(&case.spec["knots"]) as usize;
        let knots = spline_knots(&case.frame.numbers(&column), count).unwrap();
        check.column(Bound::Curve, "knots", &knots, &numbers(&theirs["knots"]));
        let data = RightCensored::new(&case.numbers("time").unwrap(), &case.event()).unwrap();
        let design = design(case, &column, &knots);
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let r = |name: &str, k: usize| number(&theirs[name][k]);
        for (k, ours) in fit.coefficients().iter().enumerate() {
            let scale = Some(r("coef", k).abs().max(r("se", k)));
            near(check, &format!("coef {}", ours.name), ours.estimate, Some(r("coef", k)), scale);
            check.value(Bound::Likelihood, "se", ours.std_error.unwrap(), r("se", k));
        }
        let tests = fit.term_tests(&data, &design).unwrap();
        three(check, tests.term(&column).unwrap(), &theirs["overall"]);
        three(check, &fit.linearity_test(&column, &data, &design).unwrap(), &theirs["nonlinear"]);
        let (values, reference) = (numbers(&case.spec["values"]), number(&case.spec["reference"]));
        let none = Profile::new();
        let ratios = fit.ratios_along(&column, &values, reference, &none, 0.95).unwrap();
        for (k, at) in ratios.iter().enumerate() {
            let (ratio, interval) = (&at.ratio, at.ratio.interval.unwrap());
            let ln = ratio.estimate.map(f64::ln);
            let scale = Some(r("ln_hr", k).abs().max(r("se_ln", k)).max(1e-300));
            near(check, &ratio.name, ln, Some(r("ln_hr", k)), scale);
            check.value(Bound::Likelihood, "se ln", ratio.std_error_ln.unwrap(), r("se_ln", k));
            check.value(Bound::Likelihood, "lower", interval.lower.unwrap(), r("lower", k));
            check.value(Bound::Likelihood, "upper", interval.upper.unwrap(), r("upper", k));
        }
    });
}
