//! Many cohorts of the same truth: how far one of them strays.

use riskset::study::{Cell, Table};

use super::super::cohort::Cohort;
use super::super::report::Section;
use super::cells::{count, maybe, number, words};
use super::estimates::Estimates;
use super::progress;
use super::published::{OF_THE_PAPER, Published, STATEMENTS};

/// A ln hazard ratio beyond this is a fit that ran off.
const RAN_OFF: f64 = 6.0;

/// The estimates of one quantity over the cohorts that have one; of a hazard ratio its ln.
#[derive(Debug, Clone)]
pub(crate) struct Replicated {
    pub(crate) published: Published,
    pub(crate) found: Vec<f64>,
    /// Cohorts without: medians not reached, fits without an estimate or beyond |ln HR| = 6.
    pub(crate) left_out: usize,
}

impl Replicated {
    pub(crate) fn mean(&self) -> Option<f64> {
        let n = self.found.len();
        (n > 0).then(|| self.found.iter().sum::<f64>() / n as f64)
    }

    /// The standard deviation of one cohort.
    pub(crate) fn spread(&self) -> Option<f64> {
        let (n, mean) = (self.found.len(), self.mean()?);
        let squares: f64 = self.found.iter().map(|x| (x - mean) * (x - mean)).sum();
        (n > 1).then(|| (squares / (n - 1) as f64).sqrt())
    }

    /// The Monte Carlo standard error of the mean.
    pub(crate) fn error(&self) -> Option<f64> {
        Some(self.spread()? / (self.found.len() as f64).sqrt())
    }

    /// The mean less what was published, in Monte Carlo standard errors.
    pub(crate) fn z(&self) -> Option<f64> {
        let value = self.published.value;
        let target = if self.published.is_ratio() { value.ln() } else { value };
        Some((self.mean()? - target) / self.error()?)
    }
}

/// What came out of the cohorts.
#[derive(Debug, Clone)]
pub(crate) struct Replicates {
    pub(crate) quantities: Vec<Replicated>,
    /// The p-values of each statement.
    pub(crate) p_values: Vec<Vec<f64>>,
    /// Cohorts in which every statement holds, and the synchronous group lives longest.
    pub(crate) all_hold: usize,
    pub(crate) cohorts: usize,
}

impl Replicates {
    /// Cohorts of `n` patients with the seeds from `seed` on.
    pub(crate) fn new(seed: u64, n: usize, cohorts: usize) -> riskset::Result<Self> {
        let quantity = |published: &Published| Replicated {
            published: *published,
            found: Vec::with_capacity(cohorts),
            left_out: 0,
        };
        let mut all = Self {
            quantities: OF_THE_PAPER.iter().map(quantity).collect(),
            p_values: vec![Vec::new(); STATEMENTS.len()],
            all_hold: 0,
            cohorts,
        };
        let bar = progress::bar(cohorts as u64, "Replicates");
        for replicate in 0..cohorts as u64 {
            let cohort = Cohort::simulate(seed.wrapping_add(replicate), n);
            all.add(&Estimates::new(&cohort)?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(all)
    }

    fn add(&mut self, estimates: &Estimates) {
        for Replicated { published, found, left_out } in &mut self.quantities {
            let value = estimates.estimate(published.quantity).value;
            let value = if published.is_ratio() { value.map(f64::ln) } else { value };
            match value.filter(|value| !published.is_ratio() || value.abs() <= RAN_OFF) {
                Some(value) => found.push(value),
                None => *left_out += 1,
            }
        }
        let p_values: Vec<Option<f64>> =
            STATEMENTS.iter().map(|statement| estimates.p_value(statement.tested)).collect();
        let hold = |(p, statement): (&Option<f64>, &super::published::Statement)| {
            p.is_some_and(|p| p < statement.below)
        };
        let every = p_values.iter().zip(&STATEMENTS).all(hold);
        self.all_hold += usize::from(every && estimates.sync_is_longest());
        for (all, p) in self.p_values.iter_mut().zip(p_values) {
            all.extend(p);
        }
    }

    fn means(&self) -> Table {
        let header = ["", "Published", "Mean", "sd of a cohort", "MCSE", "z", "Left out"];
        let line = |table: Table, one: &Replicated| {
            let ratio = one.published.is_ratio();
            let decimals = if ratio { 3 } else { 1 };
            let mean = one.mean().map(|mean| if ratio { mean.exp() } else { mean });
            let cells = vec![
                number(one.published.value, decimals),
                maybe(mean, |mean| number(mean, decimals)),
                maybe(one.spread(), |sd| number(sd, decimals)),
                maybe(one.error(), |error| number(error, decimals)),
                maybe(one.z(), |z| number(z, 1)),
                count(one.left_out),
            ];
            table.row(one.published.name, cells)
        };
        let start = Table::new(&format!("Means over {} simulated cohorts", self.cohorts), &header);
        self.quantities.iter().fold(start, line).footnote(
            "Of hazard ratios the geometric mean; sd, MCSE and z are of ln HR. z: mean less published, in \
             Monte Carlo standard errors. Left out: medians not reached, and fits without an estimate or with \
             |ln HR| above 6.",
        )
    }

    fn shares(&self) -> Table {
        let header = ["", "Abstract", "p < 0.05", "p < 0.01", "p < 0.001", "Cohorts"];
        let start = Table::new("Share of cohorts with a p-value below", &header);
        let line = |table: Table, (statement, p): (&super::published::Statement, &Vec<f64>)| {
            let share = |level: f64| {
                let below = p.iter().filter(|p| **p < level).count();
                match p.len() {
                    0 => Cell::Empty,
                    n => number(below as f64 / n as f64, 2),
                }
            };
            let cells =
                vec![words(statement.said), share(0.05), share(0.01), share(0.001), count(p.len())];
            table.row(statement.name, cells)
        };
        STATEMENTS.iter().zip(&self.p_values).fold(start, line)
    }
}

/// Means and shares over cohorts with the seeds from `seed` on.
pub(crate) fn section(seed: u64, n: usize, cohorts: usize) -> riskset::Result<Section> {
    let all = Replicates::new(seed, n, cohorts)?;
    let every = all.all_hold;
    Ok(Section::new("10b. Replicates")
        .words(format!(
            "{cohorts} simulated cohorts of {n} patients, seeds from {seed} on. Their mean is the published \
             number by construction; their spread is what one study of this size can be off by chance."
        ))
        .table("replicates", all.means())
        .table("replicates-significance", all.shares())
        .words(format!(
            "In {every} of {cohorts} cohorts every statement of the abstract holds and the synchronous group has \
             the longest medians. That says how much luck one study needs to find all its true effects at once."
        )))
}
