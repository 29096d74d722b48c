//! Fine–Gray models against a Cox model of repeated rows, whose weights are formed as they are defined.

use riskset::competing::{CensoringTies, FineGray, FineGrayFit, FineGrayVariance};
use riskset::data::{Cause, Variance};
use riskset::ndarray::Array2;
use riskset::regression::cox::{Coefficient, CoxFit};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Error, RightCensored, Ties, Weights,
};

use crate::sample::{Row, Sample, assert_close, assert_matrix_close, check, tied, untied};

pub fn cause() -> Cause {
    Cause::new(1).unwrap()
}

/// What is crossed: entry times, strata, strata of the censoring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    pub entry: bool,
    pub strata: bool,
    pub censoring_strata: bool,
}

pub fn layouts() -> impl Iterator<Item = Layout> {
    let flag = |k: u8, bit: u8| k >> bit & 1 == 1;
    (0..8).map(move |k| Layout {
        entry: flag(k, 0),
        strata: flag(k, 1),
        censoring_strata: flag(k, 2),
    })
}

fn censoring_stratum(row: &Row) -> u64 {
    row.count % 2
}

impl Layout {
    fn entry(self, row: &Row) -> f64 {
        if self.entry { row.entry } else { 0.0 }
    }

    fn stratum(self, row: &Row) -> u8 {
        if self.strata { row.group } else { 0 }
    }

    /// The fit, whichever kind of data it takes.
    pub fn fit(
        self,
        sample: &Sample,
        weights: Weights,
        model: &FineGray,
    ) -> Result<FineGrayFit, Error> {
        let design = sample.design_with_offset();
        match self.entry {
            true => model.fit(&self.dressed(sample.competing_process(), sample, weights), &design),
            false => model.fit(&self.dressed(sample.competing_risks(), sample, weights), &design),
        }
    }

    pub fn dressed<D>(
        self,
        data: CompetingRisks<D>,
        sample: &Sample,
        weights: Weights,
    ) -> CompetingRisks<D> {
        let mut data = data.with_weights(weights).unwrap();
        if self.strata {
            data = data.with_strata(&sample.group()).unwrap();
        }
        if self.censoring_strata {
            let labels: Vec<u64> = sample.rows.iter().map(censoring_stratum).collect();
            data = data.with_censoring_strata(&labels).unwrap();
        }
        data
    }
}

/// w(t) of one row, as it is defined: a factor for each censoring and each entry from T on and before t.
pub fn weight(
    (sample, layout, ties): (&Sample, Layout, CensoringTies),
    weights: &[f64],
    of: &Row,
    t: f64,
) -> f64 {
    let alike =
        |row: &Row| !layout.censoring_strata || censoring_stratum(row) == censoring_stratum(of);
    let sum = |counts: &dyn Fn(&Row) -> bool| -> f64 {
        let both = sample.rows.iter().zip(weights);
        both.filter(|(row, _)| alike(row) && counts(row)).map(|(_, weight)| weight).sum()
    };
    let within = |time: f64| of.exit <= time && time < t;
    let mut times: Vec<f64> = sample.rows.iter().flat_map(|row| [row.entry, row.exit]).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let factor = |u: f64| {
        let at_risk = |row: &Row| layout.entry(row) < u && u <= row.exit;
        let gone = |row: &Row| row.exit == u && row.event && ties == CensoringTies::EventsFirst;
        let censored = sum(&|row| row.exit == u && !row.event);
        let at_risk = sum(&|row| at_risk(row) && !gone(row));
        let g = if censored > 0.0 { 1.0 - censored / at_risk } else { 1.0 };
        let entered = sum(&|row| layout.entry && row.entry == u);
        let present = sum(&|row| layout.entry(row) <= u && u < row.exit);
        let h = if entered > 0.0 { 1.0 - entered / present } else { 1.0 };
        // Rounding of a difference that is 0.
        (if g < 1e-12 { 0.0 } else { g }) / h
    };
    times.into_iter().filter(|&time| within(time)).map(factor).product()
}

/// Rows cut at the event times after a competing event, each with its weight, and the row it is of.
struct Expanded {
    rows: Vec<(Row, f64)>,
    of: Vec<usize>,
}

