//! A real browser, driven as [`WebDriver`](https://www.w3.org/TR/webdriver2) says.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::Ask;

/// What the name of an element is called.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How often is looked whether something has happened, and for how long.
const LOOKS: u32 = 1200;
const PAUSE: Duration = Duration::from_millis(50);
/// The key Control, as `WebDriver` writes it.
pub(crate) const CONTROL: char = '\u{e009}';
/// The key Enter.
pub(crate) const ENTER: char = '\u{e007}';

/// How a browser shows pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `light` or `dark`.
    pub(crate) scheme: &'static str,
}

/// Chromium, without a screen.
pub(crate) struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    _profile: TempDir,
}

impl Browser {
    pub(crate) fn open(look: Look) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver");
        let mut driver = driver
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is there: `make chromium` installs it");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("started successfully on port")).unwrap();
        let port: u16 = line.trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        // The sandbox of Chromium wants a user other than root; the pages are the tests' own.
        let mut arguments = vec![json!("--headless=new"), json!("--no-sandbox"), json!("--disable-dev-shm-usage")];
        arguments.push(json!(format!("--user-data-dir={}", profile.path().display())));
        let options = json!({ "args": arguments });
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": options } } });
        let session =
            Ask::post("/session", &wanted).send(address).done(200)["value"]["sessionId"].as_str().unwrap().to_owned();
        let browser = Self { driver, address, session, _profile: profile };
        let Look { width, height, scheme } = look;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        browser.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", &media);
        browser
    }

    pub(crate) fn go(&self, address: SocketAddr, path: &str) {
        self.command("url", &json!({ "url": format!("http://{address}{path}") }));
    }

    /// What a piece of JavaScript gives back; it may wait.
    pub(crate) fn script(&self, script: &str) -> Value {
        let script = format!("return (async () => {{ {script} }})()");
        self.command("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a piece of JavaScript gives something that is true.
    pub(crate) fn until(&self, expression: &str) {
        for _ in 0..LOOKS {
            if self.script(&format!("return Boolean({expression})")) == true {
                return;
            }
            std::thread::sleep(PAUSE);
        }
        panic!("it never was so: {expression}\n{}", self.script("return document.body.innerText"));
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.script(&format!("return document.querySelector('{selector}').innerText")).as_str().unwrap().to_owned()
    }

    pub(crate) fn click(&self, selector: &str) {
        self.of_element(selector, "click", &json!({}));
    }

    /// Types as a person does.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.of_element(selector, "value", &json!({ "text": text }));
    }

    /// A picture of what is seen, as PNG in base64.
    pub(crate) fn screenshot(&self) -> String {
        let path = format!("/session/{}/screenshot", self.session);
        Ask::get(path).send(self.address).done(200)["value"].as_str().unwrap().to_owned()
    }

    fn of_element(&self, selector: &str, action: &str, document: &Value) {
        let found = self.command("element", &json!({ "using": "css selector", "value": selector }));
        let element = found[ELEMENT].as_str().unwrap();
        self.command(&format!("element/{element}/{action}"), document);
    }

    fn devtools(&self, command: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    fn command(&self, path: &str, document: &Value) -> Value {
        let mut answer = Ask::post(format!("/session/{}/{path}", self.session), document).send(self.address).done(200);
        answer["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            Ask::delete(format!("/session/{}", self.session)).send(self.address);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
