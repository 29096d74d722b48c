//! How results print: as R does, up to one more digit here and there, full p-values, and words for
//! what is not reached.

use riskset::inference::{CumulativeSums, LevelPairs};
use riskset::nonparametric::AtRiskTable;
use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, Groups, KaplanMeier, LogRank, NelsonAalen, Profile, RightCensored};

/// Freireich et al. 1963, doi:10.1182/blood.V21.6.699.699: weeks of remission, control and 6-MP.
fn freireich() -> (RightCensored, Vec<&'static str>) {
    let control = [
        1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17., 22., 23.,
    ];
    let treated = [
        6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32., 32.,
        34., 35.,
    ];
    let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
    let event = [[true; 21], relapse].concat();
    let data = RightCensored::new(&[control, treated].concat(), &event).unwrap();
    (data, [["control"; 21], ["6-MP"; 21]].concat())
}

/// With an age that was made up.
fn cox() -> CoxFit {
    let (data, arm) = freireich();
    let age: Vec<f64> = (0..42).map(|row| f64::from((row * 17) % 31 + 40)).collect();
    let design = Design::builder().factor("arm", &arm, "6-MP").numeric("age", &age).build();
    CoxPh::new().fit(&data, &design.unwrap()).unwrap()
}

fn treated() -> RightCensored {
    let (data, _) = freireich();
    RightCensored::new(&data.time()[21..], &data.event()[21..]).unwrap()
}

/// The expected text begins with a line break, so that its lines stand below each other here.
#[track_caller]
fn assert_prints(found: &str, expected: &str) {
    let expected = expected.trim_start_matches('\n');
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
}

#[test]
fn kaplan_meier() {
    let result = KaplanMeier::new().fit(&treated()).unwrap();
    assert_prints(
        &result.to_string(),
        "
  n events median 0.95LCL     0.95UCL
 21      9     23      16 not reached
",
    );
}

#[test]
fn kaplan_meier_summary() {
    let result = KaplanMeier::new().fit(&treated()).unwrap();
    assert_prints(
        &format!("{result:#}"),
        "
  n events median 0.95LCL     0.95UCL
 21      9     23      16 not reached

time n.risk n.event survival std.err lower 95% upper 95%
   6     21       3   0.8571  0.0764    0.7198    1.0000
   7     17       1   0.8067  0.0869    0.6531    0.9964
  10     15       1   0.7529  0.0963    0.5859    0.9676
  13     12       1   0.6902  0.1068    0.5096    0.9348
  16     11       1   0.6275  0.1141    0.4394    0.8960
  22      7       1   0.5378  0.1282    0.3370    0.8582
  23      6       1   0.4482  0.1346    0.2488    0.8074
",
    );
}

#[test]
fn kaplan_meier_by_group() {
    let (data, arm) = freireich();
    let groups = Groups::new(&arm).unwrap();
    let result = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    assert_prints(
        &result.to_string(),
        "
         n events median 0.95LCL     0.95UCL
6-MP    21      9     23      16 not reached
control 21     21      8       4          12
",
    );
}

#[test]
fn kaplan_meier_by_group_summary() {
    let (data, arm) = freireich();
    let groups = Groups::new(&arm).unwrap();
    let result = KaplanMeier::new().confidence(0.55).fit_by(&data, &groups).unwrap();
    assert_prints(
        &format!("{result:#}"),
        "
         n events median 0.55LCL     0.55UCL
6-MP    21      9     23      22 not reached
control 21     21      8       5           8

6-MP
time n.risk n.event survival std.err lower 55% upper 55%
   6     21       3   0.8571  0.0764    0.8014    0.9168
   7     17       1   0.8067  0.0869    0.7437    0.8751
  10     15       1   0.7529  0.0963    0.6836    0.8294
  13     12       1   0.6902  0.1068    0.6140    0.7758
  16     11       1   0.6275  0.1141    0.5469    0.7198
  22      7       1   0.5378  0.1282    0.4492    0.6440
  23      6       1   0.4482  0.1346    0.3572    0.5623

control
time n.risk n.event survival std.err lower 55% upper 55%
   1     21       2   0.9048  0.0641    0.8576    0.9545
   2     19       2   0.8095  0.0857    0.7473    0.8769
   3     17       1   0.7619  0.0929    0.6948    0.8355
   4     16       2   0.6667  0.1029    0.5933    0.7491
   5     14       2   0.5714  0.1080    0.4954    0.6591
   8     12       4   0.3810  0.1060    0.3088    0.4700
  11      8       2   0.2857  0.0986    0.2202    0.3708
  12      6       2   0.1905  0.0857    0.1356    0.2676
  15      4       1   0.1429  0.0764    0.0954    0.2139
  17      3       1   0.0952  0.0641    0.0573    0.1583
  22      2       1   0.0476  0.0465    0.0228    0.0995
  23      1       1   0.0000       -         -         -
",
    );
}

