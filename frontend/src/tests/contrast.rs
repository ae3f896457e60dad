//! The contrast of the colour pairs that the pages use, computed from the tokens in `app.css`.

use std::collections::BTreeMap;

/// Text pairs need 4.5, shapes and rings 3 (WCAG 2.2, 1.4.3 and 1.4.11).
const PAIRS: [(&str, &str, f64); 23] = [
    ("ink", "bg", 4.5),
    ("ink", "surface", 4.5),
    ("ink", "sunken", 4.5),
    ("muted", "bg", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "sunken", 4.5),
    ("brand", "bg", 4.5),
    ("brand", "surface", 4.5),
    ("brand", "tint", 4.5),
    ("muted", "tint", 4.5),
    ("on-brand", "brand", 4.5),
    ("on-brand", "brand-hover", 4.5),
    ("ok", "ok-bg", 4.5),
    ("warn", "warn-bg", 4.5),
    ("bad", "bad-bg", 4.5),
    ("bad", "surface", 4.5),
    ("info", "info-bg", 4.5),
    ("plum", "plum-bg", 4.5),
    ("ink", "warn-bg", 4.5),
    ("edge", "surface", 3.0),
    ("edge", "bg", 3.0),
    ("focus", "bg", 3.0),
    ("focus", "surface", 3.0),
];

#[test]
fn colour_pairs_are_readable_in_light_and_dark() {
    let css = super::files::text("static/app.css");
    let tokens = tokens(&css);
    for (front, back, least) in PAIRS {
        let (front_token, back_token) = (&tokens[front], &tokens[back]);
        for scheme in 0..2 {
            let ratio = contrast(&front_token[scheme], &back_token[scheme]);
            assert!(ratio >= least, "{front} on {back}, scheme {scheme}: {ratio:.2}");
        }
    }
}

#[test]
fn browsers_without_light_dark_get_the_light_values() {
    let css = super::files::text("static/app.css");
    for (name, [light, _]) in tokens(&css) {
        assert!(css.contains(&format!("--{name}: {light};")), "{name}: no plain {light}");
    }
}

/// `name -> [light, dark]` of every token written with `light-dark()`.
fn tokens(css: &str) -> BTreeMap<String, [String; 2]> {
    let mut found = BTreeMap::new();
    for part in css.split("--").skip(1) {
        let Some((name, rest)) = part.split_once(": light-dark(") else {
            continue;
        };
        if !name.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
            continue;
        }
        let (values, _) = rest.split_once(')').unwrap();
        let (light, dark) = values.split_once(", ").unwrap();
        found.insert(name.to_owned(), [light.to_owned(), dark.to_owned()]);
    }
    assert!(found.len() > 20);
    found
}

fn contrast(front: &str, back: &str) -> f64 {
    let (a, b) = (luminance(front), luminance(back));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance of `#rgb` or `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let digits: Vec<u32> = colour.trim_start_matches('#').chars().map(|c| c.to_digit(16).unwrap()).collect();
    let channels: Vec<u32> = if digits.len() == 3 {
        digits.iter().map(|digit| digit * 17).collect()
    } else {
        digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
    };
    let linear = |value: u32| {
        let share = f64::from(value) / 255.0;
        if share <= 0.03928 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(channels[0]) + 0.7152 * linear(channels[1]) + 0.0722 * linear(channels[2])
}
