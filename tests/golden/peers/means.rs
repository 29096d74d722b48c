//! Restricted means and their contrasts, against `survRM2::rmst2`.

use riskset::nonparametric::{RestrictedMean, RestrictedMeanComparison};
use riskset::statistic::{Interval, TestResult};
use riskset::{Groups, KaplanMeier};

use super::super::case::{matrix, numbers};
use super::{data, near, peers, read};

/// A contrast as the package prints it: estimate, limits, p.
fn line(estimate: f64, interval: &Interval, test: Option<TestResult>) -> [f64; 4] {
    [estimate, interval.lower.unwrap(), interval.upper.unwrap(), test.unwrap().p_value]
}

fn agrees(
    ours: &RestrictedMeanComparison,
    reference: &str,
    other: &str,
    theirs: &serde_json::Value,
) {
    for (group, arm) in [(reference, "arm0"), (other, "arm1")] {
        let mean = ours.groups.get(group).unwrap();
        near(&[mean.mean, mean.std_error], &numbers(&theirs[arm])[..2], 1e-12);
    }
    let contrast = ours.contrast(other, reference).unwrap();
    let (difference, ratio) = (&contrast.difference, contrast.ratio.unwrap());
    let lost = contrast.time_lost_ratio.unwrap();
    let lines = [
        line(difference.estimate, &difference.interval, difference.test),
        line(ratio.estimate, &ratio.interval, ratio.test),
        line(lost.estimate, &lost.interval, lost.test),
    ];
    for (ours, theirs) in lines.iter().zip(matrix(&theirs["contrasts"])) {
        near(ours, &theirs, 1e-11);
    }
}

#[test]
fn contrasts_agree_with_surv_rm2() {
    let all = peers("means");
    for (name, time, group, reference, other) in [
        ("lung", "time", "sex", "1", "2"),
        ("veteran", "time", "trt", "1", "2"),
        ("gbsg", "rfstime", "hormon", "0", "1"),
    ] {
        let (frame, theirs) = (read(name), &all[name]);
        let groups = Groups::new(frame.text(group)).unwrap();
        let curves = KaplanMeier::new().fit_by(&data(&frame, time), &groups).unwrap();
        let tau = numbers(&theirs["tau"])[0];
        if name == "lung" {
            assert_eq!(curves.tau_common().unwrap(), tau, "the default of the package");
        }
        agrees(&RestrictedMean::new(tau).compare(&curves).unwrap(), reference, other, theirs);
    }
}
