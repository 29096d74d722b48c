//! The actuarial life table.

use super::life_table_fit::{LifeTableFit, LifeTableInterval};
use crate::curve::ByGroup;
use crate::data::{Groups, RightCensored, RiskSeries, RiskTable, SurvivalData, WeightKind};
use crate::error::{BadCell, Error, Result};
use crate::room::room_for;

/// The actuarial life table: survival, density and hazard by interval, for grouped times.
///
/// # Definition
/// Of n who enter an interval [a, a + w), c are censored in it, on average half-way, and d have the
/// event:
/// ```text
/// n' = n − c/2     q = d/n'     p = 1 − q     S(a) = Π_{earlier} p     (S at the start)
/// Var S(a) = S(a)² G(a)                       G(a) = Σ_{earlier} q/(n' p)
/// density  = S(a) q / w                       Var = (S(a)/w)² (q² G(a) + q p/n')
/// hazard h = d / (w (n' − d/2))               Var = h² (1 − (h w/2)²) / (n' q)
/// ```
/// Density and hazard belong to the middle of the interval. The last interval is open: it has
/// neither. Once S is 0 its variance is not defined. A time on a boundary belongs to the later
/// interval. With exact times the Kaplan–Meier curve needs no such grouping.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | `starts` | required | from 0, ascending, finite | `tis`, without the last |
///
/// # Weights
/// Frequency and case weights enter the counts. Sampling weights, and clusters, need another variance
/// and are refused. Strata of the data do not matter.
///
/// # Example
/// Men with angina pectoris, by year after the diagnosis (Gehan 1969; Lee & Wang 2003):
/// ```
/// use riskset::nonparametric::LifeTable;
///
/// let deaths = [456., 226., 152., 171., 135., 125., 83., 74., 51., 42., 43., 34., 18., 9., 6., 0.];
/// let lost = [0., 39., 22., 23., 24., 107., 133., 102., 68., 64., 45., 53., 33., 27., 23., 30.];
/// let years: Vec<f64> = (0..16).map(f64::from).collect();
/// let table = LifeTable::new(&years).of_counts(&deaths, &lost)?;
/// let third = &table.intervals()[2];
/// assert_eq!((third.n_enter, third.n_exposed), (1697.0, 1686.0));
/// assert_eq!(format!("{:.4} {:.4}", third.survival, third.std_error.unwrap()), "0.7170 0.0092");
/// assert_eq!(format!("{:.4}", third.hazard.unwrap()), "0.0944");
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `KMsurv::lifetab(tis, ninit, nlost, nevent)`, whose standard errors of density and hazard are NaN
/// in an interval without events; they are 0 here.
///
/// # References
/// Gehan 1969, *Journal of Chronic Diseases* 21:629; Cutler & Ederer 1958,
/// doi:10.1016/0021-9681(58)90126-7.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeTable {
    starts: Vec<f64>,
}

impl LifeTable {
    /// The table with intervals that start at these times; the last one is open.
    #[must_use]
    pub fn new(starts: &[f64]) -> Self {
        Self { starts: starts.to_vec() }
    }

    /// One table for all rows.
    ///
    /// # Errors
    /// [`Error::Empty`] without intervals; [`Error::InvalidCells`] for starts that are not finite,
    /// do not begin at 0 or do not ascend; [`Error::Unsupported`] for sampling weights
    /// and for clusters.
    pub fn fit(&self, data: &RightCensored) -> Result<LifeTableFit> {
        self.of_series(&self.check(data, RiskTable::new(data))?.pooled())
    }

    /// One table for each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows; [`Error::TooLarge`] for more groups × intervals than memory holds.
    pub fn fit_by(&self, data: &RightCensored, groups: &Groups) -> Result<ByGroup<LifeTableFit>> {
        let table = self.check(data, RiskTable::by(data, groups)?)?;
        let sides = [groups.names().len(), self.starts.len()];
        room_for::<[f64; 24]>("tables of groups × intervals", &sides)?;
        ByGroup::try_new(table.groups(), |group, name| {
            let series = table.group(group);
            match series.time() {
                [] => Err(Error::Empty { what: name.to_owned() }),
                _ => self.of_series(&series),
            }
        })
    }

    /// The table of counts: events and censorings in each interval, in the order of
    /// [`new`](Self::new). Everybody leaves by one or the other.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::InvalidCells`] for counts that
    /// are negative or not below 10¹⁵; [`Error::Empty`] where all are 0.
    pub fn of_counts(&self, n_event: &[f64], n_censor: &[f64]) -> Result<LifeTableFit> {
        self.check_starts()?;
        let rule = "must be from 0 to below 1e15";
        let mut cells = Vec::new();
        for (what, column) in [("n_event", n_event), ("n_censor", n_censor)] {
            let (expected, found) = (self.starts.len(), column.len());
            if found != expected {
                return Err(Error::LengthMismatch { what: what.to_owned(), expected, found });
            }
            let bad = column.iter().enumerate().filter(|(_, n)| !(**n >= 0.0 && **n < LARGEST));
            cells.extend(bad.map(|(row, n)| BadCell::new(what, row, n, rule)));
        }
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        if n_event.iter().chain(n_censor).all(|&n| n == 0.0) {
            return Err(Error::Empty { what: "n_event".to_owned() });
        }
        Ok(self.table(n_event, n_censor))
    }

