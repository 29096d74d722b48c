//! A concordance with its pairs.

use std::fmt;

use super::pairs::Pairs;
use super::score::Direction;
use super::time_weight::TimeWeight;
use crate::data::{Rows, Strata, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::numerics::sum::Sum;
use crate::statistic::{Interval, Table, fixed, percent, significant};

/// Pairs of rows by what is known of them; see [`Concordance`](crate::validation::Concordance). Whole
/// numbers without weights, exact up to 2⁵³; otherwise sums of the products of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct PairCounts {
    /// Comparable pairs in which the worse score has the earlier event.
    pub concordant: f64,
    /// Comparable pairs in which the better score has the earlier event.
    pub discordant: f64,
    /// Comparable pairs with one score; R's `tied.x`.
    pub tied_score: f64,
    /// Pairs of events at one time with different scores, not comparable; R's `tied.y`.
    pub tied_time: f64,
    /// Pairs of events at one time with one score, not comparable; R's `tied.xy`.
    pub tied_both: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(PairCounts {
    concordant: not_negative,
    discordant: not_negative,
    tied_score: not_negative,
    tied_time: not_negative,
    tied_both: not_negative,
});

impl PairCounts {
    pub(super) fn new(counts: [f64; 5]) -> Self {
        let [concordant, discordant, tied_score, tied_time, tied_both] = counts;
        Self { concordant, discordant, tied_score, tied_time, tied_both }
    }

    /// Number of pairs of which it is known who failed first.
    #[must_use]
    pub fn comparable(&self) -> f64 {
        self.concordant + self.discordant + self.tied_score
    }

    /// (concordant + ½ tied in score) / comparable; `None` without a comparable pair.
    #[must_use]
    pub fn concordance(&self) -> Option<f64> {
        let comparable = self.comparable();
        (comparable > 0.0).then(|| (self.concordant + self.tied_score / 2.0) / comparable)
    }
}

/// A concordance with its standard error and its pairs. Keeps no rows.
///
/// What it estimates, and after whom: [`Concordance`](crate::validation::Concordance).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct ConcordanceFit {
    /// C, in [0, 1]: ½ is no better than chance.
    pub concordance: f64,
    /// Its infinitesimal-jackknife standard error, over clusters, or subjects where there are ids, or
    /// else rows. 0 where C is 0 or 1.
    pub std_error: f64,
    /// C ± z · standard error, cut to [0, 1].
    pub interval: Interval,
    /// What a higher score was taken to mean.
    pub direction: Direction,
    /// How much the pairs of a time count.
    pub time_weight: TimeWeight,
    /// The time before which the earlier event of a pair lies, where there is one.
    pub tau: Option<f64>,
    /// Pairs over all strata.
    pub pairs: PairCounts,
    /// Pairs of each stratum, by its name; empty without strata.
    pub strata: Vec<(String, PairCounts)>,
    /// Number of rows, or the sum of their frequencies.
    pub n: f64,
    /// Number of events, or the sum of their frequencies.
    pub n_events: f64,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

#[cfg(feature = "serde")]
crate::checked::check!(ConcordanceFit {
    concordance: probability,
    std_error: not_negative,
    n: not_negative,
    n_events: not_negative,
});

impl ConcordanceFit {
    /// Somers' D = 2 C − 1, in [−1, 1].
    #[must_use]
    pub fn somers_d(&self) -> f64 {
        2.0 * self.concordance - 1.0
    }
}

/// Pairs with what each independent unit adds to the variance of C.
#[derive(Debug)]
pub(super) struct Estimated {
    pub(super) counts: PairCounts,
    pub(super) strata: Vec<(String, PairCounts)>,
    pub(super) concordance: f64,
    /// The variance is the sum of their squares.
    units: Vec<f64>,
}

impl Estimated {
    /// # Errors
    /// [`Error::NothingComparable`].
    #[expect(clippy::indexing_slicing, reason = "there are five counts")]
    pub(super) fn new(rows: &Rows, pairs: &Pairs, direction: Direction) -> Result<Self> {
        let by_stratum: Vec<[f64; 5]> =
            pairs.strata.iter().map(|stratum| stratum.counts(direction)).collect();
        let total = |k: usize| by_stratum.iter().map(|counts| counts[k]).sum();
        let counts = PairCounts::new(std::array::from_fn(total));
        let concordance = counts.concordance().ok_or(Error::NothingComparable)?;
        let names = rows.strata.as_ref().map_or(&[][..], Strata::names);
        let strata = names.iter().cloned().zip(by_stratum.into_iter().map(PairCounts::new));
        let comparable = counts.comparable();
        // With A of B pairs concordant, ties counting half, dC = (dA − C dB) / B.
        let influence = pairs.members(direction).map(|[concordant, discordant, tied]| {
            let (for_it, against) = (1.0 - concordance, concordance);
            (for_it * concordant - against * discordant + (0.5 - concordance) * tied) / comparable
        });
        let units = units(rows, influence);
        Ok(Self { counts, strata: strata.collect(), concordance, units })
    }

    /// The covariance of two concordances of the same rows.
    pub(super) fn covariance(&self, other: &Self) -> f64 {
        Sum::of(self.units.iter().zip(&other.units).map(|(a, b)| a * b))
    }

    /// The standard error of their difference, unit by unit: equal influences cancel exactly.
    pub(super) fn std_error_of_difference(&self, other: &Self) -> f64 {
        let units = self.units.iter().zip(&other.units);
        Sum::of(units.map(|(a, b)| (a - b).powi(2))).sqrt()
    }
}

/// Influences summed over clusters. A row that stands for k rows counts k times.
#[expect(clippy::indexing_slicing, reason = "a row has the code of a cluster")]
fn units(rows: &Rows, influence: impl Iterator<Item = f64>) -> Vec<f64> {
    let weighted = influence.enumerate();
    let Some((n_clusters, codes)) = rows.cluster_codes() else {
        let frequency = rows.weight_kind() == Some(WeightKind::Frequency);
        let factor = |weight: f64| if frequency { weight.sqrt() } else { weight };
        return weighted.map(|(row, value)| factor(rows.weight(row)) * value).collect();
    };
    let mut sums = vec![Sum::default(); n_clusters];
    for (row, value) in weighted {
        sums[codes[row] as usize].add(rows.weight(row) * value);
    }
    sums.into_iter().map(Sum::value).collect()
}

/// C with standard error and limits, then the pairs.
impl fmt::Display for ConcordanceFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { concordance, std_error, interval, n, n_events, .. } = self;
        writeln!(f, "n = {n}, {n_events} events")?;
        let level = percent(interval.level);
        writeln!(
            f,
            "Concordance = {concordance:.4}, se = {std_error:.4}, {level} limits {interval:.4}"
        )?;
        let all = [("all".to_owned(), self.pairs)];
        let lines: &[(String, PairCounts)] =
            if self.strata.is_empty() { &all } else { &self.strata };
        let column = |value: fn(&PairCounts) -> f64| {
            significant(&lines.iter().map(|(_, p)| Some(value(p))).collect::<Vec<_>>(), 7, "")
        };
        let share: Vec<Option<f64>> = lines.iter().map(|(_, p)| p.concordance()).collect();
        let table = Table::default()
            .column("", lines.iter().map(|(name, _)| name.clone()).collect())
            .column("concordant", column(|p| p.concordant))
            .column("discordant", column(|p| p.discordant))
            .column("tied score", column(|p| p.tied_score))
            .column("tied time", column(|p| p.tied_time))
            .column("tied both", column(|p| p.tied_both))
            .column("C", fixed(&share, 4, "-"));
        writeln!(f, "{table}")?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}
