//! The text of the errors of validation.

use riskset::validation::{Bootstrap, Concordance, Jackknife, Score, TimeWeight};
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Weights};

use super::error_text::{data, design, text};

const NAN: f64 = f64::NAN;
const INFINITY: f64 = f64::INFINITY;

#[test]
fn concordance() {
    let fit = |score: &[f64]| Concordance::new().fit(&data(), Score::higher_is_worse(score));
    assert_eq!(text(fit(&[1., 2.])), "`score` has 2 rows, expected 4");
    assert_eq!(
        text(fit(&[1., NAN, 2., INFINITY])),
        "`score` row 1 is NaN: must be finite; `score` row 3 is inf: must be finite"
    );
    let score = Score::higher_is_better(&[1., 2., 3., 4.]);
    assert_eq!(
        text(Concordance::new().tau(NAN).fit(&data(), score)),
        "option `tau` is NaN: must be finite and above 0"
    );
    assert_eq!(
        text(Concordance::new().confidence(1.0).fit(&data(), score)),
        "option `confidence` is 1: must be between 0 and 1"
    );
    let late = CountingProcess::new(&[0., 0., 1., 1.], &[1., 2., 3., 4.], &[true; 4]).unwrap();
    assert_eq!(
        text(Concordance::new().time_weight(TimeWeight::Uno).fit(&late, score)),
        "Concordance: a time weight under delayed entry is not possible; use TimeWeight::Equal"
    );
    let together = RightCensored::new(&[1.; 4], &[true; 4]).unwrap();
    assert_eq!(
        text(Concordance::new().fit(&together, score)),
        "no pair of rows is comparable: nobody is at risk after an event"
    );
    let nothing = RightCensored::new(&[1.; 4], &[false; 4]).unwrap();
    assert_eq!(text(Concordance::new().fit(&nothing, score)), "no events among 4 rows");
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let other = Design::builder().numeric("z", &[1., 3., 2., 0.]).build().unwrap();
    assert_eq!(
        text(fit.concordance(&data(), &other)),
        "the columns of the design is not that of the fit: give the rows and the design it was made \
         from"
    );
}

#[test]
fn resampling() {
    let one = |_: &RightCensored, _: &[usize]| Ok(vec![1.0]);
    let boot = Bootstrap::new(1).replicates(9);
    for (replicates, shown) in [(0, "0"), (usize::MAX, "18446744073709552000")] {
        assert_eq!(
            text(boot.clone().replicates(replicates).fit(&data(), one)),
            format!("option `replicates` is {shown}: must be from 1 to 4294967295")
        );
    }
    let counted = data().with_weights(Weights::frequency(&[1, 2, 1, 1]).unwrap()).unwrap();
    assert_eq!(
        text(boot.fit(&counted, one)),
        "Bootstrap: resampling of rows that stand for several is not possible; repeat each row as \
         often as its frequency says"
    );
    assert_eq!(
        text(Jackknife::new().within_strata().fit(&data(), one)),
        "Jackknife: resampling within strata of data that have none is not possible; add them with \
         with_strata"
    );
    let eyes = data().with_strata(&["l", "r", "l", "r"]).unwrap();
    let eyes = eyes.with_clusters(&["a", "a", "b", "c"]).unwrap();
    assert_eq!(
        text(boot.clone().within_strata().fit(&eyes, one)),
        "`clusters` row 1 is a: must lie within one stratum to be resampled within strata"
    );
    assert_eq!(
        text(boot.fit(&data(), |_, _| Ok(vec![1.0, NAN]))),
        "`statistic` row 1 is NaN: a value of the statistic must be finite"
    );
    let fit = boot.fit(&data(), one).unwrap();
    assert_eq!(text(fit.percentile(1.0)), "option `confidence` is 1: must be between 0 and 1");
    let other = Jackknife::new().fit(&data(), |_, _| Ok(vec![2.0])).unwrap();
    assert_eq!(
        text(fit.bca(0.9, &other)),
        "the estimate of the jackknife is not that of the fit: give the rows and the design it was \
         made from"
    );
    let twice = Design::builder().numeric("x", &[1., 3., 2., 0.]).numeric("y", &[2., 6., 4., 0.]);
    assert_eq!(
        text(boot.fit_cox(&data(), &twice.build().unwrap(), &CoxPh::new())),
        "the contrast or prediction involves `y`, whose coefficient has no finite estimate"
    );
}
