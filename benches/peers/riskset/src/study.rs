//! The data of the comparison.
//!
//! Covariates are nearly normal, the first three move the hazard. Times to the event are exponential,
//! censoring is uniform over 3,000 days, about half of the rows end with the event. Generator and seed are
//! those of the benches of the estimators. Without rounding, times are kept so far apart that no program takes
//! two for one: R does below some 1e-5 days here, riskset below 3e-7.

use peer_protocol::Data;
use random::SplitMix64;

#[path = "../../../estimators/random.rs"]
mod random;

const SEED: u64 = 20_260_101;
const STRATA: usize = 1000;

/// The rows of a study. With `days`, times are rounded up and entries down to whole days.
pub fn study(n: usize, p: usize, days: bool) -> Data {
    let mut random = SplitMix64(SEED);
    let x: Vec<f64> = (0..n * p).map(|_| random.normal()).collect();
    let codes = |code: &dyn Fn(usize) -> usize| (0..n).map(|row| code(row) as u32).collect();
    let mut data = Data {
        entry: Vec::with_capacity(n),
        time: Vec::with_capacity(n),
        event: Vec::with_capacity(n),
        group: Vec::with_capacity(n),
        stratum: codes(&|row| row / 2 % STRATA),
        cluster: codes(&|row| row / 2),
        score: Vec::with_capacity(n),
        x,
        p,
    };
    for row in data.x.chunks_exact(p) {
        let signs = [1.0, -1.0, 1.0];
        let ln_hazard = 0.2 * row.iter().zip(signs).map(|(x, sign)| sign * x).sum::<f64>();
        let (exit, dies) = random.exit(ln_hazard, days);
        let entry = 0.5 * exit * random.uniform();
        data.entry.push(if days { entry.floor() } else { entry });
        data.time.push(exit);
        data.event.push(dies);
        data.group.push((random.next() % 4) as u32);
        data.score.push(ln_hazard);
    }
    if !days {
        keep_apart(&mut data.time, 100.0 / n as f64);
    }
    data
}

/// Moves times up where they follow another by less than `gap`.
fn keep_apart(time: &mut [f64], gap: f64) {
    let mut order: Vec<usize> = (0..time.len()).collect();
    order.sort_unstable_by(|a, b| time[*a].total_cmp(&time[*b]));
    for pair in order.windows(2) {
        time[pair[1]] = time[pair[1]].max(time[pair[0]] + gap);
    }
}
