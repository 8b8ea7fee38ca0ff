//! Articles with what is read from them: one that everybody may know of and members may read, one for operators.

use std::collections::BTreeMap;

use keqiao_app::agreements::{CommitmentInput, add_commitment, open_agreement};
use keqiao_app::articles::{IncomingFile, IngestOptions, Ingested, ingest_files};
use keqiao_app::graph::{EntityFilter, FactFilter, FactOrder, list_entities, list_facts};
use keqiao_domain::{Audience, FactKind};

use super::entry::{On, STAFF};
use super::records::{EVERYONE, MEMBERS, Word};
use crate::house::Site;

/// Everybody's: its facts and quotations are, its text is not.
const OPEN: &str = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n\n\
    样品zqarticletext摆在展厅里，参观的人不少。\n";
const HIDDEN: &str = "暗涌光子研究院与墨潭精密有限公司签约\n\n2024-04-05 10:00 来源：墨潭日报\n\n\
    4月4日，暗涌光子研究院院长钟未明与墨潭精密有限公司总经理许听澜签署薄膜铌酸锂联合研发协议。\n";
/// Of the hidden one, each in another place: names, the agreement, the origin, the file.
const HIDDEN_WORDS: [&str; 6] = ["暗涌光子", "墨潭精密", "钟未明", "薄膜铌酸锂", "墨潭日报", "zqhiddenfile"];

/// The records by what they are, with the words in them.
pub(super) struct News {
    ids: BTreeMap<String, String>,
    pub(super) words: Vec<Word>,
}

/// Brings a text in; gives the article, its entity, its fact, an agreement opened from it and a promise in that.
async fn bring(site: &Site, name: &str, text: &str, readers: Audience, entity: &str) -> [String; 6] {
    let (app, operator) = (&site.app, site.viewer("operator").await);
    let text_readers = if readers == Audience::Public { Audience::Member } else { readers };
    let file = IncomingFile { name: name.into(), bytes: text.into(), declared: None };
    let options = IngestOptions { readers, text_readers, demo: false };
    let kept = ingest_files(app, &operator, vec![file], options).await.unwrap().pop().unwrap().unwrap();
    let Ingested::New { source, articles, .. } = kept else { panic!("{name} was there before") };
    site.settle().await;
    let named = EntityFilter { words: Some(entity.into()), ..EntityFilter::default() };
    let entity = list_entities(app, &operator, &named, None).await.unwrap().rows[0].entity.id;
    let signed = FactFilter { kinds: vec![FactKind::Signed], article: Some(articles[0]), ..FactFilter::default() };
    let fact = list_facts(app, &operator, &signed, FactOrder::Latest(None)).await.unwrap().rows[0].id;
    let agreement = open_agreement(app, &operator, fact).await.unwrap().id;
    let input =
        CommitmentInput { who: "双方".into(), what: "共建联合实验室".into(), due: "2024-12-31".into() };
    let commitment = add_commitment(app, &operator, agreement, input).await.unwrap().id;
    let records = [articles[0].to_string(), entity.to_string(), fact.to_string(), agreement.to_string()];
    let [article, entity, fact, agreement] = records;
    [article, entity, fact, agreement, commitment.to_string(), source.to_string()]
}

impl News {
    pub(super) async fn make(site: &Site) -> Self {
        let open = bring(site, "open.txt", OPEN, Audience::Public, "星河材料研究院").await;
        let hidden = bring(site, "zqhiddenfile.txt", HIDDEN, Audience::Operator, "暗涌光子研究院").await;
        let word = |text: &str, readers, record: &str| Word {
            text: text.into(),
            readers,
            record: record.into(),
            title: record.into(),
            indexed: false,
        };
        let mut words = vec![word("zqarticletext", MEMBERS, "a search says only what it was asked")];
        words.extend(HIDDEN_WORDS.map(|text| word(text, STAFF, &hidden[0])));
        words.extend(hidden.iter().map(|id| word(id, STAFF, "薄膜铌酸锂")));
        words.push(word(&open[0], EVERYONE, "no search finds an article by its id"));
        let names = ["article", "entity", "fact", "agreement", "commitment", "source"];
        let hidden_names = names.map(|name| format!("hidden {name}"));
        let ids = names.map(String::from).into_iter().zip(open).chain(hidden_names.into_iter().zip(hidden)).collect();
        site.settle().await;
        Self { ids, words }
    }

    /// The id of what a route names; `None`: it is none of the news.
    pub(super) fn id(&self, on: On) -> Option<String> {
        let name = match on {
            On::Article => "article",
            On::HiddenArticle => "hidden article",
            On::Source => "source",
            On::HiddenSource => "hidden source",
            On::Entity => "entity",
            On::HiddenEntity => "hidden entity",
            On::Fact => "fact",
            On::HiddenFact => "hidden fact",
            On::Agreement => "agreement",
            On::HiddenAgreement => "hidden agreement",
            _ => return None,
        };
        Some(self.ids[name].clone())
    }

    /// A text with the names in braces filled in.
    pub(super) fn fill(&self, text: &str, on: On) -> String {
        let commitment = if on == On::HiddenAgreement { "hidden commitment" } else { "commitment" };
        text.replace("{entity}", &self.ids["entity"])
            .replace("{fact}", &self.ids["fact"])
            .replace("{commitment}", &self.ids[commitment])
    }
}

/// What a route asks for whose entity stands in the query.
pub(super) fn query(path: &str, id: &str) -> String {
    match path {
        "/graph" | "/graph.graphml" | "/graph.jsonld" | "/api/v1/graph" => format!("?entity={id}&steps=1"),
        "/graph/path" => format!("?from={id}&to={id}"),
        _ => String::new(),
    }
}
