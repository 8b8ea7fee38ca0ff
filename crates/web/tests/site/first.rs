//! The site answers at all.

use crate::house::Site;

#[tokio::test]
async fn an_unknown_address_is_told_in_the_reader_s_language() {
    let site = Site::new().await;
    let page = site.get("/no-such-page").await.expect(404);
    assert!(page.body.contains("lang=\"zh"), "{}", page.body);
    assert!(page.headers.contains_key("content-security-policy"));
    assert!(page.headers.contains_key("x-request-id"));
    site.get("/no-such-page?lang=en").await.expect(404);
}
