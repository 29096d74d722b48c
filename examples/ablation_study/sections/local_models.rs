//! The regression models of local progression.

use riskset::competing::{FineGray, FineGrayVariance};
use riskset::inference::HazardRatio;
use riskset::regression::cox::{CoxFit, FrailtyFit, SharedFrailty};
use riskset::study::{Cell, Table, TableRow};
use riskset::{CoxPh, Design};

use super::super::cohort::Cohort;
use super::cells::{LEVEL, count, estimate, maybe, number, p_of, ratio, words};
use super::lesions::{
    self, CAUSES, FACTORS, Lesion, cause_specific, clustered, complete, factors, progression,
};

/// Both factors together, with the variance that takes rows for independent beside the clustered one.
pub(crate) fn primary(lesions: &[Lesion]) -> riskset::Result<Table> {
    let fit = cause_specific(lesions)?;
    let header =
        ["", "HR (95% CI)", "ln HR", "se, rows independent", "se, clustered on patient", "p"];
    let mut table = Table::new("Cause-specific Cox model of local progression", &header);
    let naive = fit.vcov_model_based();
    for (place, (hr, coefficient)) in
        fit.hazard_ratios(LEVEL)?.iter().zip(fit.coefficients()).enumerate()
    {
        let independent = coefficient.estimate.map(|_| naive[[place, place]].sqrt());
        let cells = vec![
            ratio(hr),
            estimate(coefficient),
            maybe(independent, |se| number(se, 4)),
            maybe(hr.std_error_ln, |se| number(se, 4)),
            p_of(hr),
        ];
        table = table.row(&hr.name, cells);
    }
    Ok(table.footnote(&format!(
        "Deaths are censorings; Efron's ties; interval and p-value from the clustered standard error. {} rows, \
         {} events.",
        fit.n(),
        fit.n_events()
    )))
}

/// Each factor alone, rows in which it is missing left out.
pub(crate) fn univariable(lesions: &[Lesion]) -> riskset::Result<Table> {
    let header = ["", "n", "Events", "HR (95% CI)", "p"];
    let mut table = Table::new("Local progression, one factor at a time", &header);
    for (name, levels, of) in SINGLY {
        let (known, labels): (Vec<Lesion>, Vec<&str>) =
            lesions.iter().filter_map(|lesion| Some((lesion.clone(), of(lesion)?))).unzip();
        let there: Vec<&str> =
            levels.iter().copied().filter(|level| labels.contains(level)).collect();
        table.rows.push(TableRow::new(name, name, Vec::new()));
        let ratios = match there.as_slice() {
            [] => Err("not in the data".to_owned()),
            [only] => Err(format!("all are `{only}`")),
            _ => one_factor(&known, name, &labels, &there).map_err(|error| error.to_string()),
        };
        for (place, level) in there.iter().enumerate() {
            let members = || known.iter().zip(&labels).filter(|(_, label)| *label == level);
            let events = members().filter(|(lesion, _)| lesion.ltp.status == 1).count();
            let [hr, p] = match (&ratios, place) {
                (Err(why), _) => [words(why), Cell::Empty],
                (Ok(_), 0) => [words("1 (reference)"), Cell::Empty],
                (Ok(ratios), _) => [ratio(&ratios[place - 1]), p_of(&ratios[place - 1])],
            };
            let cells = vec![count(members().count()), count(events), hr, p];
            table.rows.push(TableRow::new(name, level, cells));
        }
        if there.is_empty() {
            table.rows.push(TableRow::new(
                name,
                "-",
                vec![Cell::Empty, Cell::Empty, words("not in the data")],
            ));
        }
    }
    Ok(table.footnote("Cause-specific Cox models, variances clustered on the patient; p by Wald."))
}

const SIZES: [&str; 4] = ["< 10 mm", "10-19 mm", "20-29 mm", ">= 30 mm"];
const FLAG: [&str; 2] = ["no", "yes"];

