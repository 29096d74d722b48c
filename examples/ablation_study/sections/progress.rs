//! A progress bar on a terminal; nothing where stderr is a file or a pipe.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of so many steps, which takes itself away at the end.
pub(crate) fn bar(steps: u64, what: &'static str) -> ProgressBar {
    // Drawn on stderr, and hidden by itself where that is no terminal.
    let bar = ProgressBar::new(steps).with_message(what);
    match ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
