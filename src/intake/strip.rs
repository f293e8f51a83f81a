//! Takes the contents of files out of a multipart body while it streams in, so that ten megabytes of photos never
//! sit in memory: chunks go in, the same bytes without the contents of files come out, and a count.
//!
//! Nothing is refused for the number of its parts: files are counted, what comes behind 500 fields, 40 files and 1 MiB of
//! kept bytes is left out, and a field above 64 kB (a drawn signature, a pasted picture) is cut: the lead beside it is
//! worth keeping. Refused ([`TooMuch`]): a body that only calls itself multipart and is above 1 MiB.

use super::multipart::{HEAD_MAX, PartHead, delimiter, empty_line, find};
use super::node::{FIELDS_MAX, VALUE_MAX};

/// Most files whose names are kept; more are only counted.
pub const FILES_MAX: u32 = 40;
/// Most bytes kept of one submission.
pub const KEPT_MAX: usize = 1024 * 1024;
/// How many bytes may come before the boundary must be known.
const PROBE: usize = 1024;
/// Room left for the delimiters behind the last field that fits.
const RESERVE: usize = 4 * 1024;

/// Why a body is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More than [`KEPT_MAX`] bytes beside the files.
    #[error("the form holds more than 1 MiB of text")]
    Bytes,
}

/// A body without the contents of its files.
#[derive(Debug, PartialEq, Eq)]
pub struct Stripped {
    /// What is stored and read.
    pub body: Vec<u8>,
    /// How many files came along.
    pub files: u32,
}

/// The filter. Holds at most [`KEPT_MAX`] kept bytes and one chunk.
#[derive(Debug)]
pub struct FileStripper {
    content_type: Option<String>,
    delimiter: Vec<u8>,
    waiting: Vec<u8>,
    /// How many of the waiting bytes are dealt with.
    done: usize,
    kept: Vec<u8>,
    state: State,
    files: u32,
    fields: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// The boundary is not known yet.
    Probing,
    /// Not multipart after all: everything is kept.
    Passing,
    /// Behind a delimiter, before the empty line.
    Head,
    /// In a field that has `left` bytes to go before it is cut.
    Field { left: usize },
    /// In a file.
    File,
    /// In a part too many: neither its head nor its content is kept.
    Surplus,
    /// Behind the closing delimiter.
    Over,
}

impl FileStripper {
    /// A filter for a body with this `Content-Type` header.
    pub fn new(content_type: Option<&str>) -> Self {
        FileStripper {
            content_type: content_type.map(str::to_owned),
            delimiter: Vec::new(),
            waiting: Vec::new(),
            done: 0,
            kept: Vec::new(),
            state: State::Probing,
            files: 0,
            fields: 0,
        }
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// [`TooMuch`] as soon as a limit is passed; the rest of the body need not be read.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), TooMuch> {
        self.waiting.extend_from_slice(chunk);
        if self.state != State::Probing || self.waiting.len() >= PROBE {
            self.advance(false)?;
        }
        Ok(())
    }

    /// The body is over.
    ///
    /// # Errors
    /// [`TooMuch`] when what was still waiting passes a limit.
    pub fn finish(mut self) -> Result<Stripped, TooMuch> {
        self.advance(true)?;
        Ok(Stripped { body: self.kept, files: self.files })
    }

    fn advance(&mut self, last: bool) -> Result<(), TooMuch> {
        while self.step(last)? {}
        self.waiting.drain(..self.done);
        self.done = 0;
        Ok(())
    }

    /// What is not dealt with yet.
    fn rest(&self) -> &[u8] {
        &self.waiting[self.done..]
    }

    /// One step; false when more bytes are needed.
    fn step(&mut self, last: bool) -> Result<bool, TooMuch> {
        match self.state {
            State::Probing => self.probe(last),
            State::Passing => self.keep(self.rest().len()).map(|()| false),
            State::Over => self.close(),
            State::Head => self.head(last),
            State::Field { .. } | State::File | State::Surplus => self.content(last),
        }
    }

    fn probe(&mut self, last: bool) -> Result<bool, TooMuch> {
        match delimiter(self.rest(), self.content_type.as_deref()) {
            Some(found) => {
                let start = find(self.rest(), &found).unwrap_or(0);
                self.keep(start + found.len())?;
                self.delimiter = found;
                self.state = State::Head;
            }
            None if last || self.rest().len() >= PROBE => self.state = State::Passing,
            None => return Ok(false),
        }
        Ok(true)
    }

