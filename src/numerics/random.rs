//! Pseudo-random numbers for simulated reference distributions.

use super::normal::normal_quantile;

/// The generator SplitMix64: 64 bits of state, one stream for each starting state.
///
/// Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

/// What the state moves on by.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    pub(crate) fn new(state: u64) -> Self {
        Self { state }
    }

    /// The stream of one replicate: what it yields depends on the seed and its number alone, and so not on
    /// which thread draws it, or when.
    pub(crate) fn of_replicate(seed: u64, replicate: u64) -> Self {
        let first = Self::new(seed).next();
        Self::new(Self::new(first ^ replicate.wrapping_mul(STEP)).next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform on (0, 1), neither end included.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers its authors' program prints for this seed.
    #[test]
    fn yields_the_published_numbers() {
        let mut generator = SplitMix64::new(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([generator.next(), generator.next()], expected);
    }

    #[test]
    fn normal_numbers_have_the_moments_they_should() {
        let n = 100_000;
        let mut generator = SplitMix64::of_replicate(7, 0);
        let draws: Vec<f64> = (0..n).map(|_| generator.normal()).collect();
        let moment = |k: i32| draws.iter().map(|z| z.powi(k)).sum::<f64>() / f64::from(n);
        // Four standard errors of each mean.
        let error = 4.0 / f64::from(n).sqrt();
        assert!(moment(1).abs() < error, "{}", moment(1));
        assert!((moment(2) - 1.0).abs() < error * 2.0_f64.sqrt(), "{}", moment(2));
        assert!((moment(4) - 3.0).abs() < error * 96.0_f64.sqrt(), "{}", moment(4));
    }

    #[test]
    fn replicates_have_streams_of_their_own() {
        let first = |seed, replicate| SplitMix64::of_replicate(seed, replicate).next();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(2, 1));
        assert_ne!(first(1, 2), first(1, 3));
    }
}
