//! The tables of the paper.

use riskset::curve::ByGroup;
use riskset::data::{CompleteCases, Term, TermKind};
use riskset::inference::HazardRatio;
use riskset::nonparametric::KaplanMeierFit;
use riskset::regression::cox::CoxFit;
use riskset::statistic::Interval;

/// Missing values of each column, and what is left.
pub(crate) fn missing_values(complete: &CompleteCases) -> String {
    let mut text = "Missing values, patients\n".to_owned();
    for (column, count) in complete.missing() {
        text += &format!("  {column:<28}{count:>5}\n");
    }
    let (left, all) = (complete.rows().len(), complete.mask().len());
    text + &format!("  {:<28}{left:>5}  of {all}: the patients of the Cox model\n", "complete")
}

/// A column for each arm: patients, events, median, survival at whole years.
pub(crate) fn survival_summary(
    curves: &ByGroup<KaplanMeierFit>,
    events: &str,
    free: &str,
) -> String {
    let line = |label: &str, cell: &dyn Fn(&str, &KaplanMeierFit) -> String| {
        let cells: String =
            curves.iter().map(|(arm, fit)| format!("{:>24}", cell(arm, fit))).collect();
        format!("{label:<26}{cells}\n")
    };
    let median = |fit: &KaplanMeierFit| {
        let median = fit.curve().median();
        estimate(median.time, Some(median.interval), 1.0, 2)
    };
    let survival = |fit: &KaplanMeierFit, years: f64| {
        fit.at_time(years).map_or_else(
            |error| error.to_string(),
            |at| estimate(Some(at.survival), at.interval, 100.0, 1),
        )
    };
    line("", &|arm, _| arm.to_owned())
        + &line("patients", &|_, fit| fit.n().to_string())
        + &line(events, &|_, fit| fit.n_events().to_string())
        + &line("median, years (95 % CI)", &|_, fit| median(fit))
        + &format!("{free}, % (95 % CI)\n")
        + &line("  at 1 year", &|_, fit| survival(fit, 1.0))
        + &line("  at 3 years", &|_, fit| survival(fit, 3.0))
        + &line("  at 5 years", &|_, fit| survival(fit, 5.0))
        + "nr: not reached\n"
}

/// `2.43 (1.98–3.10)`; what a curve does not reach is `nr`.
fn estimate(value: Option<f64>, interval: Option<Interval>, scale: f64, decimals: usize) -> String {
    let text = |value: Option<f64>| {
        value.map_or("nr".to_owned(), |value| format!("{:.decimals$}", scale * value))
    };
    match interval {
        Some(Interval { lower, upper, .. }) => {
            format!("{} ({}–{})", text(value), text(lower), text(upper))
        }
        None => text(value),
    }
}

/// A line for each level of each factor, the reference included, and for each number.
pub(crate) fn hazard_ratios(fit: &CoxFit, ratios: &[HazardRatio]) -> String {
    let mut text = format!("{:<32}{:>6}  {:<14}{:>7}\n", "", "HR", "95 % CI", "p");
    for Term { name, kind, columns, .. } in fit.coding().terms() {
        let ratios = &ratios[columns.clone()];
        match kind {
            TermKind::Factor { levels } => {
                let reference = format!("  {}", levels[0]);
                text += &format!("{name}\n{reference:<32}{:>6}  reference\n", 1);
                for (level, ratio) in levels[1..].iter().zip(ratios) {
                    text += &hazard_ratio(&format!("  {level}"), ratio);
                }
            }
            _ => text.extend(ratios.iter().map(|ratio| hazard_ratio(&ratio.name, ratio))),
        }
    }
    text
}

fn hazard_ratio(label: &str, ratio: &HazardRatio) -> String {
    let (Some(estimate), Some(interval)) = (ratio.estimate, ratio.interval) else {
        return format!("{label:<32}{:>6}\n", ratio.status);
    };
    let limits = format!("{interval:.2}");
    let p = ratio.test.map_or("–".to_owned(), |test| test.p_text());
    format!("{label:<32}{estimate:>6.2}  {limits:<14}{p:>7}\n")
}
