//! Concordance of scores and of Cox models, against R's `concordance` and scikit-survival.

use riskset::data::SurvivalData;
use riskset::regression::cox::CoxFit;
use riskset::statistic::Difference;
use riskset::validation::{Concordance, ConcordanceFit, PairCounts, Score, TimeWeight};
use riskset::{RightCensored, Weights};
use serde_json::Value;

use super::case::{Case, list, matrix, number, numbers, text};
use super::compare::{Bound, Comparison};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "conc",
    cases: &[
        "gbsg_grade_ties",
        "gbsg_risk",
        "gbsg_risk_S",
        "gbsg_risk_SG",
        "gbsg_risk_n",
        "gbsg_risk_nG2",
        "gbsg_risk_tau_n",
        "gbsg_risk_tau_nG2",
        "heart_startstop",
        "kidney_cluster",
        "lung_age",
        "lung_age_S",
        "lung_age_n",
        "lung_age_nG2",
        "lung_karno",
        "lung_strata",
        "lung_wfrac",
        "lung_wint",
        "ovarian",
        "rotterdam_nodes",
        "rotterdam_two",
        "veteran_karno",
    ],
    skipped: &[("gbsg_risk_I", "each event counts the same whoever is at risk: not offered")],
    total: 23,
};

const SKSURV: Family = Family {
    prefix: "sksurv_concordance",
    cases: &["gbsg_pred", "lung_pred", "veteran_pred"],
    skipped: &[],
    total: 3,
};

#[test]
fn concordance_agrees_with_r() {
    FAMILY.compare(|case, check| match case.spec["scores"].is_null() {
        true => one_score(case, check),
        false => two_scores(case, check),
    });
}

fn one_score(case: &Case, check: &mut Comparison) {
    let scores = case.numbers("score").unwrap();
    let weights = case.numbers("weights").map(|weights| Weights::case(&weights).unwrap());
    let ours = match Observed::new(case, weights) {
        Observed::RightCensored(data) => request(case).fit(&data, Score::higher_is_worse(&scores)),
        Observed::CountingProcess(data) => {
            request(case).fit(&data, Score::higher_is_worse(&scores))
        }
    };
    let (ours, theirs) = (ours.unwrap(), &case.expected);
    check.value(Bound::Count, "n", ours.n, number(&theirs["n"]));
    estimate(check, &ours, theirs);
    pairs(check, case, "pairs", &ours.pairs, theirs);
    check.value(Bound::Curve, "var", ours.std_error.powi(2), number(&theirs["var"]));
    let by_stratum = theirs["count_by_stratum"].as_array().map_or(&[][..], Vec::as_slice);
    check.same("strata", &ours.strata.len(), &by_stratum.len());
    for ((name, ours), theirs) in ours.strata.iter().zip(by_stratum) {
        check.column(Bound::Count, name, &columns(ours), &numbers(theirs));
    }
}

/// DIFFERENCE: R's `ymax` counts an event at that time, τ here does not. No event lies there.
fn request(case: &Case) -> Concordance {
    let request = Concordance::new().time_weight(match case.spec["timewt"].as_str() {
        None | Some("n") => TimeWeight::Equal,
        Some("S") => TimeWeight::Survival,
        Some("n/G2" | "S/G") => TimeWeight::Uno,
        other => panic!("timewt {other:?}"),
    });
    match case.spec["ymax"].as_f64() {
        Some(tau) => request.tau(tau),
        None => request,
    }
}

fn columns(pairs: &PairCounts) -> [f64; 5] {
    let PairCounts { concordant, discordant, tied_score, tied_time, tied_both, .. } = *pairs;
    [concordant, discordant, tied_score, tied_time, tied_both]
}

fn estimate(check: &mut Comparison, ours: &ConcordanceFit, theirs: &Value) {
    check.value(Bound::Curve, "c", ours.concordance, number(&theirs["c"]));
    check.value(Bound::Curve, "se", ours.std_error, number(&theirs["se"]));
}

