//! Times one call on the files of a data set: `riskset-peer DATA CALL RUNS`.

fn main() {
    peer_protocol::run(riskset_peer::CALLS);
}
