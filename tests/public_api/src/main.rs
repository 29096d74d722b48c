//! Prints the public API that a file of rustdoc's JSON describes, an item a line, sorted.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("the path of rustdoc's JSON is needed")?;
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    // How serde names its own methods is not riskset's doing.
    let ours = |item: &String| !item.contains("::serialize<") && !item.contains("::deserialize<");
    for item in api.items().map(ToString::to_string).filter(ours) {
        println!("{item}");
    }
    Ok(())
}
