//! Snapshots of what people and programs read, with ids, links and instants left out.

/// What a snapshot leaves out: ids, hashes, codes and tokens of addresses, instants.
pub const LEFT_OUT: [(&str, &str); 6] = [
    ("[0-9a-f]{64}", "<hash>"),
    ("SM[0-9a-f]{32}", "<sid>"),
    ("[0-9a-hjkmnp-tv-z]{35}", "<id>"),
    ("/l/[A-Za-z0-9_-]{22}", "/l/<code>"),
    ("/in/[0-9a-z]{26}", "/in/<token>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<instant>"),
];

/// Compares with the stored snapshot of that name.
macro_rules! reads_as {
    ($name:literal, $text:expr) => {{
        let text = $text;
        insta::with_settings!({ filters => $crate::support::words::LEFT_OUT, omit_expression => true }, {
            insta::assert_snapshot!($name, text);
        })
    }};
}

pub(crate) use reads_as;
