//! State occupation probabilities against their definition, and the laws they obey.

use proptest::prelude::*;
use riskset::competing::{IncidenceVariance, StateOccupation, StateOccupationFit};
use riskset::data::{MultiState, Variance};
use riskset::ndarray::Array2;
use riskset::nonparametric::HazardVariance;
use riskset::{AalenJohansen, Error, KaplanMeier, NelsonAalen, Weights};

use crate::sample::{CAUSES, Sample, assert_close, check, tied};

const STATES: [&str; 3] = ["a", "b", "c"];

/// One stay in a state.
#[derive(Debug, Clone)]
struct Stay {
    id: usize,
    entry: f64,
    exit: f64,
    from: usize,
    to: Option<usize>,
    weight: f64,
    cluster: usize,
}

/// Whole times, states that are entered again, rows that only cut a history, delayed entry.
fn histories(n: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Stay>> {
    let stays = prop::collection::vec((1_u8..=4, 0_usize..4), 1..=4);
    let subject = (0_u8..4, 0_usize..3, stays, 1_u8..=5, 0_usize..4);
    prop::collection::vec(subject, n).prop_map(|subjects| {
        let mut rows = Vec::new();
        for (id, (entry, first, stays, weight, cluster)) in subjects.into_iter().enumerate() {
            let (mut now, mut state) = (f64::from(entry), first);
            for (long, to) in stays {
                let exit = now + f64::from(long);
                let to = Some(to).filter(|&to| to < 3 && to != state);
                let weight = 0.3 + 0.37 * f64::from(weight);
                rows.push(Stay { id, entry: now, exit, from: state, to, weight, cluster });
                (now, state) = (exit, to.unwrap_or(state));
            }
        }
        rows
    })
}

fn column<T>(rows: &[Stay], of: impl Fn(&Stay) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

fn data(rows: &[Stay]) -> MultiState {
    let to = column(rows, |row| row.to.map(|to| STATES[to]));
    let (entry, exit) = (column(rows, |row| row.entry), column(rows, |row| row.exit));
    let from = column(rows, |row| STATES[row.from]);
    MultiState::with_from(&column(rows, |row| row.id), &entry, &exit, &from, &to, &STATES).unwrap()
}

fn weighted(rows: &[Stay]) -> MultiState {
    data(rows).with_weights(Weights::case(&column(rows, |row| row.weight)).unwrap()).unwrap()
}

/// p, its influences and those of the area, from the definition: every person at every time.
struct Direct {
    times: Vec<f64>,
    p: Vec<[f64; 3]>,
    variance: Vec<[f64; 3]>,
    mean: [f64; 3],
    mean_variance: [f64; 3],
    hazard: Vec<[[f64; 3]; 3]>,
    hazard_variance: Vec<[[f64; 3]; 3]>,
}

impl Direct {
    fn new(rows: &[Stay], person: impl Fn(&Stay) -> usize, tau: f64) -> Option<Self> {
        let mut times: Vec<f64> = rows.iter().filter(|r| r.to.is_some()).map(|r| r.exit).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let &first = times.first()?;
        let n = rows.iter().map(&person).max().unwrap() + 1;
        let start: Vec<&Stay> =
            rows.iter().filter(|r| r.entry < first && first <= r.exit).collect();
        let total: f64 = start.iter().map(|r| r.weight).sum();
        let mut p = [0.0; 3];
        start.iter().for_each(|r| p[r.from] += r.weight / total);
        let mut u = vec![[0.0; 3]; n];
        for r in &start {
            for j in 0..3 {
                let here = f64::from(u8::from(r.from == j));
                u[person(r)][j] += r.weight * (here - p[j]) / total;
            }
        }
        let mut out = Self {
            times: times.clone(),
            p: vec![],
            variance: vec![],
            mean: [0.0; 3],
            mean_variance: [0.0; 3],
            hazard: vec![],
            hazard_variance: vec![],
        };
        let (mut area, mut last) = (vec![[0.0; 3]; n], 0.0);
        let mut hazards = [[0.0; 3]; 3];
        let mut on_hazards = vec![[[0.0; 3]; 3]; n];
        for &t in times.iter().chain([&f64::INFINITY]) {
            let length = t.min(tau) - f64::min(last, tau);
            for j in 0..3 {
                out.mean[j] += length * p[j];
                area.iter_mut().zip(&u).for_each(|(area, u)| area[j] += length * u[j]);
            }
            last = t;
            if t == f64::INFINITY {
                break;
            }
            let at_risk: Vec<&Stay> = rows.iter().filter(|r| r.entry < t && t <= r.exit).collect();
            let goes = |r: &Stay, k: usize| r.exit == t && r.to == Some(k);
            let mut y = [0.0; 3];
            at_risk.iter().for_each(|r| y[r.from] += r.weight);
            let mut da = [[0.0; 3]; 3];
            for r in &at_risk {
                for k in (0..3).filter(|&k| goes(r, k)) {
                    da[r.from][k] += r.weight / y[r.from];
                    da[r.from][r.from] -= r.weight / y[r.from];
                }
            }
            let step = |x: &[f64; 3]| -> [f64; 3] {
                std::array::from_fn(|k| x[k] + (0..3).map(|j| x[j] * da[j][k]).sum::<f64>())
            };
            u = u.iter().map(step).collect();
            for r in &at_risk {
                let j = r.from;
                for k in (0..3).filter(|&k| k != j) {
                    let moved = f64::from(u8::from(goes(r, k)));
                    let change = r.weight * (moved - da[j][k]) / y[j];
                    on_hazards[person(r)][j][k] += change;
                    u[person(r)][k] += p[j] * change;
                    u[person(r)][j] -= p[j] * change;
                }
            }
            p = step(&p);
            for j in 0..3 {
                (0..3).filter(|&k| k != j).for_each(|k| hazards[j][k] += da[j][k]);
            }
            out.p.push(p);
            out.variance.push(std::array::from_fn(|j| u.iter().map(|u| u[j] * u[j]).sum()));
            out.hazard.push(hazards);
            let square = |j: usize, k: usize| on_hazards.iter().map(|u| u[j][k] * u[j][k]).sum();
            out.hazard_variance
                .push(std::array::from_fn(|j| std::array::from_fn(|k| square(j, k))));
        }
        out.mean_variance = std::array::from_fn(|j| area.iter().map(|u| u[j] * u[j]).sum());
        Some(out)
    }

    fn compare(&self, fit: &StateOccupationFit) {
        for (place, time) in self.times.iter().enumerate() {
            let ours = fit.time().iter().position(|known| known == time).unwrap();
            for (j, from) in STATES.into_iter().enumerate() {
                assert_close(fit.probability()[[ours, j]], self.p[place][j], 1e-14);
                let std_error = fit.std_error()[[ours, j]];
                assert_close(std_error * std_error, self.variance[place][j], 1e-13);
                for (k, to) in STATES.into_iter().enumerate() {
                    if let Ok(of) = fit.transition(from, to) {
                        assert_close(of.cumulative_hazard[ours], self.hazard[place][j][k], 1e-13);
                        let variance = of.std_error[ours] * of.std_error[ours];
                        let direct = self.hazard_variance[place][j][k];
                        assert_close(variance, direct, 1e-13);
                    }
                }
            }
        }
        for (j, ours) in fit.mean_times().unwrap().iter().enumerate() {
            assert_close(ours.mean, self.mean[j], 1e-13);
            assert_close(ours.std_error.powi(2), self.mean_variance[j], 1e-12);
        }
    }
}

/// A time that every sample is followed to.
fn tau(rows: &[Stay]) -> f64 {
    rows.iter().map(|row| row.exit).fold(0.0, f64::max) - 0.5
}

#[test]
fn equals_its_definition() {
    check(150, histories(2..=40), |rows| {
        let rows = rows.as_slice();
        let tau = tau(rows);
        let estimator = StateOccupation::new().restricted_to(tau);
        let Some(direct) = Direct::new(rows, |row| row.id, tau) else {
            assert_eq!(
                estimator.fit(&data(rows)).unwrap_err(),
                Error::NoEvents { rows: rows.len() }
            );
            return;
        };
        direct.compare(&estimator.fit(&weighted(rows)).unwrap());
        let clustered = weighted(rows).with_clusters(&column(rows, |row| row.cluster)).unwrap();
        let direct = Direct::new(rows, |row| row.cluster, tau).unwrap();
        direct.compare(&estimator.fit(&clustered).unwrap());
    });
}

/// Enough steps for products over blocks of blocks.
#[test]
fn many_distinct_times_equal_the_definition() {
    check(3, histories(200..=260), |mut rows| {
        // Shifts a subject as a whole, so that its rows still follow each other.
        for row in &mut rows {
            let shift = (row.id as f64 * 0.618).fract();
            (row.entry, row.exit) = (row.entry + shift, row.exit + shift);
        }
        let tau = tau(&rows);
        let fit = StateOccupation::new().restricted_to(tau).fit(&weighted(&rows)).unwrap();
        assert!(fit.time().len() > 300);
        Direct::new(&rows, |row| row.id, tau).unwrap().compare(&fit);
    });
}

/// Clusters of a hundred subjects, of whom few are left at the end: what they have summed up cancels.
#[test]
fn large_clusters_that_shrink_equal_the_definition() {
    check(3, histories(400..=500), |mut rows| {
        for row in &mut rows {
            let shift = (row.id as f64 * 0.618).fract() + if row.id < 4 { 20.0 } else { 0.0 };
            (row.entry, row.exit) = (row.entry + shift, row.exit + shift);
        }
        let tau = tau(&rows);
        let data = weighted(&rows).with_clusters(&column(&rows, |row| row.cluster)).unwrap();
        let fit = StateOccupation::new().restricted_to(tau).fit(&data).unwrap();
        Direct::new(&rows, |row| row.cluster, tau).unwrap().compare(&fit);
    });
}

/// The standard error is that of moving the weight of each subject.
#[test]
fn standard_errors_are_derivatives_by_the_weights() {
    check(10, histories(6..=12), |rows| {
        let tau = tau(&rows);
        let mean = |moved: usize, factor: f64| {
            let weight = |row: &Stay| row.weight * if row.id == moved { factor } else { 1.0 };
            let weights = Weights::case(&column(&rows, weight)).unwrap();
            let data = data(&rows).with_weights(weights).unwrap();
            StateOccupation::new().restricted_to(tau).fit(&data)
        };
        let Ok(fit) = mean(0, 1.0) else { return };
        let n = rows.iter().map(|row| row.id).max().unwrap() + 1;
        let last = fit.time().len() - 1;
        let mut squares = [0.0; 6];
        for id in 0..n {
            let (up, down) = (mean(id, 1.0 + 1e-5).unwrap(), mean(id, 1.0 - 1e-5).unwrap());
            for j in 0..3 {
                let of = |fit: &StateOccupationFit| fit.mean_times().unwrap()[j].mean;
                squares[j] += ((of(&up) - of(&down)) / 2e-5).powi(2);
                let of = |fit: &StateOccupationFit| fit.probability()[[last, j]];
                squares[3 + j] += ((of(&up) - of(&down)) / 2e-5).powi(2);
            }
        }
        for j in 0..3 {
            assert_close(fit.mean_times().unwrap()[j].std_error, squares[j].sqrt(), 1e-7);
            assert_close(fit.std_error()[[last, j]], squares[3 + j].sqrt(), 1e-7);
        }
    });
}

#[test]
fn rows_sum_to_one_and_order_does_not_matter() {
    check(60, histories(2..=30), |rows| {
        let Ok(fit) = StateOccupation::new().fit(&weighted(&rows)) else { return };
        for row in fit.probability().rows() {
            assert_close(row.sum(), 1.0, 1e-14);
            assert!(row.iter().all(|&p| p >= 0.0));
        }
        let backwards: Vec<Stay> = rows.iter().rev().cloned().collect();
        let other = StateOccupation::new().fit(&weighted(&backwards)).unwrap();
        assert_eq!(fit.time(), other.time());
        let near = |a: Array2<f64>, b: Array2<f64>| {
            a.iter().zip(&b).for_each(|(a, b)| assert_close(*a, *b, 1e-14));
        };
        near(fit.probability().to_owned(), other.probability().to_owned());
        near(fit.std_error().mapv(|x| x * x), other.std_error().mapv(|x| x * x));
    });
}

/// A frequency stands for as many subjects.
#[test]
fn frequencies_are_repeated_subjects() {
    check(40, histories(2..=12), |rows| {
        let count = |row: &Stay| 1 + row.id as u64 % 3;
        let counted =
            data(&rows).with_weights(Weights::frequency(&column(&rows, count)).unwrap()).unwrap();
        let mut repeated = Vec::new();
        for copy in 0..3 {
            let copies = rows.iter().filter(|row| copy < count(row));
            repeated.extend(
                copies.map(|row| Stay { id: row.id + 1000 * copy as usize, ..row.clone() }),
            );
        }
        let estimator = StateOccupation::new().restricted_to(tau(&rows));
        let Ok(a) = estimator.fit(&counted) else { return };
        let b = estimator.fit(&data(&repeated)).unwrap();
        for (a, b) in a.std_error().iter().zip(b.std_error()) {
            assert_close(a * a, b * b, 1e-14);
        }
        for (a, b) in a.mean_times().unwrap().iter().zip(b.mean_times().unwrap()) {
            assert_close(a.mean, b.mean, 1e-13);
            assert_close(a.std_error, b.std_error, 1e-12);
        }
    });
}

/// One row a subject, from the first state.
fn from_first(sample: &Sample, to: &[Option<&str>], states: &[&str]) -> MultiState {
    let ids: Vec<usize> = (0..sample.rows.len()).collect();
    MultiState::new(&ids, &sample.entry(), &sample.exit(), to, states).unwrap()
}

/// With two states the first is survival: Kaplan–Meier with the robust variance, and the hazard is
/// Nelson's, with clusters as without.
#[test]
fn two_states_are_kaplan_meier() {
    check(60, tied(2..=30), |sample| {
        let event = sample.event();
        let to: Vec<Option<&str>> = event.iter().map(|event| event.then_some("dead")).collect();
        let states = from_first(&sample, &to, &["alive", "dead"]);
        let states = states.with_weights(sample.case()).unwrap();
        let data = sample.counting_process().with_weights(sample.case()).unwrap();
        let clustered = states.clone().with_clusters(&sample.group()).unwrap();
        let of_clusters = data.clone().with_clusters(&sample.group()).unwrap();
        for (states, data) in [(states, data), (clustered, of_clusters)] {
            let fit = StateOccupation::new().fit(&states).unwrap();
            let km = KaplanMeier::new().variance(Variance::Robust).fit(&data).unwrap();
            assert_eq!(fit.time(), km.time());
            for (place, survival) in km.curve().survival().iter().enumerate() {
                assert_close(fit.probability()[[place, 0]], *survival, 1e-14);
            }
            for (place, sigma) in km.curve().std_error().iter().enumerate() {
                // Kaplan–Meier has none where S is 0.
                let sigma = sigma.unwrap_or(0.0);
                for state in 0..2 {
                    let ours = fit.std_error()[[place, state]];
                    assert_close(ours * ours, sigma * sigma, 1e-13);
                }
            }
            let na = NelsonAalen::new().variance(HazardVariance::Robust).fit(&data).unwrap();
            let death = fit.transition("alive", "dead").unwrap();
            let (hazard, sigma) = (na.cumulative_hazard(), na.std_error());
            for place in 0..hazard.len() {
                assert_close(death.cumulative_hazard[place], hazard[place], 1e-14);
                let ours = death.std_error[place];
                assert_close(ours * ours, sigma[place].unwrap().powi(2), 1e-13);
            }
        }
    });
}

/// States that only the first leads to are causes: their probabilities are the cumulative incidences.
#[test]
fn competing_risks_are_cumulative_incidences() {
    check(60, tied(2..=30), |sample| {
        let name = |code: &u32| CAUSES.iter().find(|cause| cause.0 == *code).map(|cause| cause.1);
        let to: Vec<Option<&str>> = sample.codes().iter().map(name).collect();
        let labels: Vec<&str> = ["alive"].into_iter().chain(CAUSES.map(|cause| cause.1)).collect();
        let states = from_first(&sample, &to, &labels).with_weights(sample.case()).unwrap();
        let data = sample.competing_process().with_weights(sample.case()).unwrap();
        let clustered = states.clone().with_clusters(&sample.group()).unwrap();
        let of_clusters = data.clone().with_clusters(&sample.group()).unwrap();
        for (states, data) in [(states, data), (clustered, of_clusters)] {
            let fit = StateOccupation::new().fit(&states).unwrap();
            let estimator = AalenJohansen::new().variance(IncidenceVariance::Robust);
            let causes = estimator.fit(&data).unwrap();
            assert_eq!(fit.time(), causes.time());
            for (state, curve) in causes.curves().iter().enumerate() {
                assert_eq!(fit.states()[state + 1], curve.name());
                for (place, at) in curve.at(causes.time()).unwrap().iter().enumerate() {
                    assert_close(fit.probability()[[place, state + 1]], at.incidence, 1e-14);
                    let ours = fit.std_error()[[place, state + 1]];
                    assert_close(ours * ours, at.std_error * at.std_error, 1e-13);
                }
            }
        }
    });
}
