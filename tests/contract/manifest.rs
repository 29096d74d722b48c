//! A manifest moves with every number it is made of, and with nothing else.

use riskset::data::Weights;
use riskset::study::Manifest;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};

const TIME: [f64; 3] = [2.0, 3.0, 5.0];
const EVENT: [bool; 3] = [true, false, true];

/// SHA-256 of the length of `numbers` as eight bytes, little end first, the word, the number of values
/// likewise, and the values, by another implementation.
#[test]
fn a_column_of_numbers_has_a_known_digest() {
    let manifest = Manifest::new().numbers("dose", &[0.5, -2.0]);
    let expected = "0afe71f38e59a9a07c1b92c9b6323667a30ed13060e190c935bf8370781cbc2e";
    assert_eq!(manifest.parts()[1], ("dose".to_owned(), expected.to_owned()));
    assert!(manifest.parts()[0].0.starts_with("riskset "));
    let written = manifest.to_string();
    assert!(written.contains(&format!("{expected}  dose\n")));
    assert!(written.ends_with(&format!("{}  all of it\n", manifest.digest())));
    assert_eq!(manifest.digest().len(), 64);
}

#[test]
fn each_part_of_the_data_counts() {
    let digest = |data: &RightCensored| Manifest::new().data("rows", data).digest();
    let plain = || RightCensored::new(&TIME, &EVENT).unwrap();
    let with = |weights| plain().with_weights(weights).unwrap();
    let all = [
        digest(&plain()),
        digest(&RightCensored::new(&[2.0, 3.0, 5.0 + 1e-15], &EVENT).unwrap()),
        digest(&RightCensored::new(&[3.0, 2.0, 5.0], &[false, true, true]).unwrap()),
        digest(&RightCensored::new(&TIME, &[true; 3]).unwrap()),
        digest(&with(Weights::case(&[1.0, 1.0, 1.0]).unwrap())),
        digest(&with(Weights::case(&[1.0, 1.0, 2.0]).unwrap())),
        digest(&with(Weights::sampling(&[1.0, 1.0, 2.0]).unwrap())),
        digest(&plain().with_strata(&["a", "b", "a"]).unwrap()),
        digest(&plain().with_strata(&["a", "c", "a"]).unwrap()),
        digest(&plain().with_clusters(&["a", "b", "a"]).unwrap()),
        digest(&plain().with_ids(&["a", "b", "c"]).unwrap()),
    ];
    for (place, one) in all.iter().enumerate() {
        assert!(!all[..place].contains(one), "{place}");
    }
    assert_eq!(digest(&plain()), all[0]);

    let entered = |entry: &[f64]| {
        let data = CountingProcess::new(entry, &TIME, &EVENT).unwrap();
        Manifest::new().data("rows", &data).digest()
    };
    assert_ne!(entered(&[0.0, 1.0, 1.0]), entered(&[0.0, 1.0, 1.5]));
}

#[test]
fn each_part_of_the_model_counts() {
    let design = |name: &str, values: &[f64]| {
        let design = Design::builder().numeric(name, values).build().unwrap();
        Manifest::new().design("x", &design).digest()
    };
    let age = [61.0, 58.0, 70.0];
    assert_eq!(design("age", &age), design("age", &age));
    assert_ne!(design("age", &age), design("years", &age));
    assert_ne!(design("age", &age), design("age", &[61.0, 58.0, 70.5]));
    let offset = Design::builder().numeric("age", &age).offset(&[0.0, 0.1, 0.0]).build().unwrap();
    assert_ne!(Manifest::new().design("x", &offset).digest(), design("age", &age));

    let options = |model: CoxPh| Manifest::new().options("Cox", &model).digest();
    assert_eq!(options(CoxPh::new()), options(CoxPh::new()));
    assert_ne!(options(CoxPh::new()), options(CoxPh::new().ties(Ties::Breslow)));

    let labels = |labels: &[Option<&str>]| Manifest::new().labels("site", labels).digest();
    assert_ne!(labels(&[Some("a"), None]), labels(&[Some("a"), Some("")]));
    assert_ne!(labels(&[Some("ab"), Some("c")]), labels(&[Some("a"), Some("bc")]));
    let [a, b] = [Manifest::new().numbers("a", &[1.0]), Manifest::new().numbers("b", &[1.0])];
    assert_eq!(a.parts()[1].1, b.parts()[1].1);
    assert_ne!(a.digest(), b.digest());
}
