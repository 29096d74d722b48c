//! The inputs that have been kept, without a fuzzer.

use std::fs;
use std::path::Path;

#[test]
fn corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 100, "the corpus has {} inputs", paths.len());
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let outcome = std::panic::catch_unwind(|| riskset_fuzz::run(&bytes));
        assert!(outcome.is_ok(), "{}", path.display());
    }
}
