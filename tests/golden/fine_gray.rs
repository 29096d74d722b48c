//! Fine–Gray models, against `cmprsk::crr` and against `finegray` with `coxph`.

use riskset::competing::{CensoringTies, FineGray, FineGrayFit, FineGrayVariance};
use riskset::data::TermKind;
use riskset::{CompetingRisks, Profile, Ties};

use super::case::{Case, list, matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::covariance;
use super::design::design;
use super::family::Family;
use crate::properties::fine_gray::{Layout, weight};
use crate::sample::{Row, Sample};

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

const ENTRY: Family =
    Family { prefix: "fgentry", cases: &["mgus2_1", "mgus2_2"], skipped: &[], total: 2 };

const CENSORING_GROUPS: Family = Family {
    prefix: "fgcengroup",
    cases: &["pbc_1"],
    // With cause 2 `crr` stops where the score is still 6e-6.
    skipped: &[],
    total: 1,
};

const WEIGHTS: Family =
    Family { prefix: "finegray_sub", cases: &["1", "2"], skipped: &[], total: 2 };

const NAMES: [(u32, &str); 3] = [(1, "one"), (2, "two"), (3, "three")];

/// The rows of a case, all codes that occur as causes.
fn data(case: &Case) -> CompetingRisks {
    CompetingRisks::from_codes(&case.numbers("time").unwrap(), &codes(case), &NAMES).unwrap()
}

fn codes(case: &Case) -> Vec<u32> {
    case.numbers("status").unwrap().into_iter().map(|status| status as u32).collect()
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
        baseline(check, case, &fit);
        predictions(check, case, &fit);
    });
}

/// The jumps of the cumulative hazard where all covariates are 0.
fn baseline(check: &mut Comparison, case: &Case, fit: &FineGrayFit) {
    let time = numbers(&case.expected["baseline_time"]);
    let jumps = numbers(&case.expected["baseline_jump"]);
    let zero = vec![0.0; fit.coefficients().len()];
    let hazard = hazards(case, fit, &zero, &time);
    let mut sum = 0.0;
    for (k, (ours, jump)) in hazard.into_iter().zip(jumps).enumerate() {
        sum += jump;
        // What F near 1 leaves of the digits of a hazard.
        let scale = sum.max(1e-5 * sum.exp());
        check.scaled(Bound::Likelihood, &format!("hazard {k}"), ours, sum, scale);
    }
}

/// Λ(t|x) of covariates in the order of the columns.
fn hazards(case: &Case, fit: &FineGrayFit, x: &[f64], time: &[f64]) -> Vec<f64> {
    incidences(case, fit, x, time).into_iter().map(|f| -(-f).ln_1p()).collect()
}

fn incidences(case: &Case, fit: &FineGrayFit, x: &[f64], time: &[f64]) -> Vec<f64> {
    let incidence = fit.incidence(&data(case), &design(case), time).unwrap();
    let terms = fit.coding().terms().iter().zip(x);
    let profile = terms.fold(Profile::new(), |profile, (term, &x)| match &term.kind {
        TermKind::Factor { levels } => profile.level(&term.name, &levels[x as usize]),
        _ => profile.number(&term.name, x),
    });
    incidence.at(&profile).unwrap().iter().map(|at| at.cumulative_incidence).collect()
}

fn predictions(check: &mut Comparison, case: &Case, fit: &FineGrayFit) {
    let theirs = &case.expected;
    if theirs.get("newx").is_none() {
        return;
    }
    let (time, cif) = (numbers(&theirs["predicted_time"]), matrix(&theirs["predicted_cif"]));
    for (person, x) in matrix(&theirs["newx"]).iter().enumerate() {
        let ours = incidences(case, fit, x, &time);
        let theirs: Vec<f64> = cif.iter().map(|row| row[person]).collect();
        check.column(Bound::Likelihood, "predicted_cif", &ours, &theirs);
    }
}