fn expanded(sample: &Sample, layout: Layout, weights: &[f64], ties: CensoringTies) -> Expanded {
    let mut expanded = Expanded { rows: Vec::new(), of: Vec::new() };
    for (j, (row, &own)) in sample.rows.iter().zip(weights).enumerate() {
        let target = |row: &Row| row.event && row.stratum == 0;
        let entry = layout.entry(row);
        let observed = Row { entry, event: target(row), ..row.clone() };
        expanded.rows.push((observed, own));
        expanded.of.push(j);
        if !row.event || target(row) {
            continue;
        }
        let alike = |other: &&Row| layout.stratum(other) == layout.stratum(row);
        let events = sample.rows.iter().filter(|other| target(other)).filter(alike);
        let mut later: Vec<f64> = events.map(|event| event.exit).collect();
        later.retain(|&time| time > row.exit);
        later.sort_by(f64::total_cmp);
        later.dedup();
        let mut entry = row.exit;
        for exit in later {
            let w = weight((sample, layout, ties), weights, row, exit);
            if w > 0.0 {
                expanded.rows.push((Row { entry, exit, event: false, ..row.clone() }, own * w));
                expanded.of.push(j);
            }
            entry = exit;
        }
    }
    expanded
}

fn cox(expanded: &Expanded, layout: Layout, ties: Ties) -> Result<CoxFit, Error> {
    let column = |of: fn(&Row) -> f64| -> Vec<f64> {
        expanded.rows.iter().map(|(row, _)| of(row)).collect()
    };
    let event: Vec<bool> = expanded.rows.iter().map(|(row, _)| row.event).collect();
    let weights: Vec<f64> = expanded.rows.iter().map(|(_, weight)| *weight).collect();
    let strata: Vec<u8> = expanded.rows.iter().map(|(row, _)| layout.stratum(row)).collect();
    let data = CountingProcess::new(&column(|row| row.entry), &column(|row| row.exit), &event)?
        .with_weights(Weights::case(&weights)?)?
        .with_strata(&strata)?
        .with_clusters(&expanded.of)?;
    let design = Design::builder()
        .numeric("a", &column(|row| row.x[0]))
        .numeric("b", &column(|row| row.x[1]))
        .offset(&column(|row| row.offset))
        .build()?;
    CoxPh::new().ties(ties).variance(Variance::Robust).tolerance(1e-12).fit(&data, &design)
}

#[test]
fn rows_repeated_with_their_weights_give_the_same_fit() {
    let fitted = std::cell::Cell::new(0);
    check(60, tied(8..=24), |sample| {
        let weights = sample.case();
        for layout in layouts() {
            for (ties, censoring) in [
                (Ties::Breslow, CensoringTies::EventsFirst),
                (Ties::Efron, CensoringTies::EventsFirst),
                (Ties::Breslow, CensoringTies::Cmprsk),
            ] {
                let model = FineGray::new(cause()).ties(ties).censoring_ties(censoring);
                let model = model.variance(FineGrayVariance::FixedWeights).tolerance(1e-12);
                let Ok(ours) = layout.fit(&sample, weights.clone(), &model) else { continue };
                let rows = expanded(&sample, layout, weights.values(), censoring);
                let theirs = cox(&rows, layout, ties).unwrap();
                assert_close(ours.log_pseudo_likelihood(), theirs.log_likelihood(), 1e-11);
                let null = theirs.log_likelihood_null();
                assert_close(ours.log_pseudo_likelihood_null(), null, 1e-12);
                // Elsewhere the likelihood is so flat that rounding moves its maximum.
                let small =
                    |c: &Coefficient| c.estimate.is_none_or(|estimate| estimate.abs() < 5.0);
                let well = theirs.vcov_model_based().iter().all(|v| v.abs() < 1e2)
                    && theirs.coefficients().iter().all(small);
                for (a, b) in ours.coefficients().iter().zip(theirs.coefficients()) {
                    assert_eq!(a.status, b.status);
                    if let Some((a, b)) = a.estimate.zip(b.estimate).filter(|_| well) {
                        assert_close(a, b, 1e-9);
                    }
                }
                if well {
                    assert_matrix_close(ours.vcov(), theirs.vcov(), 1e-9);
                    let model_based = theirs.vcov_model_based();
                    assert_matrix_close(ours.vcov_model_based(), model_based, 1e-9);
                    fitted.set(fitted.get() + 1);
                }
            }
        }
    });
    assert!(fitted.get() > 400, "{} fits compared", fitted.get());
}