    fn head(&mut self, last: bool) -> Result<bool, TooMuch> {
        if self.rest().len() < 2 && !last {
            return Ok(false);
        }
        if self.rest().starts_with(b"--") {
            self.state = State::Over;
            return Ok(true);
        }
        let window = &self.rest()[..self.rest().len().min(HEAD_MAX)];
        let Some(end) = empty_line(window).map(|(at, gap)| at + gap) else {
            if last || self.rest().len() >= HEAD_MAX {
                self.state = State::Passing;
                return Ok(true);
            }
            return Ok(false);
        };
        self.state = self.kind_of(end);
        if self.state == State::Surplus {
            self.done += end;
        } else {
            self.keep(end)?;
        }
        // An empty part ends right here: its line end is the one that belongs to the delimiter.
        if self.rest().starts_with(&self.delimiter) {
            self.pass(self.delimiter.len())?;
            self.state = State::Head;
        }
        Ok(true)
    }

    /// What begins behind the head that ends at `end`.
    fn kind_of(&mut self, end: usize) -> State {
        let is_file = PartHead::read(&self.rest()[..end]).is_file();
        let is_surplus = if is_file {
            self.files = self.files.saturating_add(1);
            self.files > FILES_MAX
        } else {
            self.fields += 1;
            self.fields > FIELDS_MAX + 1
        };
        match (is_surplus || self.room() < end, is_file) {
            (true, _) => State::Surplus,
            (false, true) => State::File,
            (false, false) => State::Field { left: VALUE_MAX },
        }
    }

    /// Bytes of heads and fields that may still be kept.
    fn room(&self) -> usize {
        (KEPT_MAX - RESERVE).saturating_sub(self.kept.len())
    }

    /// Behind the last part: its closing dashes are kept, an epilogue as far as there is room.
    fn close(&mut self) -> Result<bool, TooMuch> {
        let keep = self.rest().len().min(self.room().max(2));
        self.keep(keep)?;
        self.done = self.waiting.len();
        Ok(false)
    }

    /// Passes a delimiter on; behind a surplus part it is left out with the part.
    fn pass(&mut self, bytes: usize) -> Result<(), TooMuch> {
        if self.state == State::Surplus {
            self.done += bytes;
            return Ok(());
        }
        self.keep(bytes)
    }

    fn content(&mut self, last: bool) -> Result<bool, TooMuch> {
        let mark = [b"\n", self.delimiter.as_slice()].concat();
        if let Some(at) = find(self.rest(), &mark) {
            let line_end = if at > 0 && self.rest().get(at - 1) == Some(&b'\r') { at - 1 } else { at };
            self.spend(line_end)?;
            self.pass(mark.len() + at - line_end)?;
            self.state = State::Head;
            return Ok(true);
        }
        let tail = if last { 0 } else { mark.len() + 1 };
        self.spend(self.rest().len().saturating_sub(tail))?;
        Ok(false)
    }

    /// Passes `bytes` of content on, or drops them: those of a file, and those above a field's limit.
    fn spend(&mut self, bytes: usize) -> Result<(), TooMuch> {
        let room = self.room();
        let keep = match &mut self.state {
            State::Field { left } => {
                let keep = bytes.min(*left).min(room);
                *left -= keep;
                keep
            }
            _ => 0,
        };
        self.keep(keep)?;
        self.done += bytes - keep;
        Ok(())
    }