#[test]
fn with_failures_first_it_is_finegray_and_coxph() {
    FINEGRAY_COXPH.compare(|case, check| {
        let ties = match case.spec["ties"].as_str() {
            Some("efron") => Ties::Efron,
            _ => Ties::Breslow,
        };
        let model = model(case).ties(ties).variance(FineGrayVariance::FixedWeights);
        fixed_weights(check, case, &model.fit(&data(case), &design(case)).unwrap());
    });
}

#[test]
fn under_delayed_entry_it_is_finegray_and_coxph() {
    ENTRY.compare(|case, check| {
        let column = |role| case.numbers(role).unwrap();
        let data = CompetingRisks::counting_process(
            &column("start"),
            &column("time"),
            &codes(case),
            &NAMES,
        );
        let model = model(case).variance(FineGrayVariance::FixedWeights);
        fixed_weights(check, case, &model.fit(&data.unwrap(), &design(case)).unwrap());
    });
}

fn fixed_weights(check: &mut Comparison, case: &Case, fit: &FineGrayFit) {
    let theirs = &case.expected;
    let se: Vec<f64> = (list(&theirs["robust_vcov"]).iter().enumerate())
        .map(|(j, row)| number(&row[j]).sqrt())
        .collect();
    coefficients(check, fit, &numbers(&theirs["coef"]), &se);
    covariance(check, "robust_vcov", &fit.vcov(), &theirs["robust_vcov"]);
    covariance(check, "naive_vcov", &fit.vcov_model_based(), &theirs["naive_vcov"]);
    let loglik = numbers(&theirs["loglik"]);
    let found = [fit.log_pseudo_likelihood_null(), fit.log_pseudo_likelihood()];
    check.column(Bound::Likelihood, "loglik", &found, &loglik);
}

/// DIFFERENCE: with groups `crr` divides by those at risk in all groups where the formula has those of
/// the group; its covariance is not compared. `properties::fine_gray_influence` has ours, by derivatives.
#[test]
fn strata_of_the_censoring_are_the_cengroup_of_crr() {
    CENSORING_GROUPS.compare(|case, check| {
        let theirs = &case.expected;
        let groups = case.frame.text(&case.columns("group")[0]);
        let data = data(case).with_censoring_strata(groups).unwrap();
        let model = model(case).censoring_ties(CensoringTies::Cmprsk);
        let fit = model.fit(&data, &design(case)).unwrap();
        let se: Vec<f64> =
            (matrix(&theirs["vcov"]).iter().enumerate()).map(|(j, row)| row[j].sqrt()).collect();
        coefficients(check, &fit, &numbers(&theirs["coef"]), &se);
        covariance(check, "inv_information", &fit.vcov_model_based(), &theirs["inv_information"]);
    });
}

/// The weights of the direct oracle of `properties::fine_gray`, with which the fits are compared.
#[test]
fn the_oracle_has_the_weights_of_finegray() {
    WEIGHTS.compare(|case, check| {
        let (time, ids) = (case.numbers("time").unwrap(), case.frame.numbers("id"));
        let target = case.spec["failcode"].as_u64().unwrap() as u32;
        let row = |(&exit, &code): (&f64, &u32)| Row {
            entry: 0.0,
            exit,
            event: code != 0,
            count: 1,
            stratum: u8::from(code != target),
            group: 0,
            x: [0.0; 2],
            offset: 0.0,
        };
        let sample = Sample { rows: time.iter().zip(&codes(case)).map(row).collect() };
        let ones = vec![1.0; ids.len()];
        let layout = Layout { entry: false, strata: false, censoring_strata: false };
        let at = numbers(&case.expected["event_times"]);
        let weights = matrix(&case.expected["weight_at_event_times"]);
        for (id, theirs) in numbers(&case.expected["weight_ids"]).iter().zip(weights) {
            let row = &sample.rows[ids.iter().position(|known| known == id).unwrap()];
            let competes = row.event && row.stratum == 1;
            let of = (&sample, layout, CensoringTies::EventsFirst);
            let ours = at.iter().map(|&time| match time <= row.exit {
                true => 1.0,
                false if competes => weight(of, &ones, row, time),
                false => 0.0,
            });
            check.column(Bound::Curve, "weight", &ours.collect::<Vec<f64>>(), &theirs);
        }
    });
}
