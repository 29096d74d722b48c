//! A likelihood without a maximum, against its supremum.

use riskset::Warning;
use riskset::regression::cox::CoefficientStatus;

use super::case::number;
use super::compare::Bound;
use super::cox_fits::fit;
use super::family::Family;

const FAMILY: Family =
    Family { prefix: "coxinf", cases: &["tg_test1_exact"], skipped: &[], total: 1 };

/// R's coefficient is where its iterations happened to stop.
#[test]
fn infinite_coefficients_are_flagged() {
    FAMILY.compare(|case, check| {
        let ours = fit(case);
        let theirs = &case.expected;
        check.value(
            Bound::Likelihood,
            "loglik 0",
            ours.log_likelihood_null(),
            number(&theirs["loglik_null"]),
        );
        let limit = number(&theirs["loglik_limit"]);
        check.value(Bound::Likelihood, "loglik", ours.log_likelihood(), limit);
        check.same("sign", &theirs["sign"][0].as_i64(), &Some(1));
        let statuses: Vec<_> = ours.coefficients().iter().map(|c| c.status.clone()).collect();
        check.same("status", &statuses, &vec![CoefficientStatus::PlusInfinity]);
        let column = "x".to_owned();
        check.same(
            "warnings",
            &ours.warnings(),
            &[Warning::InfiniteCoefficient { column }].as_slice(),
        );
        check.same("no Wald test", &ours.wald(), &None);
    });
}
