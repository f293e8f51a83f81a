//! A text as a QR code, drawn as SVG: black on white with the quiet edge that cameras need, in units of one module.

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use std::fmt::Write;

/// The empty edge on each side, in modules, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// The picture; none when the text is too long for any code (some 2,300 bytes).
pub fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let size = code.size;
    let mut path = String::new();
    for y in 0..size {
        let dark = |x: usize| x < size && code[y][x].value();
        let mut x = 0;
        while x < size {
            let run = (x..=size).take_while(|at| dark(*at)).count();
            if run > 0 {
                let _infallible = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    let whole = size + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_edge_and_changes_with_its_text() {
        let one = svg("https://leads.harborplumbing.com/f/harbor").unwrap();
        let other = svg("https://leads.harborplumbing.com/f/rival").unwrap();

        // 29 modules hold 42 bytes at this level, with four on each side.
        assert!(one.contains("viewBox=\"0 0 37 37\""), "{one}");
        for corner in ["M4 4h7v1h-7z", "M26 4h7v1h-7z", "M4 26h7v1h-7z"] {
            assert!(one.contains(corner), "{corner}");
        }
        assert!(one != other);
        assert_eq!(svg(&"a".repeat(3_000)), None);
    }
}
