//! Time of every estimator over n, with and without ties.
//!
//! `cargo bench --bench estimators -- 'cox'` runs a part. An id reads `estimator/ties/n`: times to the
//! day, or all distinct. Data are made once, outside the timed closure. On two threads:
//! `RAYON_NUM_THREADS=2 cargo bench --features rayon --bench estimators`.
//!
//! Other programs on the same data, growth and memory: `benches/peers`.

mod competing;
mod competing_tests;
mod cox;
mod curves;
mod fine_gray;
mod random;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

/// Runs `body` at the sizes given, on what `study` makes of a size and of whether times are tied.
fn over<S, R>(
    criterion: &mut Criterion,
    name: &str,
    sizes: &[usize],
    study: impl Fn(usize, bool) -> S,
    body: impl Fn(&S) -> R,
) {
    let mut timer = criterion.benchmark_group(name);
    timer.sample_size(10).warm_up_time(Duration::from_millis(300));
    timer.measurement_time(Duration::from_secs(3));
    for &n in sizes {
        timer.throughput(Throughput::Elements(n as u64));
        for (ties, tied) in [("days", true), ("untied", false)] {
            let study = study(n, tied);
            timer.bench_function(BenchmarkId::new(ties, n), |bencher| {
                bencher.iter(|| black_box(body(black_box(&study))));
            });
        }
    }
}

criterion_group!(
    estimators,
    curves::benches,
    cox::benches,
    fine_gray::benches,
    competing::benches,
    competing_tests::benches
);
criterion_main!(estimators);
