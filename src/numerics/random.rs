//! Random numbers for resampling: the same in every run and on every machine.

/// Steele, Lea and Flood's SplitMix64 (doi:10.1145/2660193.2660195): a counter, mixed.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

/// The odd number next to 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One of many streams of a seed: it depends on its index alone, not on what others have used.
    pub(crate) fn stream(seed: u64, index: u64) -> Self {
        let start = Self::new(seed).next_u64() ^ index;
        Self::new(Self::new(start).next_u64())
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `n`, all equally likely; `n` is above 0.
    ///
    /// The high half of a product of 128 bits; the few low halves that would favour some numbers are
    /// drawn again (Lemire 2019, doi:10.1145/3230636).
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        (0..60_000).for_each(|_| counts[random.below(6) as usize] += 1);
        // Five standard deviations of a binomial count.
        assert!(counts.iter().all(|&count| (f64::from(count) - 1e4).abs() < 5.0 * 91.3));
        assert!((0..100).all(|_| random.below(1) == 0));
        // More than half of the low halves are drawn again here.
        let n = (1_u64 << 63) + 1;
        let high = (0..1000).filter(|_| random.below(n) >= n / 2).count();
        assert!((400..600).contains(&high));
    }

    #[test]
    fn streams_differ() {
        let start = |seed, index| SplitMix64::stream(seed, index).next_u64();
        assert_ne!(start(1, 0), start(1, 1));
        assert_ne!(start(1, 0), start(2, 0));
        assert_ne!(start(0, 1), start(1, 0));
    }
}
