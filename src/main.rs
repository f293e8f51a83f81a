//! Flags, configuration, tracing, and off we go.

fn main() {}
