//! A picture of boxes, texts and arrows, as SVG.

use std::fmt::Write;

/// A picture under construction. Lengths are in pixels.
pub(super) struct Svg {
    width: u32,
    height: u32,
    /// What it shows, for readers who cannot see it.
    title: &'static str,
    body: String,
}

/// A point: the distance from the left edge and from the top.
pub(super) type Point = (u32, u32);

/// A rectangle with a bold first line and plain lines below it.
pub(super) struct TextBox {
    pub(super) at: Point,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) lines: &'static [&'static str],
    /// Whether it is the one that the picture is about.
    pub(super) is_main: bool,
}

/// The size of all letters.
const LETTERS: u32 = 15;
/// From one line of text to the next.
const LINE: u32 = 21;

impl TextBox {
    pub(super) fn left(&self) -> Point {
        (self.at.0, self.at.1 + self.height / 2)
    }

    pub(super) fn right(&self) -> Point {
        (self.at.0 + self.width, self.at.1 + self.height / 2)
    }

    pub(super) fn top(&self) -> Point {
        (self.at.0 + self.width / 2, self.at.1)
    }

    pub(super) fn bottom(&self) -> Point {
        (self.at.0 + self.width / 2, self.at.1 + self.height)
    }

    /// Whether its lines fit into it, at the width of a wide letter.
    #[cfg(test)]
    pub(super) fn fits(&self) -> bool {
        let widest = self.lines.iter().map(|line| text_width(line)).max().unwrap_or(0);
        let lines = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        widest + 16 <= self.width && lines * LINE + 8 <= self.height
    }
}

/// The width of a text in letters of common sans-serif fonts, rather too large than too small.
#[cfg(test)]
pub(super) fn text_width(text: &str) -> u32 {
    let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    letters * LETTERS * 6 / 10
}

impl Svg {
    pub(super) fn new(width: u32, height: u32, title: &'static str) -> Self {
        Self { width, height, title, body: String::new() }
    }

    fn push(&mut self, element: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.body, "  {element}");
    }

    pub(super) fn text_box(&mut self, of: &TextBox) {
        let (fill, stroke) = if of.is_main { ("#dbeafe", "#1d4ed8") } else { ("#f8fafc", "#64748b") };
        let TextBox { at: (x, y), width, height, .. } = of;
        self.push(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.5\"/>"
        ));
        let lines = u32::try_from(of.lines.len()).unwrap_or(u32::MAX);
        let first = y + (height - lines * LINE) / 2 + LETTERS;
        for (at, line) in (0..).zip(of.lines) {
            let weight = if at == 0 { "bold" } else { "normal" };
            self.text((x + width / 2, first + at * LINE), line, weight);
        }
    }

    /// A text around its middle, with its baseline at `at`.
    pub(super) fn text(&mut self, (x, y): Point, text: &str, weight: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.push(&format!("<text x=\"{x}\" y=\"{y}\" font-weight=\"{weight}\">{text}</text>"));
    }

    /// An arrow through these points.
    pub(super) fn arrow(&mut self, points: &[Point]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        self.push(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#334155\" stroke-width=\"2\" marker-end=\"url(#tip)\"/>",
            points.join(" ")
        ));
    }

    /// The whole file. It has a background of its own, so that it can be read on dark pages.
    pub(super) fn finish(self) -> String {
        let Self { width, height, title, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"{LETTERS}\" text-anchor=\"middle\" fill=\"#0f172a\">
  <title>{title}</title>
  <defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" fill=\"#334155\"/></marker></defs>
  <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#ffffff\"/>
{body}</svg>
"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_stand_in_their_box() {
        let of = TextBox { at: (10, 20), width: 100, height: 60, lines: &["A & B", "<c>"], is_main: false };
        let mut svg = Svg::new(200, 100, "a test");
        svg.text_box(&of);
        let file = svg.finish();
        assert!(file.contains(">A &amp; B</text>") && file.contains(">&lt;c></text>"), "{file}");
        assert!(file.contains("<text x=\"60\" y=\"44\" font-weight=\"bold\">"), "{file}");
        assert!(of.fits());
        assert_eq!([of.left(), of.right(), of.top(), of.bottom()], [(10, 50), (110, 50), (60, 20), (60, 80)]);
    }

    #[test]
    fn what_does_not_fit_is_noticed() {
        let narrow =
            TextBox { at: (0, 0), width: 100, height: 60, lines: &["much too long a line"], is_main: true };
        assert!(!narrow.fits());
        let low = TextBox { at: (0, 0), width: 100, height: 40, lines: &["a", "b"], is_main: true };
        assert!(!low.fits());
    }
}
