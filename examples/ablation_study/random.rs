//! Random numbers that depend on seed, patient and slot alone: SplitMix64 in counter mode.
//!
//! Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195.

/// The numbers of one cohort.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    key: u64,
}

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// Slots of one patient.
const SLOTS: u64 = 64;

impl Stream {
    pub(crate) fn new(seed: u64) -> Self {
        Self { key: mix(seed.wrapping_add(GAMMA)) }
    }

    /// The numbers of one patient.
    pub(crate) fn patient(self, patient: u64) -> Draws {
        Draws { key: self.key, first: patient.wrapping_mul(SLOTS) }
    }
}

/// The numbers of one patient, by slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    key: u64,
    first: u64,
}

impl Draws {
    /// A uniform number, strictly between 0 and 1.
    pub(crate) fn uniform(self, slot: u64) -> f64 {
        let count = self.first.wrapping_add(slot).wrapping_add(1);
        let x = mix(self.key.wrapping_add(count.wrapping_mul(GAMMA)));
        ((x >> 11) as f64 + 0.5) * 2.0_f64.powi(-53)
    }

    /// A standard normal number out of two slots (Box and Muller).
    pub(crate) fn normal(self, slot: u64) -> f64 {
        let (u, v) = (self.uniform(slot), self.uniform(slot + 1));
        (-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos()
    }

    /// An event of a probability.
    pub(crate) fn chance(self, slot: u64, probability: f64) -> bool {
        self.uniform(slot) < probability
    }

    /// The place of a category with these shares.
    pub(crate) fn category(self, slot: u64, shares: &[f64]) -> usize {
        category(self.uniform(slot), shares)
    }
}

/// How many cumulative shares, the last left out, a uniform number reaches.
pub(crate) fn category(u: f64, shares: &[f64]) -> usize {
    let mut cumulative = 0.0;
    let sums = shares[..shares.len() - 1].iter().map(|share| {
        cumulative += share;
        cumulative
    });
    sums.filter(|sum| u >= *sum).count()
}

fn mix(mut z: u64) -> u64 {
    z ^= z >> 30;
    z = z.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^= z >> 27;
    z = z.wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_of_the_specification() {
        assert_eq!(Stream::new(1).key, 0x910a_2dec_8902_5cc1);
        let stream = Stream::new(1);
        assert_eq!(stream.patient(0).uniform(0), 0.368_189_515_651_669_5);
        assert_eq!(stream.patient(0).uniform(1), 0.943_564_230_864_854_4);
        assert_eq!(stream.patient(325).uniform(61), 0.191_922_565_267_277_08);
    }

    #[test]
    fn a_category_is_the_interval_of_its_share() {
        let shares = [0.25, 0.5, 0.25];
        assert_eq!([0.1, 0.25, 0.74, 0.75, 0.99].map(|u| category(u, &shares)), [0, 1, 1, 2, 2]);
    }
}
