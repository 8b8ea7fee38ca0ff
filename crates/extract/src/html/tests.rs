use super::*;

#[test]
fn a_stray_end_does_not_swallow_what_follows() {
    let page = read("<div class=\"nav\"></nav></div><p>正文在此。</p>");
    let at = page.text.text.chars().position(|c| c == '正').unwrap();
    assert_eq!(page.hint(at), Hint::Block);
}

#[test]
fn signs_that_begin_no_tag_are_not_searched_again_and_again() {
    let page = "<\"".repeat(200_000);
    let source: Vec<char> = page.chars().collect();
    let mut parser = Parser::new(&source);
    parser.run();
    assert!(parser.vain < 100 * source.len());
}

#[test]
fn blocks_become_lines_and_lead_back() {
    let source = "<html><title>甲</title><body><p class='a>b'>一&nbsp;二&#20013;<b>三</b><br>四</p><script>if(a<b){}</script>\
                  <!-- x --><nav><a>菜单</a></nav></body>";
    let read = read(source);
    assert_eq!(read.text.text.trim(), "甲\n一 二中三\n四\n菜单");
    let chars: Vec<char> = source.chars().collect();
    for (c, &from) in read.text.text.chars().zip(&read.text.origin).filter(|(c, _)| !c.is_whitespace() && *c != '中') {
        assert_eq!(chars[from as usize], c);
    }
    let at = read.text.text.chars().position(|c| c == '菜').unwrap();
    assert_eq!(read.hint(at), Hint::Apart);
    assert_eq!(read.hint(2), Hint::Block);
}

#[test]
fn what_is_no_tag_is_text() {
    for text in ["a < b", "3<5&copy", "<", "&", "&#xffffffff;", "<p", "</"] {
        let shown: String = read(text).text.text.split_whitespace().collect();
        assert_eq!(shown, text.split_whitespace().collect::<String>(), "{text}");
    }
}

#[test]
fn link_lists_stand_apart() {
    let read = read("<div><ul><li><a href=x>一条很长的链接</a></li></ul><p>正文里有<a>链接</a>也无妨的一段</p></div>");
    let at = |c: char| read.text.text.chars().position(|x| x == c).unwrap();
    assert_eq!(read.hint(at('条')), Hint::Apart);
    assert_eq!(read.hint(at('妨')), Hint::Block);
    assert_eq!(super::read("<div class=\"share\"><p>分享</p></div><p>文</p>").hint(0), Hint::Apart);
}

#[test]
fn a_picture_written_into_its_tag_is_no_text() {
    let bytes = "iVBORw0KGgo+/9AA".repeat(6_000);
    for quote in ['"', '\''] {
        let page = format!("<p>甲<img alt={quote}图{quote} src={quote}data:image/png;base64,{bytes}=={quote}>乙</p>");
        let shown: String = read(&page).text.text.split_whitespace().collect();
        assert_eq!(shown, "甲乙");
    }
}
