//! Tables as CSV (RFC 4180) that a spreadsheet opens without running anything.
//!
//! A cell that begins like a formula gets an apostrophe in front, so that a stranger's form field cannot make the
//! owner's spreadsheet call out. Price: such a cell is one character longer than what was typed, phones included.

use std::io::{self, Write};

/// Writes one table, row by row.
pub struct Table<W: Write>(csv::Writer<W>);

impl<W: Write> Table<W> {
    /// A table with its headings.
    ///
    /// # Errors
    /// When `to` cannot be written.
    pub fn new(to: W, headings: &[&str]) -> io::Result<Self> {
        let mut table = Self::plain(to);
        table.row(headings.iter().copied())?;
        Ok(table)
    }

    /// More rows of a table whose headings were written before.
    pub fn plain(to: W) -> Self {
        let mut builder = csv::WriterBuilder::new();
        Self(builder.terminator(csv::Terminator::CRLF).has_headers(false).from_writer(to))
    }

    /// One row, as many cells as there are headings.
    ///
    /// # Errors
    /// When the target cannot be written, or the row is of another length than the headings.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        for cell in cells {
            if runs(cell) {
                self.0.write_field(format!("'{cell}")).map_err(io::Error::from)?;
            } else {
                self.0.write_field(cell).map_err(io::Error::from)?;
            }
        }
        self.0.write_record(None::<&[u8]>).map_err(io::Error::from)
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether a spreadsheet would take the cell for a formula.
fn runs(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[[&str; 2]]) -> String {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, &["name", "message"]).unwrap();
        for row in rows {
            table.row(*row).unwrap();
        }
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_and_line_ends_stay_inside_their_cell() {
        let text = written(&[["O'Neil, \"Bob\"", "two\nlines"], ["", " "]]);

        assert_eq!(text, "name,message\r\n\"O'Neil, \"\"Bob\"\"\",\"two\nlines\"\r\n, \r\n");
    }

    #[test]
    fn no_cell_starts_like_a_formula_and_everything_can_be_read_back() {
        let starts = ["=", "+", "-", "@", "\t", "\r"];
        let ends = ["cmd|' /C calc'!A0", "SUM(1,2)", "\"x\"", "1\r\n=2", "", "HYPERLINK(\"http://x\")", "é", "\t="];
        let hostile: Vec<String> = starts.iter().flat_map(|s| ends.iter().map(move |e| format!("{s}{e}"))).collect();

        let text = written(&hostile.iter().map(|cell| [cell.as_str(), "x"]).collect::<Vec<_>>());

        let mut back = csv::Reader::from_reader(text.as_bytes());
        let cells: Vec<String> = back.records().map(|record| record.unwrap()[0].to_owned()).collect();
        assert_eq!(cells, hostile.iter().map(|cell| format!("'{cell}")).collect::<Vec<_>>());
    }
}
