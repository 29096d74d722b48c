//! The plot data: the steps of the fit, its limits, its censorings.

use riskset::nonparametric::AtRiskTable;
use riskset::plot::{CurvePlot, StepCurve};
use riskset::{AalenJohansen, CompetingRisks, CountingProcess, Groups, KaplanMeier, RightCensored};

use super::page::assert_readable;

#[test]
fn steps_limits_and_censorings_are_those_of_the_fit() {
    let data = RightCensored::new(
        &[1.0, 2.0, 2.0, 3.0, 5.0, 8.0],
        &[true, true, false, false, true, false],
    )
    .unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    let curve = StepCurve::survival("all", &fit);
    let s = fit.survival();
    let expected = [
        (0.0, 1.0),
        (1.0, 1.0),
        (1.0, s[0]),
        (2.0, s[0]),
        (2.0, s[1]),
        (5.0, s[1]),
        (5.0, s[3]),
        (8.0, s[3]),
    ];
    assert_eq!(curve.vertices(), expected);
    assert_eq!(curve.censorings(), [(2.0, s[1]), (3.0, s[1]), (8.0, s[3])]);
    assert_eq!(curve.median(), fit.curve().median().time);
    let limit =
        |k: usize| (fit.curve().lower().get(k).unwrap(), fit.curve().upper().get(k).unwrap());
    let band = curve.band();
    let pieces: Vec<(f64, f64)> = band.iter().map(|&(from, to, ..)| (from, to)).collect();
    assert_eq!(pieces, [(0.0, 1.0), (1.0, 2.0), (2.0, 5.0), (5.0, 8.0)]);
    assert_eq!((band[1].2, band[1].3), limit(0));
    assert_eq!((band[3].2, band[3].3), limit(3));

    let events = StepCurve::events("all", &fit);
    assert_eq!(events.vertices()[2], (1.0, 1.0 - s[0]));
    let (lower, upper) = limit(0);
    assert_eq!((events.band()[1].2, events.band()[1].3), (1.0 - upper, 1.0 - lower));
    assert_eq!(events.median(), curve.median());
}

#[test]
fn a_band_ends_where_survival_is_0() {
    let data = RightCensored::new(&[1.0, 2.0, 4.0], &[true, true, true]).unwrap();
    let curve = StepCurve::survival("all", &KaplanMeier::new().fit(&data).unwrap());
    assert_eq!(curve.band().last().map(|piece| (piece.0, piece.1)), Some((2.0, 4.0)));
    assert_eq!(curve.vertices().last(), Some(&(4.0, 0.0)));
}

/// Delayed entry: the table below the figure is the table of the library.
#[test]
fn the_table_is_that_of_the_library() {
    let (entry, exit) = ([0.0, 0.0, 1.5, 2.0, 3.0], [2.0, 6.0, 4.0, 5.5, 4.5]);
    let event = [true, false, true, true, false];
    let group = ["a", "b", "a", "b", "a"];
    let data = CountingProcess::new(&entry, &exit, &event).unwrap();
    let groups = Groups::new(&group).unwrap();
    let fits = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    let drawing = CurvePlot::survival(&fits).tick_step(1.0).draw().unwrap();
    let times: Vec<f64> = (0..=6).map(f64::from).collect();
    let table = AtRiskTable::new(&data, &groups, &times).unwrap();
    let texts = drawing.texts();
    let heading = texts.iter().find(|text| text.text == "Number at risk").unwrap();
    // A line is what stands at one height, from left to right.
    for (name, counts) in table.groups().iter().zip(table.weighted()) {
        let label = texts.iter().find(|text| text.text == *name).unwrap();
        assert!(label.top > heading.bottom - 1.0);
        let mut line: Vec<_> = texts.iter().filter(|text| text.top == label.top).collect();
        line.sort_by(|a, b| a.left.total_cmp(&b.left));
        let found: Vec<f64> = line[1..].iter().map(|text| text.text.parse().unwrap()).collect();
        assert_eq!(found, counts.n_risk, "{name}");
    }
}

/// 1.1 × 3 is a little more than 3.3: a tick there still counts those who leave at 3.3.
#[test]
fn a_tick_that_rounds_past_a_time_counts_as_that_time() {
    let data = RightCensored::new(&[3.3, 3.3, 3.3, 4.4], &[true, true, false, true]).unwrap();
    let fits = KaplanMeier::new().fit_by(&data, &Groups::new(&["x"; 4]).unwrap()).unwrap();
    let drawing = CurvePlot::survival(&fits).time_unit(1.1).tick_step(1.0).draw().unwrap();
    let texts = drawing.texts();
    let last = texts.iter().rfind(|text| text.text == "3").unwrap();
    let below = |text: &&riskset::plot::TextBox| {
        (text.left.midpoint(text.right) - last.left.midpoint(last.right)).abs() < 1e-9
            && text.top > last.bottom + 20.0
    };
    assert_eq!(texts.iter().find(below).map(|text| text.text.as_str()), Some("4"));
}

#[test]
fn causes_share_their_people() {
    let names = [(1, "relapse"), (2, "death"), (3, "other")];
    let time = [1.0, 2.0, 3.0, 4.0, 6.0];
    let data = CompetingRisks::from_codes(&time, &[1, 2, 0, 1, 0], &names).unwrap();
    let fit = AalenJohansen::new().fit(&data).unwrap();
    let relapse = StepCurve::incidence("relapse", &fit, "relapse").unwrap();
    let steps = fit.incidence_of("relapse").unwrap().incidence();
    let (first, last) = (steps[0], steps[1]);
    let expected = [(0.0, 0.0), (1.0, 0.0), (1.0, first), (4.0, first), (4.0, last), (6.0, last)];
    assert_eq!(relapse.vertices(), expected);
    assert_eq!(relapse.censorings(), [(3.0, first), (6.0, last)]);
    assert_eq!(relapse.band().last().map(|piece| piece.1), Some(6.0));
    // A cause without events is a line at 0.
    let none = StepCurve::incidence("other", &fit, "other").unwrap();
    assert_eq!(none.vertices(), [(0.0, 0.0), (6.0, 0.0)]);
    let unknown = StepCurve::incidence("x", &fit, "x").unwrap_err().to_string();
    assert_eq!(unknown, "no cause is named `x`; there are relapse, death, other");

    let drawing = CurvePlot::incidence("all patients", &fit).unwrap().draw().unwrap();
    assert_readable(&drawing);
    let says = |text: &str| drawing.texts().iter().filter(|known| known.text == text).count();
    assert_eq!((says("all patients"), says("relapse"), says("Cumulative incidence")), (1, 1, 1));

    let groups = Groups::new(&["a", "b", "a", "b", "a"]).unwrap();
    let fits = AalenJohansen::new().fit_by(&data, &groups).unwrap();
    assert_readable(&CurvePlot::incidence_by(&fits, "relapse").unwrap().draw().unwrap());
    assert!(CurvePlot::incidence_by(&fits, "x").is_err());
}
