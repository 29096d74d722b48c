//! One walk along the times of a group: S, and Fₖ of every cause with its variance.
//!
//! With c = Cov(S, Fₖ)/S and w = Var S/S², an event of cause k takes these from just before it to
//! just after it,
//! ```text
//! Var Fₖ + 2 p c + p² w + S² Var eₖ      c + p w − S Cov(eₖ, e) r      w + Var e · r²
//! ```
//! with p = S dₖ/Y the jump of Fₖ, r = Y/(Y − d) and the errors e of
//! [`IncidenceVariance`](super::IncidenceVariance). Between its own events c does not change, and w is
//! that of all causes up to what its own events add to it. So each cause is visited at its own events
//! alone, whatever the number of causes.

use super::ends::Ends;
use super::variance::{Errors, IncidenceVariance};
use crate::data::RiskSeries;
use crate::numerics::product::Product;
use crate::numerics::sum::Sum;

/// S at every time of the counts, and what the causes have collected.
pub(in crate::competing) struct Walk {
    pub(in crate::competing) survival: Vec<f64>,
    pub(in crate::competing) causes: Vec<CauseSteps>,
}

/// The steps of one cause, a value for each of its times.
#[derive(Debug, Clone, Default)]
pub(in crate::competing) struct CauseSteps {
    pub(in crate::competing) time: Vec<f64>,
    pub(in crate::competing) n_event: Vec<f64>,
    pub(in crate::competing) incidence: Vec<f64>,
    pub(in crate::competing) variance: Vec<f64>,
    sums: Sums,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    incidence: Sum,
    variance: Sum,
    /// c.
    with_survival: f64,
    /// What w is above that of all causes taken together.
    excess: f64,
}

/// All causes just before a time.
struct Before {
    survival: f64,
    /// Var S/S², all causes taken together.
    spread: f64,
    n_risk: f64,
    n_event: f64,
    /// Y − d, with the digits that the difference of the two would lose.
    left: f64,
    /// Var e, all causes taken together.
    any: f64,
}

impl Before {
    /// The errors of events of one cause; those of all where there are no others.
    fn errors(&self, n_event: f64, kind: IncidenceVariance) -> Errors {
        match n_event == self.n_event {
            true => Errors { cause: self.any, both: self.any, any: self.any },
            false => kind.errors(n_event, self.n_event, self.n_risk, self.left),
        }
    }

    /// Y/(Y − d); 0 where nobody is left, since nothing follows.
    fn ratio(&self) -> f64 {
        if self.left > 0.0 { self.n_risk / self.left } else { 0.0 }
    }
}

impl CauseSteps {
    fn with_capacity(n: usize) -> Self {
        let column = || Vec::with_capacity(n);
        Self {
            time: column(),
            n_event: column(),
            incidence: column(),
            variance: column(),
            sums: Sums::default(),
        }
    }

    fn step(&mut self, time: f64, n_event: f64, before: &Before, kind: IncidenceVariance) {
        let &Before { survival, n_risk, any: together, .. } = before;
        let jump = survival * n_event / n_risk;
        let errors = before.errors(n_event, kind);
        let sums = &mut self.sums;
        let (c, w) = (sums.with_survival, before.spread + sums.excess);
        sums.incidence.add(jump);
        sums.variance.add(2.0 * jump * c);
        sums.variance.add(jump * jump * w + survival * survival * errors.cause);
        let ratio = before.ratio();
        sums.with_survival += jump * w - survival * errors.both * ratio;
        sums.excess += (errors.any - together) * ratio * ratio;
        self.time.push(time);
        self.n_event.push(n_event);
        // Rounding must not make more than everybody.
        self.incidence.push(sums.incidence.value().min(1.0));
        self.variance.push(sums.variance.value().max(0.0));
    }
}

/// What has happened so far.
struct Walking<'a> {
    counts: &'a RiskSeries,
    kind: IncidenceVariance,
    /// The causes that have events at the time, and how many.
    here: Vec<usize>,
    n_event: Vec<Sum>,
    survival: Vec<f64>,
    causes: Vec<CauseSteps>,
    product: Product,
    spread: f64,
}

impl Walking<'_> {
    /// The next of the times of the counts.
    fn next_time(&self) -> Option<f64> {
        self.counts.time().get(self.survival.len()).copied()
    }

    #[expect(clippy::indexing_slicing, reason = "a row ends from one of the causes")]
    fn end(&mut self, cause: usize, weight: f64) {
        let n_event = &mut self.n_event[cause];
        if *n_event == Sum::default() {
            self.here.push(cause);
        }
        n_event.add(weight);
    }

    /// Passes the next time, whose ends have all been seen.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is one of the times, a cause one of those met there"
    )]
    fn pass(&mut self) {
        let (place, counts, kind) = (self.survival.len(), self.counts, self.kind);
        let (n_event, n_risk) = (counts.n_event()[place], counts.n_risk()[place]);
        if n_event > 0.0 {
            let left = counts.n_staying(place);
            let any = kind.errors(n_event, n_event, n_risk, left).any;
            let (survival, spread) = (self.product.value(), self.spread);
            let before = Before { survival, spread, n_risk, n_event, left, any };
            for cause in self.here.drain(..) {
                let n_event = std::mem::take(&mut self.n_event[cause]).value();
                self.causes[cause].step(counts.time()[place], n_event, &before, kind);
            }
            self.spread += any * before.ratio() * before.ratio();
            self.product.multiply(left, n_risk);
        }
        self.survival.push(self.product.value());
    }
}

impl Walk {
    /// Along the `counts` of a group, at whose times its rows end.
    pub(in crate::competing) fn new<D>(
        counts: &RiskSeries,
        ends: &Ends<'_, D>,
        group: usize,
        kind: IncidenceVariance,
    ) -> Self {
        let n_times = counts.time().len();
        let room = ends.by_cause(group).into_iter().map(|n| n.min(n_times));
        let causes: Vec<CauseSteps> = room.map(CauseSteps::with_capacity).collect();
        let mut walking = Walking {
            counts,
            kind,
            here: Vec::new(),
            n_event: vec![Sum::default(); causes.len()],
            survival: Vec::with_capacity(n_times),
            causes,
            product: Product::default(),
            spread: 0.0,
        };
        ends.each(group, |time, cause, weight| {
            while walking.next_time().is_some_and(|next| next < time) {
                walking.pass();
            }
            if let Some(cause) = cause {
                walking.end(cause, weight);
            }
        });
        while walking.next_time().is_some() {
            walking.pass();
        }
        Self { survival: walking.survival, causes: walking.causes }
    }
}
