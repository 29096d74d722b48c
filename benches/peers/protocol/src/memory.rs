//! Memory of this process, from `/proc`.

use std::fs;

/// Bytes resident now. From here on the peak counts anew.
pub(crate) fn resident_from_now_on() -> f64 {
    fs::write("/proc/self/clear_refs", "5").expect("Linux, to count the peak of memory anew");
    status("VmRSS:")
}

/// The most bytes that were resident.
pub(crate) fn peak() -> f64 {
    status("VmHWM:")
}

fn status(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("the field");
    let kilobytes = line.trim().trim_end_matches(" kB");
    1024.0 * kilobytes.parse::<f64>().expect("a number of kB")
}