    fn check(&self, data: &impl SurvivalData, table: RiskTable) -> Result<RiskTable> {
        if table.weight_kind() == Some(WeightKind::Sampling) {
            return Err(Error::Unsupported {
                estimator: "LifeTable",
                what: "a variance under sampling weights",
                instead: "use Weights::case if the weights are factors of the likelihood",
            });
        }
        let instead = "leave the clusters out if the rows are independent";
        data.rows().independent("LifeTable", instead)?;
        self.check_starts()?;
        Ok(table)
    }

    fn check_starts(&self) -> Result<()> {
        if self.starts.is_empty() {
            return Err(Error::Empty { what: "starts".to_owned() });
        }
        let rule = "intervals start at 0, ascend, and are finite";
        let mut before = f64::NEG_INFINITY;
        let bad = self.starts.iter().enumerate().filter(|&(row, &start)| {
            let ascends = start > before && start < f64::INFINITY;
            before = start;
            !(ascends && (row > 0 || start == 0.0))
        });
        let cells: Vec<BadCell> =
            bad.map(|(row, start)| BadCell::new("starts", row, start, rule)).collect();
        if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "no more starts are passed than there are, and a time has its counts"
    )]
    fn of_series(&self, series: &RiskSeries) -> Result<LifeTableFit> {
        let mut counts = vec![(0.0, 0.0); self.starts.len()];
        for (k, time) in series.time().iter().enumerate() {
            let next = self.starts.partition_point(|start| start <= time);
            if let Some(interval) = next.checked_sub(1) {
                counts[interval].0 += series.n_event()[k];
                counts[interval].1 += series.n_censor()[k];
            }
        }
        let (n_event, n_censor): (Vec<f64>, Vec<f64>) = counts.into_iter().unzip();
        Ok(self.table(&n_event, &n_censor))
    }

    /// From checked counts.
    #[expect(clippy::indexing_slicing, reason = "an interval has its start and its counts")]
    fn table(&self, n_event: &[f64], n_censor: &[f64]) -> LifeTableFit {
        let mut entering = vec![0.0; self.starts.len()];
        let mut left = 0.0;
        for k in (0..self.starts.len()).rev() {
            left += n_event[k] + n_censor[k];
            entering[k] = left;
        }
        let (mut survival, mut greenwood) = (1.0, Some(0.0));
        let intervals = (0..self.starts.len()).map(|k| {
            let start = self.starts[k];
            let end = self.starts.get(k + 1).copied();
            let counts = Counts { enter: entering[k], event: n_event[k], censor: n_censor[k] };
            let interval = counts.interval(start, end, survival, greenwood);
            (survival, greenwood) = counts.step(survival, greenwood);
            interval
        });
        LifeTableFit::new(intervals.collect())
    }
}

/// Counts above this have no exact neighbours and could overflow.
const LARGEST: f64 = 1e15;

/// What happens in one interval.
#[derive(Debug, Clone, Copy)]
struct Counts {
    enter: f64,
    event: f64,
    censor: f64,
}

impl Counts {
    fn exposed(self) -> f64 {
        self.enter - self.censor / 2.0
    }

    /// q = d/n'; `None` when nobody enters.
    fn failed(self) -> Option<f64> {
        (self.enter > 0.0).then(|| self.event / self.exposed())
    }

    /// Whether all who enter have the event.
    fn all_fail(self) -> bool {
        self.censor == 0.0 && self.event == self.enter
    }

    /// S and G at the end, from those at the start.
    fn step(self, survival: f64, greenwood: Option<f64>) -> (f64, Option<f64>) {
        match self.failed() {
            None => (survival, greenwood),
            Some(_) if self.all_fail() => (0.0, None),
            Some(q) => {
                let left = self.exposed() - self.event;
                let add = q / left;
                (survival * (left / self.exposed()), greenwood.map(|sum| sum + add))
            }
        }
    }

    fn interval(
        self,
        start: f64,
        end: Option<f64>,
        survival: f64,
        greenwood: Option<f64>,
    ) -> LifeTableInterval {
        let exposed = self.exposed();
        let width = end.map(|end| end - start);
        let (mut density, mut hazard) = (None, None);
        if let (Some(q), Some(w)) = (self.failed(), width) {
            let p = (exposed - self.event) / exposed;
            let rate = q / (1.0 - q / 2.0);
            let spread = greenwood.map(|g| (q * q * g + q * p / exposed).sqrt());
            density = Some((survival * q / w, spread.map(|spread| survival * spread / w)));
            let root = ((1.0 - rate * rate / 4.0).max(0.0) * q / exposed).sqrt();
            hazard = Some((rate / w, root / (1.0 - q / 2.0) / w));
        }
        // An interval too narrow for its rates to be numbers has none.
        let finite = |value: f64| value.is_finite();
        let density = density.filter(|&(d, se)| finite(d) && se.is_none_or(finite));
        let hazard = hazard.filter(|&(h, se)| finite(h) && finite(se));
        LifeTableInterval {
            start,
            end,
            n_enter: self.enter,
            n_censor: self.censor,
            n_event: self.event,
            n_exposed: exposed,
            survival,
            std_error: greenwood.map(|g| survival * g.sqrt()),
            density: density.map(|(density, _)| density),
            std_error_density: density.and_then(|(_, std_error)| std_error),
            hazard: hazard.map(|(hazard, _)| hazard),
            std_error_hazard: hazard.map(|(_, std_error)| std_error),
        }
    }
}
