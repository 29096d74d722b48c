//! How many of the places before one are taken.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of those there is room for, and each group has its place on the next level"
)]

/// How many counts share a group.
const GROUP: usize = 16;

/// Places of which some are taken, a bit for each, with the counts that say how many are before a place.
///
/// A word of 64 places knows how many are taken in the words before it in its group, a group how many in the
/// groups before it in its own, and so on. A change adds to the later counts of one group on each level.
#[derive(Debug)]
pub(super) struct PlaceCounts {
    words: Vec<u64>,
    levels: Vec<Vec<[u32; GROUP]>>,
    taken: u32,
}

impl PlaceCounts {
    /// So many places, none of them taken.
    pub(super) fn new(n: usize) -> Self {
        let n_words = n / 64 + 1;
        let (mut levels, mut counts) = (Vec::new(), n_words);
        while counts > 1 {
            counts = counts.div_ceil(GROUP);
            levels.push(vec![[0; GROUP]; counts]);
        }
        Self { words: vec![0; n_words], levels, taken: 0 }
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> u32 {
        self.taken
    }

    /// How many are taken before a place.
    pub(super) fn before(&self, place: usize) -> u32 {
        let mut at = place / 64;
        let mut before = (self.words[at] & ((1 << (place % 64)) - 1)).count_ones();
        for level in &self.levels {
            before += level[at / GROUP][at % GROUP];
            at /= GROUP;
        }
        before
    }

    /// Takes a place that is free.
    pub(super) fn take(&mut self, place: usize) {
        self.words[place / 64] |= 1 << (place % 64);
        self.taken += 1;
        self.for_later(place, |count, more| *count += more);
    }

    /// Frees a place that is taken.
    pub(super) fn free(&mut self, place: usize) {
        self.words[place / 64] &= !(1 << (place % 64));
        self.taken -= 1;
        self.for_later(place, |count, less| *count -= less);
    }

    /// Changes by one the counts of what comes after a place; the others of their groups by 0, which takes less
    /// than to leave them out.
    fn for_later(&mut self, place: usize, change: impl Fn(&mut u32, u32)) {
        let mut at = place / 64;
        for level in &mut self.levels {
            let (group, within) = (at / GROUP, at % GROUP);
            for (k, count) in level[group].iter_mut().enumerate() {
                change(count, u32::from(k > within));
            }
            at = group;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of no level, one, two and three; with places that come and go.
    #[test]
    fn counts_those_before() {
        for n in [1, 63, 64, 65, 1_500, 20_000] {
            let mut counts = PlaceCounts::new(n);
            let mut taken = vec![false; n];
            for step in 0..2 * n {
                let place = step * 7_919 % n;
                match taken[place] {
                    true => counts.free(place),
                    false => counts.take(place),
                }
                taken[place] = !taken[place];
                if step % (n / 50 + 1) == 0 {
                    let mut before = 0;
                    for (place, &taken) in taken.iter().enumerate() {
                        assert_eq!(counts.before(place), before);
                        before += u32::from(taken);
                    }
                    assert_eq!((counts.before(n), counts.taken()), (before, before));
                }
            }
        }
    }
}
