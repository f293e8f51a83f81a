//! Runs the real program under the recorder and reads the log back: what reached the files and the sockets, in order.

use crate::house::{House, with_end};
use crate::load::{self, Ledger};
use leadbell::base::random::Random;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// How many leads are sent while the recorder runs, and from how many senders at once.
const LEADS: usize = 400;
const AT_ONCE: usize = 16;

/// One thing that happened. Files are told apart by path.
#[derive(Debug)]
pub enum Happened {
    Wrote {
        file: PathBuf,
        offset: u64,
        bytes: Vec<u8>,
    },
    Cut {
        file: PathBuf,
        length: u64,
    },
    Syncing(PathBuf),
    Synced(PathBuf),
    Removed(PathBuf),
    /// The first bytes of what left through a socket.
    Sent {
        socket: i32,
        bytes: Vec<u8>,
    },
    Got {
        socket: i32,
        bytes: Vec<u8>,
    },
}

/// What happened, and what senders were promised meanwhile.
pub struct Recording {
    pub log: Vec<Happened>,
    pub ledger: Ledger,
    pub database: PathBuf,
    /// The settings of its house, for as long as the files are needed.
    pub house: Arc<House>,
}

/// The recorder, compiled beside the house; none where programs cannot be preloaded.
pub fn recorder(house: &House) -> Result<PathBuf, String> {
    if !cfg!(target_os = "linux") {
        return Err("this machine is not a Linux: the recorder is preloaded with LD_PRELOAD".to_owned());
    }
    let (source, library) = (house.scratch("recorder.c"), house.scratch("recorder.so"));
    std::fs::write(&source, include_str!("recorder.c")).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).arg("-lpthread");
    let output = compiler.output().expect("cc, which the database needs as well");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(library)
}

/// The program with the recorder in it.
pub fn recorded(house: &House, library: &Path, log: &Path) -> Command {
    let mut command = house.command();
    command.env("LD_PRELOAD", library).env("RECORDER_LOG", log).env("RECORDER_DIR", house.data());
    command
}

/// A recording of a burst of leads, from start to polite end.
pub async fn record(program: PathBuf, seed: u64) -> Result<Recording, String> {
    let random = Arc::new(Random::seeded(seed));
    let house = Arc::new(House::build(program, &random).await);
    let (library, log) = (recorder(&house)?, house.scratch("recording"));
    let before = std::fs::read(house.database()).unwrap();
    let left = std::fs::metadata(with_end(&house.database(), "-wal")).map_or(0, |log| log.len());
    assert_eq!(left, 0, "a closed database has nothing in its log");
    let mut running = house.start_as(recorded(&house, &library, &log));
    running.ready().await;
    let ledger = load::burst(&house, &random, 0..LEADS, AT_ONCE).await;
    assert_eq!(ledger.promised.len(), LEADS, "a lead was not answered");
    running.stop().await;
    let mut happened = vec![
        Happened::Wrote { file: house.database(), offset: 0, bytes: before },
        Happened::Syncing(house.database()),
        Happened::Synced(house.database()),
    ];
    happened.extend(read(&std::fs::read(&log).unwrap()));
    Ok(Recording { log: happened, ledger, database: house.database(), house })
}

/// Reads the recorder's records; see `recorder.c`.
fn read(mut log: &[u8]) -> Vec<Happened> {
    let mut files: std::collections::HashMap<i32, PathBuf> = std::collections::HashMap::new();
    let mut happened = Vec::new();
    while log.len() >= 20 {
        let word = |at: usize| u32::from_le_bytes(log[at..at + 4].try_into().unwrap());
        let (kind, fd) = (word(0), i32::from_le_bytes(log[4..8].try_into().unwrap()));
        let (offset, length) = (u64::from_le_bytes(log[8..16].try_into().unwrap()), word(16) as usize);
        let bytes = log[20..20 + length].to_vec();
        log = &log[20 + length..];
        let named = || files.get(&fd).cloned();
        let path = || PathBuf::from(String::from_utf8(bytes.clone()).unwrap());
        let one = match kind {
            1 => {
                files.insert(fd, path());
                None
            }
            2 => named().map(|file| Happened::Wrote { file, offset, bytes: bytes.clone() }),
            3 => named().map(|file| Happened::Cut { file, length: offset }),
            4 => named().map(Happened::Syncing),
            5 => named().map(Happened::Synced),
            6 => Some(Happened::Removed(path())),
            7 => {
                files.remove(&fd);
                None
            }
            8 => Some(Happened::Sent { socket: fd, bytes: bytes.clone() }),
            9 => Some(Happened::Got { socket: fd, bytes: bytes.clone() }),
            other => panic!("the recorder knows no {other}"),
        };
        happened.extend(one);
    }
    assert!(log.is_empty(), "the recording ends in the middle of a record");
    happened
}

/// Follows the sockets: which lead an answer that leaves belongs to.
#[derive(Default)]
pub struct Answers {
    asked: std::collections::HashMap<i32, Vec<u8>>,
}

impl Answers {
    pub fn got(&mut self, socket: i32, bytes: &[u8]) {
        if bytes.starts_with(b"POST ") {
            self.asked.insert(socket, Vec::new());
        }
        if let Some(asked) = self.asked.get_mut(&socket) {
            asked.extend_from_slice(bytes);
        }
    }

    /// The lead that is promised to its sender by this, if it is.
    pub fn sent(&mut self, socket: i32, bytes: &[u8]) -> Option<usize> {
        let asked = if bytes.starts_with(b"HTTP/1.1 ") { self.asked.remove(&socket)? } else { return None };
        let promises = bytes.starts_with(b"HTTP/1.1 200") || bytes.starts_with(b"HTTP/1.1 303");
        if promises && asked.starts_with(b"POST /in/") { load::find_mark(&asked) } else { None }
    }
}
