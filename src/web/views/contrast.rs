//! The colours of the style sheet, measured: every pair that pages use, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::HashMap;

const CSS: &str = include_str!("../../../static/app.css");

type Theme = HashMap<String, String>;

/// The tokens of the light theme, and those with the dark ones over them.
fn themes() -> [(&'static str, Theme); 2] {
    let (light, rest) = CSS.split_once("prefers-color-scheme:dark").unwrap();
    let dark = rest.split("}}").next().unwrap();
    let light = tokens(light);
    let mut both = light.clone();
    both.extend(tokens(dark));
    [("light", light), ("dark", both)]
}

fn tokens(css: &str) -> Theme {
    css.split("--")
        .skip(1)
        .filter_map(|rest| rest.split(';').next()?.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .filter(|(_, value)| value.len() == 7 && value.starts_with('#'))
        .collect()
}

fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn assert_pairs(least: f64, fronts: &[&str], backs: &[&str]) {
    for (theme, tokens) in themes() {
        for front in fronts {
            for back in backs {
                let measured = contrast(&tokens[*front], &tokens[*back]);
                assert!(measured >= least, "{theme}: {front} on {back} is {measured:.2}, needs {least}");
            }
        }
    }
}

#[test]
fn words_can_be_read_on_every_ground() {
    assert_pairs(4.5, &["ink", "ink2", "ink3"], &["bg", "surface", "sunk"]);
    assert_pairs(4.5, &["link"], &["bg", "surface", "sunk"]);
    for band in ["fast", "ok", "slow"] {
        assert_pairs(4.5, &[band, "ink", "ink2"], &[&format!("{band}-tint")]);
        assert_pairs(4.5, &[band], &["bg", "surface"]);
    }
    assert_pairs(4.5, &["on-call"], &["call"]);
    assert_pairs(4.5, &["on-badge"], &["badge"]);
    assert_pairs(4.5, &["bg"], &["ink"]);
}

#[test]
fn marks_and_edges_stand_out() {
    assert_pairs(3.0, &["control", "focus", "fast-fill", "ok-fill", "slow-fill"], &["bg", "surface"]);
}

#[test]
fn the_squares_of_the_week_grow_steadily_apart_from_the_ground() {
    for (theme, tokens) in themes() {
        let steps: Vec<f64> = (0..6).map(|n| contrast(&tokens[&format!("h{n}")], &tokens["surface"])).collect();
        assert!(steps.windows(2).all(|pair| pair[1] > pair[0]), "{theme}: {steps:?}");
    }
}

#[test]
fn the_lowest_pairs_are_those_that_the_design_measured() {
    let [(_, light), (_, dark)] = themes();

    let told = |tokens: &Theme, a: &str, b: &str| (contrast(&tokens[a], &tokens[b]) * 100.0).round() / 100.0;

    assert_eq!(told(&light, "ink3", "sunk"), 4.83);
    assert_eq!(told(&dark, "ink3", "sunk"), 5.6);
    assert_eq!((told(&light, "on-call", "call"), told(&dark, "on-call", "call")), (6.19, 7.25));
}
