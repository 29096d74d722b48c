//! Log-likelihood, score and information at given coefficients, against `coxph(iter.max = 0)` and
//! `coxph.detail`.

use riskset::data::SurvivalData;
use riskset::regression::cox::LikelihoodAt;

use super::case::{Case, matrix, number, numbers};
use super::compare::Bound;
use super::cox_fits::{covariance, model};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "coxat",
    cases: &["heart", "lung_big", "lung_breslow", "lung_zero", "tg2", "veteran"],
    skipped: &[],
    total: 6,
};

#[test]
fn likelihoods_agree_with_r() {
    FAMILY.compare(|case, check| {
        let ours = likelihood(case);
        let theirs = &case.expected;
        let value = number(&theirs["loglik"]);
        check.value(Bound::Likelihood, "loglik", ours.log_likelihood(), value);
        covariance(check, "information", &ours.information(), &theirs["information"]);
        // The variance of the score is the information.
        let information = matrix(&theirs["information"]);
        let score = numbers(&theirs["score"]);
        check.same("score length", &ours.score().len(), &score.len());
        for (k, (&ours, &theirs)) in ours.score().iter().zip(&score).enumerate() {
            let scale = theirs.abs().max(information[k][k].sqrt());
            check.scaled(Bound::Likelihood, &format!("score[{k}]"), ours, theirs, scale);
        }
    });
}

fn likelihood(case: &Case) -> LikelihoodAt {
    fn at(case: &Case, data: &impl SurvivalData) -> LikelihoodAt {
        let coefficients = numbers(&case.spec["init"]);
        model(case).likelihood_at(data, &design(case), &coefficients).unwrap()
    }
    match Observed::new(case, None) {
        Observed::RightCensored(data) => at(case, &data),
        Observed::CountingProcess(data) => at(case, &data),
    }
}
