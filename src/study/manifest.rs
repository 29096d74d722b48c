//! A fingerprint of what an analysis was made of.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::data::{Design, Label, SurvivalData};

/// SHA-256 of the data, the design and the options of an analysis, and of the version of this crate: who
/// finds the same digest had the same rows, to the last bit of every number, and asked the same.
///
/// Each part has a digest of its own, by which two manifests show where they differ; the
/// [`digest`](Self::digest) is that of all parts in their order. The order of rows counts.
///
/// ```
/// use riskset::study::Manifest;
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(&[2.0, 3.0, 5.0], &[true, false, true])?;
/// let design = Design::builder().numeric("age", &[61.0, 58.0, 70.0]).build()?;
/// let model = CoxPh::new();
/// let of = |data: &RightCensored| {
///     Manifest::new().data("death", data).design("age", &design).options("Cox", &model)
/// };
/// assert_eq!(of(&data).digest(), of(&data.clone()).digest());
/// let other = RightCensored::new(&[2.0, 3.0, 5.000_000_1], &[true, false, true])?;
/// assert_ne!(of(&data).digest(), of(&other).digest());
/// assert_eq!(of(&data).parts()[2], of(&other).parts()[2]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// `Display` writes the parts and the digest, one a line, for the end of a report.
/// (FIPS 180-4, doi:10.6028/NIST.FIPS.180-4.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    parts: Vec<(String, String)>,
}

impl Default for Manifest {
    fn default() -> Self {
        let version = concat!("riskset ", env!("CARGO_PKG_VERSION"));
        Self { parts: Vec::new() }.part(version, Part::new("version"))
    }
}

impl Manifest {
    /// Of the version alone.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds observations: times, events, weights, strata, clusters and subjects.
    #[must_use]
    pub fn data(self, name: &str, data: &impl SurvivalData) -> Self {
        let rows = data.rows();
        let mut part = Part::new("data");
        part.numbers(rows.times.entry.as_deref().unwrap_or_default());
        part.numbers(&rows.times.exit);
        part.codes(rows.event.iter().map(|&event| u32::from(event)));
        part.text(&format!("{:?}", rows.weight_kind()));
        part.numbers(rows.weights.as_ref().map_or(&[], |weights| weights.values()));
        for column in [
            rows.strata.as_ref().map(|column| (column.names(), column.codes())),
            rows.clusters.as_ref().map(|column| (column.names(), column.codes())),
            rows.subjects.as_ref().map(|column| (column.names(), column.codes())),
        ] {
            let (names, codes) = column.unwrap_or_default();
            part.texts(names);
            part.codes(codes.iter().copied());
        }
        self.part(name, part)
    }

    /// Adds a design: the names of its columns, its matrix, its offset.
    #[must_use]
    pub fn design(self, name: &str, design: &Design) -> Self {
        let mut part = Part::new("design");
        part.texts(design.columns());
        part.numbers(&design.matrix().iter().copied().collect::<Vec<f64>>());
        part.numbers(design.offset().unwrap_or_default());
        self.part(name, part)
    }

    /// Adds a column of numbers.
    #[must_use]
    pub fn numbers(self, name: &str, values: &[f64]) -> Self {
        let mut part = Part::new("numbers");
        part.numbers(values);
        self.part(name, part)
    }

    /// Adds a column of labels, of which some may be missing.
    #[must_use]
    pub fn labels(self, name: &str, labels: &[impl Label]) -> Self {
        let mut part = Part::new("labels");
        part.length(labels.len());
        for label in labels {
            match label.text() {
                Some(text) => part.text(&text),
                None => part.length(usize::MAX),
            }
        }
        self.part(name, part)
    }

    /// Adds an estimator with its options, as `Debug` writes it, or whatever else has been set.
    #[must_use]
    pub fn options(self, name: &str, options: &impl fmt::Debug) -> Self {
        let mut part = Part::new("options");
        part.text(&format!("{options:?}"));
        self.part(name, part)
    }

    fn part(mut self, name: &str, part: Part) -> Self {
        self.parts.push((name.to_owned(), part.finish()));
        self
    }

    /// The name and the digest of each part, the version first.
    #[must_use]
    pub fn parts(&self) -> &[(String, String)] {
        &self.parts
    }

    /// The digest of all of them: 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut all = Part::new("manifest");
        for (name, digest) in &self.parts {
            all.text(name);
            all.text(digest);
        }
        all.finish()
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, digest) in &self.parts {
            writeln!(f, "{digest}  {name}")?;
        }
        writeln!(f, "{}  all of it", self.digest())
    }
}

/// What is hashed of one part. Each piece is preceded by its length, so that no two parts look alike.
struct Part(Sha256);

impl Part {
    fn new(kind: &str) -> Self {
        let mut part = Self(Sha256::new());
        part.text(kind);
        part
    }

    fn length(&mut self, n: usize) {
        self.0.update((n as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.update(text);
    }

    fn texts(&mut self, texts: &[String]) {
        self.length(texts.len());
        texts.iter().for_each(|text| self.text(text));
    }

    fn numbers(&mut self, numbers: &[f64]) {
        self.length(numbers.len());
        numbers.iter().for_each(|number| self.0.update(number.to_bits().to_le_bytes()));
    }

    fn codes(&mut self, codes: impl ExactSizeIterator<Item = u32>) {
        self.length(codes.len());
        codes.for_each(|code| self.0.update(code.to_le_bytes()));
    }

    fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
