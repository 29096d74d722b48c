//! What a figure refuses, and in which words.

use riskset::plot::{Count, CurvePlot, Drawing, ForestLine, ForestPlot, StepCurve};
use riskset::{KaplanMeier, Result, RightCensored};

#[track_caller]
fn text<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

fn curve(name: &str) -> StepCurve {
    StepCurve::new(name, 1.0, &[1.0, 2.0, 5.0], &[0.8, 0.6, 0.6]).unwrap()
}

fn draw(change: impl Fn(CurvePlot) -> CurvePlot) -> Result<Drawing> {
    change(CurvePlot::new(vec![curve("a"), curve("b")])).draw()
}

#[test]
fn curves() {
    assert_eq!(text(StepCurve::new("a", 1.0, &[], &[])), "`time` has no rows");
    assert_eq!(
        text(StepCurve::new("a", 1.0, &[1.0], &[0.1, 0.2])),
        "`value` has 2 rows, expected 1"
    );
    let rule = "times must be finite and ascend from 0";
    assert_eq!(
        text(StepCurve::new("a", 1.0, &[-1.0, f64::NAN], &[0.5, 1.5])),
        format!(
            "`time` row 0 is -1: {rule}; `time` row 1 is NaN: {rule}; `value` row 1 is 1.5: must be \
             between 0 and 1"
        )
    );
    assert_eq!(
        text(StepCurve::new("a", 2.0, &[1.0], &[0.5])),
        "option `start` is 2: must be between 0 and 1"
    );
    assert_eq!(
        text(curve("a").with_limits(&[Some(0.7); 3], &[Some(0.6), None, Some(f64::NAN)])),
        "`upper` row 2 is NaN: must be between 0 and 1; `upper` row 0 is 0.6: must not be below the \
         lower limit"
    );
    assert_eq!(text(curve("a").with_limits(&[], &[])), "`lower` has 0 rows, expected 3");
    assert_eq!(text(CurvePlot::new(vec![]).draw()), "`curves` has no rows");
    assert_eq!(
        text(CurvePlot::new(vec![curve("a"), curve(" ")]).draw()),
        "`name` row 1 is empty: each of several curves needs a name"
    );
    assert!(CurvePlot::new(vec![curve("")]).draw().is_ok());
    assert_eq!(
        text(CurvePlot::new(vec![curve("a"), curve("a")]).draw()),
        "the name `a` is given twice"
    );
    let many = |n: usize| (0..n).map(|k| curve(&k.to_string())).collect::<Vec<_>>();
    assert!(CurvePlot::new(many(49)).draw().is_ok());
    assert_eq!(
        text(CurvePlot::new(many(50)).draw()),
        "CurvePlot: telling more than 49 curves apart is not possible; draw several figures"
    );
}

#[test]
fn options_of_curves() {
    let positive = "must be positive and finite";
    for (option, value, found) in [
        ("time_unit", 0.0, draw(|plot| plot.time_unit(0.0))),
        ("time_unit", f64::NAN, draw(|plot| plot.time_unit(f64::NAN))),
        ("time_limit", -1.0, draw(|plot| plot.time_limit(-1.0))),
        ("tick_step", 0.0, draw(|plot| plot.tick_step(0.0))),
        ("tick_step", f64::INFINITY, draw(|plot| plot.tick_step(f64::INFINITY))),
    ] {
        assert_eq!(text(found), format!("option `{option}` is {value}: {positive}"));
    }
    for value in [f64::NAN, -5.0, 0.0, 1e9] {
        let rule = "must be between 72 and 14400 points";
        let found = text(draw(|plot| plot.width(value)));
        assert_eq!(found, format!("option `width` is {value}: {rule}"));
        let found = text(draw(|plot| plot.height(value)));
        assert_eq!(found, format!("option `height` is {value}: {rule}"));
        let rule = "must be between 4 and 72 points";
        let found = text(draw(|plot| plot.font_size(value)));
        assert_eq!(found, format!("option `font_size` is {value}: {rule}"));
    }
    assert_eq!(
        text(draw(|plot| plot.tick_step(0.001))),
        "option `tick_step` is 0.001: must give at most 100 ticks"
    );
    assert_eq!(
        text(draw(|plot| plot.time_unit(1e300))),
        "option `time_unit` is 1e300: must bring the times to between 1e-100 and 1e100"
            .replace("1e300", &1e300_f64.to_string())
    );
    assert_eq!(
        text(draw(|plot| plot.value_limit(0.5))),
        "option `value_limit` is 0.5: must not be below a curve"
    );
    assert_eq!(
        text(draw(|plot| plot.value_limit(2.0))),
        "option `value_limit` is 2: must be above 0 and at most 1"
    );
    assert_eq!(
        text(draw(|plot| plot.height(90.0))),
        "a height of 90 points leaves no room for the axes: at least 113 are needed"
    );
    assert_eq!(
        text(draw(|plot| plot.title("a\u{7}b"))),
        "`a\\u{7}b` has the character '\\u{7}': no control character but a line feed can be drawn"
    );
    assert_eq!(
        text(draw(|plot| plot.table(&[Count::AtRisk]))),
        "CurvePlot: a table of counts below curves without counts is not possible; give them with \
         StepCurve::with_counts"
    );
}

