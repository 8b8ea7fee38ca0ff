//! Importing tables.

use keqiao_app::AppError;
use keqiao_app::transfer::{
    ImportOptions, Outcome, Report, SheetFormat, What, guess_mapping, import_table, listings_sheet, read_table,
};
use keqiao_domain::Viewer;

use crate::house::House;

const CSV: &str = "编号,供需,品类,标题,正文,单位,地区,工作温度,关键词\n\
    1,所能,芯片,车规碳化硅二极管,650 V 二极管，提供样品。,甲公司（示例）,无锡市,-40~175℃,SiC；车规\n\
    2,所能,芯片,=HYPERLINK(1),正文,甲公司（示例）,江苏省无锡市,很热,\n\
    3,所能,没有的品类,标题,正文,甲公司（示例）,无锡市,,\n\
    4,所需,芯片,寻求栅极驱动,正文,乙公司（示例）,,,\n";

async fn import(house: &House, what: What, name: &str, bytes: &[u8], options: &ImportOptions) -> Report {
    let table = read_table(name, bytes).unwrap();
    let mapping = guess_mapping(what, &house.app.catalog, &table.columns);
    import_table(&house.app, &Viewer::console(), what, &table, &mapping, options, &|_, _| ()).await.unwrap()
}

#[tokio::test]
async fn good_rows_go_in_faulty_ones_are_told_and_a_second_run_changes_nothing() {
    let house = House::new().await;
    let options = ImportOptions { publish: true, ..ImportOptions::default() };
    let dry = ImportOptions { dry_run: true, ..options.clone() };
    let seen = import(&house, What::Listings, "a.csv", CSV.as_bytes(), &dry).await;
    assert_eq!((seen.created, seen.faulty), (2, 2));
    let report = import(&house, What::Listings, "a.csv", CSV.as_bytes(), &options).await;
    assert_eq!((report.total, report.created, report.faulty), (4, 2, 2));
    let faulty: Vec<_> = report.rows.iter().filter(|r| r.outcome == Outcome::Faulty).collect();
    assert_eq!((faulty[0].row, faulty[0].faults[0].column.as_str()), (3, "工作温度"));
    assert_eq!((faulty[1].row, faulty[1].faults[0].code.as_str()), (4, "unknown-kind"));
    let again = import(&house, What::Listings, "a.csv", CSV.as_bytes(), &options).await;
    assert_eq!((again.created, again.updated, again.unchanged, again.faulty), (0, 0, 2, 2));
    let changed = CSV.replace("寻求栅极驱动", "寻求隔离栅极驱动");
    let report = import(&house, What::Listings, "a.csv", changed.as_bytes(), &options).await;
    assert_eq!(report.updated, 1);
    let diff = &report.rows.iter().find(|r| r.outcome == Outcome::Updated).unwrap().diffs;
    assert_eq!((diff[0].field.as_str(), diff[0].new.as_str()), ("title", "\"寻求隔离栅极驱动\""));
}

#[tokio::test]
async fn only_an_operator_imports_for_others() {
    let house = House::new().await;
    let member = house.account("member", None).await;
    let member = house.viewer(&member).await;
    let table = read_table("a.csv", CSV.as_bytes()).unwrap();
    let mapping = guess_mapping(What::Listings, &house.app.catalog, &table.columns);
    for viewer in [Viewer::visitor(), member] {
        let refused =
            import_table(&house.app, &viewer, What::Listings, &table, &mapping, &ImportOptions::default(), &|_, _| ())
                .await;
        assert!(matches!(refused, Err(AppError::SignInNeeded | AppError::NotAllowed)));
    }
}

#[tokio::test]
async fn a_credit_code_that_stands_twice_is_refused_and_its_neighbours_go_in() {
    let house = House::new().await;
    let csv = "external_id,name,uscc\n1,甲（示例）,91350100M000100Y43\n2,乙（示例）,91350100M000100Y43\n3,丙（示例）,\n4,丁（示例）,91350100M000100Y44\n";
    let report = import(&house, What::Parties, "p.csv", csv.as_bytes(), &ImportOptions::default()).await;
    assert_eq!((report.created, report.faulty), (2, 2));
    let codes: Vec<_> = report.rows.iter().flat_map(|r| r.faults.iter().map(|f| (r.row, f.code.as_str()))).collect();
    assert_eq!(codes, [(3, "taken"), (5, "wrong-check-digit")]);
}

