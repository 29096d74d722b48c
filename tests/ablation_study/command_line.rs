//! What can be asked for on the command line.

use riskset::statistic::IntervalTransform;

use super::arguments::Arguments;
use super::source::Source;

fn parse(line: &str) -> Result<Arguments, String> {
    Arguments::parse(line.split_whitespace().map(Into::into))
}

#[test]
fn a_cohort_is_simulated_unless_there_are_files() {
    let source = |line| parse(line).unwrap().options.source;
    assert_eq!(source(""), Source::Simulated { seed: 22_296, n: 326 });
    assert_eq!(source("--seed 7 --n=50"), Source::Simulated { seed: 7, n: 50 });
    let files = Source::Files { patients: "p.csv".into(), tumours: Some("t.csv".into()) };
    assert_eq!(source("--patients p.csv --tumours t.csv"), files);
    assert_eq!(parse("--write out").unwrap().write, Some("out".into()));
    assert_eq!(parse("--out out").unwrap().out, Some("out".into()));
    assert_eq!(parse("").unwrap().options.limits, IntervalTransform::LogLog);
    assert_eq!(parse("--limits plain").unwrap().options.limits, IntervalTransform::Plain);
    assert_eq!(parse("").unwrap().options.replicates, 0);
    assert_eq!(parse("--replicates 200").unwrap().options.replicates, 200);
    assert!(parse("-h").unwrap().help);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let cases = [
        ("--tumours t.csv", "--tumours needs --patients"),
        ("--patients p.csv --seed 1", "belong to a simulated cohort"),
        ("--n 0", "--n must be at least 1"),
        ("--n many", "many"),
        ("--patients p.csv --replicates 9", "belong to a simulated cohort"),
        ("--unknown", "--unknown"),
        ("--seed", "missing argument"),
        ("--limits wide", "log-log, log or plain"),
    ];
    for (line, expected) in cases {
        let found = parse(line).unwrap_err();
        assert!(found.contains(expected), "{line}: {found}");
    }
}
