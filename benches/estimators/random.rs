//! Random numbers that are the same in every run and on every machine, and the times made of them.

/// The end of every study.
pub(crate) const FOLLOW_UP_DAYS: f64 = 3000.0;

/// SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Nearly normal: the sum of twelve uniforms, centred.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Time and event of a patient with this log hazard: exponential, censored uniformly, so that
    /// about half end with the event.
    pub(crate) fn exit(&mut self, ln_hazard: f64, tied: bool) -> (f64, bool) {
        let dies = -self.uniform().ln() * 0.5 * FOLLOW_UP_DAYS / ln_hazard.exp();
        let leaves = FOLLOW_UP_DAYS * self.uniform();
        let exit = dies.min(leaves);
        (if tied { exit.ceil() } else { exit }, dies <= leaves)
    }
}
