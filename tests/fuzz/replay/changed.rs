//! New inputs for every commit: each one that is kept, with a few bytes changed.
//!
//! They depend on the bytes kept and on nothing else, no clock, no coverage: what passes today fails
//! tomorrow only if the code has changed what it does.

use std::fs;
use std::path::Path;

/// How many are made of each that is kept.
const EACH: u64 = 80;

/// SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn changed(kept: &[u8], number: u64) -> Vec<u8> {
    let mut state = kept.iter().fold(number, |state, &byte| next(&mut (state ^ u64::from(byte))));
    let mut bytes = kept.to_vec();
    for _ in 0..=next(&mut state) % 8 {
        // The first byte says what is called: that stays.
        if let Some(place) = next(&mut state).checked_rem(bytes.len().saturating_sub(1) as u64) {
            bytes[place as usize + 1] = next(&mut state) as u8;
        }
    }
    bytes
}

#[test]
fn inputs_with_a_few_bytes_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kept = fs::read(&path).unwrap();
        for number in 0..EACH {
            let bytes = changed(&kept, number);
            let outcome = std::panic::catch_unwind(|| riskset_fuzz::run(&bytes));
            assert!(outcome.is_ok(), "change {number} of {}", path.display());
        }
    }
}
