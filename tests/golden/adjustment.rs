//! Propensity scores and balancing weights of the simulated ablation cohort against R;
//! `generate/46_adjustment.R` made the numbers.

use ndarray::ArrayView1;
use riskset::adjustment::{
    BalancingWeights, BalancingWeightsFit, EstimatedWeights, PropensityFit, PropensityScores,
    Standardisation, TargetPopulation,
};
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, Groups, RightCensored, Ties};
use serde_json::Value;
use std::fs;

use super::case::{folder, matrix, numbers};
use super::compare::{Bound, Comparison};
use super::frame::Frame;

const GROUPS: [&str; 4] = ["none", "sync", "upfront", "delayed"];

fn frame() -> Frame {
    Frame::read(&folder("data/ablation_patients.csv"))
}

fn expected() -> Value {
    let text = fs::read_to_string(folder("golden/adjustment.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The covariates of section 8 of the analysis plan.
fn covariates(frame: &Frame) -> Design {
    let number = |n: f64| if n >= 3.0 { "3-5".to_owned() } else { n.to_string() };
    let number: Vec<String> = frame.numbers("tumour_number").into_iter().map(number).collect();
    let classes = ["<10", "10-19", "20-29", ">=30"];
    let class = |mm: f64| classes[[10.0, 20.0, 30.0].iter().filter(|cut| mm >= **cut).count()];
    let size: Vec<&str> = frame.numbers("largest_mm").into_iter().map(class).collect();
    let timing = frame.text("metastasis_timing").iter();
    let synchronous: Vec<f64> =
        timing.map(|timing| f64::from(u8::from(timing == "synchronous"))).collect();
    let decades: Vec<f64> = frame.numbers("age").iter().map(|years| years / 10.0).collect();
    let sites = ["none", "liver", "bone", "abdominal_pelvic", "other"];
    let text = |name| ArrayView1::from(frame.text(name));
    Design::builder()
        .factor("number", &number, "1")
        .factor_with_levels("size", &size, &classes, classes[0])
        .numeric("synchronous", &synchronous)
        .factor_with_levels("extrapulmonary", text("extrapulmonary"), &sites, sites[0])
        .numeric("mediastinal_ln", &frame.numbers("mediastinal_ln"))
        .numeric("age", &decades)
        .factor("centre", text("centre"), "C1")
        .build()
        .unwrap()
}

fn scores(frame: &Frame) -> PropensityFit {
    let groups = Groups::with_levels(frame.text("group"), &GROUPS).unwrap();
    PropensityScores::new().fit(&groups, &covariates(frame)).unwrap()
}

fn all_weights(scores: &PropensityFit) -> Vec<(&'static str, BalancingWeightsFit)> {
    let sync = TargetPopulation::Group("sync".to_owned());
    let everyone = BalancingWeights::new(TargetPopulation::Everyone);
    [
        ("ate", everyone.clone()),
        ("stabilised", everyone.clone().stabilised()),
        ("sync", BalancingWeights::new(sync)),
        ("overlap", BalancingWeights::new(TargetPopulation::Overlap)),
        ("truncated", everyone.stabilised().truncated(0.01, 0.99)),
    ]
    .map(|(name, weights)| (name, weights.fit(scores).unwrap()))
    .into()
}

fn data(frame: &Frame, endpoint: &str) -> RightCensored {
    let status = frame.numbers(&format!("{endpoint}_status"));
    let event: Vec<bool> = status.iter().map(|&status| status == 1.0).collect();
    RightCensored::new(&frame.numbers(&format!("{endpoint}_months")), &event).unwrap()
}

fn group_design(frame: &Frame) -> Design {
    let group = ArrayView1::from(frame.text("group"));
    Design::builder().factor_with_levels("group", group, &GROUPS, "none").build().unwrap()
}

fn cox(
    data: &RightCensored,
    design: &Design,
    weights: &BalancingWeightsFit,
) -> (RightCensored, CoxFit) {
    let data = data.clone().with_weights(weights.weights().clone()).unwrap();
    let fit = CoxPh::new().tolerance(1e-13).fit(&data, design).unwrap();
    assert!(fit.is_robust());
    (data, fit)
}

#[test]
fn propensity_scores_and_weights() {
    let (frame, expected) = (frame(), expected());
    let fit = scores(&frame);
    let mut comparison = Comparison::new();
    comparison.begin("scores");
    let estimates: Vec<f64> = fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect();
    let theirs = numbers(&expected["coefficients"]);
    let vcov = matrix(&expected["vcov"]);
    let se = |j: usize| vcov[j][j].sqrt();
    assert_eq!(estimates.len(), theirs.len());
    for (j, (ours, theirs)) in estimates.iter().zip(&theirs).enumerate() {
        comparison.scaled(Bound::Likelihood, &format!("coefficient {j}"), *ours, *theirs, se(j));
    }
    for ((i, j), ours) in fit.vcov().indexed_iter() {
        comparison.scaled(Bound::Likelihood, "vcov", *ours, vcov[i][j], se(i) * se(j));
    }
    let likelihood = [fit.log_likelihood(), fit.log_likelihood_null()];
    comparison.column(
        Bound::Likelihood,
        "loglik",
        &likelihood,
        &numbers(&expected["log_likelihood"]),
    );
    for (row, theirs) in [0, 1, 99, 325].into_iter().zip(matrix(&expected["probabilities"])) {
        let ours = fit.probabilities().row(row).to_vec();
        comparison.column(Bound::Likelihood, &format!("probabilities {row}"), &ours, &theirs);
    }
    assert!(fit.warnings().is_empty());
    for (name, weights) in all_weights(&fit) {
        comparison.begin(name);
        let overall = weights.overall();
        let mut ours = vec![overall.smallest, overall.largest, overall.total, overall.n_effective];
        ours.extend(weights.by_group().iter().map(|group| group.n_effective));
        let theirs = numbers(&expected["weights"][name]);
        comparison.column(Bound::Likelihood, "summary", &ours, &theirs);
        let cuts = numbers(&expected["cuts"]);
        if let Some(cut) = weights.truncation() {
            comparison.column(Bound::Likelihood, "cuts", &[cut.lower, cut.upper], &cuts[..2]);
            assert_eq!([cut.n_raised, cut.n_lowered].map(|n| n as f64), cuts[2..]);
        }
    }
    comparison.finish("adjustment", 6);
}

#[test]
fn weighted_hazard_ratios() {
    let (frame, expected) = (frame(), expected());
    let (scores, design) = (scores(&frame), group_design(&frame));
    let covariates = covariates(&frame);
    let mut comparison = Comparison::new();
    for endpoint in ["pfs", "os"] {
        let data = data(&frame, endpoint);
        for (name, weights) in all_weights(&scores) {
            comparison.begin(&format!("{endpoint} {name}"));
            let (weighted, fit) = cox(&data, &design, &weights);
            let column = |value: fn(&riskset::regression::cox::Coefficient) -> Option<f64>| {
                fit.coefficients().iter().map(|c| value(c).unwrap()).collect::<Vec<_>>()
            };
            let theirs = &expected[endpoint][name];
            let bound = Bound::Likelihood;
            comparison.column(bound, "beta", &column(|c| c.estimate), &numbers(&theirs["beta"]));
            comparison.column(bound, "se", &column(|c| c.std_error), &numbers(&theirs["se"]));
            if theirs["stacked"].is_null() {
                continue;
            }
            let estimated = EstimatedWeights::new(&weights, &scores, &covariates).unwrap();
            let stacked = estimated.vcov(&fit, &weighted, &design).unwrap();
            let theirs = matrix(&theirs["stacked"]);
            for ((i, j), ours) in stacked.vcov().indexed_iter() {
                // R's derivative by the coefficients of the logit is numeric.
                comparison.value(Bound::PValue, "stacked", *ours, theirs[i][j]);
            }
        }
    }
    comparison.finish("weighted Cox", 10);
}

/// The numbers of the analysis plan, whose optimiser of the logit stops earlier.
#[test]
fn the_rows_of_the_analysis_plan() {
    let frame = frame();
    let (scores, design) = (scores(&frame), group_design(&frame));
    let all = all_weights(&scores);
    let rows = [
        ("pfs", "stabilised", 0.400_396_502_99, 0.190_218_987_45),
        ("os", "stabilised", 0.204_644_203_85, 0.266_277_857_72),
        ("pfs", "overlap", 0.410_561_794_56, 0.207_482_220_49),
        ("os", "overlap", 0.240_155_251_57, 0.260_337_912_61),
    ];
    for (endpoint, name, ratio, std_error) in rows {
        let weights = &all.iter().find(|(found, _)| *found == name).unwrap().1;
        let (_, fit) = cox(&data(&frame, endpoint), &design, weights);
        let sync = &fit.hazard_ratios(0.95).unwrap()[0];
        approx::assert_relative_eq!(sync.estimate.unwrap(), ratio, max_relative = 1e-5);
        approx::assert_relative_eq!(sync.std_error_ln.unwrap(), std_error, max_relative = 1e-5);
    }
    let stabilised = all[1].1.overall();
    approx::assert_relative_eq!(stabilised.n_effective, 185.846_149_923_3, max_relative = 1e-6);
    approx::assert_relative_eq!(stabilised.largest, 12.092_964_570_5, max_relative = 1e-6);
}

/// The models of `generate/47_standardised.R`.
fn standardised_models(frame: &Frame) -> [(&'static str, RightCensored, Design, Ties); 3] {
    let number = |n: f64| if n >= 3.0 { "3-5".to_owned() } else { n.to_string() };
    let number: Vec<String> = frame.numbers("tumour_number").into_iter().map(number).collect();
    let decades: Vec<f64> = frame.numbers("age").iter().map(|years| years / 10.0).collect();
    let sites = ["none", "liver", "bone", "abdominal_pelvic", "other"];
    let text = |name| ArrayView1::from(frame.text(name));
    let start = || Design::builder().factor_with_levels("group", text("group"), &GROUPS, "none");
    let plain = start()
        .factor("number", &number, "1")
        .factor_with_levels("extrapulmonary", text("extrapulmonary"), &sites, sites[0])
        .numeric("mediastinal_ln", &frame.numbers("mediastinal_ln"))
        .numeric("age", &decades);
    let strata = start().factor("number", &number, "1").numeric("age", &decades);
    let interaction =
        start().numeric("age", &decades).factor("number", &number, "1").interaction("group", "age");
    let centre = data(frame, "os").with_strata(text("centre")).unwrap();
    [
        ("plain", data(frame, "os"), plain.build().unwrap(), Ties::Efron),
        ("strata", centre, strata.build().unwrap(), Ties::Efron),
        ("interaction", data(frame, "pfs"), interaction.build().unwrap(), Ties::Breslow),
    ]
}

#[test]
fn standardised_survival() {
    let text = fs::read_to_string(folder("golden/standardised.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let frame = frame();
    let mut comparison = Comparison::new();
    for (name, data, design, ties) in standardised_models(&frame) {
        comparison.begin(name);
        let fit = CoxPh::new().ties(ties).tolerance(1e-13).fit(&data, &design).unwrap();
        let request = Standardisation::new(&[12.0, 36.0, 60.0]).restricted_mean(60.0);
        let found = request.of(&fit, "group", &data, &design).unwrap();
        let values = numbers(&expected[name]["value"]);
        let covariance = matrix(&expected[name]["covariance"]);
        for (a, level) in GROUPS.iter().enumerate() {
            let mean = found.restricted_mean(level).unwrap().unwrap();
            let curve = found.curve(level).unwrap();
            let ours = curve.iter().map(|at| (at.survival, at.std_error));
            let ours = ours.chain([(mean.mean, mean.std_error)]);
            for (k, (value, std_error)) in ours.enumerate() {
                let at = 4 * a + k;
                comparison.value(Bound::Likelihood, &format!("value {at}"), value, values[at]);
                // R's derivatives by the weights are numeric.
                let theirs = covariance[at][at].sqrt();
                comparison.value(Bound::PValue, &format!("se {at}"), std_error, theirs);
            }
        }
        let contrast = |a: usize, b: usize| {
            (covariance[a][a] + covariance[b][b] - 2.0 * covariance[a][b]).sqrt()
        };
        let differences = found.differences("sync", "none").unwrap();
        for (k, difference) in differences.iter().enumerate() {
            comparison.value(Bound::PValue, "difference", difference.std_error, contrast(4 + k, k));
        }
        let means = found.restricted_mean_difference("sync", "none").unwrap().unwrap();
        comparison.value(Bound::PValue, "difference of means", means.std_error, contrast(7, 3));
    }
    comparison.finish("standardised survival", 3);
}
