//! The factors of the product-limit estimate of the baseline survival.

/// Steps of Newton's method at most; each takes at least one event's share of the way.
const STEPS: usize = 200;

/// S0 times −ln α at one event time, where α solves
///
/// ```text
/// Σ w ρ / (1 − α^r) = 1      over the events, with ρ = r/S0
/// ```
///
/// written as Σ w ρ / (exp(a ρ) − 1) = κ with κ the share of S0 that stays, so that nothing cancels.
/// `None` when nobody stays, or so little that no number holds −ln α: α is 0. `events` are pairs of ρ and w.
///
/// Source: Kalbfleisch & Prentice 1973, doi:10.1093/biomet/60.2.267.
pub(crate) fn solve(events: &[(f64, f64)], stays: f64) -> Option<f64> {
    if !(stays > 0.0) {
        return None;
    }
    if let [(rho, weight)] = *events {
        return Some(single(rho, weight, stays)).filter(|a| a.is_finite());
    }
    // 1/(1 − exp(−aρ)) ≥ 1/(aρ): the start is at or before the root of a convex, falling function.
    let mut a: f64 = events.iter().map(|(_, weight)| weight).sum();
    for _ in 0..STEPS {
        let (mut value, mut slope) = (-stays, 0.0);
        for &(rho, weight) in events {
            if rho == 0.0 {
                value += weight / a;
                slope -= weight / (a * a);
                continue;
            }
            let odds = 1.0 / (a * rho).exp_m1();
            value += weight * rho * odds;
            slope -= weight * rho * rho * odds * (1.0 + odds);
        }
        let step = value / slope;
        a -= step;
        if !(step.abs() > 1e-15 * a) {
            break;
        }
    }
    Some(a).filter(|a| a.is_finite())
}

/// The same for one event, in closed form.
fn single(rho: f64, weight: f64, stays: f64) -> f64 {
    let odds = weight * rho / stays;
    match rho > 0.0 {
        // Beyond the numbers 1 is nothing beside the odds, whose logarithm has a number.
        true if odds.is_infinite() => (weight.ln() + rho.ln() - stays.ln()) / rho,
        true => odds.ln_1p() / rho,
        false => weight / stays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_risks_give_the_product_limit() {
        // d of n die: α = 1 − d/n, and S0 = n.
        for (d, n) in [(1, 4), (3, 10), (9, 10), (2, 1_000_000)] {
            let events = vec![(1.0 / f64::from(n), 1.0); d as usize];
            let stays = f64::from(n - d) / f64::from(n);
            let a = solve(&events, stays).unwrap();
            let exact = -(-f64::from(d) / f64::from(n)).ln_1p() * f64::from(n);
            approx::assert_relative_eq!(a, exact, max_relative = 1e-14);
        }
        assert_eq!(solve(&[(1.0, 1.0)], 0.0), None);
        // As if one of 10³⁵⁰ and one stayed.
        let ln = solve(&[(1.0, 1e100)], 1e-250).unwrap();
        approx::assert_relative_eq!(ln, 350.0 * 10.0_f64.ln(), max_relative = 1e-14);
        // The same of an event whose risk is half of all: the odds are 10⁵⁰⁰/2.
        let ln = solve(&[(0.5, 1e250)], 1e-250).unwrap();
        let odds = 500.0 * 10.0_f64.ln() - 2.0_f64.ln();
        approx::assert_relative_eq!(ln, 2.0 * odds, max_relative = 1e-14);
        assert_eq!(solve(&[(0.0, 1e200)], 1e-200), None);
        assert_eq!(solve(&[(0.0, 1e200), (0.0, 1e200)], 1e-200), None);
    }

    #[test]
    fn risks_of_nothing_are_a_limit() {
        let stays = 0.7;
        let at = |rho: f64| solve(&[(rho, 2.0), (0.1, 3.0)], stays).unwrap();
        approx::assert_relative_eq!(at(0.0), at(1e-18), max_relative = 1e-14);
        // 5 = a κ, as ρ/(exp(a ρ) − 1) is 1/a.
        let nothing = solve(&[(0.0, 2.0), (0.0, 3.0)], stays).unwrap();
        approx::assert_relative_eq!(nothing, 5.0 / stays, max_relative = 1e-14);
        approx::assert_relative_eq!(solve(&[(0.0, 2.0)], stays).unwrap(), 2.0 / stays);
        let far = solve(&[(0.0, 2.0), (0.0, 3.0)], 1e-3).unwrap();
        approx::assert_relative_eq!(far, 5e3, max_relative = 1e-14);
    }

    #[test]
    fn unequal_risks_solve_their_equation() {
        let events = [(0.2, 1.0), (0.05, 2.5), (1e-9, 1.0)];
        let stays = 1.0 - 0.2 - 0.125 - 1e-9;
        let a = solve(&events, stays).unwrap();
        let sum: f64 = events.iter().map(|(rho, w)| w * rho / -(-a * rho).exp_m1()).sum();
        approx::assert_relative_eq!(sum, 1.0, max_relative = 1e-14);
        let almost_nobody = solve(&[(0.5, 1.0), (0.5, 1.0)], 1e-17).unwrap();
        approx::assert_relative_eq!((-almost_nobody * 0.5).exp(), 1e-17, max_relative = 1e-12);
    }
}
