//! Pseudo-random numbers: the same in every run and on every machine.

use super::normal::normal_quantile;

/// The generator SplitMix64: a counter, mixed.
///
/// Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

/// What the state moves on by: the odd number next to 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One of many streams of a seed. What it yields depends on its index alone, and so not on which
    /// thread draws it, or when.
    pub(crate) fn stream(seed: u64, index: u64) -> Self {
        let first = Self::new(seed).next_u64();
        Self::new(Self::new(first ^ index.wrapping_mul(STEP)).next_u64())
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `n`, all equally likely; `n` is above 0.
    ///
    /// The high half of a product of 128 bits; the few low halves that would favour some numbers are
    /// drawn again (Lemire 2019, doi:10.1145/3230636).
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low half is what is asked for, and the high half is below `n`"
    )]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as usize;
            }
        }
    }

    /// Uniform on (0, 1), neither end included.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
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
    fn gives_the_published_sequence() {
        let mut random = SplitMix64::new(1_234_567);
        let first: [u64; 5] = std::array::from_fn(|_| random.next_u64());
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn numbers_below_a_bound_are_equally_likely() {
        let mut random = SplitMix64::stream(7, 0);
        let mut counts = [0_u32; 6];
        (0..60_000).for_each(|_| counts[random.below(6)] += 1);
        // Five standard deviations of a binomial count.
        assert!(counts.iter().all(|&count| (f64::from(count) - 1e4).abs() < 5.0 * 91.3));
        assert!((0..100).all(|_| random.below(1) == 0));
        // More than half of the low halves are drawn again here.
        let n = (1_usize << 63) + 1;
        let high = (0..1000).filter(|_| random.below(n) >= n / 2).count();
        assert!((400..600).contains(&high));
    }

    #[test]
    fn normal_numbers_have_the_moments_they_should() {
        let n = 100_000;
        let mut random = SplitMix64::stream(7, 0);
        let draws: Vec<f64> = (0..n).map(|_| random.normal()).collect();
        let moment = |k: i32| draws.iter().map(|z| z.powi(k)).sum::<f64>() / f64::from(n);
        // Four standard errors of each mean.
        let error = 4.0 / f64::from(n).sqrt();
        assert!(moment(1).abs() < error, "{}", moment(1));
        assert!((moment(2) - 1.0).abs() < error * 2.0_f64.sqrt(), "{}", moment(2));
        assert!((moment(4) - 3.0).abs() < error * 96.0_f64.sqrt(), "{}", moment(4));
    }

    #[test]
    fn streams_differ() {
        let start = |seed, index| SplitMix64::stream(seed, index).next_u64();
        assert_eq!(start(1, 2), start(1, 2));
        assert_ne!(start(1, 0), start(1, 1));
        assert_ne!(start(1, 0), start(2, 0));
        assert_ne!(start(0, 1), start(1, 0));
    }
}
