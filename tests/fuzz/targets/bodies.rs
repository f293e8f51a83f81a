//! Bodies: the sniffer and each parser behind it, the flat list that comes out, and what is struck out of a body before
//! it is stored.

use super::{BODY_MAX, Target};
use crate::corpus::Corpus;
use crate::parcel::unpack;
use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16LE, WINDOWS_1252};
use leadbell::intake::conceal::conceal;
use leadbell::intake::drift::Shape;
use leadbell::intake::flatten::flatten_noting;
use leadbell::intake::node::{FIELDS_MAX, Node};
use leadbell::intake::sniff::sniff;
use leadbell::intake::strip::FileStripper;
use leadbell::intake::{entity, form, json, lines, multipart, providers, several, xml};

const MULTIPART: &str = "multipart/form-data; boundary=XyZ";

pub fn targets(corpus: &Corpus) -> Vec<Target> {
    let parcels: Vec<Vec<u8>> = corpus.sent.iter().map(|one| one.parcel.clone()).collect();
    let mut bodies: Vec<Vec<u8>> = corpus.sent.iter().map(|one| one.body.clone()).collect();
    bodies.extend(corpus.kept.iter().cloned());
    let target = |name: &str, inputs: u64, check: fn(&[u8])| Target {
        name: name.to_owned(),
        inputs,
        seeds: if name == "sniff" { parcels.clone() } else { bodies.clone() },
        most: BODY_MAX,
        check: Box::new(check),
    };
    vec![
        target("sniff", 1_000, sniffed),
        target("form", 400, formed),
        target("json", 1_000, as_json),
        target("multipart", 1_000, in_parts),
        target("strip", 500, stripped),
        target("xml", 1_000, as_xml),
        target("lines", 1_000, in_lines),
        target("entity", 1_000, entities),
        target("flatten", 500, flat),
        target("several", 100, people),
        target("conceal", 500, concealed),
        target("drift", 50, shaped),
    ]
}

/// A body as a text, as the sniffer hands it to the parsers of texts.
fn text(bytes: &[u8]) -> String {
    form::decode(bytes, UTF_8)
}

fn sniffed(bytes: &[u8]) {
    let parcel = unpack(bytes);

    let (once, twice) = (sniff(&parcel.request()), sniff(&parcel.request()));

    assert_eq!((once.shape, &once.tree, once.files), (twice.shape, &twice.tree, twice.files));
}

fn formed(bytes: &[u8]) {
    for charset in [None, Some("windows-1251"), Some("utf-16le"), Some("nonsense")] {
        assert!(form::parse(bytes, charset).len() <= FIELDS_MAX + 1);
    }
    form::unescaped(bytes);
    for encoding in [UTF_8, UTF_16LE, SHIFT_JIS, WINDOWS_1252] {
        form::decode(bytes, encoding);
    }
}

fn as_json(bytes: &[u8]) {
    json::parse_all(&text(bytes));
    let Some(node) = json::parse(&text(bytes)) else { return };

    let written = node.to_json();

    // Events that came together are stored each as a document of its own, and must read the same from there.
    assert_eq!(json::parse(&written).as_ref(), Some(&node), "{written}");
}

fn in_parts(bytes: &[u8]) {
    multipart::looks_multipart(bytes);
    for content_type in [None, Some(MULTIPART), Some("multipart/form-data")] {
        if let Some(parts) = multipart::parse(bytes, content_type) {
            assert!(parts.pairs.len() <= FIELDS_MAX + 1);
        }
    }
}

fn stripped(bytes: &[u8]) {
    let strip = |chunk: usize| {
        let mut stripper = FileStripper::new(Some(MULTIPART));
        bytes.chunks(chunk).try_for_each(|piece| stripper.push(piece))?;
        stripper.finish()
    };

    let (whole, torn) = (strip(bytes.len().max(1)), strip(1 + bytes.len() % 97));

    assert_eq!(whole, torn, "the size of the chunks matters");
    assert!(whole.is_ok_and(|whole| whole.body.len() <= bytes.len()));
}

fn as_xml(bytes: &[u8]) {
    if let Some(Node::Map(children)) = xml::parse(&text(bytes)) {
        assert!(!children.is_empty());
    }
}

fn in_lines(bytes: &[u8]) {
    let text = text(bytes);
    lines::pairs(&text, Some("text/plain"));
    lines::pairs(&text, None);
    lines::free(&text);
}

fn entities(bytes: &[u8]) {
    let text = text(bytes);

    assert!(entity::decode(&text).len() <= text.len(), "a text grew");
}

/// A body as a tree, however it can be read as one.
fn tree(bytes: &[u8]) -> Node {
    sniff(&unpack(bytes).request()).tree
}

fn flat(bytes: &[u8]) {
    let tree = tree(bytes);

    let flat = flatten_noting(&tree);

    assert!(flat.answers.iter().filter(|answer| !answer.values.is_empty()).count() <= FIELDS_MAX + 1);
    assert_eq!(flat.answers, flatten_noting(&tree).answers);
}

fn people(bytes: &[u8]) {
    let tree = tree(bytes);

    assert!(several::people(&tree, "US").len() <= FIELDS_MAX);
    assert_eq!(several::read(&tree, "US", 0), several::read(&tree, "US", 0));
}

fn concealed(bytes: &[u8]) {
    let stored = conceal(bytes.to_vec());

    assert_eq!(stored.len(), bytes.len(), "something moved");
    assert!(stored.iter().zip(bytes).all(|(now, before)| now == before || *now == b'*'));
    assert_eq!(conceal(stored.clone()), stored, "a stored body is struck out once more");
}

fn shaped(bytes: &[u8]) {
    let parcel = unpack(bytes);
    let reading = providers::generic().read(&parcel.request());
    let tree = sniff(&parcel.request()).tree;

    assert_eq!(Shape::of(&tree, &reading).print(), Shape::of(&tree, &reading).print());
}
