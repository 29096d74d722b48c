//! What the Rust programs of the comparison share.
//!
//! A program is called as `program DATA CALL RUNS`: the folder of a data set, the name of a call, and how
//! often it is to be timed. It prints one line of JSON, `{"seconds": [..], "memory": .., "values": {"name": [..]}}`.

mod data;
mod memory;
mod report;
mod timer;

pub use data::Data;
pub use report::Report;
pub use timer::Timer;

use std::path::Path;

/// A call: what it times on the data, and the numbers by which its result is checked.
pub type Call = fn(&Data, &Timer) -> Report;

/// Runs the call that the command line names, on the data it names.
pub fn run(calls: &[(&str, Call)]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, name, runs] = &arguments[..] else {
        panic!("usage: program DATA CALL RUNS");
    };
    println!("{}", report(calls, name, &Data::read(Path::new(folder)), runs));
}

/// Runs the call of this name.
pub fn report(calls: &[(&str, Call)], name: &str, data: &Data, runs: &str) -> Report {
    let call = calls.iter().find(|(known, _)| *known == name);
    let (_, call) = call.unwrap_or_else(|| panic!("there is no call `{name}`"));
    call(data, &Timer::new(runs.parse().expect("a number of runs")))
}
