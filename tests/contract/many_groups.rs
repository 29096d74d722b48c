//! As many groups as rows: what is made of each group must not look through all of them.

use std::time::{Duration, Instant};

use riskset::nonparametric::RestrictedMean;
use riskset::study::Baseline;
use riskset::{Groups, RightCensored};

const MANY: usize = 60_000;

/// Some ten times what it takes without optimisation, and half of what a look through all groups for each
/// of them took.
const AT_ONCE: Duration = Duration::from_secs(40);

/// One group for each row.
fn groups() -> Groups {
    Groups::new(&(0..MANY as u32).collect::<Vec<_>>()).unwrap()
}

fn numbers() -> Vec<f64> {
    (1..=MANY).map(|row| row as f64).collect()
}

#[test]
fn restricted_means() {
    let (data, groups) = (RightCensored::new(&numbers(), &vec![true; MANY]).unwrap(), groups());
    let start = Instant::now();
    let means = RestrictedMean::new(0.5).compare_by(&data, &groups).unwrap();
    assert_eq!(means.contrasts.len(), MANY - 1);
    assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
}

#[test]
fn baseline_tables() {
    let parity: Vec<u32> = (0..MANY as u32).map(|row| row % 2).collect();
    let groups = groups();
    let start = Instant::now();
    let table = Baseline::new().numeric("x", &numbers()).labels("parity", &parity).by(&groups);
    assert_eq!(table.unwrap().n, vec![1.0; MANY]);
    assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
}
