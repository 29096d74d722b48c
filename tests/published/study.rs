//! The data of one example with R's answers, and what it means to print a figure.

use riskset::nonparametric::TestWeight;
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, Groups, LogRank, RightCensored, Ties};
use serde_json::Value;
use std::fs;

use crate::golden::case::{folder, numbers};
use crate::golden::frame::Frame;

/// Relative to R's value.
const BOUND: f64 = 1e-9;

/// One data set and what R says about it.
pub struct Study {
    pub frame: Frame,
    answers: Value,
}

impl Study {
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(folder("golden/published.json")).unwrap();
        let mut all: Value = serde_json::from_str(&text).unwrap();
        let frame = Frame::read(&folder("data").join(format!("{name}.csv")));
        Self { frame, answers: all[name].take() }
    }

    /// The rows that have this value in a column.
    pub fn only(self, column: &str, value: &str) -> Self {
        let text = self.frame.text(column);
        let rows: Vec<usize> = (0..text.len()).filter(|&row| text[row] == value).collect();
        Self { frame: self.frame.select(&rows), answers: self.answers }
    }

    pub fn flags(&self, column: &str) -> Vec<bool> {
        self.frame.numbers(column).iter().map(|&code| code == 1.0).collect()
    }

    /// 1 in the rows that have this value, otherwise 0.
    pub fn indicator(&self, column: &str, value: &str) -> Vec<f64> {
        self.frame.text(column).iter().map(|text| f64::from(text == value)).collect()
    }

    pub fn data(&self) -> RightCensored {
        RightCensored::new(&self.frame.numbers("time"), &self.flags("status")).unwrap()
    }

    pub fn groups(&self, column: &str) -> Groups {
        Groups::new(self.frame.text(column)).unwrap()
    }

    /// χ² of the weighted log-rank tests.
    pub fn log_rank(&self, group: &str, weights: &[TestWeight]) -> Vec<f64> {
        let (data, groups) = (self.data(), self.groups(group));
        let statistic = |weight: &TestWeight| {
            LogRank::new().weight(*weight).fit(&data, &groups).unwrap().test().statistic
        };
        weights.iter().map(statistic).collect()
    }

    pub fn cox(&self, ties: Ties, design: &Design) -> CoxFit {
        CoxPh::new().ties(ties).fit(&self.data(), design).unwrap()
    }

    /// A published row: each value rounds to its figure, and is R's. Without figures only the second.
    #[track_caller]
    pub fn check(&self, path: &str, ours: &[f64], figures: &[&str]) {
        let theirs = numbers(self.answers.pointer(path).unwrap_or_else(|| panic!("no {path}")));
        assert_eq!(ours.len(), theirs.len(), "{path}");
        for (ours, theirs) in ours.iter().zip(theirs) {
            let off = (ours - theirs).abs();
            assert!(off <= BOUND * theirs.abs(), "{path}: ours {ours:e}, R {theirs:e}");
        }
        if !figures.is_empty() {
            assert_eq!(ours.len(), figures.len(), "{path}");
            ours.iter().zip(figures).for_each(|(ours, figure)| printed(*ours, figure));
        }
    }

    /// Every number of a Cox model; figures for the coefficients.
    #[track_caller]
    pub fn check_cox(&self, path: &str, fit: &CoxFit, figures: &[&str]) {
        let at = |name: &str| format!("{path}/{name}");
        self.check(&at("coef"), &estimates(fit), figures);
        self.check(&at("se"), &std_errors(fit), &[]);
        self.check(&at("log_likelihood"), &log_likelihoods(fit), &[]);
        self.check(&at("tests"), &tests(fit), &[]);
    }
}

pub fn estimates(fit: &CoxFit) -> Vec<f64> {
    fit.coefficients().iter().map(|coefficient| coefficient.estimate.unwrap()).collect()
}

pub fn std_errors(fit: &CoxFit) -> Vec<f64> {
    fit.coefficients().iter().map(|coefficient| coefficient.std_error.unwrap()).collect()
}

/// Without and with the covariates.
pub fn log_likelihoods(fit: &CoxFit) -> [f64; 2] {
    [fit.log_likelihood_null(), fit.log_likelihood()]
}

/// Wald, score and likelihood-ratio test.
pub fn tests(fit: &CoxFit) -> [f64; 3] {
    [fit.wald(), fit.score(), fit.likelihood_ratio()].map(|test| test.unwrap().statistic)
}

/// Within half a unit of the last printed digit.
#[track_caller]
pub fn printed(ours: f64, figure: &str) {
    let decimals = figure.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value: f64 = figure.parse().unwrap();
    let half = 0.5 * 10_f64.powi(-(decimals as i32));
    assert!((ours - value).abs() <= half * (1.0 + 1e-9), "{ours} does not round to {figure}");
}
