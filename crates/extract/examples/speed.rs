//! How fast files are read: `speed MEGABYTES FILE…` reads the files again and again, each as a file of its own, and
//! then all of it as one file of a single line.

use std::time::Instant;

use keqiao_extract::Reader;

fn main() {
    let mut args = std::env::args().skip(1);
    let megabytes: usize = args.next().and_then(|a| a.parse().ok()).unwrap_or(8);
    let files: Vec<Vec<u8>> = args.map(|p| std::fs::read(p).expect("a file that can be read")).collect();
    let catalog = keqiao_catalog::builtin().expect("the catalog is sound");
    let reader = Reader::new(&catalog);
    let (mut bytes, mut facts) = (0, 0);
    let start = Instant::now();
    for file in files.iter().cycle().take_while(|_| true) {
        if bytes >= megabytes << 20 || files.is_empty() {
            break;
        }
        bytes += file.len();
        facts += reader.read("file", file, None).articles.iter().map(|a| a.facts.len()).sum::<usize>();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("files: {bytes} bytes, {facts} facts, {seconds:.2} s, {:.2} MB/s", bytes as f64 / 1e6 / seconds);
    let line: Vec<u8> = files.iter().flatten().copied().filter(|b| *b != b'\n').collect();
    let one: Vec<u8> = line.iter().copied().cycle().take(megabytes << 20).collect();
    let start = Instant::now();
    let reading = reader.read("line", &one, None);
    let seconds = start.elapsed().as_secs_f64();
    let facts: usize = reading.articles.iter().map(|a| a.facts.len()).sum();
    println!(
        "one line: {} bytes, {facts} facts, {seconds:.2} s, {:.2} MB/s",
        one.len(),
        one.len() as f64 / 1e6 / seconds
    );
}
