//! Several rows that belong together: recurrent bladder tumours (Andersen & Gill's model of the data
//! of Byar 1980), and rats of one litter (Mantel et al. 1977). The standard errors are robust.

use riskset::{CountingProcess, CoxPh, Design};

use super::study::{Study, std_errors};

#[test]
fn bladder_tumours() {
    let study = Study::read("bladder2");
    let column = |name: &str| study.frame.numbers(name);
    let event = study.flags("event");
    let data = CountingProcess::new(&column("start"), &column("stop"), &event).unwrap();
    let data = data.with_clusters(study.frame.text("id")).unwrap();
    let design = ["rx", "number", "size"]
        .into_iter()
        .fold(Design::builder(), |design, name| design.numeric(name, &column(name)));
    let fit = CoxPh::new().fit(&data, &design.build().unwrap()).unwrap();
    study.check_cox("/efron", &fit, &["-0.4647", "0.1750", "-0.0437"]);
    study.check("/efron/se", &std_errors(&fit), &["0.2656", "0.0630", "0.0776"]);
}

#[test]
fn litters_of_rats() {
    let study = Study::read("rats").only("sex", "f");
    let rx = study.frame.numbers("rx");
    let design = Design::builder().numeric("rx", &rx).build().unwrap();
    let data = study.data().with_clusters(study.frame.text("litter")).unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    study.check_cox("/efron", &fit, &["0.9047"]);
    study.check("/efron/se", &std_errors(&fit), &["0.3025"]);
    let naive = fit.vcov_model_based()[[0, 0]].sqrt();
    study.check("/efron/naive_se", &[naive], &["0.3175"]);
}
