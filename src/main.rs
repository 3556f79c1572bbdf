//! Parse, run, print the error chain, exit.
fn main() {}
