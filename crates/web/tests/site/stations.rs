//! Workstations: another term of one, and room for more experts; the report of a service asked for days that are none.

use keqiao_app::parties::{PartyInput, create_own_person};
use keqiao_app::workstations::{StationInput, apply_for_station};

use crate::house::Site;
use crate::news::missing;

#[tokio::test]
async fn another_term_begins_where_one_ends_and_the_form_has_room_for_more() {
    let site = Site::new().await;
    let person = PartyInput { name: "专家甲".into(), ..PartyInput::default() };
    let expert = create_own_person(&site.app, &site.viewer("rival").await, person).await.unwrap();
    let input = StationInput {
        name: "院士站".into(),
        party: Some(site.a.id),
        topic: "可靠性".into(),
        from: "2026-01-01".into(),
        to: "2028-12-31".into(),
        experts: vec![(expert.id, "academician".into(), 3)],
    };
    let station = apply_for_station(&site.app, &site.viewer("owner").await, input).await.unwrap();
    let (owner, address) = (site.as_("owner"), format!("/workstations/new?renews={}", station.id));
    let form = owner.get(&address).await.expect(200);
    missing(&form, &["value=\"2029-01-01\"", "value=\"2031-12-31\"", "value=\"专家甲\"", "value=\"院士站\""]);
    assert!(!form.body.contains("name=\"person.4\""));
    // What is not shown to somebody is not copied for him either.
    site.as_("member").get(&address).await.expect(404);
    let typed = [("more", "1"), ("name", "下一期"), ("person.0", "专家甲"), ("person.3", "专家乙")];
    let more = owner.post("/workstations", &typed).await.expect(200);
    missing(&more, &["name=\"person.7\"", "value=\"专家乙\"", "value=\"下一期\""]);
    assert!(!more.body.contains("name=\"person.8\""));
}

#[tokio::test]
async fn a_report_keeps_days_that_are_none_in_its_form_and_says_so() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    let page = operator.get("/volunteers/report?from=gestern&to=2026-12-31").await.expect(200);
    missing(&page, &["value=\"gestern\"", "value=\"2026-12-31\"", "id=\"from-error\"", "aria-invalid=\"true\""]);
    let turned = operator.get("/volunteers/report?from=2026-12-31&to=2026-01-01").await.expect(200);
    missing(&turned, &["id=\"to-error\""]);
    operator.get("/volunteers/report.csv?from=gestern").await.expect(422);
}
