//! Forest plots: nothing overlaps and nothing is cut; what is open ends in an arrow.

use proptest::prelude::*;
use riskset::Error;
use riskset::plot::{ForestLine, ForestPlot};

use super::page::assert_readable;
use crate::sample::check;

/// A ratio with limits that may be open, or far away.
fn line() -> impl Strategy<Value = ForestLine> {
    let label = prop::sample::select(vec![
        "Age",
        "Perforation of the colon by the tumour, as seen by the surgeon or the pathologist",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "≥65",
        "",
    ]);
    let number = || (-3.0..3.0_f64).prop_map(|x: f64| x.exp());
    let reach = || prop::option::of((0.0..4.0_f64).prop_map(|x: f64| x.exp()));
    (label, number(), reach(), reach(), 0..8_usize, 0..3_usize).prop_map(
        |(label, estimate, below, above, kind, indent)| {
            let (lower, upper) =
                (below.map(|reach| estimate / reach), above.map(|reach| estimate * reach));
            let line = match kind {
                0 => ForestLine::heading(label),
                1 => ForestLine::reference(label).cells(&["120 / 326"]),
                2 => ForestLine::words(label, "too few events to say anything at all"),
                3 => ForestLine::ratio(label, None, lower, None),
                4 => ForestLine::ratio(label, None, None, upper).cells(&["0 / 11"]),
                5 => ForestLine::ratio(label, Some(estimate), lower, upper).overall(),
                _ => ForestLine::ratio(label, Some(estimate), lower, upper).cells(&["1 / 2"]),
            };
            (0..indent).fold(line, |line, _| line.indent())
        },
    )
}

#[test]
fn every_forest_is_readable_or_refused() {
    let figure = (
        prop::collection::vec(line(), 1..12),
        (250.0..800.0_f64, 5.0..14.0_f64),
        prop::option::of((0.05..0.9_f64, 1.2..20.0_f64)),
        any::<bool>(),
    );
    let drawn = std::cell::Cell::new(0);
    check(300, figure, |(lines, (width, size), limits, sides)| {
        let mut plot = ForestPlot::new(lines)
            .title("Hazard ratios, each adjusted for the other covariates of the model")
            .caption("SIMULATED DATA")
            .columns(&["Events / patients"])
            .label_heading("Subgroup")
            .width(width)
            .font_size(size);
        if let Some((lower, upper)) = limits {
            plot = plot.limits(lower, upper);
        }
        if sides {
            plot = plot.directions("Favours fluorouracil and levamisole", "Favours observation");
        }
        match plot.draw() {
            Ok(drawing) => {
                drawn.set(drawn.get() + 1);
                assert_readable(&drawing);
            }
            Err(Error::FigureTooSmall { side: "width", given, needed }) => assert!(needed > given),
            Err(other) => panic!("{other}"),
        }
    });
    assert!(drawn.get() > 150, "{}", drawn.get());
}

/// The number of filled triangles, three corners each.
fn arrows(plot: &ForestPlot) -> usize {
    let svg = plot.draw().unwrap().svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let outlines = document.descendants().filter_map(|node| node.attribute("d").map(str::to_owned));
    let corners = |d: &String| d.chars().filter(|c| "MLHV".contains(*c)).count();
    outlines.filter(|d| d.ends_with('Z') && corners(d) == 3).count()
}

#[test]
fn open_limits_and_those_beyond_the_axis_are_arrows() {
    let plot = |estimate, lower, upper| {
        ForestPlot::new(vec![ForestLine::ratio("x", estimate, lower, upper)]).limits(0.2, 5.0)
    };
    assert_eq!(arrows(&plot(Some(1.5), Some(0.8), Some(2.5))), 0);
    assert_eq!(arrows(&plot(Some(1.5), Some(0.1), Some(2.5))), 1);
    assert_eq!(arrows(&plot(Some(1.5), Some(0.1), Some(9.0))), 2);
    assert_eq!(arrows(&plot(None, Some(2.0), None)), 1);
    assert_eq!(arrows(&plot(None, None, Some(0.5))), 1);
    assert_eq!(arrows(&plot(Some(20.0), Some(10.0), Some(40.0))), 1);
    assert_eq!(arrows(&plot(None, None, None)), 0);
}

#[test]
fn lines_say_what_a_fit_says() {
    use riskset::{CoxPh, Design, RightCensored};

    let data =
        RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true, true, false, true, true, true])
            .unwrap();
    let design = Design::builder().numeric("x", &[1., 0., 1., 0., 2., 1.]).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let says = |level: f64| -> Vec<String> {
        let ratio = &fit.hazard_ratios(level).unwrap()[0];
        let drawing = ForestPlot::new(vec![ForestLine::of("x", ratio)]).draw().unwrap();
        drawing.texts().into_iter().map(|text| text.text).collect()
    };
    let ratio = &fit.hazard_ratios(0.9).unwrap()[0];
    let interval = ratio.interval.unwrap();
    let expected = format!("{:.2} ({interval:.2})", ratio.estimate.unwrap());
    let texts = says(0.9);
    assert!(texts.contains(&expected) && texts.contains(&"HR (90% CI)".to_owned()), "{texts:?}");
    assert!(texts.contains(&ratio.test.unwrap().p_text()));

    // Everybody with x = 1 fails first: the ratio is infinite, and has no Wald limits.
    let design = Design::builder().numeric("x", &[1., 1., 0., 0., 0., 0.]).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let wald = ForestLine::of("x", &fit.hazard_ratios(0.95).unwrap()[0]);
    let profile = &fit.profile_hazard_ratios(&data, &design, 0.95).unwrap()[0];
    let lines = vec![wald, ForestLine::of("x, profile", profile)];
    let drawing = ForestPlot::new(lines).draw().unwrap();
    let texts: Vec<String> = drawing.texts().into_iter().map(|text| text.text).collect();
    let lower = profile.interval.unwrap().lower.unwrap();
    assert!(texts.contains(&"∞".to_owned()), "{texts:?}");
    assert!(texts.contains(&format!("∞ ({lower:.2}–∞)")), "{texts:?}");
}

#[test]
fn forest_data_are_drawn_with_every_row() {
    use riskset::study::Subgroups;
    use riskset::{Groups, RightCensored};

    let n = 160;
    let time: Vec<f64> = (0..n).map(|row| f64::from((row * 37) % 101 + 1)).collect();
    let event: Vec<bool> = (0..n).map(|row| row % 4 != 0).collect();
    let arm: Vec<&str> = (0..n).map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
    let sex: Vec<&str> = (0..n)
        .map(|row| ["female", "male", "unknown"][usize::from(row % 7 > 3) + usize::from(row > 155)])
        .collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let forest = Subgroups::new(&Groups::new(&arm).unwrap(), "new", "old")
        .variable("Sex", &Groups::new(&sex).unwrap())
        .fit(&data)
        .unwrap();
    let drawing = ForestPlot::of(&forest).draw().unwrap();
    assert_readable(&drawing);
    let texts: Vec<String> = drawing.texts().into_iter().map(|text| text.text).collect();
    for row in &forest.rows {
        assert!(texts.contains(&row.label), "{}", row.label);
        if let (Some(n), Some(events)) = (row.n, row.n_events) {
            assert!(texts.contains(&format!("{events} / {n}")), "{texts:?}");
        }
    }
    // The p-value of an interaction stands there, that of everybody's ratio does not.
    let p = |row: usize| forest.rows[row].test.unwrap().p_text();
    assert!(texts.contains(&p(1)) && !texts.contains(&p(0)), "{texts:?}");
    assert!(texts.contains(&"HR (95% CI)".to_owned()));
}
