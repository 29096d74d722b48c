//! The smoothed hazard against `muhaz`: the same kernel, bandwidth and correction at both ends.

use riskset::NelsonAalen;
use riskset::nonparametric::{SmoothedHazard, TieCorrection};

use super::super::case::numbers;
use super::{data, near, peers, read};

/// The package lets tied events leave one by one, which is `TieCorrection::FlemingHarrington`.
///
/// DIFFERENCE: it takes rows of one time in the order in which they stand. A censoring that stands
/// before an event of the same time is no longer at risk, and the hazard comes out too high. Here
/// events come first.
#[test]
fn hazards_agree_with_muhaz() {
    let all = peers("smoothed");
    for (name, too_high) in [("lung", true), ("catheter", true)] {
        let theirs = &all[name];
        let cumulative = NelsonAalen::new().ties(TieCorrection::FlemingHarrington);
        let cumulative = cumulative.fit(&data(&read(name), "time")).unwrap();
        let range = numbers(&theirs["range"]);
        let grid = numbers(&theirs["time"]);
        let smoothed = SmoothedHazard::new(numbers(&theirs["bandwidth"])[0])
            .range(range[0], range[1])
            .of(&cumulative, &grid)
            .unwrap();
        let hazard = numbers(&theirs["hazard"]);
        near(smoothed.hazard(), &hazard, 1e-12);
        assert!(hazard.iter().all(|&hazard| hazard > 0.0), "{name}");
        let unsorted: f64 = numbers(&theirs["hazard_censored_first"]).iter().sum();
        assert_eq!(unsorted > hazard.iter().sum(), too_high, "{name}");
    }
}
