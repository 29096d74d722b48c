//! The product of two short vectors.

/// Σ a b, in four partial sums.
#[inline]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0; 4];
    for (a, b) in a.zip(b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length() {
        for n in 0..10 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let squares: i32 = (0..n).map(|k| k * k).sum();
            assert_eq!(dot(&a, &a), f64::from(squares));
        }
    }
}
