//! Pages as the bytes of a file.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::lines::{is_latin, width};
use super::{MARGIN, Mark, PAGE, Paper, WIDE};

const LATIN: Name<'static> = Name(b"L");
const CHINESE: Name<'static> = Name(b"C");
const FOOT: f32 = 8.5;

/// Numbers of the parts that there are once; pages and what stands on them follow.
const CATALOG: i32 = 1;
const TREE: i32 = 2;
const INFO: i32 = 3;
const HELVETICA: i32 = 4;
const SONG: i32 = 5;
const SONG_CID: i32 = 6;
const SONG_SHAPE: i32 = 7;
const FIRST_PAGE: i32 = 8;

fn at(number: i32) -> Ref {
    Ref::new(number)
}

pub(super) fn pdf(paper: &Paper, pages: &[Vec<Mark>]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(at(CATALOG)).pages(at(TREE));
    pdf.document_info(at(INFO)).title(TextStr(&paper.title)).producer(TextStr("Keqiao"));
    fonts(&mut pdf);
    let count = i32::try_from(pages.len()).unwrap_or_default();
    let page_at = |i: i32| at(FIRST_PAGE + 2 * i);
    pdf.pages(at(TREE)).kids((0..count).map(page_at)).count(count);
    for (i, marks) in (0..count).zip(pages) {
        let text_at = at(FIRST_PAGE + 2 * i + 1);
        let mut page = pdf.page(page_at(i));
        page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(at(TREE)).contents(text_at);
        page.resources().fonts().pair(LATIN, at(HELVETICA)).pair(CHINESE, at(SONG));
        page.finish();
        let mut content = Content::new();
        for mark in marks {
            draw(&mut content, mark);
        }
        foot(&mut content, paper, i + 1, count);
        // Over the text: what is drawn beneath can be covered.
        watermark(&mut content, &paper.watermark);
        pdf.stream(text_at, &content.finish());
    }
    pdf.finish()
}

fn fonts(pdf: &mut Pdf) {
    pdf.type1_font(at(HELVETICA)).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(at(SONG))
        .base_font(Name(b"STSong-Light-UniGB-UTF16-H"))
        .encoding_predefined(Name(b"UniGB-UTF16-H"))
        .descendant_font(at(SONG_CID));
    pdf.cid_font(at(SONG_CID))
        .subtype(CidFontType::Type0)
        .base_font(Name(b"STSong-Light"))
        .system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 })
        .font_descriptor(at(SONG_SHAPE))
        .default_width(1000.0);
    pdf.font_descriptor(at(SONG_SHAPE))
        .name(Name(b"STSong-Light"))
        .flags(FontFlags::SERIF | FontFlags::SYMBOLIC)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
}

fn draw(content: &mut Content, mark: &Mark) {
    match mark {
        Mark::Text { x, y, size, bold, text } => {
            content.begin_text();
            if *bold {
                content.set_text_rendering_mode(TextRenderingMode::FillStroke).set_line_width(size / 60.0);
            }
            content.next_line(*x, *y);
            show(content, text, *size);
            if *bold {
                content.set_text_rendering_mode(TextRenderingMode::Fill);
            }
            content.end_text();
        }
        Mark::Rule { x, y, long } => {
            content.set_line_width(0.4).move_to(*x, *y).line_to(x + long, *y).stroke();
        }
        Mark::Square { x, y, side } => {
            // A hair larger, so that neighbours leave no gap.
            content.rect(*x, *y, side + 0.05, side + 0.05).fill_nonzero();
        }
    }
}

/// A text in the two fonts, run by run.
fn show(content: &mut Content, text: &str, size: f32) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let latin = is_latin(first);
        let end = rest.find(|c| is_latin(c) != latin).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if latin {
            content.set_font(LATIN, size).show(Str(run.as_bytes()));
        } else {
            let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            content.set_font(CHINESE, size).show(Str(&units));
        }
        rest = after;
    }
}

fn foot(content: &mut Content, paper: &Paper, page: i32, count: i32) {
    let number = format!("{page} / {count}");
    let x = MARGIN + WIDE - width(&number, FOOT);
    for (x, text) in [(MARGIN, paper.foot.clone()), (x, number)] {
        draw(content, &Mark::Text { x, y: 44.0, size: FOOT, bold: false, text });
    }
}

fn watermark(content: &mut Content, text: &str) {
    const SIZE: f32 = 15.0;
    // The sine and cosine of 30°.
    const UP: (f32, f32) = (0.5, 0.866);
    if text.is_empty() {
        return;
    }
    let step = width(text, SIZE) + 70.0;
    content.save_state().set_fill_gray(0.82);
    for row in -2..9_i16 {
        for column in 0..4_i16 {
            let along = f32::from(column) * step - f32::from(row.rem_euclid(2)) * step / 2.0;
            let (x, y) = (along * UP.1 - 40.0, f32::from(row) * 120.0 + along * UP.0);
            if x < PAGE.0 && y < PAGE.1 {
                content.begin_text().set_text_matrix([UP.1, UP.0, -UP.0, UP.1, x, y]);
                show(content, text, SIZE);
                content.end_text();
            }
        }
    }
    content.restore_state();
}
