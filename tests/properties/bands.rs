//! A band holds the whole true curve as often as it says.

use riskset::nonparametric::{BandKind, Bands};
use riskset::{KaplanMeier, RightCensored};

const TRIALS: u32 = 400;
const PATIENTS: usize = 150;

/// SplitMix64.
pub(super) fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// How often the band of an exponential sample with a third censored holds exp(−t) from 0.15 to 1.5.
fn coverage(kind: BandKind) -> f64 {
    let mut state = 42;
    let mut exponential = |rate: f64| -(1.0 - uniform(&mut state)).ln() / rate;
    let mut covered = 0;
    for _ in 0..TRIALS {
        let pairs: Vec<(f64, f64)> =
            (0..PATIENTS).map(|_| (exponential(1.0), exponential(0.5))).collect();
        let time: Vec<f64> = pairs.iter().map(|(event, censoring)| event.min(*censoring)).collect();
        let event: Vec<bool> = pairs.iter().map(|(event, censoring)| event <= censoring).collect();
        let fit = KaplanMeier::new().fit(&RightCensored::new(&time, &event).unwrap()).unwrap();
        let band = Bands::new().kind(kind).range(0.15, 1.5).of(&fit).unwrap();
        // Between two times the true curve falls and the band does not: both ends have to hold.
        let next = band.time[1..].iter().chain([&1.5]);
        let holds = (band.time.iter().zip(next).zip(band.lower.iter().zip(&band.upper)))
            .all(|((t, next), (lower, upper))| *lower <= (-next).exp() && (-t).exp() <= *upper);
        covered += u32::from(holds);
    }
    f64::from(covered) / f64::from(TRIALS)
}

/// Within three binomial standard errors, 0.033, of 95 %.
#[test]
#[ignore = "a simulation, to run on demand"]
fn bands_cover_the_true_curve() {
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let coverage = coverage(kind);
        assert!((coverage - 0.95).abs() < 0.033, "{kind:?} covers {coverage}");
    }
}
