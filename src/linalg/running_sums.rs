//! Running sums.

/// Replaces numbers by their sums with all before them, the first of which is `start`; returns the last.
pub(crate) fn running_sums(numbers: &mut [f64], start: f64) -> f64 {
    let ([a, b, c, d], rest) = quarters(numbers);
    let sums = add_up([a.iter_mut(), b.iter_mut(), c.iter_mut(), d.iter_mut()], start);
    let mut before = shift([b, c, d], sums);
    for number in rest {
        before += *number;
        *number = before;
    }
    before
}

/// The same from the last number on: their sums with all that come after them.
pub(crate) fn running_sums_back(numbers: &mut [f64], start: f64) -> f64 {
    let ([a, b, c, d], rest) = quarters(numbers);
    let mut after = start;
    for number in rest.iter_mut().rev() {
        after += *number;
        *number = after;
    }
    let back = [d.iter_mut().rev(), c.iter_mut().rev(), b.iter_mut().rev(), a.iter_mut().rev()];
    let sums = add_up(back, after);
    shift([c, b, a], sums)
}

/// Four parts of one length, and what is left.
fn quarters(numbers: &mut [f64]) -> ([&mut [f64]; 4], &mut [f64]) {
    let quarter = numbers.len() / 4;
    let (a, rest) = numbers.split_at_mut(quarter);
    let (b, rest) = rest.split_at_mut(quarter);
    let (c, rest) = rest.split_at_mut(quarter);
    let (d, rest) = rest.split_at_mut(quarter);
    ([a, b, c, d], rest)
}

/// The running sums of four parts, each by itself, but for the first: four additions are under way at a
/// time, where one running sum waits for each. Returns the sums of the parts.
fn add_up<'a, I: Iterator<Item = &'a mut f64>>(parts: [I; 4], start: f64) -> [f64; 4] {
    let mut sums = [start, 0.0, 0.0, 0.0];
    let [a, b, c, d] = parts;
    for (((a, b), c), d) in a.zip(b).zip(c).zip(d) {
        for (sum, number) in sums.iter_mut().zip([a, b, c, d]) {
            *sum += *number;
            *number = *sum;
        }
    }
    sums
}

/// Adds to each part the sum of those before it; returns that of all.
fn shift(parts: [&mut [f64]; 3], sums: [f64; 4]) -> f64 {
    let [mut before, rest @ ..] = sums;
    for (part, sum) in parts.into_iter().zip(rest) {
        part.iter_mut().for_each(|number| *number += before);
        before += sum;
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_both_ways() {
        for n in 0..20 {
            let numbers: Vec<f64> = (1..=n).map(f64::from).collect();
            let mut sums = numbers.clone();
            assert_eq!(running_sums(&mut sums, 7.0), f64::from(7 + n * (n + 1) / 2));
            let expected = (1..=n).map(|k| f64::from(7 + k * (k + 1) / 2));
            assert!(sums.iter().copied().eq(expected), "{n}");
            let mut sums: Vec<f64> = numbers.iter().rev().copied().collect();
            assert_eq!(running_sums_back(&mut sums, 7.0), f64::from(7 + n * (n + 1) / 2));
            let expected = (1..=n).rev().map(|k| f64::from(7 + k * (k + 1) / 2));
            assert!(sums.iter().copied().eq(expected), "{n}");
        }
    }
}
