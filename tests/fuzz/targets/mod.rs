//! What is tried, one target for each parser and each mapper. A target is given bytes and panics when something is wrong.

mod bodies;
mod proofs;
mod vendors;
mod words;

use crate::corpus::Corpus;

/// Longest body, in bytes: no more is kept of one.
const BODY_MAX: usize = 1024 * 1024;
/// Longest text that stands for one answer, in bytes.
const WORD_MAX: usize = 64 * 1024;

/// What an input must stand up to; it panics where it does not.
pub type Check = Box<dyn Fn(&[u8]) + Send + Sync>;

/// Something that takes bytes from strangers.
pub struct Target {
    /// By this name it is chosen.
    pub name: String,
    /// How many made-up inputs it gets in a plain run.
    pub inputs: u64,
    /// What its inputs are made from.
    pub seeds: Vec<Vec<u8>>,
    /// Its longest input, in bytes.
    pub most: usize,
    /// Tries one.
    pub check: Check,
}

/// All of them.
pub fn all(corpus: &Corpus) -> Vec<Target> {
    let mut all = bodies::targets(corpus);
    all.extend(vendors::targets(corpus));
    all.extend(proofs::targets(corpus));
    all.extend(words::targets(corpus));
    all
}
