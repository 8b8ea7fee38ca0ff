//! What is changed behind the program's back is found and named.

use keqiao_app::engagements::{Doing, StepInput, public_chain, take_step, verify_engagements, view_engagement};
use keqiao_domain::{Attributes, ChainFault, EngagementId, Role};
use keqiao_store::Dialect;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};

use crate::world::World;

async fn step(world: &World, id: EngagementId, by: Role, doing: Doing, expected: i64, proven: bool) {
    let viewer = world.of(by);
    let content = match &doing {
        Doing::Move { id, .. } => world.content(id),
        _ => Attributes::new(),
    };
    let files = if proven { vec![world.file(viewer, id).await.id] } else { Vec::new() };
    let input = StepInput { doing, role: None, expected, content, note: "说明".into(), files };
    take_step(&world.app, viewer, id, input).await.unwrap();
}

/// Taken up, talked about, and signed: five steps and a file.
async fn signed(world: &World) -> EngagementId {
    let id = world.open(Role::Need).await.id;
    let made = |id: &str| Doing::Move { id: id.into(), reason: None };
    step(world, id, Role::Offer, Doing::Confirm, 1, false).await;
    step(world, id, Role::Need, made("minutes"), 2, false).await;
    step(world, id, Role::Offer, made("sign"), 3, true).await;
    step(world, id, Role::Need, Doing::Confirm, 4, false).await;
    id
}

async fn found(world: &World) -> Vec<String> {
    let (faults, _) = verify_engagements(&world.app, &|_| ()).await.unwrap();
    faults.iter().map(ToString::to_string).collect()
}

/// Changes one byte of a text in the database, in the middle of a row's column.
async fn flip(raw: &mut AnyConnection, table: &str, column: &str, condition: &str) -> bool {
    let middle = format!("(length({column}) / 2 + 1)");
    let change = format!(
        "UPDATE {table} SET {column} = substr({column}, 1, {middle} - 1) || \
         CASE substr({column}, {middle}, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr({column}, {middle} + 1) \
         WHERE {condition} AND length({column}) > 0"
    );
    raw.execute(AssertSqlSafe(change)).await.unwrap().rows_affected() > 0
}

