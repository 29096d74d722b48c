//! The robust variance of restricted means, against the influences of R 4.2.2 with `survival` 3.5-3.
//!
//! ```r
//! n <- nrow(lung)
//! lung$w <- 0.5 + ((1:n * 37) %% 101) / 100
//! lung$cl <- (1:n) %% 40
//! r <- lung$w * resid(survfit(Surv(time, status) ~ sex, lung, weights = w), times = 500, type = "auc")
//! a <- r * (lung$sex == 1); b <- r * (lung$sex == 2)
//! sqrt(c(sum(a^2), sum(b^2)))
//! a <- rowsum(a, lung$cl); b <- rowsum(b, lung$cl)
//! sqrt(c(sum(a^2), sum(b^2), sum((a - b)^2)))
//! # the means: survmean() of each group's survfit with these weights, rmean = 500
//! ```
#![allow(clippy::excessive_precision, reason = "17 digits, as R prints them")]

use approx::assert_relative_eq;
use riskset::nonparametric::{RestrictedMean, RestrictedMeanComparison};
use riskset::{Groups, RightCensored, Weights};

use super::case::folder;
use super::frame::Frame;

#[test]
fn weighted_and_clustered_means_agree_with_r() {
    let frame = Frame::read(&folder("data").join("lung.csv"));
    let event: Vec<bool> = frame.numbers("status").iter().map(|&status| status == 1.0).collect();
    let places = 1..=frame.n_rows();
    let weight: Vec<f64> =
        places.clone().map(|place| 0.5 + (place * 37 % 101) as f64 / 100.0).collect();
    let clusters: Vec<usize> = places.map(|place| place % 40).collect();
    let data = RightCensored::new(&frame.numbers("time"), &event).unwrap();
    let data = data.with_weights(Weights::sampling(&weight).unwrap()).unwrap();
    let groups = Groups::new(frame.text("sex")).unwrap();
    let mean = RestrictedMean::new(500.0);
    let close = |ours: f64, theirs: f64| assert_relative_eq!(ours, theirs, max_relative = 1e-12);
    let agrees = |ours: &RestrictedMeanComparison, std_error: [f64; 2]| {
        let means = [276.3641557960338, 359.59588270094019];
        for (((_, ours), mean), std_error) in ours.groups.iter().zip(means).zip(std_error) {
            close(ours.mean, mean);
            close(ours.std_error, std_error);
        }
    };
    let rows = mean.compare_by(&data, &groups).unwrap();
    agrees(&rows, [14.803889587934693, 17.765535255041303]);
    let clustered = data.with_clusters(&clusters).unwrap();
    let clustered = mean.compare_by(&clustered, &groups).unwrap();
    agrees(&clustered, [16.704793087025656, 18.654350947778916]);
    close(clustered.contrasts[0].difference.std_error, 26.358886457410332);
}