#[test]
fn nelson_aalen() {
    let result = NelsonAalen::new().confidence(0.9).fit(&treated()).unwrap();
    assert_prints(
        &result.to_string(),
        "
time n.risk n.event cumhaz std.err lower 90% upper 90%
   6     21       3 0.1429  0.0825    0.0553    0.3693
   7     17       1 0.2017  0.1013    0.0883    0.4608
  10     15       1 0.2683  0.1213    0.1276    0.5643
  13     12       1 0.3517  0.1471    0.1767    0.6999
  16     11       1 0.4426  0.1730    0.2327    0.8417
  22      7       1 0.5854  0.2243    0.3117    1.0995
  23      6       1 0.7521  0.2795    0.4082    1.3859
",
    );
}

#[test]
fn log_rank() {
    let (data, arm) = freireich();
    let groups = Groups::new(&arm).unwrap();
    let result = LogRank::new().fit(&data, &groups).unwrap();
    assert_prints(
        &result.to_string(),
        "
         N Observed Expected (O-E)^2/E (O-E)^2/V
6-MP    21        9     19.3      5.46      16.8
control 21       21     10.7      9.77      16.8

 Chisq= 16.8  on 1 degrees of freedom, p= 4.17e-05
",
    );
}

#[test]
fn cox_model() {
    let result = cox();
    assert_prints(
        &result.to_string(),
        "
                 coef exp(coef) se(coef)      z        p
arm=control  1.694559   5.44425 0.425209  3.985 6.74e-05
age         -0.033692   0.96687 0.020885 -1.613    0.107

Likelihood ratio test = 19.01 on 2 df, p = 7.46e-05
n= 42, number of events= 30
",
    );
}

#[test]
fn cox_summary() {
    let result = cox();
    assert_prints(
        &format!("{result:#}"),
        "
                 coef exp(coef) se(coef)      z        p
arm=control  1.694559   5.44425 0.425209  3.985 6.74e-05
age         -0.033692   0.96687 0.020885 -1.613    0.107

            exp(coef) lower .95 upper .95
arm=control    5.4442    2.3659    12.528
age            0.9669    0.9281     1.007

Likelihood ratio test = 19.01 on 2 df, p = 7.46e-05
Wald test = 16.72 on 2 df, p = 0.000234
Score test = 19.66 on 2 df, p = 5.39e-05
n= 42, number of events= 30
",
    );
}

#[test]
fn numbers_at_risk() {
    let (data, arm) = freireich();
    let groups = Groups::new(&arm).unwrap();
    let result = AtRiskTable::new(&data, &groups, &[0.0, 7.5, 10.0, 20.0, 30.0]).unwrap();
    assert_prints(
        &result.to_string(),
        "
         0 7.5 10 20 30
6-MP    21  16 15  8  4
control 21  12  8  2  0
",
    );
}

#[test]
fn hazard_ratios() {
    let lines: Vec<String> =
        cox().hazard_ratios(0.95).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["arm=control  5.44 (2.37–12.53)  p<0.001", "age  0.97 (0.93–1.01)  p=0.11"]);
    let ratio = &cox().hazard_ratios(0.95).unwrap()[1];
    assert_eq!(format!("{ratio:.3}"), "age  0.967 (0.928–1.007)  p=0.11");
}

#[test]
fn a_median_that_is_not_reached() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, false]).unwrap();
    let fit = KaplanMeier::new().fit(&data).unwrap();
    let median = fit.curve().median().to_string();
    assert_eq!(median, "not reached (95% interval 1 to not reached)");
    assert_prints(
        &fit.to_string(),
        "
 n events      median 0.95LCL     0.95UCL
 3      1 not reached       1 not reached
",
    );
}

