//! Klein & Moeschberger, *Survival Analysis*, 2nd edition 2003: chapters 7 and 8.

use riskset::nonparametric::TestWeight::{
    self, Gehan, LogRank, ModifiedPetoPeto, PetoPeto, TaroneWare,
};
use riskset::{Design, Ties};

use super::study::{Study, std_errors, tests};

const fn fleming_harrington(rho: f64, gamma: f64) -> TestWeight {
    TestWeight::FlemingHarrington { rho, gamma }
}

/// Time to infection of kidney catheters, placed surgically or through the skin. The hazards cross,
/// so that the tests disagree.
#[test]
fn kidney_catheters() {
    let study = Study::read("catheter");
    let weights = [
        LogRank,
        Gehan,
        TaroneWare,
        PetoPeto,
        ModifiedPetoPeto,
        fleming_harrington(0.0, 1.0),
        fleming_harrington(1.0, 0.0),
        fleming_harrington(1.0, 1.0),
        fleming_harrington(0.5, 0.5),
        fleming_harrington(0.5, 2.0),
    ];
    study.check(
        "/tests",
        &study.log_rank("placement", &weights),
        &["2.53", "0.002", "0.40", "1.40", "1.28", "9.67", "1.39", "9.83", "9.28", "8.18"],
    );
    let skin = study.indicator("placement", "percutaneous");
    let design = Design::builder().numeric("percutaneous", &skin).build().unwrap();
    study.check_cox("/breslow", &study.cox(Ties::Breslow, &design), &["-0.618"]);
    study.check_cox("/efron", &study.cox(Ties::Efron, &design), &["-0.613"]);
    study.check_cox("/exact", &study.cox(Ties::ExactPartial, &design), &["-0.629"]);
}

/// Cancer of the larynx by stage.
#[test]
fn larynx() {
    let study = Study::read("larynx");
    study.check("/log_rank", &study.log_rank("stage", &[LogRank]), &["22.76"]);
    let test = riskset::LogRank::new().fit(&study.data(), &study.groups("stage")).unwrap();
    study.check("/trend", &[test.trend().unwrap().test.statistic], &["3.72"]);
    let stage: Vec<&str> = study.frame.text("stage").iter().map(String::as_str).collect();
    let design = Design::builder()
        .factor("stage", &stage, "1")
        .numeric("age", &study.frame.numbers("age"))
        .build()
        .unwrap();
    let fit = study.cox(Ties::Breslow, &design);
    study.check_cox("/breslow", &fit, &["0.1386", "0.6383", "1.6931", "0.0189"]);
    study.check("/breslow/tests", &tests(&fit), &["20.82", "24.33", "18.07"]);
}

/// Disease-free survival after a bone marrow transplant, in three groups of risk.
#[test]
fn bone_marrow_transplants() {
    let study = Study::read("bmt");
    let statistics = study.log_rank("group", &[LogRank, Gehan, TaroneWare]);
    study.check("/tests", &statistics, &["13.80", "16.24", "15.65"]);
}

/// Breast cancer: lymph nodes that only immunoperoxidase finds.
#[test]
fn immunoperoxidase() {
    let study = Study::read("immunoperoxidase");
    let positive = study.frame.numbers("positive");
    let design = Design::builder().numeric("positive", &positive).build().unwrap();
    let fit = study.cox(Ties::Breslow, &design);
    study.check_cox("/breslow", &fit, &["0.980"]);
    study.check("/breslow/se", &std_errors(&fit), &["0.435"]);
    study.check("/breslow/tests", &tests(&fit), &["5.08", "5.49", "4.45"]);
}