#[test]
fn one_line_of_the_table_is_one_group_of_people() {
    let fit = |time: &[f64]| {
        let data = RightCensored::new(time, &vec![true; time.len()]).unwrap();
        KaplanMeier::new().fit(&data).unwrap()
    };
    let (a, b) = (fit(&[1.0, 2.0]), fit(&[1.0, 3.0]));
    let with = |name: &str, fit: &riskset::nonparametric::KaplanMeierFit| {
        curve(name).with_counts("everybody", fit.series())
    };
    let drawing = CurvePlot::new(vec![with("relapse", &a), with("death", &a)]).draw().unwrap();
    let lines = drawing.texts().iter().filter(|text| text.text == "everybody").count();
    assert_eq!(lines, 1);
    assert_eq!(
        text(CurvePlot::new(vec![with("relapse", &a), with("death", &b)]).draw()),
        "the name `everybody` is given twice"
    );
}

#[test]
fn hard_curves_are_drawn() {
    for (time, value) in [
        (vec![0.0], vec![0.0]),
        (vec![0.0, 0.0], vec![1.0, 1.0]),
        (vec![1e-50], vec![0.5]),
        (vec![1e90, 2e90], vec![0.5, 0.2]),
        (vec![3.0; 5], vec![0.5, 0.4, 0.3, 0.2, 0.1]),
    ] {
        let curve = StepCurve::new("a", 1.0, &time, &value).unwrap();
        super::page::assert_readable(&CurvePlot::new(vec![curve]).draw().unwrap());
    }
}

#[test]
fn forests() {
    let ratio = |estimate, lower, upper| ForestLine::ratio("x", estimate, lower, upper);
    let one = || ForestPlot::new(vec![ratio(Some(1.0), Some(0.5), Some(2.0))]);
    assert_eq!(text(ForestPlot::new(vec![]).draw()), "`lines` has no rows");
    let rule = "must be positive and finite; an open limit is `None`";
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let lines = vec![ratio(Some(1.0), None, None), ratio(Some(bad), None, None)];
        let found = text(ForestPlot::new(lines).draw());
        assert_eq!(found, format!("`estimate` row 1 is {bad}: {rule}"));
    }
    assert_eq!(
        text(ForestPlot::new(vec![ratio(Some(3.0), Some(0.5), Some(2.0))]).draw()),
        "`estimate` row 0 is 3: must lie between its limits"
    );
    assert_eq!(
        text(one().limits(0.0, 2.0).draw()),
        "option `limits` is 0: the lower end must be between 0 and 1"
    );
    assert_eq!(
        text(one().limits(0.5, 0.9).draw()),
        "option `limits` is 0.9: the upper end must be above 1, and finite"
    );
    assert_eq!(
        text(ForestPlot::new(vec![ForestLine::heading("x").cells(&["1", "2"])]).draw()),
        "`cells of x` has 2 rows, expected 0"
    );
    assert_eq!(
        text(one().width(72.0).draw()),
        "a width of 72 points leaves no room for the axes: at least 237 are needed"
    );
    assert!(text(one().width(f64::NAN).draw()).starts_with("option `width` is NaN"));
    for hard in [1e-290, 1e290] {
        let plot = ForestPlot::new(vec![ratio(Some(hard), None, None)]);
        super::page::assert_readable(&plot.draw().unwrap());
    }
}
