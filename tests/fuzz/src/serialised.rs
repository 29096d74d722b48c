//! JSON read as data, designs and results: refused with a word, or as good as what was written.

use std::fmt::Debug;

use arbitrary::{Result, Unstructured};
use riskset::competing::AalenJohansenFit;
use riskset::data::{Landmark, SurvivalData};
use riskset::nonparametric::KaplanMeierFit;
use riskset::plot::CurvePlot;
use riskset::regression::cox::CoxFit;
use riskset::study::{Baseline, Table};
use riskset::validation::{Jackknife, JackknifeFit};
use riskset::{
    AalenJohansen, CompetingRisks, CountingProcess, CoxPh, Design, KaplanMeier, RightCensored,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::design::design;
use crate::finite::{all_numbers, checked};
use crate::options::one_of;
use crate::sample::Sample;
use crate::study::written;
use crate::survival::{competing_risks, counting_process, right_censored};

pub fn run(source: &mut Unstructured<'_>) -> Result<()> {
    if source.ratio(1, 4)? { text(source) } else { spoilt(source) }
}

/// The bytes themselves are the text.
fn text(source: &mut Unstructured<'_>) -> Result<()> {
    let kind = source.int_in_range(0..=6)?;
    let bytes = source.bytes(source.len())?;
    let text = String::from_utf8_lossy(bytes);
    match kind {
        0 => drop(read::<RightCensored>(&text)),
        1 => drop(read::<CountingProcess>(&text)),
        2 => drop(read::<CompetingRisks>(&text)),
        3 => drop(read::<Design>(&text)),
        4 => drop(read::<KaplanMeierFit>(&text)),
        5 => drop(read::<CoxFit>(&text)),
        _ => drop(read::<Table>(&text)),
    }
    Ok(())
}

/// What was written of a sample, changed in a few places, and then used as if nothing had been.
fn spoilt(source: &mut Unstructured<'_>) -> Result<()> {
    let sample = Sample::new(source)?;
    let Some(data) = checked(right_censored(&sample)) else { return Ok(()) };
    match source.int_in_range(0..=8)? {
        0 => reread(&data, source)?.iter().for_each(used),
        1 => {
            if let Some(data) = checked(counting_process(&sample)) {
                reread(&data, source)?.iter().for_each(used);
            }
        }
        2 => {
            if let Some(data) = checked(competing_risks(&sample)) {
                if let Some(read) = reread(&data, source)? {
                    let _ = AalenJohansen::new().fit(&read);
                }
                if let Some(fit) = checked(AalenJohansen::new().fit(&data)) {
                    reread(&fit, source)?.iter().for_each(incidence);
                }
            }
        }
        3 => {
            let Some(design) = design(&sample, source)? else { return Ok(()) };
            if let Some(read) = reread(&design, source)? {
                let _ = CoxPh::new().fit(&data, &read);
            }
        }
        4 => {
            if let Some(fit) = checked(KaplanMeier::new().fit(&data)) {
                reread(&fit, source)?.iter().for_each(curve);
            }
        }
        5 => {
            let Some(design) = design(&sample, source)? else { return Ok(()) };
            if let Some(fit) = checked(CoxPh::new().fit(&data, &design)) {
                if let Some(fit) = reread(&fit, source)? {
                    cox(&fit, &data, &design);
                }
            }
        }
        6 => {
            let baseline = Baseline::new().numeric("x", &sample.weight);
            let table = sample.groups().and_then(|groups| baseline.by(&groups));
            if let Some(table) = checked(table) {
                reread(&Table::from(&table), source)?.iter().for_each(written);
            }
        }
        7 => {
            if let Some(landmark) = checked(data.landmark(2.0)) {
                let read: Option<Landmark> = reread(&landmark, source)?;
                read.iter().for_each(|read| drop((read.excluded().total(), read.restarted())));
            }
        }
        _ => {
            let last = |data: &RightCensored, _: &[usize]| Ok(vec![data.time()[0]]);
            if let Some(fit) = checked(Jackknife::new().fit(&data, last)) {
                let read: Option<JackknifeFit> = reread(&fit, source)?;
                read.iter().for_each(|read| drop((read.to_string(), read.std_error())));
            }
        }
    }
    Ok(())
}

/// What stands in the place of a number or a word.
const WORDS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "0.5",
    "7",
    "70000",
    "18446744073709551615",
    "1e308",
    "5e-324",
    "null",
    "[]",
    "\"a\"",
];

fn reread<T>(value: &T, source: &mut Unstructured<'_>) -> Result<Option<T>>
where
    T: Serialize + DeserializeOwned + Debug,
{
    let Ok(mut text) = serde_json::to_string(value) else { panic!("{value:?} is not written") };
    for _ in 0..source.int_in_range(0..=2)? {
        let places = places(&text);
        if places.is_empty() {
            break;
        }
        let place = source.choose_index(places.len())?;
        text.replace_range(places[place].clone(), one_of(&WORDS, source)?);
    }
    Ok(read(&text))
}

/// Where the numbers and the bare words of a text stand.
fn places(text: &str) -> Vec<std::ops::Range<usize>> {
    let structure = |c: char| "[]{},:\"".contains(c);
    let words = text.split(structure).filter(|word| !word.is_empty());
    let begin = text.as_ptr() as usize;
    let place = |word: &str| word.as_ptr() as usize - begin;
    words.map(|word| place(word)..place(word) + word.len()).collect()
}

/// What could be read: it is finite, and what it is written as can be read again.
fn read<T: Serialize + DeserializeOwned + Debug>(text: &str) -> Option<T> {
    match serde_json::from_str::<T>(text) {
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
        Ok(value) => {
            all_numbers(&format!("{value:?}"));
            let Ok(again) = serde_json::to_string(&value) else { panic!("{value:?}") };
            let again = serde_json::from_str::<T>(&again);
            assert!(again.is_ok(), "{again:?}");
            Some(value)
        }
    }
}

fn used<D: SurvivalData>(data: &D) {
    let _ = KaplanMeier::new().fit(data);
}

fn curve(fit: &KaplanMeierFit) {
    assert!(!format!("{fit} {fit:#}").is_empty());
    let _ = fit.curve().median();
    let curve = riskset::plot::StepCurve::survival("read", fit);
    let _ = CurvePlot::new(vec![curve]).draw();
}

fn incidence(fit: &AalenJohansenFit) {
    assert!(!format!("{fit} {fit:#}").is_empty());
    let _ = CurvePlot::incidence("all", fit).map(|plot| plot.draw());
}

fn cox(fit: &CoxFit, data: &RightCensored, design: &Design) {
    assert!(!format!("{fit} {fit:#}").is_empty());
    let _ = fit.hazard_ratios(0.95);
    let _ = fit.baseline(data, design);
}
