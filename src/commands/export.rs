//! `leadbell export leads|receipts|messages`
//!
//! Written page by page, so that a long table neither fills the memory nor holds back the database's log.

use super::{Desk, Exit, desk, store};
use crate::base::table::Table;
use crate::db::Pool;
use serde_json::{Map, Value};

/// What to write, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Which table
    #[arg(value_enum)]
    pub what: What,
    /// Only this business's
    #[arg(long, value_name = "SLUG")]
    pub business: Option<String>,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Every enquiry with its times
    Leads,
    /// Every submission as it came
    Receipts,
    /// Every message and what became of it
    Messages,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For spreadsheets
    Csv,
    /// One JSON object a line
    Jsonl,
}

impl What {
    fn columns(self) -> &'static [&'static str] {
        match self {
            What::Leads => store::LEAD_COLUMNS,
            What::Receipts => store::RECEIPT_COLUMNS,
            What::Messages => store::MESSAGE_COLUMNS,
        }
    }

    async fn page(
        self,
        pool: &Pool,
        business: Option<&str>,
        after: &str,
    ) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
        match self {
            What::Leads => store::leads(pool, business, after).await,
            What::Receipts => store::receipts(pool, business, after).await,
            What::Messages => store::messages(pool, business, after).await,
        }
    }
}

/// Writes the table. With `--json` it is lines of JSON, whatever the format says.
pub async fn run(args: &Args, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, _keys) = desk.open().await?;
    let business = match &args.business {
        Some(slug) => Some(desk::business(db.read(), Some(slug)).await?.id),
        None => None,
    };
    let lines = desk.json || args.format == Format::Jsonl;
    let mut sheet = if lines { None } else { Some(Vec::new()) };
    if let Some(buffer) = &mut sheet {
        Table::new(buffer, args.what.columns())?.finish()?;
    }
    let mut after = String::new();
    loop {
        let page = args.what.page(db.read(), business.as_deref(), &after).await?;
        let Some(last) = page.last() else { break };
        after = last.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        for row in &page {
            match &mut sheet {
                Some(buffer) => Table::plain(&mut *buffer).row(cells(row).iter().map(String::as_str))?,
                None => {
                    serde_json::to_writer(&mut *desk.out, row)?;
                    writeln!(desk.out)?;
                }
            }
        }
        if let Some(buffer) = &mut sheet {
            desk.out.write_all(buffer)?;
            buffer.clear();
        }
    }
    if let Some(buffer) = &sheet {
        desk.out.write_all(buffer)?;
    }
    desk.out.flush()?;
    db.close().await;
    Ok(Exit::Fine)
}

/// A row as a spreadsheet shows it: lists of `{label, value}` become lines.
fn cells(row: &Map<String, Value>) -> Vec<String> {
    row.values().map(cell).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("\n"),
        Value::Object(pair) => match (pair.get("label"), pair.get("value")) {
            (Some(label), Some(value)) => format!("{}: {}", cell(label), cell(value)),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}
