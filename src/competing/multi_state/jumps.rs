//! The transition matrices I + dA of a group, one for each time with a transition.

/// The steps of a course: what happens to the probabilities at each time with a transition.
#[derive(Debug, Clone)]
pub(super) struct Jumps {
    /// Number of states.
    pub(super) n_states: usize,
    /// The time of each step.
    pub(super) time: Vec<f64>,
    /// I + dA of each step, row by row: a state's row says where those in it go.
    matrix: Vec<f64>,
    /// p(t−)/Y of each state and step; 0 where nobody leaves the state.
    share: Vec<f64>,
}

impl Jumps {
    pub(super) fn new(n_states: usize) -> Self {
        Self { n_states, time: Vec::new(), matrix: Vec::new(), share: Vec::new() }
    }

    pub(super) fn push(&mut self, time: f64, matrix: &[f64], share: &[f64]) {
        self.time.push(time);
        self.matrix.extend(matrix);
        self.share.extend(share);
    }

    pub(super) fn len(&self) -> usize {
        self.time.len()
    }

    /// I + dA of a step.
    #[expect(
        clippy::indexing_slicing,
        reason = "a step is one of those pushed, each with its matrix"
    )]
    pub(super) fn matrix(&self, step: usize) -> &[f64] {
        let size = self.n_states * self.n_states;
        &self.matrix[step * size..(step + 1) * size]
    }

    /// p(t−)/Y of each state at a step.
    #[expect(
        clippy::indexing_slicing,
        reason = "a step is one of those pushed, each with its shares"
    )]
    pub(super) fn share(&self, step: usize) -> &[f64] {
        &self.share[step * self.n_states..(step + 1) * self.n_states]
    }

    /// Number of steps up to and including a time.
    pub(super) fn up_to(&self, time: f64) -> usize {
        self.time.partition_point(|&step| step <= time)
    }
}

/// A row times a square matrix.
pub(super) fn times(row: &[f64], matrix: &[f64], out: &mut [f64]) {
    let k = row.len();
    out.fill(0.0);
    for (value, line) in row.iter().zip(matrix.chunks_exact(k)) {
        for (sum, factor) in out.iter_mut().zip(line) {
            *sum += value * factor;
        }
    }
}
