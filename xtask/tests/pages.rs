//! What `cargo xtask pages` makes is in step with what it is made from.

use std::process::Command;

#[test]
fn pictures_and_the_demo_of_the_readmes_are_in_step() {
    let seen = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["pages", "--check"]).output().unwrap();
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
}
