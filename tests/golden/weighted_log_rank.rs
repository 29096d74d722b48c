//! The log-rank test of weighted rows, against R 4.2.2 with `survival` 3.5-3.
//!
//! ```r
//! n <- nrow(lung)
//! lung$w <- 0.5 + ((1:n * 37) %% 101) / 100
//! lung$cl <- (1:n) %% 40
//! lung$entry <- pmax(0, lung$time - 50 - (1:n * 13) %% 400)
//! known <- lung[!is.na(lung$ph_ecog), ]
//! coxph(Surv(time, status) ~ factor(sex), lung, weights = w, robust = TRUE, ties = "breslow")$rscore
//! # likewise with ties = "efron"; with cluster = cl; with Surv(entry, time, status), cluster = 1:n;
//! # with factor(ph_ecog) and with factor(sex) + strata(ph_ecog) on the rows `known`
//! xie_liu <- function(t, d, g, w, entry = rep(-1, length(t)), strata = rep(1, length(t))) {
//!   G <- sort(unique(g)); k <- length(G); U <- rep(0, k); V <- matrix(0, k, k)
//!   for (S in unique(strata)) for (s in sort(unique(t[d == 1 & strata == S]))) {
//!     R <- t >= s & entry < s & strata == S; D <- t == s & d == 1 & strata == S
//!     Y <- sum(R); e <- sum(D); p <- sapply(G, function(j) sum(w[R & g == j])) / sum(w[R])
//!     U <- U + sapply(G, function(j) sum(w[D & g == j])) - p * sum(w[D])
//!     A <- (outer(g[R], G, "==") - matrix(p, Y, k, byrow = TRUE)) * w[R]
//!     if (Y > 1) V <- V + e * (Y - e) / (Y * (Y - 1)) * crossprod(A)
//!   }
//!   c(U[2], V[2, 2], U[-1] %*% solve(V[-1, -1], U[-1]))
//! }
//! ```
#![allow(clippy::excessive_precision, reason = "17 digits, as R prints them")]

use approx::assert_relative_eq;
use riskset::data::SurvivalData;
use riskset::inference::{WeightedLogRank, WeightedLogRankFit};
use riskset::{CountingProcess, Groups, RightCensored, Ties, Weights};

use super::case::folder;
use super::frame::Frame;

/// The rows of `lung` with a value in `ph_ecog`, or all.
struct Lung {
    frame: Frame,
    /// Places in the file, counted from 1.
    place: Vec<usize>,
}

impl Lung {
    fn read(known: bool) -> Self {
        let frame = Frame::read(&folder("data").join("lung.csv"));
        let column = if known { "ph_ecog" } else { "time" };
        let rows = frame.complete(&[column.to_owned()]);
        let place = rows.iter().map(|row| row + 1).collect();
        Self { frame: frame.select(&rows), place }
    }

    fn weights(&self) -> Weights {
        let weight = |place: &usize| 0.5 + (place * 37 % 101) as f64 / 100.0;
        Weights::sampling(&self.place.iter().map(weight).collect::<Vec<_>>()).unwrap()
    }

    fn event(&self) -> Vec<bool> {
        self.frame.numbers("status").iter().map(|&status| status == 1.0).collect()
    }

    fn data(&self) -> RightCensored {
        let data = RightCensored::new(&self.frame.numbers("time"), &self.event()).unwrap();
        data.with_weights(self.weights()).unwrap()
    }

    fn late(&self) -> CountingProcess {
        let time = self.frame.numbers("time");
        let entry: Vec<f64> = (time.iter().zip(&self.place))
            .map(|(time, place)| (time - 50.0 - (place * 13 % 400) as f64).max(0.0))
            .collect();
        let data = CountingProcess::new(&entry, &time, &self.event()).unwrap();
        data.with_weights(self.weights()).unwrap()
    }

    fn by(&self, column: &str, data: &impl SurvivalData) -> WeightedLogRankFit {
        let groups = Groups::new(self.frame.text(column)).unwrap();
        WeightedLogRank::new().fit(data, &groups).unwrap()
    }
}

/// Robust score statistic, and U and V of the second group with the statistic of Xie and Liu.
fn assert_agrees(fit: &WeightedLogRankFit, robust_score: f64, xie_liu: [f64; 3]) {
    let close = |ours: f64, theirs: f64| assert_relative_eq!(ours, theirs, max_relative = 1e-11);
    close(fit.robust_score().unwrap().statistic, robust_score);
    let second = &fit.counts()[1];
    close(second.observed - second.expected, xie_liu[0]);
    close(fit.variance()[[1, 1]], xie_liu[1]);
    close(fit.xie_liu().statistic, xie_liu[2]);
    let k = fit.groups().len();
    assert_eq!((fit.robust_score().unwrap().df, fit.xie_liu().df), (Some(k - 1), Some(k - 1)));
}

#[test]
fn two_groups_agree_with_r() {
    let lung = Lung::read(false);
    let xie_liu = [-23.02584121666521, 44.136363936109433, 12.012529271839558];
    assert_agrees(&lung.by("sex", &lung.data()), 11.994835684121918, xie_liu);
    let groups = Groups::new(lung.frame.text("sex")).unwrap();
    let efron = WeightedLogRank::new().ties(Ties::Efron).fit(&lung.data(), &groups).unwrap();
    assert_agrees(&efron, 11.997420332430208, xie_liu);
    let clusters: Vec<usize> = lung.place.iter().map(|place| place % 40).collect();
    let clustered = lung.by("sex", &lung.data().with_clusters(&clusters).unwrap());
    assert_agrees(&clustered, 8.1722908335908571, xie_liu);
}

#[test]
fn four_groups_and_strata_agree_with_r() {
    let lung = Lung::read(true);
    let xie_liu = [-1.196075055685524, 44.136394484465562, 23.236137847988147];
    assert_agrees(&lung.by("ph_ecog", &lung.data()), 18.131917260392253, xie_liu);
    let xie_liu = [-22.916597153453868, 40.170115077729932, 13.073659960333078];
    let stratified = lung.data().with_strata(lung.frame.text("ph_ecog")).unwrap();
    assert_agrees(&lung.by("sex", &stratified), 13.75720386404358, xie_liu);
}

#[test]
fn delayed_entry_agrees_with_r() {
    let lung = Lung::read(false);
    let xie_liu = [-19.03851935807986, 42.693656326816388, 8.4899081159350818];
    assert_agrees(&lung.by("sex", &lung.late()), 13.649498441487214, xie_liu);
}