/// A factor: its name, its levels with the reference first, and that of a lesion.
type Factor = (&'static str, &'static [&'static str], fn(&Lesion) -> Option<&'static str>);

/// The factors of the univariable models.
const SINGLY: [Factor; 5] = [
    ("size", &SIZES, |lesion| {
        let place = |mm: u32| [10, 20, 30].iter().filter(|cut| mm >= **cut).count();
        lesion.size_mm.map(|mm| SIZES[place(mm)])
    }),
    (FACTORS[0], &FLAG, |lesion| flag(lesion.is_large())),
    (FACTORS[1], &FLAG, |lesion| flag(lesion.peridiaphragmatic)),
    ("subpleural", &FLAG, |lesion| flag(lesion.subpleural)),
    ("near a vessel", &FLAG, |lesion| flag(lesion.near_vessel)),
];

fn flag(value: Option<bool>) -> Option<&'static str> {
    value.map(|value| FLAG[usize::from(value)])
}

fn one_factor(
    lesions: &[Lesion],
    name: &str,
    labels: &[&str],
    levels: &[&str],
) -> riskset::Result<Vec<HazardRatio>> {
    let design = Design::builder().factor_with_levels(name, labels, levels, levels[0]).build()?;
    CoxPh::new().fit(&progression(lesions)?, &design)?.hazard_ratios(LEVEL)
}

/// What a model says of both factors.
struct Answer {
    n: f64,
    events: f64,
    ratios: Vec<HazardRatio>,
}

/// Both factors under other questions.
pub(crate) fn questions(cohort: &Cohort, lesions: &[Lesion], by_tumour: bool) -> Table {
    let header = ["", "n", "Events", FACTORS[0], FACTORS[1]];
    let mut table = Table::new("Other questions", &header);
    let mut line = |name: &str, answer: riskset::Result<Answer>| {
        let cells = match answer {
            Ok(Answer { n, events, ratios }) => {
                let counts = [Cell::Count(n), Cell::Count(events)];
                counts.into_iter().chain(ratios.iter().map(ratio)).collect()
            }
            Err(error) => vec![Cell::Empty, Cell::Empty, words(error.to_string())],
        };
        table.rows.push(TableRow::new(name, name, cells));
    };
    let known = complete(lesions);
    let patients = complete(&lesions::patients(cohort));
    let frailty = frailty(&known);
    let theta = frailty.as_ref().ok().map(FrailtyFit::theta);
    line("cause-specific hazard (primary)", cause_specific(lesions).and_then(cox));
    line("probability (Fine-Gray)", fine_gray(&known));
    if by_tumour {
        let answer = |fit: FrailtyFit| {
            let ratios = fit.hazard_ratios(LEVEL)?;
            Ok(Answer { n: fit.n(), events: fit.n_events(), ratios })
        };
        line("hazard given the patient (gamma frailty)", frailty.and_then(answer));
        line("first progression of a patient", cause_specific(&patients).and_then(cox));
    }
    line("progression or death", progression_free(&known));
    if by_tumour {
        line("first progression of a patient, or death", progression_free(&patients));
    }
    let table = table.footnote(
        "HR (95% CI), of Fine-Gray a ratio of subdistribution hazards, weights of censoring taken as known; \
         variances clustered on the patient, but for the frailty model, and rows that are patients.",
    );
    match theta.filter(|_| by_tumour) {
        Some(theta) => table.footnote(&format!("Variance of the frailty: {theta:.4}.")),
        None => table,
    }
}

fn cox(fit: CoxFit) -> riskset::Result<Answer> {
    Ok(Answer { n: fit.n(), events: fit.n_events(), ratios: fit.hazard_ratios(LEVEL)? })
}

fn fine_gray(lesions: &[Lesion]) -> riskset::Result<Answer> {
    let data = clustered(lesions)?;
    let model = FineGray::new(data.cause(CAUSES[0].1)?).variance(FineGrayVariance::FixedWeights);
    let fit = model.fit(&data, &factors(lesions)?)?;
    Ok(Answer { n: fit.n(), events: fit.n_events(), ratios: fit.hazard_ratios(LEVEL)? })
}

fn frailty(lesions: &[Lesion]) -> riskset::Result<FrailtyFit> {
    SharedFrailty::gamma().fit(&progression(lesions)?, &factors(lesions)?)
}

fn progression_free(lesions: &[Lesion]) -> riskset::Result<Answer> {
    cox(CoxPh::new().fit(&clustered(lesions)?.any_cause(), &factors(lesions)?)?)
}
