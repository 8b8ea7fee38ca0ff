//! Papers as PDF: certificates, contract packs, annexes.
//!
//! A font for Chinese is larger than the whole program, so none is embedded: papers name the standard fonts of the
//! format (`STSong-Light` with the character map `UniGB-UTF16-H`, Helvetica), which every viewer has or replaces.

mod lines;
mod write;

use qrcode::{Color, QrCode};

use lines::{width, wrapped};

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 60.0;
const WIDE: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the text of a page ends; below stands its foot.
const LOWEST: f32 = 76.0;
const BODY: f32 = 10.5;
/// Height of a line, as a multiple of the letters' size.
const LEAD: f32 = 1.6;
/// Where the values of pairs begin.
const VALUES: f32 = 120.0;

/// A part of a paper, from the top down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title, in the middle.
    Title(String),
    /// A heading.
    Heading(String),
    /// Paragraphs.
    Text(String),
    /// Small print.
    Small(String),
    /// Names and values.
    Pairs(Vec<(String, String)>),
    /// A table: its heads with their shares of the width, and its rows.
    Table(Vec<(String, u32)>, Vec<Vec<String>>),
    /// A code that leads to an address, and what stands beside it.
    Code(String, Vec<String>),
}

/// A paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its title among the properties of the file.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// What stands at the foot of each page.
    pub foot: String,
    /// What is written across each page; empty: nothing.
    pub watermark: String,
}

/// What stands at a place of a page.
#[derive(Debug, Clone, PartialEq)]
enum Mark {
    Text { x: f32, y: f32, size: f32, bold: bool, text: String },
    Rule { x: f32, y: f32, long: f32 },
    Square { x: f32, y: f32, side: f32 },
}

/// Pages while they are filled.
struct Pages {
    done: Vec<Vec<Mark>>,
    page: Vec<Mark>,
    /// The lowest line that is taken.
    y: f32,
}

impl Pages {
    /// Makes room for so many points, on the next page if need be.
    fn room(&mut self, high: f32) {
        if self.y - high < LOWEST && !self.page.is_empty() {
            self.done.push(std::mem::take(&mut self.page));
            self.y = PAGE.1 - MARGIN;
        }
    }

    fn gap(&mut self, high: f32) {
        if !self.page.is_empty() {
            self.y -= high;
        }
    }

    fn line(&mut self, x: f32, size: f32, bold: bool, text: String) {
        self.page.push(Mark::Text { x, y: self.y - size * 1.1, size, bold, text });
    }

    fn paragraphs(&mut self, text: &str, size: f32) {
        for line in text.lines().flat_map(|l| wrapped(l, size, WIDE)) {
            self.room(size * LEAD);
            self.line(MARGIN, size, false, line);
            self.y -= size * LEAD;
        }
    }

    /// Cells beside each other, as high as the highest; each with its place and width.
    fn cells(&mut self, cells: &[(f32, f32, &str)], bold: bool) {
        let broken: Vec<Vec<String>> =
            cells.iter().map(|(_, wide, text)| text.lines().flat_map(|l| wrapped(l, BODY, *wide)).collect()).collect();
        let most = broken.iter().map(Vec::len).max().unwrap_or_default();
        for row in 0..most {
            self.room(BODY * LEAD);
            for ((x, ..), lines) in cells.iter().zip(&broken) {
                if let Some(text) = lines.get(row) {
                    self.line(*x, BODY, bold, text.clone());
                }
            }
            self.y -= BODY * LEAD;
        }
    }