    fn keep(&mut self, bytes: usize) -> Result<(), TooMuch> {
        if self.kept.len() + bytes > KEPT_MAX {
            return Err(TooMuch::Bytes);
        }
        self.kept.extend_from_slice(&self.waiting[self.done..self.done + bytes]);
        self.done += bytes;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::multipart::parse;
    use super::*;
    use proptest::prelude::*;

    const CT: Option<&str> = Some("multipart/form-data; boundary=XyZ");

    fn part(head: &str, content: &[u8]) -> Vec<u8> {
        [b"--XyZ\r\nContent-Disposition: form-data; ", head.as_bytes(), b"\r\n\r\n", content, b"\r\n"].concat()
    }

    fn run(body: &[u8], chunk: usize) -> Result<Stripped, TooMuch> {
        let mut stripper = FileStripper::new(CT);
        for piece in body.chunks(chunk) {
            stripper.push(piece)?;
        }
        stripper.finish()
    }

    fn sample(file: &[u8]) -> Vec<u8> {
        [
            part("name=\"a\"", b"1"),
            part("name=\"p\"; filename=\"x.jpg\"", file),
            part("name=\"b\"", b""),
            b"--XyZ--\r\n".to_vec(),
        ]
        .concat()
    }

    #[test]
    fn files_lose_their_contents_and_nothing_else_changes() {
        for chunk in [1, 2, 7, 64, 100_000] {
            let out = run(&sample(b"\r\n--Xy\xff\r\nimage"), chunk).unwrap();

            assert_eq!(out, Stripped { body: sample(b""), files: 1 }, "chunks of {chunk}");
        }
    }

    #[test]
    fn ten_megabytes_of_photo_leave_a_hundred_bytes() {
        let mut stripper = FileStripper::new(CT);
        stripper.push(&part("name=\"a\"", b"1")).unwrap();
        stripper.push(b"--XyZ\r\nContent-Disposition: form-data; name=\"p\"; filename=\"x\"\r\n\r\n").unwrap();
        for _ in 0..160 {
            stripper.push(&[7; 64 * 1024]).unwrap();
            assert!(stripper.waiting.len() < 100 && stripper.kept.len() < 200);
        }
        stripper.push(b"\r\n--XyZ--\r\n").unwrap();

        let out = stripper.finish().unwrap();

        assert_eq!(parse(&out.body, CT).unwrap().files, 1);
        assert_eq!(parse(&out.body, CT).unwrap().pairs, [("a".into(), "1".into())]);
    }

    #[test]
    fn what_is_over_a_limit_is_left_out_and_nothing_is_refused() {
        let files = part("name=\"p\"; filename=\"x\"", b"1").repeat(41);
        let fields = part("name=\"a\"", b"1").repeat(501);
        let text = part("name=\"a\"", &[b'x'; 60_000]).repeat(20);

        let files = [files, sample(b"")].concat();
        let fields = [fields, sample(b"")].concat();
        let text = [part("name=\"first\"", b"1"), text, sample(b"")].concat();

        let out = run(&files, 1000).unwrap();
        assert_eq!((out.files, parse(&out.body, CT).unwrap().files), (42, 40));
        assert_eq!(parse(&out.body, CT).unwrap().pairs, [("a".into(), "1".into()), ("b".into(), String::new())]);
        let pairs = parse(&run(&fields, 1000).unwrap().body, CT).unwrap().pairs;
        assert_eq!(pairs.len(), FIELDS_MAX + 1);
        let out = run(&text, 1000).unwrap();
        assert!(out.body.len() <= KEPT_MAX);
        assert_eq!(parse(&out.body, CT).unwrap().pairs[0], ("first".into(), "1".into()));
        assert_eq!(run(&[b'x'; 2_000_000], 1000), Err(TooMuch::Bytes));
        let many = run(&[part("name=\"a\"", b"1").repeat(50_000), sample(b"")].concat(), 65_536).unwrap();
        assert!(many.body.len() < 64 * 1024, "{}", many.body.len());
    }

    #[test]
    fn a_field_above_its_limit_is_cut_and_its_neighbours_live() {
        let body = [part("name=\"s\"", &[b'x'; 300_000]), part("name=\"b\"", b"2"), b"--XyZ--\r\n".to_vec()].concat();

        let parts = parse(&run(&body, 4096).unwrap().body, CT).unwrap();

        assert_eq!(parts.pairs[0].1.len(), VALUE_MAX);
        assert_eq!(parts.pairs[1], ("b".into(), "2".into()));
    }

    #[test]
    fn a_body_that_is_no_multipart_passes_whole() {
        assert_eq!(run(b"name=Ana&email=a", 3).unwrap(), Stripped { body: b"name=Ana&email=a".to_vec(), files: 0 });
    }

    proptest! {
        #[test]
        fn no_bytes_and_no_cuts_make_it_panic(
            noise in prop::collection::vec(any::<u8>(), 0..100), cut in 0usize..300, chunk in 1usize..50,
        ) {
            let mut body = sample(b"abc");
            body.truncate(cut);
            body.extend(&noise);
            body.extend(sample(&noise));
            let out = run(&body, chunk);
            prop_assert!(out.is_ok_and(|out| out.body.len() <= body.len()));
        }

        #[test]
        fn the_size_of_the_chunks_does_not_matter(file in prop::collection::vec(any::<u8>(), 0..200), chunk in 1usize..50) {
            prop_assert_eq!(run(&sample(&file), chunk), run(&sample(&file), usize::MAX));
        }
    }
}
