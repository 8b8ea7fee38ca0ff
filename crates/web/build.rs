//! Tells cargo that the embedded folders are part of the crate.

fn main() {
    for folder in ["assets", "locales", "templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
