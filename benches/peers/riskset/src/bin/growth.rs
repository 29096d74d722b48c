//! Times one call at any size, on data without ties made in memory: `growth CALL ROWS COLUMNS RUNS`.

use peer_protocol::report;
use riskset_peer::CALLS;
use riskset_peer::study::study;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [call, n, p, runs] = &arguments[..] else {
        panic!("usage: growth CALL ROWS COLUMNS RUNS");
    };
    let data = study(n.parse().expect("rows"), p.parse().expect("columns"), false);
    println!("{}", report(CALLS, call, &data, runs));
}
