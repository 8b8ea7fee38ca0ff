//! The pack of a technology contract: what the record has of it, a checklist, and all of it as one zip.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use bytes::Bytes;
use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, CheckedItem, ContractPack, ContractType, EngagementId, FileProof, ItemProof, Party, RecordKind,
    Signed, Statement, Viewer, is_complete,
};
use keqiao_store::engagements::files;
use keqiao_store::{accounts, kept};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::record::current;
use super::view::{EngagementView, view_engagement};
use crate::records::{rewrite, words};
use crate::{App, AppError, Fault};

/// Most bytes of the files in one pack.
const MOST_BYTES: u64 = 256 << 20;
/// Most characters of what is said about an item.
const LONGEST: usize = 500;

/// A contract as the record has it.
#[derive(Debug, Clone)]
pub struct ContractView {
    /// The engagement.
    pub view: EngagementView,
    /// What was signed; `None`: nothing yet.
    pub signed: Option<Signed>,
    /// The type; `None`: it is no technology contract.
    pub ty: Option<ContractType>,
    /// The checklist.
    pub items: Vec<CheckedItem>,
    /// Whether nothing that is required is missing.
    pub complete: bool,
    /// Names of those who said something about an item.
    pub names: HashMap<AccountId, String>,
}

/// The contract of an engagement.
///
/// # Errors
/// `NotFound`, also when the viewer may not see the engagement.
pub async fn view_contract(app: &App, viewer: &Viewer, id: EngagementId) -> Result<ContractView, AppError> {
    let view = view_engagement(app, viewer, id).await?;
    let mut db = app.store.reader().await?;
    let pack: Option<ContractPack> = kept::find(&mut db, id).await?;
    let statements = pack.map(|p| p.statements).unwrap_or_default();
    let rules = &app.catalog.contracts;
    let signed = rules.signed(&view.steps);
    let codes = view.need_party.uscc.is_some() && view.offer_party.uscc.is_some();
    let items = signed.as_ref().map(|s| rules.check(s, codes, &statements)).unwrap_or_default();
    let who: Vec<AccountId> = statements.values().map(|s| s.by).collect();
    let names = accounts::names(&mut db, &who).await?.into_iter().collect();
    let ty = signed.as_ref().and_then(|s| rules.type_of(&s.kind)).cloned();
    Ok(ContractView { complete: signed.is_some() && is_complete(&items), ty, items, signed, view, names })
}

