//! Kalbfleisch & Prentice, *The Statistical Analysis of Failure Time Data*, with Breslow's treatment
//! of ties: lung cancer of veterans, and heart transplants (Crowley & Hu 1977).

use riskset::{CountingProcess, CoxPh, Design, Ties};

use super::study::Study;

#[test]
fn lung_cancer_of_veterans() {
    let study = Study::read("veteran");
    let cells: Vec<&str> = study.frame.text("celltype").iter().map(String::as_str).collect();
    let levels = ["squamous", "smallcell", "adeno", "large"];
    let prior: Vec<f64> = study.frame.numbers("prior").iter().map(|code| code / 10.0).collect();
    let design = Design::builder()
        .numeric("treatment", &study.frame.numbers("trt"))
        .factor_with_levels("cells", &cells, &levels, levels[0])
        .numeric("karnofsky", &study.frame.numbers("karno"))
        .numeric("months", &study.frame.numbers("diagtime"))
        .numeric("age", &study.frame.numbers("age"))
        .numeric("prior", &prior)
        .build()
        .unwrap();
    study.check_cox(
        "/breslow",
        &study.cox(Ties::Breslow, &design),
        &["0.290", "0.856", "1.188", "0.400", "-0.0326", "0.000", "-0.0085", "0.072"],
    );
}

#[test]
fn heart_transplants() {
    let study = Study::read("heart");
    let column = |name: &str| study.frame.numbers(name);
    let event = study.flags("event");
    let data = CountingProcess::new(&column("start"), &column("stop"), &event).unwrap();
    let design = Design::builder()
        .numeric("age", &column("age"))
        .numeric("surgery", &column("surgery"))
        .numeric("transplant", &column("transplant"))
        .interaction("age", "transplant")
        .interaction("surgery", "transplant")
        .build()
        .unwrap();
    let fit = CoxPh::new().ties(Ties::Breslow).fit(&data, &design).unwrap();
    study.check_cox("/breslow", &fit, &["0.0138", "-0.5457", "0.1181", "0.0348", "-0.2916"]);
}
