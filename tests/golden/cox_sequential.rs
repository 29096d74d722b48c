//! Terms added one after the other, against `anova` of a fit; information criteria.

use riskset::inference::SequentialTests;

use super::case::{Case, list, number, numbers};
use super::compare::Bound;
use super::cox_fits::{fit, weights};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "anova_seq",
    cases: &[
        "freireich_exact",
        "gbsg_rfs",
        "heart_inter",
        "lung_efron",
        "lung_factor_ecog",
        "lung_strata_sex",
        "pbc_death",
        "rotterdam_death",
        "veteran_efron",
    ],
    skipped: &[],
    total: 9,
};

fn sequential(case: &Case) -> SequentialTests {
    let (fit, design) = (fit(case), design(case));
    match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => fit.sequential_tests(&data, &design),
        Observed::CountingProcess(data) => fit.sequential_tests(&data, &design),
    }
    .unwrap()
}

#[test]
fn terms_added_in_order_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (ours, theirs) = (sequential(case), &case.expected);
        let log_likelihood = numbers(&theirs["loglik"]);
        check.same("rows", &(ours.steps.len() + 1), &log_likelihood.len());
        check.value(Bound::Likelihood, "NULL", ours.log_likelihood_null, log_likelihood[0]);
        for (step, k) in ours.steps.iter().zip(1..) {
            let what = |name: &str| format!("{name} {}", step.term);
            let r = |name: &str| number(&theirs[name][k]);
            check.value(Bound::Likelihood, &what("loglik"), step.log_likelihood, r("loglik"));
            check.value(Bound::Count, &what("df"), step.df as f64, r("df"));
            let test = step.likelihood_ratio.unwrap();
            // A difference of log-likelihoods: rounding is that of these.
            let scale = r("chisq").max(1e-3 * r("loglik").abs());
            check.scaled(Bound::Likelihood, &what("chisq"), test.statistic, r("chisq"), scale);
            let scale = if r("chisq") < 0.1 { 1.0 } else { r("p") };
            check.scaled(Bound::PValue, &what("p"), test.p_value, r("p"), scale);
        }
        let fit = fit(case);
        check.value(Bound::Likelihood, "aic", fit.aic(), number(&theirs["aic"]));
        check.value(Bound::Likelihood, "bic", fit.bic(), number(&theirs["bic"]));
        let rank = number(&theirs["loglik_df"]);
        check.value(Bound::Count, "rank", fit.rank() as f64, rank);
        check.value(Bound::Count, "events", fit.n_events(), number(&theirs["nobs"]));
        let total: f64 = list(&theirs["chisq"])[1..].iter().map(number).sum();
        check.value(Bound::Likelihood, "sum", fit.likelihood_ratio().unwrap().statistic, total);
    });
}
