//! Work in blocks at fixed places, on one thread or several, with the same bits.

use std::ops::Range;

/// Cuts `0..n` into blocks of `size`, the last one shorter.
pub(crate) fn cut(n: usize, size: usize) -> Vec<Range<usize>> {
    (0..n).step_by(size.max(1)).map(|start| start..(start + size).min(n)).collect()
}

/// Applies `work` to each item, mostly a block, and returns the results in the order of the items.
///
/// With the feature `rayon` the items run on its threads. What depends on the number of threads
/// is only when each item runs; folding the results in order gives the same bits either way.
pub(crate) fn map<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "rayon")]
    if items.len() > 1 && n_threads() > 1 {
        use rayon::prelude::*;
        return items.into_par_iter().map(work).collect();
    }
    items.into_iter().map(work).collect()
}

/// Items of which each needs to know something of those before it: a running sum.
///
/// `ahead` says what an item adds and `carry`, item by item, what it finds before it; `work` does the rest
/// of an item, and `collect` takes what comes of it, item by item. `carry` ends all with `None`.
/// As many items run at a time as there are threads, so that what one has read is still near when it is
/// read again.
pub(crate) fn scan<I: Send, A: Send, S: Send, T: Send>(
    mut items: impl ExactSizeIterator<Item = I> + Send,
    ahead: impl Fn(&mut I) -> A + Sync + Send,
    mut carry: impl FnMut(&I, A) -> Option<S> + Send,
    work: impl Fn(I, S) -> T + Sync + Send,
    mut collect: impl FnMut(T) + Send,
) -> Option<()> {
    let at_a_time = n_threads().min(items.len());
    if at_a_time < 2 {
        return items.try_for_each(|mut item| {
            let added = ahead(&mut item);
            let before = carry(&item, added)?;
            collect(work(item, before));
            Some(())
        });
    }
    inside(at_a_time, move || {
        let mut ready = Vec::new();
        loop {
            let next: Vec<I> = items.by_ref().take(at_a_time).collect();
            if ready.is_empty() && next.is_empty() {
                return Some(());
            }
            // Threads wait for each other once a group: who is done with one item looks ahead in the next.
            let added = map(pairs(ready, next), |(ready, next)| {
                let done = ready.map(|(item, before)| work(item, before));
                let next = next.map(|mut item| {
                    let added = ahead(&mut item);
                    (item, added)
                });
                (done, next)
            });
            let mut found = Vec::with_capacity(at_a_time);
            for (done, next) in added {
                done.into_iter().for_each(&mut collect);
                found.extend(next);
            }
            let found = found.into_iter().map(|(item, added)| {
                let before = carry(&item, added)?;
                Some((item, before))
            });
            ready = found.collect::<Option<Vec<(I, S)>>>()?;
        }
    })
}

/// The items of two lists side by side, as many as the longer has.
fn pairs<A, B>(a: Vec<A>, b: Vec<B>) -> Vec<(Option<A>, Option<B>)> {
    let n = a.len().max(b.len());
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    (0..n).map(|_| (a.next(), b.next())).collect()
}

/// Does something on one of the threads, if several are wanted: from there the others are called without
/// going to sleep in between.
fn inside<T: Send>(n_threads: usize, work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "rayon")]
    if n_threads > 1 {
        return rayon::scope(|_| work());
    }
    #[cfg(not(feature = "rayon"))]
    let _ = n_threads;
    work()
}

/// Threads there are.
fn n_threads() -> usize {
    #[cfg(feature = "rayon")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_everything_once_and_in_order() {
        assert_eq!(cut(5, 2), [0..2, 2..4, 4..5]);
        assert!(cut(0, 2).is_empty());
        let starts = map(cut(100, 7), |block| block.start);
        assert_eq!(starts, (0..100).step_by(7).collect::<Vec<_>>());
    }

    #[test]
    fn each_block_finds_the_sum_of_those_before_it() {
        let (mut before, mut sums) = (0, Vec::new());
        let all = scan(
            cut(10, 3).into_iter(),
            |block| block.clone().sum::<usize>(),
            |_, sum| {
                before += sum;
                Some(before - sum)
            },
            |block, before| (block.start, before),
            |found| sums.push(found),
        );
        assert_eq!(all, Some(()));
        assert_eq!(sums, [(0, 0), (3, 3), (6, 15), (9, 36)]);
        let mut n = 0;
        let ended = scan(
            cut(10, 3).into_iter(),
            |_| (),
            |block, ()| (block.start < 6).then_some(()),
            |_, ()| (),
            |()| n += 1,
        );
        assert!(ended.is_none() && n <= 2);
    }
}
