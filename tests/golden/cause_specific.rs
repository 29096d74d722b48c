//! Cause-specific Cox models and the incidences they predict, against one `coxph` a cause, `coxph` and
//! `survfit` of several states, and riskRegression.

use riskset::competing::{CauseSpecificBaseline, CauseSpecificCox, IncidenceForm};
use riskset::data::Cause;
use riskset::{CompetingRisks, CoxPh, Design, Profile, Ties, Warning};
use serde_json::Value;

use super::case::{Case, list, matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{counts, estimates, model};
use super::design::design;
use super::family::Family;

const CAUSES: [(u32, &str); 2] = [(1, "one"), (2, "two")];

/// The rows of a case with both causes; strata under their names.
fn data(case: &Case) -> CompetingRisks {
    let codes: Vec<u32> = case.numbers("status").unwrap().iter().map(|&s| s as u32).collect();
    let data = CompetingRisks::from_codes(&case.numbers("time").unwrap(), &codes, &CAUSES);
    match case.columns("strata").first() {
        None => data.unwrap(),
        Some(column) => data.unwrap().with_strata(case.frame.text(column)).unwrap(),
    }
}

#[test]
fn every_cause_is_a_cox_model() {
    let family = Family {
        prefix: "cscox",
        cases: &["mgus2_1", "mgus2_2", "pbc_1", "transplant_2"],
        skipped: &[],
        total: 4,
    };
    family.compare(|case, check| {
        let code = number(&case.spec["event_code"]) as u32;
        let status = case.numbers("status").unwrap();
        let most = status.iter().fold(0.0_f64, |most, &code| most.max(code)) as u32;
        let names: Vec<String> = (1..=most).map(|code| format!("cause {code}")).collect();
        let names: Vec<(u32, &str)> = (1..=most).zip(names.iter().map(String::as_str)).collect();
        let codes: Vec<u32> = status.iter().map(|&code| code as u32).collect();
        let time = case.numbers("time").unwrap();
        let data = CompetingRisks::from_codes(&time, &codes, &names).unwrap();
        let fit = CauseSpecificCox::new(model(case)).fit(&data, &design(case)).unwrap();
        let of_cause = fit.get(Cause::new(code).unwrap()).unwrap();
        counts(check, of_cause, &case.expected);
        estimates(check, of_cause, &case.expected);
    });
}

/// The transitions out of the first state of three, with delayed entry and robust variance: R's `vcov` has
/// the covariance between causes too.
#[test]
fn the_joint_sandwich_is_that_of_several_states() {
    let case = Case::read("ms_cox_all");
    let from = case.frame.text("from");
    let rows: Vec<usize> = (0..from.len()).filter(|&row| from[row] == "mgus").collect();
    let frame = case.frame.select(&rows);
    let code = |to: &String| match to.as_str() {
        "pcm" => 1,
        "death" => 2,
        _ => 0,
    };
    let codes: Vec<u32> = frame.text("to").iter().map(code).collect();
    let (entry, exit) = (frame.numbers("tstart"), frame.numbers("tstop"));
    let data = CompetingRisks::counting_process(&entry, &exit, &codes, &CAUSES).unwrap();
    let data = data.with_clusters(frame.text("id")).unwrap();
    let male: Vec<f64> = frame.text("sex").iter().map(|sex| f64::from(sex == "M")).collect();
    let design = Design::builder().numeric("age", &frame.numbers("age")).numeric("male", &male);
    let model = CoxPh::new().ties(Ties::Breslow);
    let fit = CauseSpecificCox::new(model).fit(&data, &design.build().unwrap()).unwrap();

    let mut check = Comparison::new();
    check.begin("ms_cox_all");
    let estimates = |fit: &riskset::regression::cox::CoxFit| -> Vec<f64> {
        fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect()
    };
    let coefficients = ["one", "two"].map(|cause| estimates(fit.named(cause).unwrap())).concat();
    let se: Vec<f64> = fit.vcov().diag().iter().map(|v| v.sqrt()).collect();
    let theirs = (numbers(&case.expected["coef"]), numbers(&case.expected["se"]));
    let all = coefficients.iter().zip(theirs.0.iter().zip(&theirs.1)).take(4);
    for (&found, (&expected, &se)) in all {
        check.scaled(Bound::Likelihood, "coef", found, expected, expected.abs().max(se));
    }
    check.column(Bound::Likelihood, "se", &se, &theirs.1[..4]);
    for (i, theirs) in matrix(&case.expected["vcov"])[..4].iter().enumerate() {
        for (j, theirs) in theirs[..4].iter().enumerate() {
            let scale = se[i] * se[j];
            check.scaled(Bound::Likelihood, "vcov", fit.vcov()[[i, j]], *theirs, scale);
        }
    }
    check.end();
    check.finish("ms_cox", 1);
    assert!(fit.vcov()[[0, 2]] != 0.0 && fit.vcov()[[1, 3]] != 0.0);
}

fn profile(values: &Value, strata: &[String]) -> (Profile, Option<String>) {
    let mut stratum = None;
    let mut profile = Profile::new();
    for (name, value) in values.as_object().unwrap() {
        match value.as_str() {
            Some(level) if strata.contains(name) => stratum = Some(level.to_owned()),
            Some(level) => profile = profile.level(name, level),
            None => profile = profile.number(name, number(value)),
        }
    }
    (profile, stratum)
}

const INCIDENCES: Family =
    Family { prefix: "csinc", cases: &["mgus2", "mgus2_strata", "pbc"], skipped: &[], total: 3 };

fn baseline(case: &Case, ties: Ties) -> CauseSpecificBaseline {
    let (data, design) = (data(case), design(case));
    let fit = CauseSpecificCox::new(CoxPh::new().ties(ties)).fit(&data, &design).unwrap();
    fit.baseline(&data, &design).unwrap()
}

/// S and both incidences of a profile, and the standard errors of the incidences, at each time up to
/// where the product would leave less than nobody. DIFFERENCE: R's S becomes negative there.
fn predicted(
    case: &Case,
    baseline: &CauseSpecificBaseline,
    place: usize,
    form: IncidenceForm,
) -> Vec<([f64; 3], [f64; 2])> {
    let (person, stratum) = profile(&case.expected["profiles"][place], &case.columns("strata"));
    let from = stratum.map_or_else(|| baseline.single(), |stratum| baseline.stratum(&stratum));
    let found = from.unwrap().form(form).incidence(&person).unwrap();
    let times = numbers(&case.expected["times"]);
    let [one, two] =
        ["one", "two"].map(|cause| found.incidence_of(cause).unwrap().at(&times).unwrap());
    let at = |k: usize| {
        let survival = found.event_free().survival_at(times[k]).unwrap();
        ([survival, one[k].incidence, two[k].incidence], [one[k].std_error, two[k].std_error])
    };
    let end = found.warnings().first().map_or(f64::INFINITY, |warning| match warning {
        Warning::HazardAboveOne { time, .. } => *time,
        other => panic!("{other}"),
    });
    (0..times.partition_point(|&time| time < end)).map(at).collect()
}

#[test]
fn incidences_are_those_of_several_states() {
    INCIDENCES.compare(|case, check| {
        let baseline = baseline(case, Ties::Breslow);
        let forms = [
            ("exponential", IncidenceForm::Exponential),
            ("product_limit", IncidenceForm::ProductLimit),
        ];
        for (name, form) in forms {
            for (place, theirs) in list(&case.expected[name]).iter().enumerate() {
                let (ours, theirs) = (predicted(case, &baseline, place, form), matrix(theirs));
                for ((ours, _), theirs) in ours.iter().zip(&theirs) {
                    check.column(Bound::Curve, name, ours, theirs);
                }
                // The last time of the person of highest risk.
                let beyond = theirs.len() - ours.len();
                let expected = case.name == "csinc_mgus2" && name != "exponential" && place == 2;
                check.same("times past a hazard above 1", &beyond, &usize::from(expected));
            }
        }
    });
}

/// In the product form; its standard errors come from the influence of every row and agree in the large,
/// in the middle of the distribution.
#[test]
fn incidences_are_those_of_risk_regression() {
    let mut ratios: Vec<f64> = Vec::new();
    let mut comparison = Comparison::new();
    for name in INCIDENCES.cases {
        let case = Case::read(&format!("csinc_{name}"));
        comparison.begin(&case.name);
        let baseline = baseline(&case, Ties::Efron);
        for place in 0..list(&case.expected["profiles"]).len() {
            let ours = predicted(&case, &baseline, place, IncidenceForm::ProductLimit);
            for cause in 0..2 {
                let theirs = numbers(&case.expected["efron_product_limit"][cause][place]);
                let se = numbers(&case.expected["influence_se"][cause][place]);
                for ((ours, ours_se), (theirs, se)) in ours.iter().zip(theirs.iter().zip(se)) {
                    comparison.value(Bound::Curve, "incidence", ours[1 + cause], *theirs);
                    if se > 0.0 {
                        ratios.push(ours_se[cause] / se);
                    }
                }
            }
        }
        comparison.end();
    }
    comparison.finish("csinc by riskRegression", INCIDENCES.cases.len());
    ratios.sort_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    println!("standard errors over those of the influence: {ratios:.3?}");
    assert!(ratios.len() > 60 && (middle - 1.0).abs() < 0.02, "{middle}");
}
