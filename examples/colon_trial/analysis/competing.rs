//! Recurrence with death without it as the other way out.

use riskset::competing::{AalenJohansen, GrayTest};
use riskset::plot::CurvePlot;
use riskset::study::{Cell, Table};
use riskset::{CompetingRisks, KaplanMeier};
use std::collections::HashSet;

use super::super::report::Section;
use super::super::trial::Row;
use super::{YEARS, arms, column, observed, p_value};

const CAUSES: [(u32, &str); 2] = [(1, "recurrence"), (2, "death without recurrence")];

/// What is said of this section among the methods.
pub(super) const METHODS: &str = "Cumulative incidences of recurrence and of death without it were \
    estimated by the Aalen–Johansen method, and arms were compared by Gray's test; means of event-free \
    time up to five years are areas below Kaplan–Meier curves.";

/// 1 for a recurrence, 2 for a death without one, 0 for neither.
pub(super) fn causes(recurrence: &[Row], death: &[Row]) -> Vec<u32> {
    let dead: HashSet<&str> =
        death.iter().filter(|row| row.event).map(|row| row.id.as_str()).collect();
    column(recurrence, |row| match row.event {
        true => 1,
        false => 2 * u32::from(dead.contains(row.id.as_str())),
    })
}

pub(super) fn section(recurrence: &[Row], death: &[Row]) -> riskset::Result<Section> {
    let years = column(recurrence, |row| row.years);
    let data = CompetingRisks::from_codes(&years, &causes(recurrence, death), &CAUSES)?;
    let arms = arms(recurrence)?;
    let curves = AalenJohansen::new().fit_by(&data, &arms)?;
    let kaplan_meier = KaplanMeier::new().fit_by(&observed(recurrence)?, &arms)?;

    let header: Vec<String> = std::iter::once(String::new())
        .chain(YEARS.map(|year| format!("at {year}, % (95% CI)")))
        .collect();
    let mut incidence =
        Table::new("Cumulative incidence by arm, years since registration", &header);
    for (arm, fit) in curves.iter() {
        for curve in fit.curves() {
            let cells = curve.at(&YEARS)?.into_iter().map(|at| Cell::Probability {
                value: at.incidence,
                interval: Some(at.interval),
                marked: false,
            });
            incidence = incidence.row(&format!("{arm}: {}", curve.name()), cells.collect());
        }
        let risen = kaplan_meier.get(arm)?.at(&YEARS)?.into_iter().map(|at| Cell::Probability {
            value: 1.0 - at.survival,
            interval: None,
            marked: false,
        });
        incidence = incidence.row(&format!("{arm}: recurrence, deaths censored"), risen.collect());
    }
    let incidence = incidence.footnote(
        "Aalen–Johansen estimates with 95% confidence intervals. With deaths censored: one minus \
         Kaplan–Meier, which is too high by what those who died can no longer suffer.",
    );

    let mut gray = Table::new("Gray's tests of the arms", &["", "chi-square", "df", "p"]);
    for cause in GrayTest::new().fit(&data, &arms)?.causes() {
        let cells = match &cause.test {
            Ok(test) => vec![
                Cell::Number { value: test.statistic, decimals: 2 },
                Cell::Count(test.df.unwrap_or_default() as f64),
                p_value(test.p_value),
            ],
            Err(reason) => vec![Cell::Text(reason.to_string())],
        };
        gray = gray.row(&cause.name, cells);
    }
    let figure = CurvePlot::incidence_by(&curves, CAUSES[0].1)?
        .title("Recurrence")
        .value_limit(0.8)
        .time_label("Years since registration")
        .time_limit(8.0)
        .tick_step(1.0)
        .draw()?;
    Ok(Section::new("Recurrence and death without it")
        .table("incidence", incidence)
        .figure(
            "incidence",
            figure,
            "Cumulative incidence of recurrence by arm, with death as a competing risk. Shaded: \
             pointwise 95% confidence limits; below: patients at risk of either.",
        )
        .table("gray", gray))
}
