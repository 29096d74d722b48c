//! The baseline of one simulated patient. Given the group all covariates are independent, so that the
//! true propensity score is a multinomial logit of main effects.

use super::parameters::{
    BASELINE, CA199_MISSING, CEA_MISSING, KRAS, MALE, MANY, MODALITY, NODES, PLACES, RECRUITMENT,
    RECTUM, SIZE_BOUNDS, SIZES,
};
use super::random::{Draws, category};

/// Covariates as places of their levels.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) group: usize,
    pub(crate) entry_day: i64,
    pub(crate) centre: usize,
    pub(crate) age: u32,
    pub(crate) male: bool,
    pub(crate) rectum: bool,
    pub(crate) nodes: usize,
    pub(crate) kras: usize,
    pub(crate) number: u32,
    pub(crate) number_class: usize,
    pub(crate) largest_mm: u32,
    pub(crate) size_class: usize,
    pub(crate) extrapulmonary: usize,
    pub(crate) mediastinal: bool,
    pub(crate) synchronous: bool,
    pub(crate) dfi_months: f64,
    pub(crate) bilateral: bool,
    pub(crate) cea: Option<f64>,
    pub(crate) ca199: Option<f64>,
    pub(crate) modality: usize,
    pub(crate) tumours: Vec<DrawnTumour>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct DrawnTumour {
    pub(crate) size_mm: u32,
    pub(crate) peridiaphragmatic: bool,
    pub(crate) subpleural: bool,
    pub(crate) near_vessel: bool,
}

/// The first slot of a tumour.
pub(crate) fn tumour_slot(tumour: usize) -> u64 {
    32 + 6 * tumour as u64
}

impl Drawn {
    /// Patient `index` of `n`.
    pub(crate) fn new(draws: Draws, index: usize, n: usize) -> Self {
        let group = group(index, n);
        let shares = &BASELINE[group];
        let u = draws.uniform(8);
        let number_class = category(u, &shares.number);
        let number = match number_class {
            2 => {
                let below = shares.number[0] + shares.number[1];
                3 + category((u - below) / (1.0 - below), &MANY)
            }
            class => class + 1,
        };
        let size_class = draws.category(9, &shares.size);
        let (low, high) = (SIZE_BOUNDS[size_class], SIZE_BOUNDS[size_class + 1]);
        let largest_mm = (low + (high - low) * draws.uniform(10)).floor() as u32;
        let extrapulmonary = draws.category(11, &shares.extrapulmonary);
        let synchronous = draws.chance(13, shares.synchronous);
        let interval = ((10.0 * (6.0 - 20.0 * draws.uniform(14).ln())).floor() / 10.0).min(120.0);
        let markers =
            Markers { number_class, large: size_class == 3, extrapulmonary: extrapulmonary > 0 };
        Self {
            group,
            entry_day: (draws.uniform(0) * RECRUITMENT).floor() as i64,
            centre: draws.category(1, &shares.centre),
            age: (shares.age + 10.0 * draws.normal(2) + 0.5).floor().clamp(25.0, 85.0) as u32,
            male: draws.chance(4, MALE),
            rectum: draws.chance(5, RECTUM),
            nodes: draws.category(6, &NODES),
            kras: draws.category(7, &KRAS),
            number: number as u32,
            number_class,
            largest_mm,
            size_class,
            extrapulmonary,
            mediastinal: draws.chance(12, shares.mediastinal),
            synchronous,
            dfi_months: if synchronous { 0.0 } else { interval },
            bilateral: number > 1 && draws.chance(15, if number == 2 { 0.40 } else { 0.60 }),
            cea: (!draws.chance(20, CEA_MISSING)).then(|| markers.cea(draws)),
            ca199: (!draws.chance(21, CA199_MISSING)).then(|| markers.ca199(draws)),
            modality: draws.category(22, &MODALITY),
            tumours: (0..number)
                .map(|tumour| DrawnTumour::new(draws, tumour, largest_mm))
                .collect(),
        }
    }
}

/// The group of the class that (index + ½)/n falls into.
fn group(index: usize, n: usize) -> usize {
    let total: f64 = SIZES.iter().sum();
    let place = (index as f64 + 0.5) / n as f64;
    let mut sum = 0.0;
    let cuts = SIZES[..3].iter().map(|size| {
        sum += size;
        sum / total
    });
    cuts.filter(|cut| place >= *cut).count()
}

/// What the tumour markers depend on.
struct Markers {
    number_class: usize,
    large: bool,
    extrapulmonary: bool,
}

impl Markers {
    fn cea(&self, draws: Draws) -> f64 {
        let large = if self.large { 0.30 } else { 0.0 };
        let spread = if self.extrapulmonary { 0.50 } else { 0.0 };
        let mean = 4.5_f64.ln() + [0.0, 0.25, 0.45][self.number_class] + large + spread;
        tenths(mean + 1.10 * draws.normal(16))
    }

    fn ca199(&self, draws: Draws) -> f64 {
        let spread = if self.extrapulmonary { 0.40 } else { 0.0 };
        let mean = 14.0_f64.ln() + [0.0, 0.15, 0.30][self.number_class] + spread;
        tenths(mean + 0.90 * draws.normal(18))
    }
}

/// exp, to the tenth.
fn tenths(ln: f64) -> f64 {
    (10.0 * ln.exp() + 0.5).floor() / 10.0
}

impl DrawnTumour {
    fn new(draws: Draws, tumour: usize, largest_mm: u32) -> Self {
        let slot = tumour_slot(tumour);
        let share = 0.35 + 0.65 * draws.uniform(slot);
        let smaller = (f64::from(largest_mm) * share).floor().max(3.0) as u32;
        Self {
            size_mm: if tumour == 0 { largest_mm } else { smaller },
            peridiaphragmatic: draws.chance(slot + 1, PLACES[0]),
            subpleural: draws.chance(slot + 2, PLACES[1]),
            near_vessel: draws.chance(slot + 3, PLACES[2]),
        }
    }
}
