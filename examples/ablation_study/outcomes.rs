//! The outcomes of one simulated patient, in whole days. Progression is the earlier of a local and a
//! non-local one, and PFS the earlier of that and death, so that no time contradicts another.

use super::baseline::{Drawn, tumour_slot};
use super::parameters::{DAYS_PER_MONTH, DEATH, DEPENDENCE, ELSEWHERE, Hazard, LOCAL, LOCK, LOSS};
use super::patients::Ending;
use super::random::Draws;

/// How follow-up ended.
#[derive(Debug, Clone)]
pub(crate) struct Outcomes {
    pub(crate) os: Ending,
    pub(crate) pfs: Ending,
    pub(crate) pfs_type: u8,
    pub(crate) ltp: Ending,
    /// One for each tumour.
    pub(crate) tumours: Vec<Ending>,
}

impl Outcomes {
    pub(crate) fn new(draws: Draws, drawn: &Drawn) -> Self {
        let u = draws.uniform(23);
        let death = days(time(u, DEATH.level, DEATH.of(drawn), DEATH.shape));
        let w = draws.uniform(24).powf(-DEPENDENCE / (1.0 + DEPENDENCE)) - 1.0;
        let u = (1.0 + u.powf(-DEPENDENCE) * w).powf(-1.0 / DEPENDENCE);
        let elsewhere = days(time(u, ELSEWHERE.level, ELSEWHERE.of(drawn), ELSEWHERE.shape));
        let locals = locals(draws, drawn);
        let lost = days(-draws.uniform(25).ln() / LOSS);
        let censored = lost.min(LOCK - drawn.entry_day);
        let local = locals.iter().copied().min().unwrap_or(i64::MAX);
        let progression = local.min(elsewhere).min(death);
        let pfs = ending(progression, censored);
        let kind = if local <= elsewhere.min(death) {
            1
        } else if elsewhere <= death {
            2
        } else {
            3
        };
        let at_risk = |days: i64| {
            let end = death.min(censored);
            let status = match (days <= end, death <= censored) {
                (true, _) => 1,
                (false, true) => 2,
                (false, false) => 0,
            };
            Ending { months: months(days.min(end)), status }
        };
        Self {
            os: ending(death, censored),
            pfs,
            pfs_type: if pfs.status == 0 { 0 } else { kind },
            ltp: at_risk(local),
            tumours: locals.into_iter().map(at_risk).collect(),
        }
    }
}

/// The day of local progression of each tumour.
fn locals(draws: Draws, drawn: &Drawn) -> Vec<i64> {
    let frailty = LOCAL.frailty * draws.normal(26);
    let one = |(tumour, drawn): (usize, &super::baseline::DrawnTumour)| {
        let large = if drawn.size_mm >= 30 { LOCAL.large } else { 0.0 };
        let place = if drawn.peridiaphragmatic { LOCAL.peridiaphragmatic } else { 0.0 };
        let u = draws.uniform(tumour_slot(tumour) + 4);
        days(time(u, LOCAL.level, large + place + frailty, LOCAL.shape))
    };
    drawn.tumours.iter().enumerate().map(one).collect()
}

impl Hazard {
    /// The linear predictor of a patient.
    fn of(&self, drawn: &Drawn) -> f64 {
        let flag = |flag: bool, effect: f64| if flag { effect } else { 0.0 };
        self.group[drawn.group]
            + self.number[drawn.number_class]
            + self.size[drawn.size_class]
            + flag(drawn.synchronous, self.synchronous)
            + self.extrapulmonary[drawn.extrapulmonary]
            + flag(drawn.mediastinal, self.mediastinal)
            + self.centre[drawn.centre]
    }
}

/// The month at which the survival function has fallen to `u`.
fn time(u: f64, level: f64, lp: f64, shape: f64) -> f64 {
    (((-u.ln()).ln() - level - lp) / shape).exp()
}

/// Months in whole days, from 1.
fn days(months: f64) -> i64 {
    ((months.min(1e5) * DAYS_PER_MONTH).ceil() as i64).max(1)
}

fn ending(event: i64, censored: i64) -> Ending {
    Ending { months: months(event.min(censored)), status: u8::from(event <= censored) }
}

/// Days in months to the hundredth, as the files have them: what is analysed is what was written.
fn months(days: i64) -> f64 {
    let months = days as f64 / DAYS_PER_MONTH;
    format!("{months:.2}").parse().unwrap_or(months)
}
