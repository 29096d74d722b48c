//! Sentences about methods, tables of a caller's own cells, and figures with every option.

use arbitrary::{Result, Unstructured};
use riskset::plot::{Count, CurvePlot, ForestLine, ForestPlot, Legend, StepCurve};
use riskset::statistic::Adjust;
use riskset::study::{
    Baseline, Cell, HazardRatios, IntervalStyle, Methods, Style, SurvivalSummary, Table,
};
use riskset::{CoxPh, Design, LogRank, RightCensored};

use crate::design::design;
use crate::finite::{checked, checked_unwritten, finite};
use crate::number::{Range, level, number, option};
use crate::options::{adjust, one_of};
use crate::sample::Sample;
use crate::study::{drawn, forest_drawn_as, written};
use crate::survival::right_censored;

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    match source.int_in_range(0..=3)? {
        0 => table(source),
        1 => curves(source),
        2 => forest(source),
        _ => {
            let sample = Sample::new(source)?;
            let Some(data) = checked(right_censored(&sample)) else { return Ok(()) };
            let Some(design) = design(&sample, source)? else { return Ok(()) };
            methods(&sample, &data, &design, source)
        }
    }
}

const WORDS: [&str; 6] =
    ["", "age", "<b> & \"c\"", "a, b\n|c|", "100% $x_1^2$ \\", "Ärzte ≥ 5 \u{1f600}"];

fn word(source: &mut Unstructured<'_>) -> Result<&'static str> {
    one_of(&WORDS, source)
}

fn cell(source: &mut Unstructured<'_>) -> Result<Cell> {
    let value = number(Range::Finite, source)?;
    Ok(match source.int_in_range(0..=5)? {
        0 => Cell::Empty,
        1 => Cell::Text(word(source)?.to_owned()),
        2 => Cell::Count(value),
        3 => {
            Cell::Number { value, decimals: one_of(&[0, 2, 17, 400, 70_000, usize::MAX], source)? }
        }
        4 => Cell::CountShare { count: value, share: None },
        _ => Cell::PValue {
            value: option(&[0.04, 0.0, 1.0], source)?.max(0.0).min(1.0),
            marked: true,
        },
    })
}

fn table(source: &mut Unstructured<'_>) -> Result<()> {
    let header: Vec<&str> =
        (0..source.int_in_range(0..=3)?).map(|_| word(source)).collect::<Result<_>>()?;
    let mut table = Table::new(word(source)?, &header).footnote(word(source)?);
    for _ in 0..source.int_in_range(0..=4)? {
        let cells =
            (0..source.int_in_range(0..=4)?).map(|_| cell(source)).collect::<Result<_>>()?;
        table = table.row(word(source)?, cells);
    }
    let style = one_of(&[Style::default(), Style::default().without_leading_zero()], source)?;
    let parted = one_of(&[IntervalStyle::default()], source)?;
    written(&table.with_style(style.intervals(parted)));
    Ok(())
}

/// A size or a step: mostly one that is meant, sometimes any.
fn size(source: &mut Unstructured<'_>) -> Result<f64> {
    option(&[1.0, 12.0, 300.0, 640.0], source)
}

fn curves(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let mut value = sample.weight.clone();
    value.resize(sample.n(), 0.5);
    let Some(curve) = checked_unwritten(StepCurve::new(word(source)?, 1.0, &sample.exit, &value))
    else {
        return Ok(());
    };
    let mut plot = CurvePlot::new(vec![curve; source.int_in_range(0..=3)?]);
    for _ in 0..source.int_in_range(0..=4)? {
        plot = match source.int_in_range(0..=10)? {
            0 => plot.title(word(source)?).caption(word(source)?).note(word(source)?),
            1 => plot.time_unit(size(source)?),
            2 => plot.time_limit(size(source)?),
            3 => plot.tick_step(size(source)?),
            4 => plot.value_limit(size(source)?).value_label(word(source)?),
            5 => plot.width(size(source)?),
            6 => plot.height(size(source)?),
            7 => plot.font_size(size(source)?),
            8 => plot.percent(source.arbitrary()?).dashes(source.arbitrary()?),
            9 => plot.median_lines(source.arbitrary()?).table(&[Count::AtRisk, Count::Events]),
            _ => plot.legend(one_of(
                &[Legend::Inside, Legend::Right, Legend::Top, Legend::None],
                source,
            )?),
        };
    }
    drawn(&plot);
    Ok(())
}

fn forest(source: &mut Unstructured<'_>) -> Result<()> {
    let mut lines = Vec::new();
    for _ in 0..source.int_in_range(0..=5)? {
        let mut limit = || -> Result<Option<f64>> {
            Ok(if source.ratio(1, 4)? { None } else { Some(option(&[0.5, 1.0, 2.0], source)?) })
        };
        let (estimate, lower, upper) = (limit()?, limit()?, limit()?);
        lines.push(match source.int_in_range(0..=3)? {
            0 => ForestLine::heading(word(source)?),
            1 => ForestLine::reference(word(source)?).indent(),
            2 => ForestLine::words(word(source)?, word(source)?).cells(&[word(source)?]),
            _ => ForestLine::ratio(word(source)?, estimate, lower, upper).overall(),
        });
    }
    let plot = ForestPlot::new(lines).title(word(source)?).columns(&[word(source)?]);
    let plot = plot.directions(word(source)?, word(source)?);
    forest_drawn_as(&match source.int_in_range(0..=3)? {
        0 => plot.limits(size(source)?, size(source)?),
        1 => plot.width(size(source)?),
        2 => plot.font_size(size(source)?),
        _ => plot,
    });
    Ok(())
}

fn methods(
    sample: &Sample,
    data: &RightCensored,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let mut methods = Methods::new().sentence(word(source)?);
    let (level, adjust): (f64, Adjust) = (level(source)?, adjust(source)?);
    if let Some(groups) = checked(sample.groups()) {
        if let Some(table) = checked(Baseline::new().numeric("x", &sample.weight).by(&groups)) {
            methods = methods.baseline(&table);
        }
        if let Some(table) = checked(SurvivalSummary::new().confidence(level).by(data, &groups)) {
            methods = methods.survival(&table);
        }
        if let Some(fit) = checked(LogRank::new().fit(data, &groups)) {
            methods = methods.log_rank(&fit).adjusted(adjust, source.int_in_range(0..=3)?);
        }
    }
    if let Some(table) = checked(HazardRatios::new().confidence(level).fit(data, design)) {
        methods = methods.hazard_ratios(&table);
    }
    if let Some(fit) = checked(CoxPh::new().fit(data, design)) {
        if let Some(more) = checked_unwritten(methods.clone().cox(&fit, level)) {
            methods = more;
        }
        if let Some(tested) = checked(fit.proportionality(data, design)) {
            methods = methods.proportionality(&tested);
        }
    }
    let text = methods.paragraph();
    finite(&text);
    Ok(())
}