/// Odd files of others: each is read or refused with a message, and nothing panics.
#[test]
fn odd_files_are_read_or_refused() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval/parser_suites");
    if !root.is_dir() {
        println!("skipped: {} is not there", root.display());
        return;
    }
    let mut files = vec![root];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).unwrap();
        // Cells of the comma test files are compared with what their authors expect.
        match read_table(&name, &bytes) {
            Ok(table) => {
                read += 1;
                compare_with_expected(&path, &table);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(read > 50, "{read}");
}

fn compare_with_expected(path: &std::path::Path, table: &keqiao_app::transfer::Table) {
    let Some(folder) = path.parent().filter(|p| p.ends_with("csvs")) else { return };
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    let expected = folder.with_file_name("json").join(format!("{stem}.json"));
    let Ok(text) = std::fs::read_to_string(&expected) else { return };
    let rows: Vec<std::collections::BTreeMap<String, String>> = serde_json::from_str(&text).unwrap();
    for (row, wanted) in table.rows.iter().zip(&rows) {
        for (column, cell) in wanted.iter().filter(|(_, cell)| !cell.trim().is_empty()) {
            // This copy of the collection has lost its carriage returns.
            let wanted = cell.replace("\r\n", "\n");
            let read = row.cells.get(column).and_then(|v| v.as_str()).map(|c| c.replace("\r\n", "\n"));
            assert_eq!(read, Some(wanted), "{stem} {column}");
        }
    }
}

#[tokio::test]
async fn a_corpus_of_papers_goes_in_by_the_documented_mapping() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("../../../shared/eval/experts_chinaxiv");
    if !corpus.is_dir() {
        println!("skipped: {} is not there", corpus.display());
        return;
    }
    let house = House::new().await;
    let mut reports = Vec::new();
    for (what, file, map) in
        [(What::Parties, "experts.jsonl", "experts.toml"), (What::Listings, "papers.jsonl", "papers.toml")]
    {
        let map = std::fs::read_to_string(root.join("../../examples/chinaxiv").join(map)).unwrap();
        let mapping = toml::from_str(&map).unwrap();
        let table = read_table(file, &std::fs::read(corpus.join(file)).unwrap()).unwrap();
        let options = ImportOptions { publish: what == What::Listings, ..ImportOptions::default() };
        let report =
            import_table(&house.app, &Viewer::console(), what, &table, &mapping, &options, &|_, _| ()).await.unwrap();
        reports.push((report.total, report.created, report.faulty));
    }
    let (experts, papers) = (reports[0], reports[1]);
    assert_eq!((experts.0, experts.2), (251, 0));
    assert_eq!(papers.0, 4_191);
    // First authors of a name that two persons bear are reported.
    assert_eq!((papers.1, papers.2), (4_168, 23));
}

#[tokio::test]
async fn a_place_of_a_name_that_several_bear_is_told_apart_or_reported_with_the_candidates() {
    let house = House::new().await;
    let csv = "标题,品类,供需,单位,地区\n\
        甲,芯片,所能,甲公司（示例）,朝阳区\n\
        乙,芯片,所能,甲公司（示例）,吉林省长春市朝阳区\n\
        丙,芯片,所能,甲公司（示例）,北京朝阳\n\
        丁,芯片,所能,甲公司（示例）,亚特兰蒂斯\n";
    let report = import(&house, What::Listings, "a.csv", csv.as_bytes(), &ImportOptions::default()).await;
    assert_eq!((report.created, report.faulty), (2, 2));
    let faults: Vec<_> = report.rows.iter().flat_map(|r| &r.faults).collect();
    assert_eq!((faults[0].column.as_str(), faults[0].code.as_str()), ("地区", "ambiguous-name"));
    assert!(faults[0].detail.contains("110105 北京市朝阳区、220104 吉林省长春市朝阳区"), "{}", faults[0].detail);
    assert_eq!(faults[1].code, "unknown-code");
    let party = "name,region\n甲（示例）,鼓楼区\n乙（示例）,南京鼓楼区\n";
    let report = import(&house, What::Parties, "p.csv", party.as_bytes(), &ImportOptions::default()).await;
    assert_eq!((report.created, report.rows.iter().filter(|r| r.outcome == Outcome::Faulty).count()), (1, 1));
}