/// Says where the contract has what an item asks for; nothing takes it back.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read; `Invalid`.
pub async fn say_of_item(app: &App, viewer: &Viewer, id: EngagementId, item: &str, text: &str) -> Result<(), AppError> {
    let by = viewer.account.ok_or(AppError::SignInNeeded)?;
    let rules = &app.catalog.contracts;
    let known = rules.items.iter().find(|i| i.id == item && i.shown_by == ItemProof::Statement).is_some();
    let mut faults = Vec::new();
    let text = words("text", text, LONGEST, false, &mut faults);
    let (item, now, viewer) = (item.to_owned(), app.now(), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let engagement = current(tx, id).await?;
                if !viewer.sees_engagement(&engagement) || !known {
                    return Err(AppError::NotFound);
                }
                if viewer.roles_in_engagement(&engagement).is_empty() {
                    return Err(AppError::NotAllowed);
                }
                if !faults.is_empty() {
                    return Err(AppError::Invalid(faults));
                }
                let before: Option<ContractPack> = kept::find(tx, id).await?;
                let mut pack = before.clone().unwrap_or(ContractPack {
                    engagement: id,
                    statements: Default::default(),
                    version: 0,
                });
                pack.version += 1;
                if text.is_empty() {
                    pack.statements.remove(&item);
                } else {
                    pack.statements.insert(item, Statement { text, by, at: now });
                }
                match before {
                    Some(before) => rewrite(tx, &pack, before.version).await?,
                    None => kept::insert(tx, &pack).await?,
                }
                crate::log_change(tx, now, RecordKind::Engagement, id, Action::Updated, Some(by)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Where a file of the contract lies in the pack.
fn path_of(i: usize, file: &FileProof) -> String {
    format!("files/{:02}-{}", i + 1, file.name)
}

fn party(p: &Party) -> Value {
    json!({
        "name": p.name,
        "uscc": p.uscc.as_ref().map(ToString::to_string),
        "region": p.region,
        "contact": p.contact.name,
        "phone": p.contact.phone,
        "address": p.contact.address,
    })
}

/// The contract as data.
///
/// # Errors
/// `Invalid` while nothing is signed.
pub fn contract_data(app: &App, contract: &ContractView) -> Result<Value, AppError> {
    let signed = contract.signed.as_ref().ok_or_else(unsigned)?;
    let (view, rules) = (&contract.view, &app.catalog.contracts);
    let state = &view.engagement.state;
    let item = |c: &CheckedItem| {
        json!({
            "id": c.item.id,
            "name": c.item.name.zh,
            "required": c.item.required,
            "met": c.met,
            "statement": c.statement.as_ref().map(|s| json!({ "text": s.text, "at": s.at })),
        })
    };
    let file = |(i, f): (usize, &FileProof)| json!({ "path": path_of(i, f), "name": f.name, "size": f.size, "sha256": f.sha256 });
    Ok(json!({
        "form": "keqiao-contract 1",
        "rules": { "version": rules.version, "since": rules.since },
        "engagement": view.engagement.id,
        "title": view.engagement.subject.title,
        "type": contract.ty.as_ref().map(|t| json!({ "id": t.id, "name": t.name.zh })),
        "kind": signed.kind,
        "need": party(&view.need_party),
        "offer": party(&view.offer_party),
        "signed_on": signed.signed_on,
        "number": signed.number,
        "amounts": { "unit": "10000 CNY", "contract": signed.amount, "technology": signed.technology_amount },
        "checklist": contract.items.iter().map(item).collect::<Vec<_>>(),
        "complete": contract.complete,
        "record": {
            "step": signed.step,
            "steps": state.steps,
            "head": state.head,
            "verify": format!("{}/verify/{}", app.settings.public_url, state.head),
        },
        "files": signed.files.iter().enumerate().map(file).collect::<Vec<_>>(),
        "demo": view.engagement.subject.demo,
    }))
}

fn unsigned() -> AppError {
    AppError::Invalid(vec![Fault::new("contract", "not-signed")])
}

/// The pack: the paper, the data, the files, and the hashes of all of them in the form that `sha256sum -c` reads.
///
/// # Errors
/// `Invalid` while nothing is signed; `TooLarge`.
pub async fn contract_zip(app: &App, contract: &ContractView, paper: Vec<u8>) -> Result<Vec<u8>, AppError> {
    let signed = contract.signed.as_ref().ok_or_else(unsigned)?;
    let size: u64 = signed.files.iter().map(|f| f.size.unsigned_abs()).sum();
    if size > MOST_BYTES {
        return Err(AppError::TooLarge { limit: MOST_BYTES });
    }
    let data = serde_json::to_vec_pretty(&contract_data(app, contract)?);
    let data = data.map_err(|e| AppError::Internal(e.to_string()))?;
    let mut parts =
        vec![("contract.pdf".to_owned(), Bytes::from(paper)), ("contract.json".to_owned(), Bytes::from(data))];
    let mut db = app.store.reader().await?;
    for (i, proof) in signed.files.iter().enumerate() {
        let file = files::find(&mut db, proof.id).await?.ok_or(AppError::NotFound)?;
        parts.push((path_of(i, proof), app.blobs.read(&file.blob).await?));
    }
    drop(db);
    let line = |(path, bytes): &(String, Bytes)| format!("{}  {path}\n", hex::encode(Sha256::digest(bytes)));
    let sums: String = parts.iter().map(line).collect();
    parts.push(("SHA256SUMS".to_owned(), Bytes::from(sums)));
    zipped(&parts).map_err(|e| AppError::Internal(e.to_string()))
}

fn zipped(parts: &[(String, Bytes)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
