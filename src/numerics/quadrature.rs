//! Adaptive integration over a finite interval.

/// A number with a bound of its error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

/// Nodes of the 15-point Kronrod rule on [−1, 1] that are above 0, the odd ones Gauss's.
const NODES: [f64; 7] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_4,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_47,
];
/// Kronrod weights of the nodes, and of 0.
const KRONROD: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_55,
    0.104_790_010_322_250_18,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_9,
    0.209_482_141_084_727_82,
];
/// Weights of the 7-point Gauss rule: nodes 1, 3, 5, and 0.
const GAUSS: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];
/// Panels after which no more are cut.
const MAX_PANELS: usize = 400;

#[derive(Debug, Clone, Copy)]
struct Panel {
    from: f64,
    to: f64,
    integral: Estimate,
}

/// The integral of `f` from the first to the last of ascending `ends`, cut at those between, where
/// f may have kinks. Panels are halved until the bound is at most `tolerance`; the bound is that of
/// the difference between the Gauss and the Kronrod rule, scaled as in QUADPACK.
#[expect(
    clippy::indexing_slicing,
    reason = "a window has two ends, and the worst is one of the panels"
)]
pub(crate) fn integrate(ends: &[f64], tolerance: f64, mut f: impl FnMut(f64) -> f64) -> Estimate {
    let mut panels: Vec<Panel> =
        ends.windows(2).map(|ends| panel(ends[0], ends[1], &mut f)).collect();
    loop {
        let error: f64 = panels.iter().map(|panel| panel.integral.error).sum();
        let value: f64 = panels.iter().map(|panel| panel.integral.value).sum();
        let worst = (0..panels.len())
            .max_by(|&a, &b| panels[a].integral.error.total_cmp(&panels[b].integral.error));
        let Some(worst) = worst.filter(|_| error > tolerance && panels.len() < MAX_PANELS) else {
            return Estimate { value, error };
        };
        let Panel { from, to, .. } = panels[worst];
        let middle = 0.5 * (from + to);
        panels[worst] = panel(from, middle, &mut f);
        panels.push(panel(middle, to, &mut f));
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "a node has its weight, every second one that of Gauss too"
)]
fn panel(from: f64, to: f64, f: &mut impl FnMut(f64) -> f64) -> Panel {
    let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
    let middle = f(centre);
    let mut values = [(0.0, 0.0); 7];
    let (mut kronrod, mut gauss) = (KRONROD[7] * middle, GAUSS[3] * middle);
    for (k, node) in NODES.into_iter().enumerate() {
        values[k] = (f(centre - half * node), f(centre + half * node));
        let both = values[k].0 + values[k].1;
        kronrod += KRONROD[k] * both;
        if k % 2 == 1 {
            gauss += GAUSS[k / 2] * both;
        }
    }
    let mean = 0.5 * kronrod;
    let spread = values
        .iter()
        .zip(KRONROD)
        .fold(KRONROD[7] * (middle - mean).abs(), |sum, ((left, right), weight)| {
            sum + weight * ((left - mean).abs() + (right - mean).abs())
        });
    let difference = (kronrod - gauss).abs();
    let scaled =
        if spread > 0.0 { spread * (200.0 * difference / spread).powf(1.5).min(1.0) } else { 0.0 };
    let rounding = 4.0 * f64::EPSILON * kronrod.abs();
    Panel {
        from,
        to,
        integral: Estimate { value: half * kronrod, error: half * (scaled + rounding) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrates_smooth_functions_and_kinks() {
        let smooth = integrate(&[0.0, 3.0], 1e-13, f64::exp);
        assert!((smooth.value - 3.0_f64.exp_m1()).abs() <= 1e-13);
        let kink = integrate(&[-1.0, 2.0], 1e-12, |x| (x - 0.3).abs());
        assert!((kink.value - (1.3 * 1.3 + 1.7 * 1.7) / 2.0).abs() <= kink.error.max(1e-14));
        assert!(kink.error <= 1e-12);
    }
}
