//! What one side, or one fault, may not do to the others.

use keqiao_app::accounts::set_disabled;

use super::*;

fn fault(result: Result<impl std::fmt::Debug, AppError>) -> (String, String) {
    match result {
        Err(AppError::Invalid(faults)) => (faults[0].field.clone(), faults[0].code.to_owned()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_disabled_account_is_not_named_as_broker() {
    let cast = cast().await;
    let broker = cast.house.account("broker", Some(PlatformRole::Broker)).await;
    let opened = cast.open("一").await.unwrap();
    set_disabled(&cast.house.app, &Viewer::console(), broker.id, true).await.unwrap();
    let named = cast.step(&cast.operator, &opened, Doing::Assign(Some(broker.id))).await;
    assert_eq!(fault(named), ("broker".into(), "not-a-broker".into()));
    set_disabled(&cast.house.app, &Viewer::console(), broker.id, false).await.unwrap();
    cast.step(&cast.operator, &opened, Doing::Assign(Some(broker.id))).await.unwrap();
}