    fn rule(&mut self) {
        self.page.push(Mark::Rule { x: MARGIN, y: self.y - 2.0, long: WIDE });
        self.y -= 6.0;
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => {
                for line in wrapped(text, 20.0, WIDE) {
                    let x = MARGIN + (WIDE - width(&line, 20.0)) / 2.0;
                    self.line(x, 20.0, true, line);
                    self.y -= 20.0 * LEAD;
                }
                self.gap(8.0);
            }
            Block::Heading(text) => {
                self.gap(10.0);
                // A heading does not stand alone at the end of a page.
                self.room(13.0 * LEAD + 3.0 * BODY * LEAD);
                self.line(MARGIN, 13.0, true, text.clone());
                self.y -= 13.0 * LEAD;
                self.rule();
            }
            Block::Text(text) => {
                self.paragraphs(text, BODY);
                self.gap(4.0);
            }
            Block::Small(text) => {
                self.gap(4.0);
                self.paragraphs(text, 8.5);
            }
            Block::Pairs(pairs) => {
                for (name, value) in pairs {
                    let value = if value.is_empty() { "—" } else { value };
                    self.cells(&[(MARGIN, VALUES - 12.0, name), (MARGIN + VALUES, WIDE - VALUES, value)], false);
                }
            }
            Block::Table(heads, rows) => self.table(heads, rows),
            Block::Code(address, beside) => self.code(address, beside),
        }
    }

    fn table(&mut self, heads: &[(String, u32)], rows: &[Vec<String>]) {
        let all: u32 = heads.iter().map(|(_, share)| share).sum::<u32>().max(1);
        let mut places = Vec::new();
        let mut x = MARGIN;
        for (_, share) in heads {
            let wide = WIDE * (*share as f32) / (all as f32);
            places.push((x, wide - 10.0));
            x += wide;
        }
        let row_of = |texts: Vec<&str>| -> Vec<(f32, f32, String)> {
            places.iter().zip(texts).map(|((x, wide), text)| (*x, *wide, text.to_owned())).collect()
        };
        let names = row_of(heads.iter().map(|(name, _)| name.as_str()).collect());
        for (i, row) in std::iter::once(names)
            .chain(rows.iter().map(|r| row_of(r.iter().map(String::as_str).collect())))
            .enumerate()
        {
            let cells: Vec<(f32, f32, &str)> = row.iter().map(|(x, wide, text)| (*x, *wide, text.as_str())).collect();
            self.cells(&cells, i == 0);
            self.rule();
        }
    }

    fn code(&mut self, address: &str, beside: &[String]) {
        const SIDE: f32 = 104.0;
        self.gap(12.0);
        self.room(SIDE + 12.0);
        let top = self.y;
        let mut right = MARGIN;
        if let Ok(code) = QrCode::new(address.as_bytes()) {
            let (count, colors) = (code.width(), code.to_colors());
            let side = SIDE / count as f32;
            for (i, _) in colors.iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
                let (column, row) = ((i % count) as f32, (i / count) as f32);
                self.page.push(Mark::Square { x: MARGIN + column * side, y: top - (row + 1.0) * side, side });
            }
            right += SIDE + 18.0;
        }
        for line in beside.iter().flat_map(|l| wrapped(l, BODY, PAGE.0 - MARGIN - right)) {
            self.line(right, BODY, false, line);
            self.y -= BODY * LEAD;
        }
        self.y = self.y.min(top - SIDE - 8.0);
    }
}

impl Paper {
    /// The file. The same paper gives the same bytes.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        let mut pages = Pages { done: Vec::new(), page: Vec::new(), y: PAGE.1 - MARGIN };
        for block in &self.blocks {
            pages.block(block);
        }
        pages.done.push(pages.page);
        write::pdf(self, &pages.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_page_goes_on_on_the_next_and_nothing_is_lost() {
        let text: String = (0..200).map(|n| format!("第{n}条 双方约定 agreed。\n")).collect();
        let paper = Paper { title: "约定".into(), blocks: vec![Block::Text(text)], ..Paper::default() };
        let mut pages = Pages { done: Vec::new(), page: Vec::new(), y: PAGE.1 - MARGIN };
        paper.blocks.iter().for_each(|b| pages.block(b));
        pages.done.push(pages.page);
        assert!(pages.done.len() > 3);
        let marks: Vec<&Mark> = pages.done.iter().flatten().collect();
        let lines: Vec<&str> = marks
            .iter()
            .filter_map(|m| match m {
                Mark::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(lines.len(), 200);
        assert!(marks.iter().all(|m| !matches!(m, Mark::Text { y, .. } if *y < MARGIN || *y > PAGE.1)));
        let file = paper.pdf();
        assert!(file.starts_with(b"%PDF-1.7") && file == paper.pdf());
    }
}