async fn tampering(dialect: Dialect) {
    let Some(world) = World::new(dialect).await else { return };
    let (id, other) = (signed(&world).await, signed(&world).await);
    assert_eq!(found(&world).await, Vec::<String>::new());
    let mut raw = AnyConnection::connect(&world.url).await.unwrap();
    let engagement = format!("engagement {id}");
    for ordinal in 1..=5 {
        for column in ["record", "hash"] {
            let row = format!("engagement_id = '{id}' AND ordinal = {ordinal}");
            let keep = format!("CREATE TABLE kept_row AS SELECT * FROM engagement_steps WHERE {row}");
            raw.execute(AssertSqlSafe(keep)).await.unwrap();
            assert!(flip(&mut raw, "engagement_steps", column, &row).await);
            let said = found(&world).await;
            let place = format!("{engagement}, step {ordinal}:");
            assert!(said[0].starts_with(&place), "{column} of step {ordinal}: {said:?}");
            let back = format!(
                "UPDATE engagement_steps SET {column} = (SELECT {column} FROM kept_row) WHERE {row}; DROP TABLE kept_row"
            );
            raw.execute(sqlx::raw_sql(AssertSqlSafe(back))).await.unwrap();
            assert_eq!(found(&world).await, Vec::<String>::new());
        }
    }
    // The place of a step, and a step that is gone.
    let moved = format!("UPDATE engagement_steps SET ordinal = 9 WHERE engagement_id = '{id}' AND ordinal = 5");
    raw.execute(AssertSqlSafe(moved)).await.unwrap();
    assert!(found(&world).await[0].starts_with(&format!("{engagement}, step 5:")));
    let back = format!("UPDATE engagement_steps SET ordinal = 5 WHERE engagement_id = '{id}' AND ordinal = 9");
    raw.execute(AssertSqlSafe(back)).await.unwrap();
    shortened(&world, &mut raw, id).await;
    for column in ["stage", "state", "subject", "head", "kind", "month", "need_party_id"] {
        let row = format!("id = '{id}'");
        let keep = format!("CREATE TABLE kept_row AS SELECT * FROM engagements WHERE {row}");
        raw.execute(AssertSqlSafe(keep)).await.unwrap();
        let changed = match column {
            "need_party_id" => {
                let swap = format!("UPDATE engagements SET need_party_id = offer_party_id WHERE {row}");
                raw.execute(AssertSqlSafe(swap)).await.unwrap().rows_affected() > 0
            }
            "kind" => {
                let set = format!("UPDATE engagements SET kind = 'x' WHERE {row}");
                raw.execute(AssertSqlSafe(set)).await.unwrap().rows_affected() > 0
            }
            _ => flip(&mut raw, "engagements", column, &row).await,
        };
        assert!(changed);
        let said = found(&world).await;
        assert!(said.iter().any(|s| s.starts_with(&engagement)), "{column}: {said:?}");
        let back = format!(
            "UPDATE engagements SET {column} = (SELECT {column} FROM kept_row) WHERE {row}; DROP TABLE kept_row"
        );
        raw.execute(sqlx::raw_sql(AssertSqlSafe(back))).await.unwrap();
    }
    raw.execute("UPDATE engagement_tallies SET n = n + 1 WHERE measure = 'reached' AND region = '*'").await.unwrap();
    assert!(found(&world).await[0].contains("the count"));
    raw.execute("UPDATE engagement_tallies SET n = n - 1 WHERE measure = 'reached' AND region = '*'").await.unwrap();
    assert_eq!(found(&world).await, Vec::<String>::new());
    files(&world, id, other).await;
    raw.close().await.unwrap();
    world.end().await;
}

/// The last step is gone without a trace: what is left is a chain, but not all of it.
async fn shortened(world: &World, raw: &mut AnyConnection, id: EngagementId) {
    let whole = view_engagement(&world.app, world.of(Role::Need), id).await.unwrap();
    assert_eq!(whole.chain_fault, None);
    let before_last = &whole.steps[whole.steps.len() - 2];
    let last = format!("engagement_id = '{id}' AND ordinal = {}", whole.steps.len());
    let take = format!(
        "CREATE TABLE kept_row AS SELECT * FROM engagement_steps WHERE {last}; DELETE FROM engagement_steps WHERE {last}"
    );
    raw.execute(sqlx::raw_sql(AssertSqlSafe(take))).await.unwrap();
    let missing = Some(ChainFault::Missing(5));
    let view = view_engagement(&world.app, world.of(Role::Need), id).await.unwrap();
    assert_eq!((view.steps.len(), view.chain_fault), (4, missing.clone()));
    assert_eq!(public_chain(&world.app, &before_last.hash()).await.unwrap().fault, missing);
    let back = "INSERT INTO engagement_steps SELECT * FROM kept_row; DROP TABLE kept_row";
    raw.execute(sqlx::raw_sql(back)).await.unwrap();
    assert_eq!(public_chain(&world.app, &before_last.hash()).await.unwrap().fault, None);
}

/// Every byte of an attached file.
async fn files(world: &World, id: EngagementId, other: EngagementId) {
    let folder = world.folder.path().join("blobs/engagements");
    let mut named = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            let said = found(world).await;
            let of = |id| format!("engagement {id}, step 4, file 证明.pdf: its bytes are not those that were attached");
            assert!(said == [of(id)] || said == [of(other)], "{said:?}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(found(world).await[0].contains("its bytes are missing"));
        std::fs::write(&path, &bytes).unwrap();
        named += 1;
    }
    assert_eq!(named, 2);
    assert_eq!(found(world).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_on_sqlite_is_found_and_named() {
    tampering(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_on_postgres_is_found_and_named() {
    tampering(Dialect::Postgres).await;
}
