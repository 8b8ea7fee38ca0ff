//! Every subcommand says what it does. (That this package has a test of this sort also makes
//! `cargo test --workspace` build the binary that the end-to-end tests start.)

#![allow(clippy::unwrap_used)]

use std::process::Command;

fn help(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_keqiao")).args(args).arg("--help").output().unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn every_subcommand_explains_itself() {
    let all = help(&[]);
    let names: Vec<&str> = all
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .map_while(|l| l.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.contains(&"serve") && names.contains(&"match") && names.len() >= 11, "{all}");
    for name in names {
        let text = help(&[name]);
        assert!(text.contains("Usage: keqiao") && text.lines().next().unwrap().len() > 10, "{text}");
    }
}

#[test]
fn an_unknown_subcommand_is_refused() {
    let out = Command::new(env!("CARGO_BIN_EXE_keqiao")).arg("fly").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8(out.stderr).unwrap().contains("fly"));
}
