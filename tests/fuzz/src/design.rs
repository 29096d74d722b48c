//! Designs of every kind of term.

use arbitrary::{Result, Unstructured};
use riskset::data::{CompleteCases, spline_knots};
use riskset::ndarray::Array2;
use riskset::{Design, Profile};

use crate::finite::{checked, checked_unwritten};
use crate::number::{Range, number, range, times};
use crate::sample::Sample;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// A design with the sample's columns as numbers, splines, factors and products.
pub fn design(sample: &Sample, source: &mut Unstructured<'_>) -> Result<Option<Design>> {
    if source.ratio(1, 8)? {
        return Ok(checked(matrix(sample)));
    }
    let mut builder = Design::builder();
    for (name, column) in NAMES.into_iter().zip(&sample.x) {
        builder = match source.int_in_range(0..=9)? {
            0 => match checked(spline_knots(column, source.int_in_range(0..=6)?)) {
                Some(knots) => builder.spline(name, column, &knots),
                None => builder,
            },
            1 => builder.spline(name, column, &times(source)?),
            2 => {
                let levels: Vec<i32> = column.iter().map(|&x| x as i32).collect();
                builder.factor(name, &levels, "0")
            }
            _ => builder.numeric(name, column),
        };
    }
    if source.ratio(1, 3)? {
        builder = builder.factor("group", &sample.group, "0");
    }
    if source.ratio(1, 8)? {
        builder = builder.interaction("a", "b");
    }
    if source.ratio(1, 8)? {
        builder = builder.interaction("a", "group");
    }
    if let Some(offset) = &sample.offset {
        builder = builder.offset(offset);
    }
    if source.ratio(1, 16)? {
        complete_cases(sample);
    }
    Ok(checked(builder.build()))
}

fn matrix(sample: &Sample) -> riskset::Result<Design> {
    let shape = (sample.n(), sample.x.len());
    let matrix = Array2::from_shape_fn(shape, |(row, column)| sample.x[column][row]);
    Design::from_matrix(&matrix, &NAMES[..sample.x.len()])
}

fn complete_cases(sample: &Sample) {
    let Some(mut cases) = checked_unwritten(CompleteCases::new(sample.n())) else { return };
    for (name, column) in NAMES.into_iter().zip(&sample.x) {
        let Some(more) = checked_unwritten(cases.numeric(name, column)) else { return };
        cases = more;
    }
    checked(cases.select(&sample.group));
}

/// Somebody to predict for: every column and factor has a value.
pub fn profile(design: &Design, source: &mut Unstructured<'_>) -> Result<Profile> {
    let range = range(source)?;
    let mut profile = Profile::new();
    for term in design.terms() {
        profile = match term.name.as_str() {
            "group" => profile.level("group", if source.arbitrary()? { "1" } else { "0" }),
            name if source.ratio(7, 8)? => profile.number(name, number(range, source)?),
            name => profile.level(name, "1"),
        };
    }
    if source.ratio(1, 8)? {
        profile = profile.offset(number(Range::Any, source)?);
    }
    Ok(profile)
}