#[test]
fn a_median_that_is_reached() {
    let median = KaplanMeier::new().fit(&treated()).unwrap().curve().median();
    assert_eq!(median.to_string(), "23 (95% interval 16 to not reached)");
}

#[test]
fn tests_by_themselves() {
    let fit = cox();
    let text = fit.likelihood_ratio().unwrap().to_string();
    assert_eq!(text, "Likelihood ratio test = 19.01 on 2 df, p = 7.46e-05");
    let wald = fit.hazard_ratios(0.95).unwrap().remove(1).test.unwrap().to_string();
    assert_eq!(wald, "Wald test: z = -1.613, p = 0.107");
}

#[test]
fn predicted_curves() {
    let (data, arm) = freireich();
    let design = Design::builder().factor("arm", &arm, "6-MP").build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let baseline = fit.baseline(&data, &design).unwrap();
    let control = Profile::new().level("arm", "control");
    let curve = baseline.single().unwrap().curve(&control).unwrap();
    assert_prints(
        &curve.to_string(),
        "
 events median 0.95LCL 0.95UCL
     30      8       5      12
",
    );
    let summary = format!("{curve:#}");
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!(lines[3], "time n.risk n.event survival std.err lower 95% upper 95%");
    assert_eq!(lines[4], "   1     42       2   0.9227  0.0528    0.8248    1.0000");
    assert_eq!(lines[20], "  23      7       2   0.0202  0.0244    0.0019    0.2162");
    assert_eq!(lines.len(), 21);
}

#[test]
fn tests_of_terms() {
    let (data, arm) = freireich();
    let age: Vec<f64> = (0..42).map(|row| f64::from((row * 17) % 31 + 40)).collect();
    let design = Design::builder().factor("arm", &arm, "6-MP").numeric("age", &age).build();
    let (design, fit) = (design.unwrap(), cox());
    assert_prints(
        &fit.term_tests(&data, &design).unwrap().to_string(),
        "
Tests of terms (type II)
    df LR chisq        p Wald chisq        p score chisq        p
arm  1  18.0998 2.10e-05    15.8821 6.74e-05     19.0764 1.26e-05
age  1   2.6537    0.103     2.6026    0.107      2.6542    0.103
",
    );
    assert_prints(
        &fit.sequential_tests(&data, &design).unwrap().to_string(),
        "
Terms added in order
       loglik   Chisq Df        p
NULL -93.1843
arm  -85.0084 16.3517  1 5.26e-05
age  -83.6816  2.6537  1    0.103
",
    );
    let line = Design::builder().factor("arm", &arm, "6-MP").build().unwrap();
    let smaller = CoxPh::new().fit(&data, &line).unwrap();
    let nested = fit.compare_nested(&data, &design, &smaller, &line).unwrap();
    assert_prints(
        &nested.to_string(),
        "
log-likelihood -85.0084 and -83.6816: Likelihood ratio test = 2.65 on 1 df, p = 0.103",
    );
    let pair = &LevelPairs::new().of(&fit, "arm").unwrap()[0];
    assert_prints(
        &pair.to_string(),
        "arm=control against 6-MP  5.44 (2.37–12.53)  p<0.001  adjusted 6.74e-05",
    );
}

#[test]
fn tests_of_proportional_hazards() {
    let (data, arm) = freireich();
    let age: Vec<f64> = (0..42).map(|row| f64::from((row * 17) % 31 + 40)).collect();
    let design =
        Design::builder().factor("arm", &arm, "6-MP").numeric("age", &age).build().unwrap();
    let test = cox().proportionality(&data, &design).unwrap();
    let expected = "
along km
       chisq df     p
arm    0.006  1 0.939
age    0.033  1 0.856
GLOBAL 0.050  2 0.975
";
    assert_prints(&test.to_string(), expected);
    let by_column = "
along km
            chisq df     p
arm=control 0.006  1 0.939
age         0.033  1 0.856
GLOBAL      0.050  2 0.975
";
    assert_prints(&format!("{test:#}"), by_column);
    let sums = CumulativeSums::new().simulations(99);
    let form = sums.functional_form(&cox(), &data, &design).unwrap();
    assert_prints(&form[0].to_string(), "age: 3.732 at 55, p = 0.17 (99 simulations)");
}
