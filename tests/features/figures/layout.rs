//! Curves with all that is written around them: nothing overlaps and nothing is cut.

use proptest::prelude::*;
use riskset::Error;
use riskset::plot::{Count, CurvePlot, Legend};

use super::page::{assert_readable, curves};
use crate::sample::check;

const LONG: &str = "fluorouracil plus levamisole, weekly for one year, then maintenance ≥";

fn names(groups: usize, long: bool) -> Vec<String> {
    let name = |k| if long { format!("Arm {k}: {LONG} {k} months") } else { format!("{k}0 mg") };
    (1..=groups).map(name).collect()
}

#[test]
fn nothing_overlaps_from_one_to_six_groups() {
    for groups in 1..=6 {
        for long in [false, true] {
            let fits = curves(&names(groups, long), 30, 0.03);
            for legend in [Legend::Inside, Legend::Right, Legend::Top, Legend::None] {
                let plot = CurvePlot::survival(&fits)
                    .legend(legend)
                    .title("Overall survival of all patients who were randomised, by arm")
                    .note("Log-rank test: p < 0.001")
                    .note("Hazard ratio 0.72 (95% CI 0.59–0.89)")
                    .caption("SIMULATED DATA")
                    .median_lines(true);
                assert_readable(&plot.draw().unwrap());
                assert_readable(&plot.clone().bands(true).height(760.0).draw().unwrap());
                assert_readable(&plot.table(&[]).percent(true).draw().unwrap());
            }
        }
    }
}

/// A figure of few or many rows, small or large, with all options.
fn figure() -> impl Strategy<Value = CurvePlot> {
    let shape = (1..=6_usize, any::<bool>(), 1..=40_usize, -4.0..1.0_f64);
    let page = (200.0..900.0_f64, prop::option::of(150.0..900.0_f64), 5.0..16.0_f64);
    let marks = (any::<[bool; 6]>(), 0..4_usize, 0..4_usize, 0..3_usize);
    let axes = (prop::option::of(0.3..60.0_f64), prop::option::of(0.7..1.0_f64), 1e-3..400.0_f64);
    (shape, page, marks, axes).prop_map(|(shape, page, marks, axes)| {
        let (groups, long, rows, hazard) = shape;
        let fits = curves(&names(groups, long), rows, 10f64.powf(hazard));
        let ([rises, percent, bands, ticks, medians, dashes], legend, counts, notes) = marks;
        let plot = if rises { CurvePlot::events(&fits) } else { CurvePlot::survival(&fits) };
        let legend = [Legend::Inside, Legend::Right, Legend::Top, Legend::None][legend];
        let counts = &[Count::AtRisk, Count::Events, Count::Censorings][..counts];
        let mut plot = plot
            .percent(percent)
            .bands(bands)
            .censor_ticks(ticks)
            .median_lines(medians)
            .dashes(dashes)
            .legend(legend)
            .table(counts)
            .width(page.0)
            .font_size(page.2)
            .time_unit(axes.2)
            .time_label("Time since registration");
        if let Some(height) = page.1 {
            plot = plot.height(height);
        }
        if let Some(limit) = axes.0 {
            plot = plot.time_limit(limit / axes.2);
        }
        if let Some(limit) = axes.1 {
            plot = plot.value_limit(limit);
        }
        let note = "A note about these curves that takes a line of its own";
        (0..notes).fold(plot, |plot, _| plot.note(note))
    })
}

#[test]
fn every_figure_is_readable_or_refused() {
    let drawn = std::cell::Cell::new(0);
    check(300, figure(), |plot| match plot.draw() {
        Ok(drawing) => {
            drawn.set(drawn.get() + 1);
            assert_readable(&drawing);
        }
        Err(Error::FigureTooSmall { given, needed, .. }) => assert!(needed > given),
        Err(Error::InvalidOption { option: "value_limit", .. }) => {}
        Err(other) => panic!("{other}"),
    });
    assert!(drawn.get() > 100, "{}", drawn.get());
}

/// Labels take a share of the width and the legend may move, so that it can take a few steps.
#[test]
fn what_is_needed_leads_to_a_figure() {
    let fits = curves(&names(3, true), 30, 0.03);
    let mut plot = CurvePlot::survival(&fits).width(120.0).font_size(12.0).height(100.0);
    let mut refused = 0;
    loop {
        plot = match plot.draw() {
            Ok(drawing) => break assert_readable(&drawing),
            Err(Error::FigureTooSmall { side: "width", needed, .. }) => plot.width(needed),
            Err(Error::FigureTooSmall { side: "height", needed, .. }) => plot.height(needed),
            Err(other) => panic!("{other}"),
        };
        refused += 1;
        assert!(refused < 30);
    }
    assert!(refused > 1);
}

#[test]
fn counts_stand_below_their_ticks() {
    let fits = curves(&names(2, false), 500, 0.03);
    let drawing = CurvePlot::survival(&fits).tick_step(12.0).draw().unwrap();
    let texts = drawing.texts();
    let middle = |text: &str| -> Vec<f64> {
        let found = texts.iter().filter(|known| known.text == text);
        found.map(|text| text.left.midpoint(text.right)).collect()
    };
    let fit = fits.get("10 mg").unwrap();
    for month in [12.0, 24.0, 36.0, 48.0] {
        let count = fit.at_time(month).unwrap().n_risk.to_string();
        let tick = middle(&month.to_string())[0];
        assert!(middle(&count).iter().any(|x| (x - tick).abs() < 1e-9), "{count} at {month}");
    }
    // Without room every other tick has a number, and the counts go with it.
    let narrow = CurvePlot::survival(&fits).tick_step(2.0).draw().unwrap();
    let has = |text: &str| narrow.texts().iter().any(|known| known.text == text);
    assert!(has("0") && has("4") && !has("2"));
    assert_readable(&narrow);
}

#[test]
fn the_default_figure_says_what_it_shows() {
    let fits = curves(&names(2, false), 30, 0.03);
    let says = |plot: CurvePlot, text: &str| {
        let drawing = plot.draw().unwrap();
        assert!(drawing.texts().iter().any(|known| known.text == text), "{text}");
    };
    says(CurvePlot::survival(&fits), "Survival probability");
    says(CurvePlot::survival(&fits).percent(true), "Survival (%)");
    says(CurvePlot::events(&fits), "Cumulative incidence");
    says(CurvePlot::survival(&fits), "Number at risk");
    says(CurvePlot::survival(&fits).table(&[Count::Events]), "Cumulative number of events");
    says(CurvePlot::survival(&fits).value_label("Alive").time_label("Years"), "Alive");
}
