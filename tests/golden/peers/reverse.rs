//! The reverse Kaplan–Meier curve, against `prodlim(reverse = TRUE)`.

use riskset::KaplanMeier;

use super::super::case::{list, numbers, optional};
use super::{data, near, peers, read};

#[test]
fn reverse_curves_agree_with_prodlim() {
    let all = peers("reverse");
    for name in ["lung", "veteran"] {
        let theirs = &all[name];
        let fit = KaplanMeier::new().reverse().fit(&data(&read(name), "time")).unwrap();
        assert_eq!(fit.time(), numbers(&theirs["time"]), "{name}");
        near(fit.survival(), &numbers(&theirs["survival"]), 1e-12);
        let theirs = list(&theirs["std_error"]).iter().map(optional);
        for (k, (ours, theirs)) in fit.curve().std_error().iter().zip(theirs).enumerate() {
            match (ours, theirs) {
                (Some(ours), Some(theirs)) => near(&[ours], &[theirs], 1e-12),
                (ours, theirs) => {
                    assert_eq!((ours, fit.survival()[k]), (None, 0.0), "{name}[{k}]: {theirs:?}");
                }
            }
        }
    }
}
