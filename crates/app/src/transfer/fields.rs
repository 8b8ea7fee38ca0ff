//! Which column means which field.

use std::collections::BTreeMap;

use keqiao_catalog::Catalog;
use keqiao_domain::fold_key;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::What;
use super::table::RawRow;

/// Where a field's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A column of the file.
    Column(String),
    /// A column of the file, and the text for rows in which it is empty.
    ColumnOr(String, String),
    /// The same text for every row.
    Constant(String),
}

/// Field → where its value comes from. In a TOML file: `title = { column = "题名" }`, `kind = { constant = "result" }`,
/// `"party.name" = { column-or = ["单位", "未具名"] }`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, Source>);

impl Mapping {
    /// A field's value in a row.
    #[must_use]
    pub fn value(&self, row: &RawRow, field: &str) -> Option<Value> {
        match self.0.get(field)? {
            Source::Column(column) => row.cells.get(column).cloned(),
            Source::ColumnOr(column, text) => {
                let cell = row.cells.get(column).filter(|cell| !is_empty(cell));
                Some(cell.cloned().unwrap_or_else(|| Value::from(text.as_str())))
            }
            Source::Constant(text) => Some(Value::from(text.as_str())),
        }
    }
    /// The column behind a field, for messages; else the field itself.
    #[must_use]
    pub fn column_of(&self, field: &str) -> String {
        match self.0.get(field) {
            Some(Source::Column(column) | Source::ColumnOr(column, _)) => column.clone(),
            _ => field.to_owned(),
        }
    }
}

fn is_empty(cell: &Value) -> bool {
    match cell {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

const LISTING_FIELDS: [(&str, &[&str]); 18] = [
    ("id", &["external_id", "编号", "序号", "外部编号"]),
    ("side", &["供需", "供需方向", "方向"]),
    ("kind", &["品类", "类型", "类别"]),
    ("title", &["标题", "名称", "题名", "项目名称", "name"]),
    ("summary", &["摘要", "简介", "概要"]),
    ("body", &["正文", "详情", "描述", "内容", "说明", "abstract", "description"]),
    ("keywords", &["关键词", "关键字", "标签", "tags"]),
    ("party.external_id", &["party_id", "单位编号", "机构编号"]),
    ("party.name", &["party", "单位", "机构", "企业", "单位名称", "机构名称", "company", "organization"]),
    ("party.kind", &["单位类型", "主体类型"]),
    ("region", &["地区", "所在地", "区域"]),
    ("industry", &["行业", "所属行业"]),
    ("chain", &["产业链"]),
    ("wishes", &["希望项"]),
    ("details_tier", &["详情可见"]),
    ("annex", &["保密附件", "附录"]),
    ("demo", &["演示"]),
    ("state", &["状态"]),
];

const PARTY_FIELDS: [(&str, &[&str]); 18] = [
    ("external_id", &["id", "编号", "外部编号", "expert_id"]),
    ("kind", &["类型", "主体类型"]),
    ("name", &["名称", "姓名", "单位名称", "机构名称"]),
    ("aliases", &["简称", "别名", "曾用名"]),
    ("uscc", &["统一社会信用代码", "信用代码"]),
    ("orcid", &[]),
    ("region", &["地区", "所在地"]),
    ("industry", &["行业", "所属行业"]),
    ("summary", &["简介", "介绍", "description"]),
    ("website", &["网址", "主页", "url"]),
    ("keywords", &["关键词", "领域", "研究方向"]),
    ("contact.name", &["联系人"]),
    ("contact.phone", &["电话", "联系电话", "手机"]),
    ("contact.email", &["邮箱", "电子邮件", "email"]),
    ("contact.address", &["地址", "联系地址"]),
    ("verified", &["已认证", "认证"]),
    ("memberships", &[]),
    ("demo", &["演示"]),
];

/// The fields that a file of this sort can fill.
#[must_use]
pub fn fields_of(what: What, catalog: &Catalog) -> Vec<String> {
    match what {
        What::Parties => PARTY_FIELDS.iter().map(|(field, _)| (*field).to_owned()).collect(),
        What::Listings => LISTING_FIELDS
            .iter()
            .map(|(field, _)| (*field).to_owned())
            .chain(catalog.properties.keys().map(|id| format!("attributes.{id}")))
            .collect(),
    }
}

/// The field that a column's name most likely means.
fn field_of_column(what: What, catalog: &Catalog, column: &str) -> Option<String> {
    let key = fold_key(column);
    let table: &[(&str, &[&str])] = if what == What::Listings { &LISTING_FIELDS } else { &PARTY_FIELDS };
    let direct = table.iter().find(|(field, names)| *field == key || names.iter().any(|n| fold_key(n) == key));
    if let Some((field, _)) = direct {
        return Some((*field).to_owned());
    }
    if what == What::Parties {
        return None;
    }
    let name = key.strip_prefix("attributes.").unwrap_or(&key);
    let property = catalog.properties.values().find(|p| {
        p.id == name
            || fold_key(&p.name.zh) == name
            || fold_key(&p.name.en) == name
            || p.synonyms.iter().any(|s| fold_key(s) == name)
    })?;
    Some(format!("attributes.{}", property.id))
}

/// A mapping guessed from the names of the columns; each field is given once.
#[must_use]
pub fn guess_mapping(what: What, catalog: &Catalog, columns: &[String]) -> Mapping {
    let mut mapping = Mapping::default();
    for column in columns {
        if let Some(field) = field_of_column(what, catalog, column) {
            mapping.0.entry(field).or_insert_with(|| Source::Column(column.clone()));
        }
    }
    mapping
}
