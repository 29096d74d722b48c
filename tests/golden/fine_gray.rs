//! Fine–Gray models, against `cmprsk::crr` and against `finegray` with `coxph`.

use riskset::competing::{CensoringTies, FineGray, FineGrayFit, FineGrayVariance};
use riskset::{CompetingRisks, Ties};

use super::case::{Case, list, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::covariance;
use super::design::design;
use super::family::Family;

const CRR: Family = Family {
    prefix: "crr",
    cases: &["mgus2_1", "mgus2_2", "pbc_1", "pbc_2", "transplant_1", "transplant_2"],
    skipped: &[],
    total: 6,
};

const FINEGRAY_COXPH: Family = Family {
    prefix: "fgcox",
    cases: &["mgus2_1_breslow", "mgus2_1_efron", "pbc_2_breslow", "pbc_2_efron"],
    skipped: &[],
    total: 4,
};

/// The rows of a case, all codes that occur as causes.
fn data(case: &Case) -> CompetingRisks {
    let codes: Vec<u32> =
        case.numbers("status").unwrap().into_iter().map(|status| status as u32).collect();
    let names = [(1, "one"), (2, "two"), (3, "three")];
    CompetingRisks::from_codes(&case.numbers("time").unwrap(), &codes, &names).unwrap()
}

fn model(case: &Case) -> FineGray {
    let code = case.spec["failcode"].as_u64().unwrap() as u32;
    FineGray::new(riskset::data::Cause::new(code).unwrap()).tolerance(1e-12)
}

/// R's coefficients, on the scale of their standard errors.
fn coefficients(check: &mut Comparison, fit: &FineGrayFit, theirs: &[f64], se: &[f64]) {
    check.same("coefficients", &fit.coefficients().len(), &theirs.len());
    for (ours, (coef, se)) in fit.coefficients().iter().zip(theirs.iter().zip(se)) {
        let what = format!("coef {}", ours.name);
        let scale = coef.abs().max(*se);
        check.scaled(Bound::Likelihood, &what, ours.estimate.unwrap(), *coef, scale);
    }
}

/// `crr` ends its search where the gradient is below 1e-12 of something: its coefficients are good to that.
#[test]
fn the_weights_and_the_sandwich_are_those_of_crr() {
    CRR.compare(|case, check| {
        let theirs = &case.expected;
        let model = model(case).censoring_ties(CensoringTies::Cmprsk);
        let fit = model.fit(&data(case), &design(case)).unwrap();
        check.value(Bound::Count, "n", fit.n(), number(&theirs["n"]));
        let se = numbers(&theirs["se"]);
        coefficients(check, &fit, &numbers(&theirs["coef"]), &se);
        let ours: Vec<f64> = fit.coefficients().iter().map(|c| c.std_error.unwrap()).collect();
        check.column(Bound::Likelihood, "se", &ours, &se);
        covariance(check, "vcov", &fit.vcov(), &theirs["vcov"]);
        let information = &theirs["inv_information"];
        covariance(check, "inv_information", &fit.vcov_model_based(), information);
        let loglik = numbers(&theirs["loglik"]);
        let found = [fit.log_pseudo_likelihood_null(), fit.log_pseudo_likelihood()];
        check.column(Bound::Likelihood, "loglik", &found, &loglik);
        let p: Vec<f64> = (fit.hazard_ratios(0.95).unwrap().iter())
            .map(|ratio| ratio.test.unwrap().p_value)
            .collect();
        check.column(Bound::PValue, "p", &p, &numbers(&theirs["p"]));
    });
}

#[test]
fn with_failures_first_it_is_finegray_and_coxph() {
    FINEGRAY_COXPH.compare(|case, check| {
        let theirs = &case.expected;
        let ties = match case.spec["ties"].as_str() {
            Some("efron") => Ties::Efron,
            _ => Ties::Breslow,
        };
        let model = model(case).ties(ties).variance(FineGrayVariance::FixedWeights);
        let fit = model.fit(&data(case), &design(case)).unwrap();
        let se: Vec<f64> = (list(&theirs["robust_vcov"]).iter().enumerate())
            .map(|(j, row)| number(&row[j]).sqrt())
            .collect();
        coefficients(check, &fit, &numbers(&theirs["coef"]), &se);
        covariance(check, "robust_vcov", &fit.vcov(), &theirs["robust_vcov"]);
        covariance(check, "naive_vcov", &fit.vcov_model_based(), &theirs["naive_vcov"]);
        let loglik = numbers(&theirs["loglik"]);
        let found = [fit.log_pseudo_likelihood_null(), fit.log_pseudo_likelihood()];
        check.column(Bound::Likelihood, "loglik", &found, &loglik);
    });
}
