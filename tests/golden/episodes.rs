//! Histories cut into episodes against R's `survSplit`, and layouts of recurrent events made from lists
//! of subjects against R's fits.

use std::collections::BTreeMap;

use riskset::data::{Episodes, ExposureStart, RecurrentEvents, SurvivalData};
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, RightCensored};

use super::case::{Case, matrix, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{counts, covariance, estimates, model};
use super::design::design;
use super::family::Family;

const SPLIT: Family =
    Family { prefix: "survsplit", cases: &["invariance", "lung40"], skipped: &[], total: 2 };

#[test]
fn split_rows_agree_with_r() {
    SPLIT.compare(|case, check| match case.name.as_str() {
        "survsplit_lung40" => rows(case, check),
        _ => refitted(case, check),
    });
}

fn right_censored(case: &Case) -> RightCensored {
    RightCensored::new(&case.numbers("time").unwrap(), &case.event()).unwrap()
}

fn rows(case: &Case, check: &mut Comparison) {
    let (time, event) = (case.numbers("time").unwrap(), case.event());
    let data = RightCensored::new(&time[..40], &event[..40]).unwrap();
    let ours = data.split_at(&numbers(&case.spec["cut"])).unwrap();
    let theirs = |name: &str| numbers(&case.expected[name]);
    let whole = |values: &[usize]| values.iter().map(|&v| v as f64).collect::<Vec<_>>();
    check.column(Bound::Count, "row", &whole(ours.source()), &theirs("row"));
    check.column(Bound::Count, "start", ours.data().entry(), &theirs("start"));
    check.column(Bound::Count, "stop", ours.data().time(), &theirs("stop"));
    let status: Vec<f64> = ours.data().event().iter().map(|&e| f64::from(u8::from(e))).collect();
    check.column(Bound::Count, "status", &status, &theirs("status"));
    // R counts intervals from 1.
    let epoch: Vec<f64> = ours.phase().iter().map(|&phase| (phase + 1) as f64).collect();
    check.column(Bound::Count, "epoch", &epoch, &theirs("epoch"));
}

fn refitted(case: &Case, check: &mut Comparison) {
    let episodes = right_censored(case).split_at(&numbers(&case.spec["cut"])).unwrap();
    let theirs = &case.expected;
    check.value(Bound::Count, "rows", episodes.data().len() as f64, numbers_of(theirs, "rows"));
    let design = episodes.expand_design(&design(case)).unwrap();
    let fit = model(case).fit(episodes.data(), &design).unwrap();
    let coef: Vec<f64> = fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect();
    check.column(Bound::Likelihood, "coef", &coef, &numbers(&theirs["coef"]));
    let loglik = [fit.log_likelihood_null(), fit.log_likelihood()];
    check.column(Bound::Likelihood, "loglik", &loglik, &numbers(&theirs["loglik"]));
    covariance(check, "vcov", &fit.vcov(), &theirs["vcov"]);
    assert_eq!(matrix(&theirs["vcov"]).len(), 2);
}

fn numbers_of(value: &serde_json::Value, name: &str) -> f64 {
    value[name].as_f64().unwrap()
}

/// The rows of a case by subject, in the order of their first rows.
fn by_subject(case: &Case, id: &str) -> Vec<(String, Vec<usize>)> {
    let mut order: Vec<(String, Vec<usize>)> = Vec::new();
    let mut place = BTreeMap::new();
    for (row, id) in case.frame.text(id).iter().enumerate() {
        let next = order.len();
        let at = *place.entry(id.clone()).or_insert(next);
        if at == next {
            order.push((id.clone(), Vec::new()));
        }
        order[at].1.push(row);
    }
    order
}

/// The design of the subjects: that of their first rows.
fn first_rows(case: &Case, subjects: &[(String, Vec<usize>)]) -> Design {
    let firsts: Vec<usize> = subjects.iter().map(|(_, rows)| rows[0]).collect();
    let frame = case.frame.select(&firsts);
    let (name, spec) = (case.name.clone(), case.spec.clone());
    design(&Case { name, spec, expected: case.expected.clone(), frame })
}

/// Ids, ends of follow-up and lists of events of the bladder patients.
fn bladder(case: &Case) -> (RecurrentEvents, Design) {
    let (stop, event) = (case.numbers("time").unwrap(), case.event());
    let subjects = by_subject(case, "id");
    let ids: Vec<&str> = subjects.iter().map(|(id, _)| id.as_str()).collect();
    let end: Vec<f64> = (subjects.iter())
        .map(|(_, rows)| rows.iter().map(|&row| stop[row]).fold(0.0, f64::max))
        .collect();
    // From the last to the first: the order of a list does not matter.
    let events = || {
        let rows = subjects.iter().rev().flat_map(|(id, rows)| rows.iter().map(move |r| (id, *r)));
        rows.filter(|(_, row)| event[*row])
    };
    let event_ids: Vec<&str> = events().map(|(id, _)| id.as_str()).collect();
    let times: Vec<f64> = events().map(|(_, row)| stop[row]).collect();
    let list = RecurrentEvents::new(&ids, &end).unwrap().events(&event_ids, &times).unwrap();
    (list, first_rows(case, &subjects))
}

fn same_fit<D: SurvivalData>(case: &Case, episodes: &Episodes<D>, subjects: &Design) {
    let mut check = Comparison::new();
    check.begin(&case.name);
    let design = episodes.expand_design(subjects).unwrap();
    let fit: CoxFit = model(case).fit(episodes.data(), &design).unwrap();
    counts(&mut check, &fit, &case.expected);
    estimates(&mut check, &fit, &case.expected);
    check.end();
    check.finish(&format!("{} from lists of subjects", case.name), 1);
}

#[test]
fn andersen_gill_rows_from_lists_give_the_fit_of_r() {
    let case = Case::read("cox_bladder2_ag");
    let (list, subjects) = bladder(&case);
    let rows = list.andersen_gill().unwrap();
    assert_eq!(rows.data().entry(), case.numbers("start").unwrap());
    assert_eq!(rows.data().time(), case.numbers("time").unwrap());
    assert_eq!(rows.data().event(), case.event());
    same_fit(&case, &rows, &subjects);
}

#[test]
fn prentice_williams_peterson_rows_from_lists_give_the_fit_of_r() {
    let case = Case::read("cox_bladder2_pwp");
    let (list, subjects) = bladder(&case);
    let rows = list.pwp_total_time().unwrap();
    let strata = rows.data().strata().unwrap();
    let number = |code: &u32| strata.names()[*code as usize].clone();
    let numbers: Vec<String> = strata.codes().iter().map(number).collect();
    assert_eq!(numbers, case.frame.text("enum"));
    same_fit(&case, &rows, &subjects);
}

/// Gap time is total time less the time of the event before; R 4.2.2 with `survival` 3.5-3:
/// `coxph(Surv(stop - start, event) ~ rx + number + size + strata(enum), bladder2, cluster = id)`.
#[test]
fn gap_times_from_lists_give_the_fit_of_r() {
    let case = Case::read("cox_bladder2_pwp");
    let (list, subjects) = bladder(&case);
    let rows = list.pwp_gap_time().unwrap();
    let both = case.numbers("time").unwrap().into_iter().zip(case.numbers("start").unwrap());
    let gaps: Vec<f64> = both.map(|(stop, start)| stop - start).collect();
    assert_eq!(rows.data().time(), gaps);
    let design = rows.expand_design(&subjects).unwrap();
    let fit = CoxPh::new().fit(rows.data(), &design).unwrap();
    let mut check = Comparison::new();
    check.begin("gap time");
    let coef: Vec<f64> = fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect();
    let se: Vec<f64> = fit.coefficients().iter().map(|c| c.std_error.unwrap()).collect();
    check.column(Bound::Likelihood, "coef", &coef, &GAP_COEF);
    check.column(Bound::Likelihood, "se", &se, &GAP_SE);
    check.finish("gap time", 1);
}

const GAP_COEF: [f64; 3] =
    [-0.279_004_515_497_486_5, 0.158_045_899_957_459_05, 0.007_415_087_501_794_666];
const GAP_SE: [f64; 3] =
    [0.215_623_869_338_395_4, 0.050_939_766_547_144_16, 0.064_332_508_308_161_94];

/// Wei, Lin and Weissfeld's own example of the method: four recurrences, everybody at risk of each;
/// R 4.2.2 with `survival` 3.5-3:
/// `coxph(Surv(stop, event) ~ rx + number + size + strata(enum), bladder, cluster = id)`.
#[test]
fn wei_lin_weissfeld_rows_from_lists_give_the_fit_of_r() {
    let case = Case::read("cox_bladder2_ag");
    let (list, subjects) = bladder(&case);
    let rows = list.wei_lin_weissfeld(4).unwrap();
    let design = rows.expand_design(&subjects).unwrap();
    let fit = CoxPh::new().fit(rows.data(), &design).unwrap();
    let mut check = Comparison::new();
    check.begin("wlw");
    let coef: Vec<f64> = fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect();
    let se: Vec<f64> = fit.coefficients().iter().map(|c| c.std_error.unwrap()).collect();
    check.value(Bound::Count, "n", fit.n(), 340.0);
    check.column(Bound::Likelihood, "coef", &coef, &WLW_COEF);
    check.column(Bound::Likelihood, "se", &se, &WLW_SE);
    check.finish("wlw", 1);
}

const WLW_COEF: [f64; 3] =
    [-0.584_793_458_738_358_2, 0.210_293_705_296_516_72, -0.051_616_983_226_644_58];
const WLW_SE: [f64; 3] =
    [0.307_946_258_172_617_3, 0.066_641_686_791_456_38, 0.094_586_643_905_490_51];

#[test]
fn marginal_rows_of_two_kinds_from_lists_give_the_fit_of_r() {
    let case = Case::read("cox_colon_wlw");
    let (time, event) = (case.numbers("time").unwrap(), case.event());
    let subjects = by_subject(&case, "id");
    let ids: Vec<&str> = subjects.iter().map(|(id, _)| id.as_str()).collect();
    let of_kind = |kind: &str| {
        let kinds = case.frame.text("etype");
        let row = |rows: &Vec<usize>| *rows.iter().find(|row| kinds[**row] == kind).unwrap();
        let rows: Vec<usize> = subjects.iter().map(|(_, rows)| row(rows)).collect();
        let times: Vec<f64> = rows.iter().map(|&row| time[row]).collect();
        let events: Vec<bool> = rows.iter().map(|&row| event[row]).collect();
        (times, events)
    };
    let (recurrence, death) = (of_kind("1"), of_kind("2"));
    let kinds: [(&str, &[f64], &[bool]); 2] =
        [("recurrence", &recurrence.0, &recurrence.1), ("death", &death.0, &death.1)];
    let rows = Episodes::marginal(&ids, &kinds).unwrap();
    same_fit(&case, &rows, &first_rows(&case, &subjects));
}

/// The Stanford heart transplants from one row a patient: the time of the transplant makes the rows.
#[test]
fn exposure_from_one_row_a_patient_gives_the_rows_of_the_heart_study() {
    let case = Case::read("cox_heart_efron");
    let (start, stop) = (case.numbers("start").unwrap(), case.numbers("time").unwrap());
    let (event, transplant) = (case.event(), case.frame.numbers("transplant"));
    let subjects = by_subject(&case, "id");
    let last = |rows: &Vec<usize>| *rows.last().unwrap();
    let lasts: Vec<usize> = subjects.iter().map(|(_, rows)| last(rows)).collect();
    let end: Vec<f64> = lasts.iter().map(|&row| stop[row]).collect();
    let died: Vec<bool> = lasts.iter().map(|&row| event[row]).collect();
    let from: Vec<Option<f64>> = (subjects.iter())
        .map(|(_, rows)| rows.iter().find(|row| transplant[**row] == 1.0).map(|&row| start[row]))
        .collect();
    let ids: Vec<&str> = subjects.iter().map(|(id, _)| id.as_str()).collect();
    let data = RightCensored::new(&end, &died).unwrap().with_ids(&ids).unwrap();
    let ours = ExposureStart::new(&from).unwrap().split(&data).unwrap();
    assert_eq!(ours.episodes.data().entry(), start);
    assert_eq!(ours.episodes.data().time(), stop);
    assert_eq!(ours.episodes.data().event(), event);
    assert_eq!(ours.exposed, transplant.iter().map(|&t| t == 1.0).collect::<Vec<_>>());
}
