//! Newton's rule on sums.

/// Log-likelihood, score and information, p × p row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) log_likelihood: f64,
    pub(crate) score: Vec<f64>,
    pub(crate) information: Vec<f64>,
}

/// Where the likelihood is largest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Maximum {
    pub(crate) coefficients: Vec<f64>,
    /// The inverse information, p × p row by row.
    pub(crate) variance: Vec<f64>,
    pub(crate) log_likelihood: f64,
    /// How often the centres were asked.
    pub(crate) rounds: usize,
}

impl Point {
    pub(crate) fn zero(p: usize) -> Self {
        Self { log_likelihood: 0.0, score: vec![0.0; p], information: vec![0.0; p * p] }
    }
}

/// A step that would raise the log-likelihood by no more than this share of it is the last.
const DECREMENT: f64 = 1e-22;
const ROUNDS: usize = 50;

/// Steps from 0 to the maximum, and looks at it; a step that lowers the likelihood is halved.
pub(crate) fn maximise(
    p: usize,
    mut evaluate: impl FnMut(&[f64]) -> Result<Point, String>,
) -> Result<Maximum, String> {
    let mut rounds = 0;
    let mut ask = |beta: &[f64]| {
        rounds += 1;
        match rounds <= ROUNDS {
            true => evaluate(beta),
            false => Err(format!("no maximum within {ROUNDS} rounds")),
        }
    };
    let mut beta = vec![0.0; p];
    let mut point = ask(&beta)?;
    loop {
        let factor = cholesky(&point.information, p)?;
        let mut step = solve(&factor, &point.score);
        let rise: f64 = step.iter().zip(&point.score).map(|(step, score)| step * score).sum();
        let scale = point.log_likelihood.abs() + 1.0;
        let last = rise <= DECREMENT * scale;
        let before = point.log_likelihood - 1e-14 * scale;
        loop {
            let next: Vec<f64> = beta.iter().zip(&step).map(|(beta, step)| beta + step).collect();
            let there = ask(&next)?;
            // The likelihood has no digits to show the last step in.
            if last || there.log_likelihood >= before {
                (beta, point) = (next, there);
                break;
            }
            step.iter_mut().for_each(|step| *step /= 2.0);
        }
        if last {
            break;
        }
    }
    let factor = cholesky(&point.information, p)?;
    let unit = |j: usize| (0..p).map(|i| f64::from(u8::from(i == j))).collect::<Vec<_>>();
    let variance = (0..p).flat_map(|j| solve(&factor, &unit(j))).collect();
    Ok(Maximum { coefficients: beta, variance, log_likelihood: point.log_likelihood, rounds })
}

/// L of the information L Lᵀ.
fn cholesky(matrix: &[f64], p: usize) -> Result<Vec<Vec<f64>>, String> {
    let mut factor = vec![vec![0.0; p]; p];
    for i in 0..p {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i * p + j] - known;
            factor[i][j] = match i == j {
                false => rest / factor[j][j],
                true if rest > 1e-12 * matrix[i * p + i] => rest.sqrt(),
                true => return Err("the information is singular".to_owned()),
            };
        }
    }
    Ok(factor)
}

/// The solution of L Lᵀ x = b.
fn solve(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let p = right.len();
    let mut x = right.to_vec();
    for i in 0..p {
        let known: f64 = (0..i).map(|k| factor[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    for i in (0..p).rev() {
        let known: f64 = (i + 1..p).map(|k| factor[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    x
}
