//! The terms of a case as a design.

use riskset::Design;
use riskset::data::DesignBuilder;
use serde_json::Value;

use super::case::{Case, list, number, text};
use super::frame::Frame;

/// The design of a case: its terms in order, and its offset.
pub fn design(case: &Case) -> Design {
    let (terms, offset) = (list(&case.spec["terms"]), case.numbers("offset"));
    if terms.is_empty() && offset.is_none() {
        return Design::empty(case.frame.n_rows());
    }
    let add = |builder, term| with_term(builder, &case.frame, term);
    let mut builder = terms.iter().fold(Design::builder(), add);
    if let Some(offset) = offset {
        builder = builder.offset(&offset);
    }
    builder.build().unwrap()
}

fn with_term(builder: DesignBuilder, frame: &Frame, term: &Value) -> DesignBuilder {
    if let Some(of) = term["interaction"].as_array() {
        return builder.interaction(&name(&of[0]), &name(&of[1]));
    }
    if let Some(levels) = term["levels"].as_array() {
        let levels: Vec<String> = levels.iter().map(text).collect();
        let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
        let column = text(&term["column"]);
        return builder.factor_with_levels(&column, frame.text(&column), &levels, levels[0]);
    }
    builder.numeric(&name(term), &numeric(frame, term))
}

/// The values of a numeric term.
fn numeric(frame: &Frame, term: &Value) -> Vec<f64> {
    if let Some(value) = term.get("constant") {
        return vec![number(value); frame.n_rows()];
    }
    if let Some(parts) = term["sum"].as_array() {
        let parts: Vec<Vec<f64>> = parts.iter().map(|part| frame.numbers(&text(part))).collect();
        return (0..frame.n_rows()).map(|row| parts.iter().map(|part| part[row]).sum()).collect();
    }
    let values = frame.numbers(&text(&term["column"]));
    let transform: fn(f64) -> f64 = match term["transform"].as_str() {
        None => return values,
        Some("log") => f64::ln,
        Some("times2") => |x| 2.0 * x,
        Some(other) => panic!("transform {other}"),
    };
    values.into_iter().map(transform).collect()
}

/// The name of a term that is not an interaction.
fn name(term: &Value) -> String {
    if term.get("constant").is_some() {
        return "constant".to_owned();
    }
    if let Some(parts) = term["sum"].as_array() {
        return parts.iter().map(text).collect::<Vec<_>>().join(" + ");
    }
    let column = text(&term["column"]);
    match term["transform"].as_str() {
        Some(transform) => format!("{transform}({column})"),
        None => column,
    }
}
