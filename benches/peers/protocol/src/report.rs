//! What a program prints.

use std::fmt;

/// The seconds of each run, the bytes at the peak above the input, and the numbers by which the result is checked.
#[derive(Debug, Default)]
pub struct Report {
    seconds: Vec<f64>,
    memory: f64,
    values: Vec<(&'static str, Vec<f64>)>,
}

impl Report {
    /// Adds numbers. Peers are compared by the names that they have in common; NaN stands for none.
    #[must_use]
    pub fn with(mut self, name: &'static str, values: impl IntoIterator<Item = f64>) -> Self {
        self.values.push((name, values.into_iter().collect()));
        self
    }

    pub(crate) fn measured(self, seconds: Vec<f64>, memory: f64) -> Self {
        Self { seconds, memory, ..self }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = list(&self.seconds);
        write!(f, "{{\"seconds\": {seconds}, \"memory\": {}, \"values\": {{", self.memory)?;
        for (place, (name, values)) in self.values.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}\"{name}\": {}", list(values))?;
        }
        f.write_str("}}")
    }
}

fn list(values: &[f64]) -> String {
    let number = |value: &f64| {
        if value.is_finite() { format!("{value:?}") } else { "null".to_owned() }
    };
    format!("[{}]", values.iter().map(number).collect::<Vec<_>>().join(", "))
}
