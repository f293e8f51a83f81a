//! `leadbell version`

use super::{Exit, desk};
use std::io::Write;

#[derive(serde::Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
}

/// Prints name and version.
pub fn run(json: bool, out: &mut (dyn Write + Send)) -> anyhow::Result<Exit> {
    let this = Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    desk::print(out, json, &this, || format!("{} {}", this.name, this.version))?;
    Ok(Exit::Fine)
}
