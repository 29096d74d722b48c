//! A life table of exact times, against `KMsurv::lifetab` on their counts.

use riskset::nonparametric::{LifeTable, LifeTableInterval};

use super::super::case::{list, numbers, optional};
use super::{data, near, peers, read};

/// DIFFERENCE: without events in an interval the standard errors of density and hazard are 0. R's
/// formula divides 0 by 0.
#[test]
fn table_of_lung_agrees_with_lifetab() {
    let starts: Vec<f64> = (0..=20).map(|k| 50.0 * f64::from(k)).collect();
    let table = LifeTable::new(&starts).fit(&data(&read("lung"), "time")).unwrap();
    let theirs = peers("life_table");
    let column = |of: fn(&LifeTableInterval) -> f64| -> Vec<f64> {
        table.intervals().iter().map(of).collect()
    };
    let n_event = numbers(&theirs["nevent"]);
    near(&column(|interval| interval.n_enter), &numbers(&theirs["nsubs"]), 0.0);
    near(&column(|interval| interval.n_censor), &numbers(&theirs["nlost"]), 0.0);
    near(&column(|interval| interval.n_exposed), &numbers(&theirs["nrisk"]), 0.0);
    near(&column(|interval| interval.n_event), &n_event, 0.0);
    near(&column(|interval| interval.survival), &numbers(&theirs["surv"]), 1e-13);
    let std_error = column(|interval| interval.std_error.unwrap());
    near(&std_error, &numbers(&theirs["se.surv"]), 1e-13);
    for (name, of) in [
        ("pdf", (|interval| interval.density) as fn(&LifeTableInterval) -> Option<f64>),
        ("hazard", |interval| interval.hazard),
        ("se.pdf", |interval| interval.std_error_density),
        ("se.hazard", |interval| interval.std_error_hazard),
    ] {
        for (k, theirs) in list(&theirs[name]).iter().enumerate() {
            match (of(&table.intervals()[k]), optional(theirs)) {
                (Some(ours), Some(theirs)) => near(&[ours], &[theirs], 1e-12),
                (Some(ours), None) => assert_eq!((ours, n_event[k]), (0.0, 0.0), "{name}[{k}]"),
                (ours, theirs) => assert_eq!((ours, k), (theirs, 20), "{name}: the open interval"),
            }
        }
    }
}
