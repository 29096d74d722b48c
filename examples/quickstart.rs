//! The first five minutes, as in the README: curves, log-rank test and Cox model of a small trial.

use riskset::{CoxPh, Design, Groups, KaplanMeier, LogRank, RightCensored};

fn main() -> riskset::Result<()> {
    // Acute myelogenous leukaemia, weeks in remission with and without maintenance chemotherapy
    // (Miller 1997, Survival Analysis; `aml` in R's survival package).
    let weeks = [
        9., 13., 13., 18., 23., 28., 31., 34., 45., 48., 161., // maintained
        5., 5., 8., 8., 12., 16., 23., 27., 30., 33., 43., 45., // not maintained
    ];
    let relapse = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    let maintained = [&["yes"; 11][..], &["no"; 12]].concat();

    let data = RightCensored::from_codes(&weeks, &relapse, 0, 1)?;
    let groups = Groups::new(&maintained)?;
    let design = Design::builder().factor("maintained", &maintained, "no").build()?;

    let curves = KaplanMeier::new().fit_by(&data, &groups)?;
    let log_rank = LogRank::new().fit(&data, &groups)?;
    let cox = CoxPh::new().fit(&data, &design)?;
    let ratio = &cox.hazard_ratios(0.95)?[0];
    println!("{curves}\n{log_rank}\n{cox}\n{ratio}");

    assert_eq!(curves.get("yes")?.curve().median().time, Some(31.0));
    assert_eq!(format!("{:.4}", log_rank.test().p_value), "0.0653");
    assert_eq!(ratio.to_string(), "maintained=yes  0.40 (0.15–1.09)  p=0.074");
    Ok(())
}
