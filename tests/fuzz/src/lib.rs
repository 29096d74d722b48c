//! Every public constructor and fit, on rows that a fuzzer chooses.
//!
//! The first byte of an input chooses a room, the next ones options and rows. Nothing may panic,
//! nothing may hang, and a result that is `Ok` holds no NaN and no infinity.

mod adjustment;
mod comparison;
mod competing;
mod cox;
mod cox_options;
mod curves;
mod design;
mod episodes;
mod finite;
mod intervals;
mod number;
mod options;
mod prediction;
mod sample;
mod serialised;
mod sound;
mod states;
mod study;
mod survival;
mod validation;
mod writing;

use arbitrary::{Result, Unstructured};

/// One call of the crate; an input too short to say what to call is none.
pub fn run(bytes: &[u8]) {
    let mut source = Unstructured::new(bytes);
    let _ = room(&mut source);
}

fn room(source: &mut Unstructured<'_>) -> Result<()> {
    let room: u8 = source.arbitrary()?;
    // What came later has bytes of its own: the inputs that are kept still say what they said.
    match room {
        252 | 253 => return serialised::run(source),
        254 | 255 => return writing::run(source),
        _ => {}
    }
    match room % 14 {
        0 => curves::run(source),
        1 => curves::run_functionals(source),
        2 => comparison::run(source),
        3 => cox::run(source),
        4 => cox::run_diagnostics(source),
        5 => prediction::run(source),
        6 => competing::run(source),
        7 => competing::run_models(source),
        8 => states::run(source),
        9 => intervals::run(source),
        10 => episodes::run(source),
        11 => adjustment::run(source),
        12 => study::run(source),
        _ => validation::run(source),
    }
}
