//! Medians, survival at chosen times, restricted means and follow-up, by group and of all.

use riskset::statistic::IntervalTransform;
use riskset::study::{GroupSurvival, SurvivalSummary};
use serde_json::Value;

use super::cohort::{Cohort, near};
use crate::golden::case::{list, number, text};

const TIMES: [f64; 3] = [12.0, 36.0, 60.0];

#[track_caller]
fn reached(what: &str, ours: Option<f64>, theirs: &Value) {
    match ours {
        Some(ours) => near(what, ours, theirs),
        None => assert!(theirs.is_null() || theirs == "NA", "{what}: {theirs}"),
    }
}

fn median(ours: &GroupSurvival, theirs: &Value) {
    reached(&ours.name, ours.median.time, &theirs["median"]);
    reached(&ours.name, ours.median.interval.lower, &theirs["lo"]);
    reached(&ours.name, ours.median.interval.upper, &theirs["hi"]);
}

#[test]
fn survival_by_group_is_that_of_r() {
    let cohort = Cohort::read();
    let transforms = [
        ("log-log", IntervalTransform::LogLog),
        ("log", IntervalTransform::Log),
        ("plain", IntervalTransform::Plain),
    ];
    for endpoint in ["pfs", "os"] {
        let (data, r) = (cohort.data(endpoint), &cohort.answers[endpoint]);
        for (name, transform) in transforms {
            let summary = SurvivalSummary::new().times(&TIMES).transform(transform);
            let table = summary.restricted_mean(60.0).by(&data, &cohort.group()).unwrap();
            assert_eq!(
                (table.overall.n, table.overall.n_events),
                (number(&r["n"]), number(&r["events"]))
            );
            for (ours, theirs) in table.groups.iter().zip(list(&r[format!("median_{name}")])) {
                assert_eq!(ours.name, text(&theirs["group"]));
                assert_eq!(
                    (ours.n, ours.n_events),
                    (number(&theirs["n"]), number(&theirs["events"]))
                );
                median(ours, theirs);
            }
            for (ours, theirs) in table.groups.iter().zip(list(&r["rmst60"])) {
                let mean = ours.restricted_mean.unwrap();
                near("rmst", mean.mean, &theirs["rmst"]);
                near("rmst se", mean.std_error, &theirs["se"]);
            }
            let at = table.groups.iter().flat_map(|group| &group.at);
            for (ours, theirs) in at.zip(list(&r["rates"])) {
                assert_eq!(
                    (ours.time, ours.n_risk),
                    (number(&theirs["time"]), number(&theirs["at_risk"]))
                );
                near("survival", ours.survival, &theirs["surv"]);
                near("se", ours.std_error.unwrap(), &theirs["se"]);
                if name == "log-log" {
                    near("lower", ours.interval.unwrap().lower.unwrap(), &theirs["lo"]);
                    near("upper", ours.interval.unwrap().upper.unwrap(), &theirs["hi"]);
                }
            }
            if name == "log-log" {
                median(&table.overall, &r["overall"]);
                for (ours, theirs) in table.overall.at.iter().zip(list(&r["overall"]["surv"])) {
                    near("overall", ours.survival, theirs);
                }
            }
            if endpoint == "os" {
                reached(
                    "follow-up",
                    table.overall.follow_up,
                    &cohort.answers["followup_reverse_km"],
                );
            }
            let times: f64 = data.time().iter().sum();
            assert!((table.overall.person_time.unwrap() - times).abs() < 1e-9 * times);
        }
    }
}
