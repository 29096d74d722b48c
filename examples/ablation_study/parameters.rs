//! What the simulation is made of: the shares of the baseline, assumed, and the hazards of the outcomes,
//! calibrated so that the mean over cohorts of 326 patients gives the published numbers.

/// Group sizes, in the order of the groups.
pub(crate) const SIZES: [f64; 4] = [108.0, 52.0, 114.0, 52.0];

/// Shares of the baseline in one group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Baseline {
    pub(crate) number: [f64; 3],
    pub(crate) size: [f64; 4],
    pub(crate) extrapulmonary: [f64; 5],
    pub(crate) mediastinal: f64,
    pub(crate) synchronous: f64,
    pub(crate) age: f64,
    pub(crate) centre: [f64; 6],
}

/// By group: sync, upfront, delayed, none.
pub(crate) const BASELINE: [Baseline; 4] = [
    Baseline {
        number: [0.42, 0.28, 0.30],
        size: [0.18, 0.40, 0.23, 0.19],
        extrapulmonary: [0.62, 0.18, 0.04, 0.11, 0.05],
        mediastinal: 0.22,
        synchronous: 0.46,
        age: 57.0,
        centre: [0.38, 0.17, 0.17, 0.11, 0.10, 0.07],
    },
    Baseline {
        number: [0.50, 0.26, 0.24],
        size: [0.28, 0.44, 0.17, 0.11],
        extrapulmonary: [0.70, 0.16, 0.03, 0.07, 0.04],
        mediastinal: 0.20,
        synchronous: 0.40,
        age: 59.0,
        centre: [0.28, 0.22, 0.14, 0.15, 0.12, 0.09],
    },
    Baseline {
        number: [0.44, 0.28, 0.28],
        size: [0.22, 0.43, 0.21, 0.14],
        extrapulmonary: [0.65, 0.18, 0.04, 0.09, 0.04],
        mediastinal: 0.20,
        synchronous: 0.46,
        age: 58.0,
        centre: [0.33, 0.18, 0.17, 0.13, 0.11, 0.08],
    },
    Baseline {
        number: [0.50, 0.26, 0.24],
        size: [0.32, 0.42, 0.16, 0.10],
        extrapulmonary: [0.74, 0.14, 0.03, 0.06, 0.03],
        mediastinal: 0.16,
        synchronous: 0.38,
        age: 63.0,
        centre: [0.28, 0.22, 0.14, 0.15, 0.12, 0.09],
    },
];

/// Shares that are the same in every group.
pub(crate) const MALE: f64 = 0.61;
pub(crate) const RECTUM: f64 = 0.52;
pub(crate) const NODES: [f64; 3] = [0.36, 0.38, 0.26];
pub(crate) const KRAS: [f64; 3] = [0.47, 0.39, 0.14];
pub(crate) const MODALITY: [f64; 3] = [0.78, 0.16, 0.06];
/// Of 3, 4 and 5 tumours among those with three and more.
pub(crate) const MANY: [f64; 3] = [0.55, 0.30, 0.15];
/// Bounds of the classes of size in mm.
pub(crate) const SIZE_BOUNDS: [f64; 5] = [4.0, 10.0, 20.0, 30.0, 50.0];
/// Of a tumour: beneath the diaphragm, beneath the pleura, near a vessel.
pub(crate) const PLACES: [f64; 3] = [0.22, 0.36, 0.18];
pub(crate) const CEA_MISSING: f64 = 0.04;
pub(crate) const CA199_MISSING: f64 = 0.06;

/// A Weibull hazard in months, H(t) = exp(level + lp) t^shape, with log hazard ratios.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hazard {
    pub(crate) shape: f64,
    pub(crate) level: f64,
    pub(crate) group: [f64; 4],
    pub(crate) number: [f64; 3],
    pub(crate) size: [f64; 4],
    pub(crate) extrapulmonary: [f64; 5],
    pub(crate) synchronous: f64,
    pub(crate) mediastinal: f64,
    pub(crate) centre: [f64; 6],
}

const CENTRE: [f64; 6] = [0.0, 0.10, -0.10, 0.15, -0.15, 0.0];

#[expect(
    clippy::approx_constant,
    reason = "a hazard ratio of 2, to four digits as it was calibrated"
)]
pub(crate) const DEATH: Hazard = Hazard {
    shape: 1.6983,
    level: -6.7312,
    group: [-1.4939, -1.0257, -1.0399, 0.0],
    number: [0.0, 0.2624, 0.6419],
    size: [0.0, 0.0953, 0.3001, 0.5878],
    extrapulmonary: [0.0, 0.2624, 1.5125, 1.3522, 0.6931],
    synchronous: 0.0,
    mediastinal: 0.4024,
    centre: CENTRE,
};

/// Progression elsewhere than at an ablated tumour.
pub(crate) const ELSEWHERE: Hazard = Hazard {
    shape: 0.8144,
    level: -3.2223,
    group: [-0.89, -0.317, -0.2096, 0.0],
    number: [0.0, 0.3446, 0.5925],
    size: [0.0; 4],
    extrapulmonary: [0.0, 0.5212, 0.408, 0.7514, 0.4198],
    synchronous: 0.5393,
    mediastinal: 0.0,
    centre: CENTRE,
};

/// Local progression of one tumour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalHazard {
    pub(crate) shape: f64,
    pub(crate) level: f64,
    /// From 30 mm.
    pub(crate) large: f64,
    pub(crate) peridiaphragmatic: f64,
    /// Standard deviation of what a patient's tumours share.
    pub(crate) frailty: f64,
}

pub(crate) const LOCAL: LocalHazard = LocalHazard {
    shape: 0.9,
    level: -5.2545,
    large: 0.6078,
    peridiaphragmatic: 0.4183,
    frailty: 0.6,
};

/// Clayton's θ between death and progression elsewhere: Kendall's τ is 2/3.
pub(crate) const DEPENDENCE: f64 = 4.0;

/// Losses to follow-up a month.
pub(crate) const LOSS: f64 = 0.0025;

pub(crate) const DAYS_PER_MONTH: f64 = 30.4375;

/// First day of entry, days of recruitment, and the day of the data lock.
pub(crate) const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2014, 3, 1);
pub(crate) const RECRUITMENT: f64 = 3167.0;
pub(crate) const LOCK: i64 = 3774;
