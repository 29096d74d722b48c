//! Parts of what is read as JSON that do not fit each other: refused, or used as far as they go.

use riskset::nonparametric::{Bands, KaplanMeierFit};
use riskset::{KaplanMeier, RightCensored};
use serde_json::{from_value, json, to_value};

const TIME: [f64; 6] = [1.0, 2.5, 2.5, 4.0, 5.0, 6.0];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &[true, true, false, true, false, true]).unwrap()
}

/// The place of the last survival above 0 was sought where none has a standard error.
#[test]
fn a_band_where_survival_rises_again() {
    let mut written = to_value(KaplanMeier::new().fit(&data()).unwrap()).unwrap();
    written["curve"]["survival"] = json!([0.9, 0.0, 0.8, 0.8, 0.8]);
    for column in ["std_error_ln", "lower", "upper"] {
        written["curve"][column].as_array_mut().unwrap().truncate(1);
    }
    let read: KaplanMeierFit = from_value(written).unwrap();
    let band = Bands::new().of(&read).unwrap();
    assert_eq!((band.time, band.survival), (vec![1.0], vec![0.9]));
}