#[tokio::test]
async fn an_empty_cell_may_have_a_text_of_the_mapping_instead() {
    let house = House::new().await;
    let csv = "标题,作者\n甲,张三（示例）\n乙,\n";
    let table = read_table("a.csv", csv.as_bytes()).unwrap();
    let mapping = toml::from_str(
        "title = { column = \"标题\" }\nkind = { constant = \"result\" }\nside = { constant = \"offer\" }\n\
         \"party.name\" = { column-or = [\"作者\", \"未署名（示例）\"] }\n",
    );
    let (mapping, options) = (mapping.unwrap(), ImportOptions::default());
    let report =
        import_table(&house.app, &Viewer::console(), What::Listings, &table, &mapping, &options, &|_, _| ()).await;
    assert_eq!(report.unwrap().created, 2);
    let mut db = house.app.store.reader().await.unwrap();
    let parties = keqiao_store::parties::page_after(&mut db, None, 9).await.unwrap();
    let names: std::collections::BTreeSet<_> = parties.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["张三（示例）", "未署名（示例）"].into());
}

/// What the hall gives as a table comes in again as it is.
#[tokio::test]
async fn an_exported_list_is_imported_again() {
    let house = House::new().await;
    let csv = "标题,品类,供需,单位,地区,报价\n\
        碳化硅二极管,科技成果,所能,甲公司（示例）,长春市朝阳区,-3~5 万元\n\
        =氮化镓器件,科技成果,所能,甲公司（示例）,北京市朝阳区,≤5 万元\n";
    let options = ImportOptions { publish: true, ..ImportOptions::default() };
    let report = import(&house, What::Listings, "a.csv", csv.as_bytes(), &options).await;
    assert_eq!(report.created, 2, "{:?}", report.rows);
    house.settle().await;
    let say = |key: &str| match key {
        "sheet-id" => "编号".to_owned(),
        "sheet-side" => "供需".to_owned(),
        "sheet-kind" => "品类".to_owned(),
        "sheet-title" => "标题".to_owned(),
        "sheet-summary" => "摘要".to_owned(),
        "sheet-party" => "单位".to_owned(),
        "sheet-region" => "地区".to_owned(),
        "sheet-industry" => "行业".to_owned(),
        "sheet-price" => "报价".to_owned(),
        other => other.to_owned(),
    };
    let query = keqiao_search::Query::default();
    for (format, name) in [(SheetFormat::Csv, "b.csv"), (SheetFormat::Xlsx, "b.xlsx")] {
        let bytes = listings_sheet(&house.app, &Viewer::console(), &query, format, &say).unwrap();
        let other = House::new().await;
        let report = import(&other, What::Listings, name, &bytes, &options).await;
        assert_eq!((report.created, report.faulty), (2, 0), "{name}: {:?}", report.rows);
        other.settle().await;
        let again = listings_sheet(&other.app, &Viewer::console(), &query, SheetFormat::Csv, &say).unwrap();
        let rows = |bytes: &[u8]| {
            let table = read_table("x.csv", bytes).unwrap();
            let cells =
                |c: &str| table.rows.iter().map(|r| r.cells[c].to_string()).collect::<std::collections::BTreeSet<_>>();
            ["标题", "地区", "报价", "单位"].map(cells)
        };
        let first = listings_sheet(&house.app, &Viewer::console(), &query, SheetFormat::Csv, &say).unwrap();
        assert_eq!(rows(&first), rows(&again), "{name}");
    }
}
