//! Which mutant is awake.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The number in `MUTANT`, if there is one.
static AWAKE: LazyLock<usize> =
    LazyLock::new(|| std::env::var("MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(usize::MAX));

/// The file named in `REACHED`, for the numbers of the mutants that are asked for.
static REACHED: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var_os("REACHED")?;
    OpenOptions::new().append(true).create(true).open(path).ok()
});

static SEEN: [AtomicBool; 20_000] = [const { AtomicBool::new(false) }; 20_000];

/// Whether the mutant of this number is the one awake.
pub(crate) fn is(number: usize) -> bool {
    if !SEEN[number].load(Relaxed) && !SEEN[number].swap(true, Relaxed) && let Some(mut file) = REACHED.as_ref() {
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
    *AWAKE == number
}
