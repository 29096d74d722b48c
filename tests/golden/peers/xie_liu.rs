//! The weighted log-rank test of Xie and Liu, against `RISCA::ipw.log.rank`.

use riskset::inference::WeightedLogRank;
use riskset::{Groups, Weights};

use super::super::case::numbers;
use super::{data, near, peers, read};

#[test]
fn test_agrees_with_risca() {
    let frame = read("lung");
    let weight: Vec<f64> =
        (1..=frame.n_rows()).map(|place| 0.5 + (place * 37 % 101) as f64 / 100.0).collect();
    let rows = data(&frame, "time").with_weights(Weights::sampling(&weight).unwrap()).unwrap();
    let groups = Groups::new(frame.text("sex")).unwrap();
    let fit = WeightedLogRank::new().fit(&rows, &groups).unwrap();
    let theirs = numbers(&peers("xie_liu"));
    near(&[fit.xie_liu().statistic], &[theirs[0].powi(2)], 1e-9);
    // The package takes p from one minus a distribution function.
    near(&[fit.xie_liu().p_value], &[theirs[1]], 1e-8);
}
