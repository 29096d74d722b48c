//! A data set: one file of little-endian f64 a column, the matrix column by column.

use std::fs;
use std::path::Path;

/// The columns of one data set, in memory.
#[derive(Debug, Clone)]
pub struct Data {
    /// Start of the time at risk, for the calls with delayed entry.
    pub entry: Vec<f64>,
    pub time: Vec<f64>,
    pub event: Vec<bool>,
    /// 0 to 3.
    pub group: Vec<u32>,
    /// 0 to 999.
    pub stratum: Vec<u32>,
    /// Two rows each, of one stratum.
    pub cluster: Vec<u32>,
    /// Higher is worse.
    pub score: Vec<f64>,
    /// Row by row, as `ndarray` has it.
    pub x: Vec<f64>,
    /// Columns of `x`.
    pub p: usize,
}

impl Data {
    /// The event as one of two causes, 1 or 2 by the group; 0 where there is none.
    pub fn causes(&self) -> Vec<u32> {
        let both = self.event.iter().zip(&self.group);
        both.map(|(event, group)| if *event { 1 + group % 2 } else { 0 }).collect()
    }

    /// Reads the folder of a data set.
    pub fn read(folder: &Path) -> Self {
        let column = |name: &str| read(&folder.join(name));
        let codes = |name: &str| column(name).into_iter().map(|code| code as u32).collect();
        let time = column("time.f64");
        let by_column = column("x.f64");
        let (n, p) = (time.len(), by_column.len() / time.len());
        let mut x = vec![0.0; n * p];
        for (j, values) in by_column.chunks_exact(n).enumerate() {
            for (row, value) in values.iter().enumerate() {
                x[row * p + j] = *value;
            }
        }
        Self {
            entry: column("entry.f64"),
            event: column("event.f64").into_iter().map(|event| event == 1.0).collect(),
            group: codes("group.f64"),
            stratum: codes("stratum.f64"),
            cluster: codes("cluster.f64"),
            score: column("score.f64"),
            time,
            x,
            p,
        }
    }

    /// Writes the folder of a data set.
    pub fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let column = |name: &str, values: &[f64]| write(&folder.join(name), values.iter().copied());
        let codes = |name: &str, codes: &[u32]| {
            write(&folder.join(name), codes.iter().map(|code| f64::from(*code)));
        };
        column("entry.f64", &self.entry);
        column("time.f64", &self.time);
        column("score.f64", &self.score);
        codes("group.f64", &self.group);
        codes("stratum.f64", &self.stratum);
        codes("cluster.f64", &self.cluster);
        let event = self.event.iter().map(|event| f64::from(u8::from(*event)));
        write(&folder.join("event.f64"), event);
        let column = |j: usize| self.x.iter().skip(j).step_by(self.p).copied();
        write(&folder.join("x.f64"), (0..self.p).flat_map(column));
    }
}

fn read(file: &Path) -> Vec<f64> {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let values = bytes.chunks_exact(8);
    values.map(|value| f64::from_le_bytes(value.try_into().expect("eight bytes"))).collect()
}

fn write(file: &Path, values: impl IntoIterator<Item = f64>) {
    let bytes: Vec<u8> = values.into_iter().flat_map(f64::to_le_bytes).collect();
    fs::write(file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
