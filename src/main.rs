//! The program `taipan`.

fn main() {}
