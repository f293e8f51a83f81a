//! Templates: everything is escaped, and the strict content policy has nothing to forbid.

use crate::read::Source;

/// What would let a visitor's text out unescaped, or what the content policy forbids. Mails may style inline, since
/// their readers know no style sheets.
pub fn loose(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for word in ["|safe", "{%autoescape", "{%-autoescape"] {
        if tight.contains(word) {
            found.push(format!("{path}: {word} lets text out unescaped"));
        }
    }
    let lower = text.to_ascii_lowercase();
    if path.starts_with("templates/admin/") {
        for (at, _) in lower.match_indices("<script") {
            let inside = lower[at..].split_once('>').map_or("", |(_, rest)| rest);
            if !inside.starts_with("</script>") {
                found.push(format!("{path}: script inside the page"));
            }
        }
        found.extend(lower.contains("<style").then(|| format!("{path}: style inside the page")));
        found.extend(attributes(&lower).into_iter().map(|name| format!("{path}: the attribute {name}")));
    }
    if lower.contains("javascript:") {
        found.push(format!("{path}: a javascript: address"));
    }
    found
}

/// `style=` and `on…=` attributes.
fn attributes(lower: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in lower.match_indices('=') {
        let before = lower[..at].trim_end();
        let name: String = before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let name: String = name.chars().rev().collect();
        let stands_alone = before[..before.len() - name.len()]
            .ends_with(|c: char| c.is_whitespace() || c == '"' || c == '}' || c == '\'');
        let in_a_tag = lower[..at].rfind('<') > lower[..at].rfind('>');
        if stands_alone && in_a_tag && (name == "style" || (name.starts_with("on") && name.len() > 3)) {
            found.push(name);
        }
    }
    found
}

/// A template that escapes nothing although it makes more than plain text.
pub fn unescaped(source: &Source) -> Vec<String> {
    let lines = source.text.lines().filter(|line| {
        let line = line.split("//").next().unwrap_or("");
        line.contains("escape = \"none\"") && !line.contains(".txt\"") && source.below_src().is_some()
    });
    lines.map(|line| format!("{}: {} escapes nothing", source.path, line.trim())).collect()
}

#[test]
fn loose_templates_are_found() {
    let planted = [
        "{{ name|safe }}",
        "{{ name | safe }}",
        "{% autoescape false %}",
        "<script>go()</script>",
        "<script src=\"/a.js\">go()</script>",
        "<style>p{}</style>",
        "<p style=\"color:red\">",
        "<p class=\"a\" STYLE = 'x'>",
        "<a href=\"/\" onclick=\"go()\">",
        "<body\nonload=go()>",
        "<a href=\"javascript:go()\">",
    ];
    for text in planted {
        assert_eq!(loose("templates/admin/a.html", text).len(), 1, "{text}");
    }
    let clean = [
        "<script src=\"/static/app.js\" defer></script>",
        "<p data-style=\"a\">{% if on == 1 %}one = 1{% endif %}</p>",
        "<input name=\"ongoing\" autocomplete=\"one-time-code\">",
    ];
    for text in clean {
        assert_eq!(loose("templates/admin/a.html", text), Vec::<String>::new(), "{text}");
    }
    assert!(loose("templates/messages/a.html", "<p style=\"margin:0\">").is_empty(), "mails may");
    let derive = |path: &str| format!("#[template(path = \"{path}\", escape = \"none\")]");
    assert_eq!(unescaped(&Source::new("src/a.rs", &derive("a.html"), false)).len(), 1);
    assert!(unescaped(&Source::new("src/a.rs", &derive("a.txt"), false)).is_empty());
}
