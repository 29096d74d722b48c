//! The numbers of the abstract, and some of a related study of the same hospitals.

use super::super::covariates::{EXTRAPULMONARY, GROUP, NODE, NUMBER, SIZE, TIMING};
use super::super::levels::Therapy;
use super::super::model::Endpoint;
use super::lesions::FACTORS;

/// Fan et al. 2026; the abstract, which gives no confidence intervals and no numbers at risk.
pub(crate) const PAPER: &str = "Fan et al. 2026, doi:10.1080/07853890.2025.2612393, abstract";

/// Hu et al. 2025: 336 patients of the same group of hospitals, some of them probably the same.
pub(crate) const RELATED: &str = "Hu et al. 2025, doi:10.3748/wjg.v31.i38.109528, abstract";

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Quantity {
    /// Months.
    Median(Endpoint, Therapy),
    /// The hazard ratio of a level in Model A: covariate, level.
    Ratio(Endpoint, &'static str, &'static str),
    /// That of a factor for local progression by tumour.
    Local(&'static str),
}

/// A published number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Published {
    pub(crate) name: &'static str,
    pub(crate) quantity: Quantity,
    pub(crate) value: f64,
    /// The standard deviation over simulated cohorts of 326 patients, of ln for a hazard ratio.
    pub(crate) spread: f64,
}

impl Published {
    const fn median(name: &'static str, of: (Endpoint, Therapy), value: f64, spread: f64) -> Self {
        Self { name, quantity: Quantity::Median(of.0, of.1), value, spread }
    }

    const fn ratio(
        name: &'static str,
        of: (Endpoint, &'static str, &'static str),
        value: f64,
        spread: f64,
    ) -> Self {
        Self { name, quantity: Quantity::Ratio(of.0, of.1, of.2), value, spread }
    }

    const fn local(name: &'static str, factor: &'static str, value: f64, spread: f64) -> Self {
        Self { name, quantity: Quantity::Local(factor), value, spread }
    }

    pub(crate) fn is_ratio(&self) -> bool {
        !matches!(self.quantity, Quantity::Median(..))
    }
}

use Endpoint::{Os, Pfs};

/// Those of the paper. The simulated cohorts were calibrated to them.
pub(crate) const OF_THE_PAPER: [Published; 12] = [
    Published::median("PFS median, sync", (Pfs, Therapy::Sync), 22.0, 3.9),
    Published::median("PFS median, delayed", (Pfs, Therapy::Delayed), 13.0, 2.3),
    Published::median("PFS median, none", (Pfs, Therapy::None), 11.9, 3.0),
    Published::median("OS median, sync", (Os, Therapy::Sync), 61.3, 7.1),
    Published::median("OS median, delayed", (Os, Therapy::Delayed), 49.2, 5.2),
    Published::median("OS median, none", (Os, Therapy::None), 29.3, 4.0),
    Published::ratio("PFS HR, sync", (Pfs, GROUP.name, "sync"), 0.493, 0.193),
    Published::ratio(
        "PFS HR, synchronous metastases",
        (Pfs, TIMING.name, "synchronous"),
        1.431,
        0.133,
    ),
    Published::ratio("OS HR, sync", (Os, GROUP.name, "sync"), 0.211, 0.245),
    Published::ratio("OS HR, mediastinal lymph node", (Os, NODE.name, "yes"), 1.518, 0.195),
    Published::local("LTP HR, tumour >= 3 cm", FACTORS[0], 1.75, 0.300),
    Published::local("LTP HR, peridiaphragmatic tumour", FACTORS[1], 1.48, 0.221),
];

/// Those of the related study, to which the other effects were set; the last is the geometric mean of
/// 4.813 (abdominal) and 3.105 (pelvic).
pub(crate) const OF_THE_RELATED: [Published; 4] = [
    Published::ratio("PFS HR, liver", (Pfs, EXTRAPULMONARY.name, "liver"), 1.449, 0.179),
    Published::ratio(
        "PFS HR, abdominal or pelvic",
        (Pfs, EXTRAPULMONARY.name, "abdominal or pelvic"),
        1.864,
        0.220,
    ),
    Published::ratio("OS HR, bone", (Os, EXTRAPULMONARY.name, "bone"), 4.538, 0.387),
    Published::ratio(
        "OS HR, abdominal or pelvic",
        (Os, EXTRAPULMONARY.name, "abdominal or pelvic"),
        3.866,
        0.264,
    ),
];

/// What a statement of significance tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Tested {
    /// The log-rank test of synchronous therapy against another group.
    LogRank(Endpoint, Therapy),
    /// Wald's test of one level in Model A.
    Level(Endpoint, &'static str, &'static str),
    /// Wald's test of all coefficients of some covariates in Model A.
    Covariates(Endpoint, &'static [&'static str]),
    /// The robust test of a factor for local progression.
    Local(&'static str),
}

/// A statement of significance in the abstract.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement {
    pub(crate) name: &'static str,
    pub(crate) tested: Tested,
    /// As the abstract has it; empty where it only calls the factor independent.
    pub(crate) said: &'static str,
    /// The p-value below which a cohort agrees with it.
    pub(crate) below: f64,
}

const fn statement(
    name: &'static str,
    tested: Tested,
    said: &'static str,
    below: f64,
) -> Statement {
    Statement { name, tested, said, below }
}

use Tested::{Covariates, Level, Local, LogRank};

/// All of them. A p of 0.001 is taken for one that rounds to it or is smaller, below 0.005.
pub(crate) const STATEMENTS: [Statement; 14] = [
    statement("PFS, sync - delayed", LogRank(Pfs, Therapy::Delayed), "< 0.05", 0.05),
    statement("PFS, sync - none", LogRank(Pfs, Therapy::None), "< 0.05", 0.05),
    statement("OS, sync - delayed", LogRank(Os, Therapy::Delayed), "< 0.05", 0.05),
    statement("OS, sync - none", LogRank(Os, Therapy::None), "< 0.05", 0.05),
    statement("PFS, sync in the model", Level(Pfs, GROUP.name, "sync"), "independent", 0.05),
    statement("OS, sync in the model", Level(Os, GROUP.name, "sync"), "independent", 0.05),
    statement("PFS, number of tumours", Covariates(Pfs, &[NUMBER.name]), "< 0.001", 0.001),
    statement(
        "PFS, synchronous metastases",
        Level(Pfs, TIMING.name, "synchronous"),
        "independent",
        0.05,
    ),
    statement(
        "PFS, extrapulmonary disease",
        Covariates(Pfs, &[EXTRAPULMONARY.name]),
        "0.001",
        0.005,
    ),
    statement(
        "OS, number and size together",
        Covariates(Os, &[NUMBER.name, SIZE.name]),
        "< 0.05",
        0.05,
    ),
    statement(
        "OS, extrapulmonary disease",
        Covariates(Os, &[EXTRAPULMONARY.name]),
        "< 0.001",
        0.001,
    ),
    statement("OS, mediastinal lymph node", Level(Os, NODE.name, "yes"), "independent", 0.05),
    statement("LTP, tumour >= 3 cm", Local(FACTORS[0]), "independent", 0.05),
    statement("LTP, peridiaphragmatic tumour", Local(FACTORS[1]), "independent", 0.05),
];
