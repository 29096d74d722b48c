//! What a paper prints, and its figures.

use arbitrary::{Result, Unstructured};
use riskset::data::SurvivalData;
use riskset::plot::{CurvePlot, ForestPlot, StepCurve};
use riskset::statistic::LevelDifference;
use riskset::study::{
    Adjustment, Baseline, ForestData, HazardRatios, LevelTest, NumberTest, Selection, Subgroups,
    SurvivalSummary, Table, TermTestKind,
};
use riskset::{Design, Groups, KaplanMeier};

use crate::cox_options::cox;
use crate::design::design;
use crate::finite::{checked, checked_at, checked_unwritten};
use crate::number::{level, option, times};
use crate::options::{one_of, transform};
use crate::sample::Sample;
use crate::survival::{Visit, visit};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(groups) = checked(sample.groups()) else { return Ok(()) };
    match source.int_in_range(0..=3)? {
        0 => baseline(&sample, &groups, source),
        1 => {
            let curve = StepCurve::new("curve", 1.0, &sample.exit, &sample.weight);
            if let Some(curve) = checked_unwritten(curve) {
                drawn(&CurvePlot::new(vec![curve]));
            }
            Ok(())
        }
        _ => {
            let Some(design) = design(&sample, source)? else { return Ok(()) };
            visit(&sample, &mut Papers { groups, design, source })
        }
    }
}

pub fn written(table: &Table) {
    let texts = [table.to_csv(), table.to_html(), table.to_latex(), table.to_markdown()];
    for text in [texts.as_slice(), &[table.to_json()]].concat() {
        assert!(!text.contains("NaN"), "{text}");
    }
}

pub fn drawn(plot: &CurvePlot) {
    if let Some(drawing) = checked_unwritten(plot.draw()) {
        let svg = drawing.svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        checked(drawing.pdf());
    }
}

fn baseline(sample: &Sample, groups: &Groups, source: &mut Unstructured<'_>) -> Result<()> {
    let numbers =
        [NumberTest::Anova, NumberTest::KruskalWallis, NumberTest::WelchT, NumberTest::Wilcoxon];
    let differences = [LevelDifference::LargestLevel, LevelDifference::Mahalanobis];
    let mut table = Baseline::new()
        .number_test(one_of(&numbers, source)?)
        .level_test(one_of(&[LevelTest::Pearson, LevelTest::FisherExact], source)?)
        .differences(one_of(&differences, source)?)
        .permutations(20);
    for (name, column) in ["a", "b", "c", "d", "e", "f"].into_iter().zip(&sample.x) {
        table = table.numeric(name, column);
    }
    table = table.labels("cause", &sample.cause);
    let weights = sample.weights().and_then(checked);
    if let Some(weights) = &weights {
        table = table.weights(weights);
    }
    checked(table.overall());
    if let Some(table) = checked(table.by(groups)) {
        written(&Table::from(&table));
    }
    Ok(())
}

struct Papers<'a, 'b> {
    groups: Groups,
    design: Design,
    source: &'a mut Unstructured<'b>,
}

impl Visit for Papers<'_, '_> {
    fn visit<D: SurvivalData + Clone + Sync + std::fmt::Debug>(&mut self, data: &D) -> Result<()> {
        let (groups, design, source) = (&self.groups, &self.design, &mut *self.source);
        match source.int_in_range(0..=3)? {
            0 => {
                let mut summary = SurvivalSummary::new()
                    .times(&times(source)?)
                    .confidence(level(source)?)
                    .transform(transform(source)?);
                if source.arbitrary()? {
                    summary = summary.restricted_mean(option(&[1.0, 4.0], source)?);
                }
                checked_at(summary.fit(data));
                if let Some(table) = checked_at(summary.by(data, groups)) {
                    written(&Table::from(&table));
                }
            }
            1 => {
                let subgroups = Subgroups::new(groups, "1", "0")
                    .confidence(level(source)?)
                    .min_events(source.int_in_range(0..=3)?)
                    .variable("again", groups);
                if let Some(forest) = checked(subgroups.fit(data)) {
                    forest_drawn(&forest);
                }
            }
            2 => {
                if let Some(fits) = checked(KaplanMeier::new().fit_by(data, groups)) {
                    drawn(&CurvePlot::survival(&fits));
                    drawn(&CurvePlot::events(&fits).time_limit(option(&[1.0, 5.0], source)?));
                }
            }
            _ => hazard_ratios(data, design, source)?,
        }
        Ok(())
    }
}

fn hazard_ratios(
    data: &impl SurvivalData,
    design: &Design,
    source: &mut Unstructured<'_>,
) -> Result<()> {
    let model = cox(design, source)?;
    let level = level(source)?;
    if let Some(fit) = checked(model.fit(data, design)) {
        if let Some(forest) = checked(ForestData::of_fit(&fit, data, design, level)) {
            forest_drawn(&forest);
        }
    }
    let selections = [
        Selection::All,
        Selection::PValue { threshold: 0.3, forced: vec!["a".to_owned()] },
        Selection::Terms(vec!["a".to_owned()]),
    ];
    let table = HazardRatios::new()
        .confidence(level)
        .model(model)
        .selection(one_of(&selections, source)?)
        .term_test(one_of(&[TermTestKind::LikelihoodRatio, TermTestKind::Wald], source)?);
    if let Some(table) = checked(table.fit(data, design)) {
        written(&Table::from(&table));
        forest_drawn(&table.forest(Adjustment::Multivariable));
    }
    Ok(())
}

fn forest_drawn(forest: &ForestData) {
    written(&Table::from(forest));
    forest_drawn_as(&ForestPlot::of(forest));
}

pub fn forest_drawn_as(plot: &ForestPlot) {
    if let Some(drawing) = checked_unwritten(plot.draw()) {
        assert!(!drawing.svg().contains("NaN"));
    }
}
