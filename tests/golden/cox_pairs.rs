//! All pairs of levels of a factor, with every adjustment, against `p.adjust` and the multivariate
//! normal distribution; `generate/45_terms.R` made the numbers.

use riskset::inference::{LevelPairs, Multiplicity};
use riskset::statistic::Adjust;

use super::case::{list, number, numbers, text};
use super::compare::Bound;
use super::cox_fits::{fit, near};
use super::family::Family;

const FAMILY: Family = Family {
    prefix: "pairs",
    cases: &["colon_recur", "kidney_cluster", "veteran_efron"],
    skipped: &[],
    total: 3,
};

const ADJUSTMENTS: [(&str, Adjust); 6] = [
    ("p", Adjust::None),
    ("bonferroni", Adjust::Bonferroni),
    ("holm", Adjust::Holm),
    ("hochberg", Adjust::Hochberg),
    ("BH", Adjust::BenjaminiHochberg),
    ("BY", Adjust::BenjaminiYekutieli),
];

#[test]
fn pairs_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (fit, theirs) = (fit(case), &case.expected);
        let factor = text(&case.spec["factor"]);
        for (name, adjust) in ADJUSTMENTS {
            let pairs = LevelPairs::new().adjust(adjust).of(&fit, &factor).unwrap();
            check.same("pairs", &pairs.len(), &list(&theirs["level"]).len());
            let adjusted: Vec<f64> = pairs.iter().map(|pair| pair.adjusted.unwrap()).collect();
            check.column(Bound::PValue, name, &adjusted, &numbers(&theirs[name]));
        }
        let pairs = LevelPairs::new().adjust(Multiplicity::SingleStep).of(&fit, &factor).unwrap();
        let z = number(&theirs["quantile"]);
        for (k, pair) in pairs.iter().enumerate() {
            let r = |name: &str| number(&theirs[name][k]);
            check.same("level", &pair.level, &text(&theirs["level"][k]));
            check.same("reference", &pair.reference, &text(&theirs["reference"][k]));
            let (estimate, se) = (r("estimate"), r("se"));
            let ln = pair.ratio.estimate.map(f64::ln);
            near(check, "estimate", ln, Some(estimate), Some(estimate.abs().max(se)));
            check.value(Bound::Likelihood, "se", pair.ratio.std_error_ln.unwrap(), se);
            // R's numbers beyond the plane are good to 1e-8 of a probability of 1.
            let exact = number(&theirs["rank"]) <= 2.0;
            let scale = if exact { r("single_step") } else { 10.0 };
            let (adjusted, theirs) = (pair.adjusted.unwrap(), r("single_step"));
            check.scaled(Bound::PValue, "single step", adjusted, theirs, scale);
            let upper = pair.simultaneous.unwrap().upper.unwrap().ln();
            let multiplier = (upper - ln.unwrap()) / se;
            check.scaled(Bound::PValue, "quantile", multiplier, z, if exact { z } else { 100.0 });
        }
    });
}
