//! Writes the files of a data set: `make_data FOLDER ROWS COLUMNS days|untied`.

use std::path::Path;

use riskset_peer::study::study;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, n, p, ties] = &arguments[..] else {
        panic!("usage: make_data FOLDER ROWS COLUMNS days|untied");
    };
    assert!(["days", "untied"].contains(&ties.as_str()), "`{ties}` is neither days nor untied");
    let (n, p) = (n.parse().expect("rows"), p.parse().expect("columns"));
    study(n, p, ties == "days").write(Path::new(folder));
}
