//! Sums and products of vectors.

/// Σ a, in eight partial sums, none of which waits for another.
#[inline]
pub(crate) fn sum(a: &[f64]) -> f64 {
    let (eights, rest) = a.as_chunks::<8>();
    let rest: f64 = rest.iter().sum();
    let mut sums = [0.0; 8];
    eights.iter().for_each(|eight| sums.iter_mut().zip(eight).for_each(|(sum, a)| *sum += a));
    let fours = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
    (fours[0] + fours[2]) + (fours[1] + fours[3]) + rest
}

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

/// Adds a multiple of one vector to another, four numbers at a time.
#[inline]
pub(crate) fn add_multiple(sum: &mut [f64], factor: f64, x: &[f64]) {
    let (sums, rest) = sum.as_chunks_mut::<4>();
    let (chunks, rest_of_x) = x.as_chunks::<4>();
    for (sum, x) in sums.iter_mut().zip(chunks) {
        // Read and written whole, so that the compiler sees that none is read after another is written.
        let mut of_four = *sum;
        of_four.iter_mut().zip(x).for_each(|(sum, x)| *sum += factor * x);
        *sum = of_four;
    }
    rest.iter_mut().zip(rest_of_x).for_each(|(sum, x)| *sum += factor * x);
}

/// Writes a multiple of a vector, four numbers at a time.
#[inline]
pub(crate) fn write_multiple(into: &mut [f64], factor: f64, x: &[f64]) {
    let (fours, rest) = into.as_chunks_mut::<4>();
    let (chunks, rest_of_x) = x.as_chunks::<4>();
    fours.iter_mut().zip(chunks).for_each(|(four, x)| *four = x.map(|x| factor * x));
    rest.iter_mut().zip(rest_of_x).for_each(|(value, x)| *value = factor * x);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length() {
        for n in 0..20 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            assert_eq!(sum(&a), f64::from(n * (n - 1) / 2));
            let squares: i32 = (0..n).map(|k| k * k).sum();
            assert_eq!(dot(&a, &a), f64::from(squares));
            let mut sum = a.clone();
            add_multiple(&mut sum, 2.0, &a);
            assert!(sum.iter().zip(&a).all(|(sum, a)| *sum == 3.0 * a));
            write_multiple(&mut sum, 5.0, &a);
            assert!(sum.iter().zip(&a).all(|(written, a)| *written == 5.0 * a));
        }
    }
}
