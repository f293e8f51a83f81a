<<<<<<< HEAD
//! Flags, configuration, tracing, and off we go.
=======
//! The program: leadbell on the command line.
>>>>>>> 1eda61b (Settings from flags, environment and leadbell.toml: every mistake is named at once, with its next step)

fn main() {}
