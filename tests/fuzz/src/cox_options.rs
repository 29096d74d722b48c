//! Cox models with every option.

use arbitrary::{Result, Unstructured};
use riskset::regression::cox::{Ridge, TimeFunction};
use riskset::{CoxPh, Design};

use crate::number::{option, times};
use crate::options::{ties, variance};

pub fn cox(design: &Design, source: &mut Unstructured<'_>) -> Result<CoxPh> {
    let mut model = CoxPh::new().ties(ties(source)?).variance(variance(source)?);
    match source.int_in_range(0..=15)? {
        0 => model = model.firth(),
        1 => model = model.ridge(option(&[1e-3, 1.0], source)?),
        2 => model = model.ridge(Ridge::new(option(&[1e-3, 1.0], source)?).standardised()),
        3 => model = model.ridge(Ridge::new(1.0).on(&["a", "nobody"])),
        4 => model = model.max_iterations(source.int_in_range(0..=40)?),
        5 => model = model.tolerance(option(&[1e-9, 1e-14, 1e-3], source)?),
        6 => {
            let start = option(&[0.0, 1.0, -30.0, 1e6], source)?;
            model = model.start(&vec![start; design.columns().len()]);
        }
        7 | 8 => {
            let function = time_function(source)?;
            let term = design.terms().first().map_or("a", |term| term.name.as_str());
            model = model.time_varying(term, function);
        }
        _ => {}
    }
    Ok(model)
}

fn time_function(source: &mut Unstructured<'_>) -> Result<TimeFunction> {
    Ok(match source.int_in_range(0..=3)? {
        0 => TimeFunction::Identity,
        1 => TimeFunction::Log,
        2 => TimeFunction::step(&times(source)?),
        _ => TimeFunction::tabulated("root", &times(source)?, f64::sqrt),
    })
}
