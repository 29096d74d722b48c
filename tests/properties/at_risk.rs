//! Numbers at risk: the same wherever they are read.

use riskset::nonparametric::AtRiskTable;
use riskset::{KaplanMeier, data::RiskTable};

use crate::sample::{Sample, check, tied};

/// Times on, between, before and after those of the rows.
fn times() -> Vec<f64> {
    (0..=44).map(|k| f64::from(k) / 4.0).collect()
}

fn direct(sample: &Sample, time: f64) -> [f64; 3] {
    let rows = || sample.rows.iter();
    let count = |n: usize| n as f64;
    // At time 0 those are at risk who are there from the start.
    let at_risk = |entry: f64, exit: f64| match time {
        0.0 => entry == 0.0,
        _ => entry < time && time <= exit,
    };
    [
        count(rows().filter(|row| at_risk(row.entry, row.exit)).count()),
        count(rows().filter(|row| row.event && row.exit <= time).count()),
        count(rows().filter(|row| !row.event && row.exit <= time).count()),
    ]
}

#[test]
fn at_risk_tables_count_the_rows() {
    check(40, tied(4..=25), |sample| {
        let data = sample.counting_process();
        let table = AtRiskTable::new(&data, &sample.groups(), &times()).unwrap();
        assert_eq!(table.groups(), sample.groups().names());
        for (g, name) in table.groups().iter().enumerate() {
            let group: u8 = name.parse().unwrap();
            let rows = sample.rows.iter().filter(|row| row.group == group).cloned().collect();
            let of_group = Sample { rows };
            for (k, &time) in times().iter().enumerate() {
                let counts = &table.rows()[g];
                let found = [counts.n_risk[k], counts.n_event[k], counts.n_censor[k]];
                assert_eq!(found, direct(&of_group, time), "at {time}");
                assert!(found.iter().all(|n| n.is_sign_positive()), "{found:?} at {time}");
            }
        }
        assert_eq!(table.rows(), table.weighted());
    });
}

#[test]
fn frequencies_count_as_often_as_they_say() {
    check(40, tied(4..=20), |sample| {
        let data = sample.counting_process().with_weights(sample.frequency()).unwrap();
        let repeated = sample.repeated();
        let a = AtRiskTable::new(&data, &sample.groups(), &times()).unwrap();
        let b = AtRiskTable::new(&repeated.counting_process(), &repeated.groups(), &times());
        assert_eq!(a.weighted(), b.unwrap().weighted());
    });
}

/// Everybody who is at risk leaves or stays, and everybody who comes is at risk next.
#[test]
fn the_series_balances() {
    check(60, tied(4..=25), |sample| {
        let series = RiskTable::new(&sample.counting_process()).pooled();
        for k in 1..series.time().len() {
            let before =
                series.n_risk()[k - 1] - series.n_event()[k - 1] - series.n_censor()[k - 1];
            assert_eq!(series.n_risk()[k], before + series.n_enter()[k - 1]);
        }
        let sum = |counts: &[f64]| counts.iter().sum::<f64>();
        assert_eq!(sum(series.n_enter()), sample.rows.len() as f64);
        assert_eq!(sum(series.n_event()) + sum(series.n_censor()), sample.rows.len() as f64);
    });
}

#[test]
fn a_curve_reads_the_same_numbers() {
    check(40, tied(4..=25), |sample| {
        let fit = KaplanMeier::new().fit(&sample.counting_process()).unwrap();
        for at in fit.at(&times()).unwrap().iter().filter(|at| at.time > 0.0) {
            let expected = direct(&sample, at.time);
            assert_eq!([at.n_risk, at.n_event, at.n_censor], expected, "at {}", at.time);
        }
    });
}
