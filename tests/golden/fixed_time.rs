//! Comparison at a fixed time, against the formulas of Klein et al. 2007 in R.
//!
//! ```r
//! s <- summary(survfit(Surv(time, status) ~ group, data), times = t)
//! S <- s$surv; sigma <- s$std.err / S
//! q <- function(phi, se) { w <- 1 / se^2; m <- sum(w * phi) / sum(w); sum(w * (phi - m)^2) }
//! q(S, S * sigma); q(log(S), sigma); q(log(-log(S)), sigma / -log(S))
//! q(log(S / (1 - S)), sigma / (1 - S)); q(asin(sqrt(S)), sigma * sqrt(S / (1 - S)) / 2)
//! d <- S[2] - S[1]; se <- sqrt(sum(s$std.err[1:2]^2))
//! c(d, se, d + c(-1, 1) * qnorm(0.975) * se, 2 * pnorm(-abs(d / se)))
//! ```
#![allow(clippy::excessive_precision, reason = "17 digits, as R prints them")]

use approx::assert_relative_eq;
use riskset::nonparametric::FixedTime;
use riskset::{Groups, KaplanMeier, RightCensored};

use super::case::folder;
use super::frame::Frame;

use crate::sample::TRANSFORMS;

/// R's answer: χ² and p by transform, and the difference of the first two groups.
struct Expected {
    statistic: [f64; 5],
    p_value: [f64; 5],
    difference: [f64; 5],
}

fn compare(data: &str, group: &str, time: f64, expected: &Expected) {
    let frame = Frame::read(&folder("data").join(format!("{data}.csv")));
    let event: Vec<bool> = frame.numbers("status").iter().map(|&status| status == 1.0).collect();
    let groups: Vec<&str> = frame.text(group).iter().map(String::as_str).collect();
    let rows = RightCensored::new(&frame.numbers("time"), &event).unwrap();
    let curves = KaplanMeier::new().fit_by(&rows, &Groups::new(&groups).unwrap()).unwrap();
    for (k, transform) in TRANSFORMS.into_iter().enumerate() {
        let fit = FixedTime::new(time).transform(transform).compare(&curves).unwrap();
        assert_relative_eq!(fit.test.statistic, expected.statistic[k], max_relative = 1e-12);
        assert_relative_eq!(fit.test.p_value, expected.p_value[k], max_relative = 1e-11);
        assert_eq!(fit.test.df, Some(curves.names().len() - 1));
        let difference = fit.differences[0].1;
        let interval = difference.interval;
        let ours = [
            difference.estimate,
            difference.std_error,
            interval.lower.unwrap(),
            interval.upper.unwrap(),
            difference.test.unwrap().p_value,
        ];
        for (ours, r) in ours.into_iter().zip(expected.difference) {
            assert_relative_eq!(ours, r, max_relative = 1e-12);
        }
    }
}

#[test]
fn two_groups_agree_with_r() {
    compare(
        "lung",
        "sex",
        365.0,
        &Expected {
            statistic: [
                6.6450406955708097,
                6.8122901112671528,
                6.2065739477153450,
                6.4953718247056980,
                6.5773275964384288,
            ],
            p_value: [
                0.0099432206906812457,
                0.0090532583813735194,
                0.0127276726675739360,
                0.0108155673612968933,
                0.0103285847198846120,
            ],
            difference: [
                0.1903751955465269319,
                0.0738518773801789263,
                0.0456281756907079838,
                0.3351222154023458799,
                0.0099432206906812405,
            ],
        },
    );
}

#[test]
fn four_groups_agree_with_r() {
    compare(
        "veteran",
        "celltype",
        100.0,
        &Expected {
            statistic: [
                33.162869565310594,
                21.908058218210684,
                23.941003771439469,
                24.502562695368646,
                28.649246454048242,
            ],
            p_value: [
                2.9757029267749669e-07,
                6.8168487119181758e-05,
                2.5698530935941364e-05,
                1.9616892067258024e-05,
                2.6535466175616990e-06,
            ],
            difference: [
                0.49794238683127578504,
                0.11895991405975314681,
                0.26478523967017963958,
                0.73109953399237193050,
                0.00002841637039808546,
            ],
        },
    );
}
