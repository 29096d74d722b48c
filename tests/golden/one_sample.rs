//! The one-sample log-rank test, against `survdiff` with an offset.

use riskset::RightCensored;
use riskset::nonparametric::OneSampleLogRank;

use super::case::number;
use super::compare::Bound;
use super::family::Family;

const FAMILY: Family =
    Family { prefix: "onesample", cases: &["lung_exp600"], skipped: &[], total: 1 };

#[test]
fn test_agrees_with_r() {
    FAMILY.compare(|case, check| {
        assert_eq!(case.spec["expected_survival"], "exp(-time/600)");
        let data = RightCensored::new(&case.numbers("time").unwrap(), &case.event()).unwrap();
        let fit = OneSampleLogRank::new().fit(&data, |time| time / 600.0).unwrap();
        let theirs = &case.expected;
        check.value(Bound::Count, "n", fit.n(), number(&theirs["n"]));
        check.value(Bound::Count, "observed", fit.observed(), number(&theirs["observed"]));
        check.value(Bound::Curve, "expected", fit.expected(), number(&theirs["expected"]));
        check.value(Bound::Likelihood, "chisq", fit.test().statistic, number(&theirs["chisq"]));
        check.value(Bound::PValue, "p", fit.test().p_value, number(&theirs["p"]));
    });
}
