//! Firth's penalised likelihood, against scoring by direct sums in R.

use riskset::data::{SurvivalData, Variance};
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Weights};

use super::case::{Case, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{covariance, model, near};
use super::cox_profile::{limits, profiled};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "firth",
    cases: &[
        "freireich",
        "heart",
        "lung",
        "lung_breslow",
        "lung_counts",
        "lung_weights",
        "ovarian",
        "veteran_strata",
    ],
    skipped: &[],
    total: 8,
};

#[test]
fn firth_fits_agree_with_r() {
    FAMILY.compare(|case, check| {
        let model = model(case).variance(Variance::ModelBased).firth();
        let weights = case.numbers("weights");
        let mut given = vec![weights.clone().map(|weights| Weights::case(&weights).unwrap())];
        // With Breslow's ties a frequency and a case weight have the same likelihood.
        if case.name == "firth_lung_counts" {
            let counts: Vec<u64> = weights.unwrap().iter().map(|&weight| weight as u64).collect();
            given.push(Some(Weights::frequency(&counts).unwrap()));
        }
        for weights in given {
            estimates(check, case, &fit(case, &model, weights.clone()));
            limits(check, case, &profiled(case, &model, weights));
        }
    });
}

fn fit(case: &Case, model: &CoxPh, weights: Option<Weights>) -> CoxFit {
    fn of(case: &Case, model: &CoxPh, data: &impl SurvivalData) -> CoxFit {
        model.fit(data, &design(case)).unwrap()
    }
    match Observed::new(case, weights) {
        Observed::RightCensored(data) => of(case, model, &data),
        Observed::CountingProcess(data) => of(case, model, &data),
    }
}

fn estimates(check: &mut Comparison, case: &Case, fit: &CoxFit) {
    let theirs = &case.expected;
    let (coef, se) = (numbers(&theirs["coef"]), numbers(&theirs["se"]));
    for (k, ours) in fit.coefficients().iter().enumerate() {
        let scale = Some(coef[k].abs().max(se[k]));
        near(check, &format!("coef {}", ours.name), ours.estimate, Some(coef[k]), scale);
        let what = format!("se {}", ours.name);
        check.optional(Bound::Likelihood, &what, ours.std_error, Some(se[k]));
    }
    covariance(check, "vcov", &fit.vcov(), &theirs["vcov"]);
    let log_likelihood = [fit.log_likelihood_null(), fit.log_likelihood()];
    check.column(Bound::Likelihood, "loglik", &log_likelihood, &numbers(&theirs["loglik"]));
    let penalty = fit.penalty().unwrap();
    let ours = [penalty.value_null, penalty.value];
    check.column(Bound::Likelihood, "penalty", &ours, &numbers(&theirs["penalty"]));
    let (ours, theirs) = (fit.likelihood_ratio().unwrap(), &theirs["lr_test"]);
    check.value(Bound::Likelihood, "lr_test", ours.statistic, number(&theirs["stat"]));
    check.value(Bound::PValue, "lr_test p", ours.p_value, number(&theirs["p"]));
    check.same("lr_test df", &ours.df.map(|df| df as u64), &theirs["df"].as_u64());
}