fn pairs(check: &mut Comparison, case: &Case, what: &str, ours: &PairCounts, theirs: &Value) {
    let whole =
        !case.has_fractional_weights() && matches!(case.spec["timewt"].as_str(), None | Some("n"));
    let bound = if whole { Bound::Count } else { Bound::WeightedCount };
    let names = ["concordant", "discordant", "tied_x", "tied_y", "tied_xy"];
    for (name, ours) in names.into_iter().zip(columns(ours)) {
        check.value(bound, &format!("{what} {name}"), ours, number(&theirs[name]));
    }
}

fn two_scores(case: &Case, check: &mut Comparison) {
    let (time, event) = (case.numbers("time").unwrap(), case.event());
    let data = RightCensored::new(&time, &event).unwrap();
    let scores: Vec<Vec<f64>> =
        list(&case.spec["scores"]).iter().map(|column| case.frame.numbers(&text(column))).collect();
    let [first, second] = [0, 1].map(|k| Score::higher_is_worse(&scores[k]));
    let ours = Concordance::new().compare(&data, first, second).unwrap();
    let theirs = &case.expected;
    let (c, v) = (numbers(&theirs["c"]), matrix(&theirs["var"]));
    check.value(Bound::Curve, "first", ours.first.concordance, c[0]);
    check.value(Bound::Curve, "second", ours.second.concordance, c[1]);
    check.value(Bound::Curve, "var 1", ours.first.std_error.powi(2), v[0][0]);
    check.value(Bound::Curve, "var 2", ours.second.std_error.powi(2), v[1][1]);
    let scale = (v[0][0] * v[1][1]).sqrt();
    check.scaled(Bound::Curve, "covariance", ours.covariance, v[0][1], scale);
    let Difference { estimate, std_error, test, .. } = ours.difference;
    check.value(Bound::Curve, "difference", estimate, number(&theirs["difference"]));
    check.value(Bound::Curve, "variance", std_error.powi(2), number(&theirs["var_difference"]));
    check.value(Bound::Likelihood, "z", test.unwrap().statistic, number(&theirs["z"]));
}

/// scikit-survival counts times rather than pairs of tied events, and weights Uno's C by G(T) of a
/// curve with tied events in its risk set: neither is compared.
#[test]
fn concordance_agrees_with_scikit_survival() {
    SKSURV.compare(|case, check| {
        let data = RightCensored::new(&case.numbers("time").unwrap(), &case.event()).unwrap();
        let score = case.spec["score"].as_str().unwrap();
        let values = case.frame.numbers(score.trim_start_matches("1 - "));
        let score = match score.starts_with("1 - ") {
            true => Score::higher_is_better(&values),
            false => Score::higher_is_worse(&values),
        };
        let ours = Concordance::new().fit(&data, score).unwrap();
        let theirs = &case.expected["harrell"];
        check.value(Bound::Curve, "c", ours.concordance, number(&theirs["c"]));
        let lifelines = number(&case.expected["lifelines_c"]);
        check.value(Bound::Curve, "lifelines", ours.concordance, lifelines);
        for (name, ours) in [
            ("concordant", ours.pairs.concordant),
            ("discordant", ours.pairs.discordant),
            ("tied_risk", ours.pairs.tied_score),
        ] {
            check.value(Bound::Count, name, ours, number(&theirs[name]));
        }
    });
}

/// The concordance that R prints for a Cox model.
pub fn concordance_of_fit(check: &mut Comparison, case: &Case, fit: &CoxFit) {
    fn of(case: &Case, fit: &CoxFit, data: &impl SurvivalData) -> ConcordanceFit {
        fit.concordance(data, &design(case)).unwrap()
    }
    let weights = case.numbers("weights").map(|weights| Weights::case(&weights).unwrap());
    let ours = match Observed::new(case, weights) {
        Observed::RightCensored(data) => of(case, fit, &data),
        Observed::CountingProcess(data) => of(case, fit, &data),
    };
    let theirs = &case.expected["concordance"];
    // R's null model has none.
    if theirs.is_null() {
        return check.same("coefficients", &fit.coefficients().len(), &0);
    }
    estimate(check, &ours, theirs);
    pairs(check, case, "concordance", &ours.pairs, theirs);
}
