//! A file added to the catalog must reach the binary: rust-embed alone sees
//! changes of the files it knew.

fn main() {
    println!("cargo::rerun-if-changed=../../catalog");
}
