//! As many groups as rows: what is made of each group must not look through all of them.

use std::time::{Duration, Instant};

use riskset::nonparametric::RestrictedMean;
use riskset::study::Baseline;
use riskset::{Groups, RightCensored};

const FEW: u32 = 8_000;
const TIMES: u32 = 4;

/// Four times as many groups take four times as long, or a little more: sorting, and memory further away. A
/// look through all groups for each of them would take sixteen times as long.
const MOST: f64 = 8.0;

/// The best of so many, since something else may run meanwhile.
const RUNS: usize = 4;

/// One group for each row.
fn groups(n: u32) -> Groups {
    Groups::new(&(0..n).collect::<Vec<_>>()).unwrap()
}

fn numbers(n: u32) -> Vec<f64> {
    (1..=n).map(f64::from).collect()
}

/// How much longer the work on four times as many groups takes. The two take turns, so that what slows one
/// down slows the other down.
fn growth(time: impl Fn(u32) -> Duration) -> f64 {
    let mut best = [Duration::MAX; 2];
    for _ in 0..RUNS {
        for (best, n) in best.iter_mut().zip([FEW, TIMES * FEW]) {
            *best = time(n).min(*best);
        }
    }
    best[1].as_secs_f64() / best[0].as_secs_f64()
}

#[test]
fn restricted_means() {
    let growth = growth(|n| {
        let event = vec![true; n as usize];
        let (data, groups) = (RightCensored::new(&numbers(n), &event).unwrap(), groups(n));
        let start = Instant::now();
        let means = RestrictedMean::new(0.5).compare_by(&data, &groups).unwrap();
        let time = start.elapsed();
        assert_eq!(means.contrasts.len(), n as usize - 1);
        time
    });
    assert!(growth < MOST, "{growth}");
}

#[test]
fn baseline_tables() {
    let growth = growth(|n| {
        let parity: Vec<u32> = (0..n).map(|row| row % 2).collect();
        let (groups, x) = (groups(n), numbers(n));
        let start = Instant::now();
        let table = Baseline::new().numeric("x", &x).labels("parity", &parity).by(&groups);
        let time = start.elapsed();
        assert_eq!(table.unwrap().n, vec![1.0; n as usize]);
        time
    });
    assert!(growth < MOST, "{growth}");
}
