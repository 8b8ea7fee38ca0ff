//! Writes the articles of files as JSON lines, for the scorer.

use keqiao_extract::Reader;

fn main() {
    let catalog = keqiao_catalog::builtin().expect("the catalog is sound");
    let reader = Reader::new(&catalog);
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a file that can be read");
        let name = path.rsplit('/').next().unwrap_or(&path);
        for article in reader.read(name, &bytes, None).articles {
            println!("{}", serde_json::to_string(&article).expect("an article is plain data"));
        }
    }
}
