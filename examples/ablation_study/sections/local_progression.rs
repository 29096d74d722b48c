//! Section 7: local tumour progression.

use riskset::competing::GrayTest;
use riskset::plot::{CurvePlot, Drawing};
use riskset::study::{Cell, Table, TableRow};
use riskset::{AalenJohansen, KaplanMeier};

use super::super::cohort::Cohort;
use super::super::options::Options;
use super::super::report::Section;
use super::bootstrap::{self, incidences};
use super::cells::{add_figure, add_table, count, maybe, number, p_value, probability, words};
use super::lesions::{
    self, CAUSES, FACTORS, Lesion, clustered, competing, complete, grouped, progression,
};
use super::local_models::{primary, questions, univariable};

/// Months at which incidences are read off.
pub(crate) const TIMES: [f64; 3] = [12.0, 36.0, 60.0];

/// A part of the lesions.
type Part = (&'static str, fn(&Lesion) -> bool);

const PARTS: [Part; 5] = [
    ("all", |_| true),
    ("size < 30 mm", |lesion| lesion.is_large() == Some(false)),
    ("size >= 30 mm", |lesion| lesion.is_large() == Some(true)),
    ("elsewhere", |lesion| lesion.peridiaphragmatic == Some(false)),
    ("peridiaphragmatic", |lesion| lesion.peridiaphragmatic == Some(true)),
];

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let tumours = lesions::tumours(cohort);
    let by_tumour = tumours.is_some();
    let lesions = tumours.unwrap_or_else(|| lesions::patients(cohort));
    let unit = if by_tumour { "tumour" } else { "patient" };
    let mut section = Section::new("7. Local tumour progression").words(format!(
        "The unit is the {unit}; death before local progression is a competing event, and time runs from \
         the first ablation. {}",
        match by_tumour {
            true => "Tumours of one patient depend on each other: intervals of incidences come from \
                     resampled patients, and those of models from variances clustered on the patient.",
            false => "There is no file of tumours, so each patient counts once, with the first local \
                      progression, the largest tumour, and any peridiaphragmatic one.",
        }
    ));
    let missing = lesions.len() - complete(&lesions).len();
    if missing > 0 {
        section = section.words(format!(
            "{missing} of {} {unit}s lack size or location, and are not in the models.",
            lesions.len()
        ));
    }
    let incidence = incidence(&lesions, cohort.patients.len(), options);
    section = add_table(section, "ltp-incidence", "Cumulative incidence", incidence);
    section = add_figure(
        section,
        "ltp-incidence",
        "Cumulative incidence of local progression and of death before it; shaded: pointwise 95% limits \
         clustered on the patient.",
        curves(&lesions, unit, &options.source.mark()),
    );
    section = add_table(section, "ltp-gray", "Gray's test", gray(&lesions));
    section = add_table(section, "ltp-model", "Cause-specific Cox model", primary(&lesions));
    section = add_table(section, "ltp-univariable", "Univariable models", univariable(&lesions));
    section = section.words(
        "The next lines answer different questions, and need not agree: the rate of local progression among \
         those alive without it (cause-specific), its probability when deaths are taken as they come \
         (Fine-Gray), the rate given the patient (frailty), the first progression of a patient, and progression \
         or death, whichever comes first.",
    );
    Ok(section.table("ltp-questions", questions(cohort, &lesions, by_tumour)))
}

/// Incidences of both causes by part, and what censoring the deaths would make of them.
fn incidence(lesions: &[Lesion], n_patients: usize, options: &Options) -> riskset::Result<Table> {
    let parts: Vec<&dyn Fn(&Lesion) -> bool> =
        PARTS.iter().map(|(_, part)| part as &dyn Fn(&Lesion) -> bool).collect();
    let (seed, resamples) = (options.source.seed(), options.resamples);
    let limits = bootstrap::limits(lesions, n_patients, &parts, &TIMES, seed, resamples)?;
    let heads = TIMES.map(|time| format!("{time} months, % (95% CI)"));
    let mut table = Table::new("Cumulative incidence", &["", "n", &heads[0], &heads[1], &heads[2]]);
    for ((name, part), limits) in PARTS.iter().zip(limits) {
        let members: Vec<Lesion> = lesions.iter().filter(|lesion| part(lesion)).cloned().collect();
        table = table.row(name, vec![count(members.len())]);
        let Some(found) = incidences(&members, &TIMES)? else { continue };
        for ((code, cause), (found, limits)) in CAUSES.iter().zip(found.iter().zip(&limits)) {
            let n = members.iter().filter(|lesion| u32::from(lesion.ltp.status) == *code).count();
            let at = found.iter().zip(limits).map(|(&f, &limits)| probability(f, limits));
            let cells = [count(n)].into_iter().chain(at).collect();
            table.rows.push(TableRow::new(name, cause, cells));
        }
        let biased = KaplanMeier::new().fit(&progression(&members)?)?;
        let at = biased.at(&TIMES)?;
        let at = at.iter().map(|at| probability(1.0 - at.survival, None));
        let cells = [Cell::Empty].into_iter().chain(at).collect();
        table.rows.push(TableRow::new(name, "1 - Kaplan-Meier, deaths censored", cells));
    }
    Ok(table
        .footnote(&format!(
            "Aalen-Johansen; n: rows, then events. Limits: percentiles of {resamples} resamples of patients, \
             seed {seed}."
        ))
        .footnote(
            "1 - Kaplan-Meier takes the dead for still at risk; it is too high, and shown for that alone.",
        ))
}

fn curves(lesions: &[Lesion], unit: &str, mark: &str) -> riskset::Result<Drawing> {
    let fit = AalenJohansen::new().fit(&clustered(lesions)?)?;
    CurvePlot::incidence(&format!("all {unit}s"), &fit)?
        .title("Local tumour progression")
        .caption(mark)
        .time_label("Months since the first ablation")
        .time_limit(84.0)
        .tick_step(12.0)
        .draw()
}

/// Gray's tests of size and location for both causes.
fn gray(lesions: &[Lesion]) -> riskset::Result<Table> {
    let mut table = Table::new("Gray's test", &["", "chi-square", "df", "p"]);
    let size = grouped(lesions, Lesion::is_large, ["< 30 mm", ">= 30 mm"])?;
    let place = grouped(lesions, |l| l.peridiaphragmatic, ["elsewhere", "peridiaphragmatic"])?;
    for (name, (members, groups)) in FACTORS.iter().zip([size, place]) {
        let fit = match GrayTest::new().fit(&competing(&members)?, &groups) {
            Ok(fit) => fit,
            Err(error) => {
                table = table.row(name, vec![words(error.to_string())]);
                continue;
            }
        };
        table = table.row(name, Vec::new());
        for cause in fit.causes() {
            let cells = match &cause.test {
                Ok(test) => vec![
                    number(test.statistic, 2),
                    maybe(test.df.map(|df| df as f64), |df| number(df, 0)),
                    p_value(test.p_value),
                ],
                Err(why) => vec![words(why.to_string())],
            };
            table.rows.push(TableRow::new(name, &cause.name, cells));
        }
    }
    Ok(table.footnote("Rows are taken for independent here: the p-values are somewhat too small."))
}
