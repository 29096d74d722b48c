//! Two nested models, against `anova` of both.

use riskset::inference::NestedTest;
use riskset::regression::cox::CoxFit;

use super::case::{Case, numbers};
use super::compare::Bound;
use super::cox_fits::{fit, weights};
use super::cox_intervals::chi_square;
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "anova_nested",
    cases: &["heart", "lung", "rotterdam", "veteran"],
    skipped: &[],
    total: 4,
};

fn compare(large: &Case, small: &Case) -> NestedTest {
    let (fits, designs) = ((fit(large), fit(small)), (design(large), design(small)));
    match Observed::new(large, weights(large)) {
        Observed::RightCensored(data) => {
            fits.0.compare_nested(&data, &designs.0, &fits.1, &designs.1)
        }
        Observed::CountingProcess(data) => {
            fits.0.compare_nested(&data, &designs.0, &fits.1, &designs.1)
        }
    }
    .unwrap()
}

#[test]
fn nested_models_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (large, small) = (case.part("large"), case.part("small"));
        let ours = compare(&large, &small);
        let log_likelihoods = [ours.log_likelihood_smaller, ours.log_likelihood_larger];
        let r = |name: &str| numbers(&case.expected[name]);
        check.column(Bound::Likelihood, "loglik", &log_likelihoods, &r("loglik"));
        chi_square(check, "", &ours.test, &case.expected);
        let fits = [fit(&small), fit(&large)];
        let of = |criterion: fn(&CoxFit) -> f64| fits.iter().map(criterion).collect::<Vec<f64>>();
        check.column(Bound::Likelihood, "aic", &of(CoxFit::aic), &r("aic"));
        check.column(Bound::Likelihood, "bic", &of(CoxFit::bic), &r("bic"));
    });
}
