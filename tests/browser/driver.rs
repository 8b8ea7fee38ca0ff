//! Debian's Chromium behind its driver.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser on one site.
pub(crate) struct Browser {
    client: Client,
    base: String,
    driver: Child,
    shots: PathBuf,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts driver and browser.
    pub(crate) async fn start(base: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (scripts/install-test-deps)");
        let profile = tempfile::tempdir().unwrap();
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=zh-CN",
            "--window-size=1280,1600",
        ];
        let mut args: Vec<String> = args.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), json!({ "args": args }));
        let url = format!("http://127.0.0.1:{port}");
        let deadline = Instant::now() + PATIENCE;
        let client = loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&url).await {
                Ok(client) => break client,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let shots = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser");
        std::fs::create_dir_all(&shots).unwrap();
        Self { client, base: base.to_owned(), driver, shots, _profile: profile }
    }

    pub(crate) async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Opens a page again and again until it shows a text: what followers make comes a moment later.
    pub(crate) async fn open_until(&self, path: &str, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.open(path).await;
            let page = self.text().await;
            if page.contains(text) {
                return;
            }
            assert!(Instant::now() < deadline, "{path} does not show {text:?}: {page}");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// The path of the page that is open.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// The words a reader sees.
    pub(crate) async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn wait_for(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let page = self.text().await;
            if page.contains(text) {
                return;
            }
            assert!(Instant::now() < deadline, "{} does not show {text:?}: {page}", self.path().await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Empties a field and types.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Gives a field a value as a person's choice would: a day, a moment, a choice.
    pub(crate) async fn set(&self, css: &str, value: &str) {
        self.find(css).await;
        let script = "const f = document.querySelector(arguments[0]); f.value = arguments[1]; \
            f.dispatchEvent(new Event('change', { bubbles: true }))";
        self.client.execute(script, vec![json!(css), json!(value)]).await.unwrap();
    }

    /// Chooses an option by its place.
    pub(crate) async fn choose(&self, css: &str, place: usize) {
        self.find(css).await;
        let script = "document.querySelector(arguments[0]).selectedIndex = arguments[1]";
        self.client.execute(script, vec![json!(css), json!(place)]).await.unwrap();
    }

    /// Whether the page has something.
    pub(crate) async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Chooses a file to be sent.
    pub(crate) async fn attach(&self, css: &str, file: &std::path::Path) {
        self.find(css).await.send_keys(&file.display().to_string()).await.unwrap();
    }

    /// Follows the first link of this beginning that stands in the list's item with these words.
    pub(crate) async fn follow_in(&self, words: &str, href: &str) {
        let script = "const item = [...document.querySelectorAll('li')].filter(l => l.textContent.includes(arguments[0]) \
            && l.querySelector(`a[href^='${arguments[1]}']`)).pop(); \
            return item ? item.querySelector(`a[href^='${arguments[1]}']`).getAttribute('href') : null";
        let found = self.client.execute(script, vec![json!(words), json!(href)]).await.unwrap();
        let href = found.as_str().unwrap_or_else(|| panic!("no item with {words:?} has a link to {href}")).to_owned();
        self.open(&href).await;
    }

    /// Clicks what may be outside of the window.
    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await;
        let script = "document.querySelector(arguments[0]).click()";
        self.client.execute(script, vec![json!(css)]).await.unwrap();
    }

    /// Clicks a form's button and waits until another page is there.
    pub(crate) async fn submit(&self, css: &str) {
        self.client.execute("document.documentElement.dataset.old = '1'", Vec::new()).await.unwrap();
        self.click(css).await;
        let deadline = Instant::now() + PATIENCE;
        let script = "return document.readyState === 'complete' && !document.documentElement.dataset.old";
        while self.client.execute(script, Vec::new()).await.ok() != Some(json!(true)) {
            assert!(Instant::now() < deadline, "{css} led nowhere from {}", self.path().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Moves the pointer over what stands in the window.
    pub(crate) async fn hover(&self, css: &str) {
        let element = self.find(css).await;
        let to = PointerAction::MoveToElement { element, duration: None, x: 0., y: 0. };
        self.client.perform_actions(MouseActions::new("mouse".into()).then(to)).await.unwrap();
    }

    /// What elements say of themselves in an attribute.
    pub(crate) async fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.getAttribute(arguments[1]) ?? '')";
        let found = self.client.execute(script, vec![json!(css), json!(name)]).await.unwrap();
        serde_json::from_value(found).unwrap()
    }

    async fn find(&self, css: &str) -> fantoccini::elements::Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} on {}: {error}\n{}", self.path().await, self.text().await),
        }
    }

    /// A phone's window.
    pub(crate) async fn narrow(&self) {
        self.client.set_window_size(390, 1600).await.unwrap();
    }

    pub(crate) async fn wide(&self) {
        self.client.set_window_size(1280, 1600).await.unwrap();
    }

    /// Keeps a picture of the window.
    pub(crate) async fn shot(&self, name: &str) {
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(self.shots.join(format!("{name}.png")), picture).unwrap();
    }

    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser ends with its driver, also when a test fails on the way.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
