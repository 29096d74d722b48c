//! What the tests of loops share that are compiled for several kinds of processors.
//!
//! Such a loop is a plain function, put in place in one that `multiversion` compiles for each kind. A test
//! calls both: built with optimisation, on a processor with AVX2 or AVX-512, they are different instructions.

/// Numbers of both signs and of many sizes, of which hardly any sum is exact.
pub(crate) fn fractions(n: usize) -> Vec<f64> {
    let number = |k: usize| {
        let size = [1e-3, 1.0, 7.0, 1e5][k * 31 % 4];
        ((k * 7919 + 13) % 10_007) as f64 / 3001.0 * size - size
    };
    (0..n).map(number).collect()
}

/// Whether all numbers are the same, signs of zeros included.
pub(crate) fn same_bits(a: &[f64], b: &[f64]) -> bool {
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    bits(a) == bits(b)
}
