//! Counts what one Cox fit allocates: `allocations ROWS COLUMNS`.

use std::alloc::System;
use std::hint::black_box;

use riskset::{CoxPh, RightCensored};
use riskset_peer::calls::design::{design, names};
use riskset_peer::study::study;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let [n, p] = sizes[..] else {
        panic!("usage: allocations ROWS COLUMNS");
    };
    let data = study(n, p, true);
    let names = names(p);
    let arrays = Region::new(ALLOCATOR);
    let rows = RightCensored::new(&data.time, &data.event).expect("data");
    let design = design(&data, &names);
    let made = arrays.change();
    let fit = Region::new(ALLOCATOR);
    black_box(CoxPh::new().fit(&rows, &design).expect("a fit"));
    let fitted = fit.change();
    println!(
        "{{\"data_and_design\": {}, \"fit\": {}, \"fit_bytes\": {}}}",
        made.allocations + made.reallocations,
        fitted.allocations + fitted.reallocations,
        fitted.bytes_allocated
    );
}