/// The rows of a sample, each with its own time.
#[test]
fn without_censoring_competing_failures_are_kept_to_the_end() {
    check(60, untied(8..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.event = true);
        let design = sample.design();
        let codes = sample.codes();
        let data = CompetingRisks::from_codes(&sample.exit(), &codes, &crate::sample::CAUSES);
        let Ok(fit) = FineGray::new(cause()).fit(&data.unwrap(), &design) else { return };
        let exit: Vec<f64> = (sample.exit().iter().zip(&codes))
            .map(|(&exit, &code)| if code == 1 { exit } else { 1000.0 })
            .collect();
        let event: Vec<bool> = codes.iter().map(|&code| code == 1).collect();
        let kept = RightCensored::new(&exit, &event).unwrap();
        let model = CoxPh::new().ties(Ties::Breslow).variance(Variance::Robust);
        same(&fit, &model.fit(&kept, &design).unwrap(), 1e-12);
    });
}

/// The weights are not used: neither their error nor the way of counting matters.
#[test]
fn without_competing_events_it_is_the_cox_model() {
    check(40, tied(8..=30), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.stratum = 0);
        let design = sample.design_with_offset();
        let data = sample.competing_process().with_weights(sample.case()).unwrap();
        let data = data.with_strata(&sample.group()).unwrap();
        let plain = sample.counting_process().with_weights(sample.case()).unwrap();
        let plain = plain.with_strata(&sample.group()).unwrap();
        let model = CoxPh::new().ties(Ties::Breslow).variance(Variance::Robust);
        let Ok(cox) = model.fit(&plain, &design) else { return };
        same(&FineGray::new(cause()).fit(&data, &design).unwrap(), &cox, 1e-12);
    });
}

fn same(fit: &FineGrayFit, cox: &CoxFit, bound: f64) {
    assert_close(fit.log_pseudo_likelihood(), cox.log_likelihood(), bound);
    for (a, b) in fit.coefficients().iter().zip(cox.coefficients()) {
        assert_eq!(a.status, b.status);
        if let Some((a, b)) = a.estimate.zip(b.estimate) {
            assert_close(a, b, bound);
        }
    }
    if cox.vcov_model_based().iter().all(|v| v.abs() < 1e3) {
        assert_matrix_close(fit.vcov(), cox.vcov(), 1e3 * bound);
    }
}

#[test]
fn a_frequency_is_so_many_rows() {
    check(40, tied(6..=16), |sample| {
        let all = sample.repeated();
        for variance in [FineGrayVariance::EstimatedWeights, FineGrayVariance::FixedWeights] {
            let model = FineGray::new(cause()).variance(variance);
            let data = sample.competing_process().with_weights(sample.frequency()).unwrap();
            let one = model.fit(&data, &sample.design());
            let many = model.fit(&all.competing_process(), &all.design());
            let (Ok(one), Ok(many)) = (one, many) else { return };
            assert_eq!([one.n(), one.n_events()], [many.n(), many.n_events()]);
            assert_eq!(one.n_competing(), many.n_competing());
            assert_eq!(one.n_censored(), many.n_censored());
            if many.vcov().iter().all(|v| v.abs() < 1e3) {
                assert_matrix_close(one.vcov(), many.vcov(), 1e-8);
            }
        }
    });
}

/// Rows in another order; a covariate elsewhere and in another unit.
#[test]
fn order_place_and_unit_do_not_matter() {
    check(40, untied(10..=30), |sample| {
        let order: Vec<usize> = (0..sample.rows.len()).rev().collect();
        let other = sample.reordered(&order);
        let moved = |sample: &Sample| {
            let a: Vec<f64> = sample.x(0).iter().map(|x| 1994.0 + x / 128.0).collect();
            Design::builder().numeric("a", &a).numeric("b", &sample.x(1)).build().unwrap()
        };
        let model = FineGray::new(cause()).tolerance(1e-12);
        let Ok(plain) = model.fit(&sample.competing_process(), &sample.design()) else { return };
        let far = model.fit(&other.competing_process(), &moved(&other)).unwrap();
        let unit = Array2::from_diag(&riskset::ndarray::arr1(&[1.0 / 128.0, 1.0]));
        for (k, (a, b)) in plain.coefficients().iter().zip(far.coefficients()).enumerate() {
            if let Some((a, b)) = a.estimate.zip(b.estimate) {
                assert_close(b * unit[[k, k]], a, 1e-9);
            }
        }
        if plain.vcov().iter().all(|v| v.abs() < 1e3) {
            assert_matrix_close(unit.dot(&far.vcov()).dot(&unit).view(), plain.vcov(), 1e-8);
        }
    });
}
