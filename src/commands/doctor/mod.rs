//! `leadbell doctor`: every check with its next step.
//!
//! Looks and changes nothing. A check that is not fine says what to do; a warning is fine but still says what would
//! be better.

mod machine;
mod outside;
mod sources;

use super::{Desk, Exit, desk};
use crate::config::Problems;
use crate::delivery::Timeouts;
use crate::delivery::http::Http;
use serde::Serialize;
use std::io::Write;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked.
    pub check: String,
    /// Whether leads are safe as it is.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do, if anything.
    pub next: Option<String>,
}

impl Finding {
    fn fine(check: &str, detail: impl Into<String>) -> Self {
        Self { check: check.to_owned(), ok: true, detail: detail.into(), next: None }
    }

    fn warning(check: &str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check: check.to_owned(), ok: true, detail: detail.into(), next: Some(next.into()) }
    }

    fn problem(check: &str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check: check.to_owned(), ok: false, detail: detail.into(), next: Some(next.into()) }
    }
}

/// Carries out every check.
pub async fn run(desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let config = desk.config;
    let http = Http::new(Timeouts::TEXTS)?;
    let now = desk.clock.now_ms();
    let mut found = vec![Finding::fine("settings", "all understood")];
    found.push(machine::key_file(config));
    let (database, health) = machine::database(config).await;
    found.push(database);
    found.push(machine::clock(config, now, health.as_ref()));
    found.push(machine::disk(config));
    found.push(machine::log(config));
    found.push(outside::public_address(config, &desk.public_url()?, &http).await);
    found.extend(outside::texting(config, &desk.public_url()?, &http, now).await);
    found.push(outside::mail(config, desk.clock.clone()).await);
    if health.is_some() {
        found.extend(sources::all(config, now).await?);
    }
    if !config.send_caps {
        let next = "Set LEADBELL_SEND_CAPS=on unless you are running a load test.";
        found.push(Finding::warning("caps", "off: anybody can make this server send texts without end", next));
    }
    report(&found, desk.json, desk.out)
}

/// The report when the settings cannot even be read: nothing else can be checked then.
pub fn settings_are_wrong(problems: &Problems, json: bool, out: &mut (dyn Write + Send)) -> anyhow::Result<Exit> {
    let found: Vec<Finding> = problems
        .0
        .iter()
        .map(|problem| {
            Finding::problem("settings", format!("{}: {}", problem.key, problem.problem), problem.next.clone())
        })
        .collect();
    report(&found, json, out)
}

fn report(found: &[Finding], json: bool, out: &mut (dyn Write + Send)) -> anyhow::Result<Exit> {
    desk::print(out, json, &found, || found.iter().map(line).collect())?;
    let all_fine = found.iter().all(|finding| finding.ok);
    Ok(if all_fine { Exit::Fine } else { Exit::FoundProblems })
}

fn line(finding: &Finding) -> String {
    let mark = match (finding.ok, &finding.next) {
        (true, None) => "ok",
        (true, Some(_)) => "note",
        (false, _) => "FIX",
    };
    let next = finding.next.as_ref().map(|next| format!("      -> {next}\n")).unwrap_or_default();
    format!("{mark:4}  {}: {}\n{next}", finding.check, finding.detail)
}
