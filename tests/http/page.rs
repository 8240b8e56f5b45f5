//! The page, in a real browser (H10).

use serde_json::{Value, json};

use super::{
    browser::{Browser, CONTROL, ENTER, Look},
    client::Ask,
    given::{Served, eventually},
};

const DESK: Look = Look { width: 1280, height: 900, scheme: "light" };
const NIGHT: Look = Look { scheme: "dark", ..DESK };
const PHONE: Look = Look { width: 390, height: 844, scheme: "light" };
const HAS_ENDED: &str = "document.getElementById('stop').disabled && /Done|Error|Stopped|Not run/.test(document.getElementById('state').innerText)";

/// The page as somebody finds it, connected.
fn opened(served: &Served, look: Look) -> Browser {
    let browser = Browser::open(look);
    browser.go(served.address, "/");
    browser.until("/^Python /.test(document.getElementById('server').innerText)");
    browser
}

/// Types code in place of what stands there, runs it, and waits for its end.
fn run(browser: &Browser, code: &str) {
    type_code(browser, code);
    browser.type_into("#code", &format!("{CONTROL}{ENTER}"));
    browser.until(HAS_ENDED);
}

fn type_code(browser: &Browser, code: &str) {
    let code = json!(code);
    browser.script(&format!(
        "const code = document.getElementById('code'); code.value = {code}; code.dispatchEvent(new Event('input'))"
    ));
}

/// H10
#[test]
fn the_page_asks_for_nothing_elsewhere() {
    let served = Served::new();
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    for path in [
        "/",
        "/docs",
        "/page/page.css",
        "/page/page.js",
        "/page/editor.js",
        "/page/python.js",
        "/page/server.js",
        "/page/show.js",
        "/page/docs.js",
    ] {
        let part = served.ask(Ask::get(path));
        assert_eq!((part.status, part.header("content-security-policy")), (200, Some(policy)), "{path}");
        assert!(!part.text().contains("://") && !part.text().contains("innerHTML"), "{path}");
    }
}

/// H10
#[test]
fn code_is_run_and_what_it_prints_and_shows_is_seen() {
    let served = Served::new();
    let browser = opened(&served, DESK);
    run(
        &browser,
        "import pandas as pd\nprint('<b>40</b>' , 2)\npd.DataFrame({'n': [10, 9, 100], 'x': ['b', 'a', 'c']})",
    );
    assert_eq!(browser.text("#output [role=log]"), "<b>40</b> 2\n");
    let column = "return [...document.querySelectorAll('#output tbody tr')].map((row) => row.cells[1].innerText)";
    assert_eq!(browser.script(column), json!(["10", "9", "100"]));
    browser.click("#output thead th:nth-child(2) button");
    assert_eq!(browser.script(column), json!(["9", "10", "100"]));
    browser.click("#output thead th:nth-child(2) button");
    assert_eq!(browser.script(column), json!(["100", "10", "9"]));
    assert_eq!(browser.script("return document.querySelector('#output th[aria-sort]').ariaSort"), "descending");
    assert!(browser.text("#state").starts_with("Done in "), "{}", browser.text("#state"));
}

/// H10, X9
#[test]
fn the_line_of_an_error_is_marked() {
    let served = Served::new();
    let browser = opened(&served, DESK);
    run(&browser, "x = 1\ndef f():\n    return x / 0\nf()");
    assert!(browser.text("#output [role=alert]").starts_with("ZeroDivisionError: division by zero"));
    assert_eq!(browser.text("#mirror .line.wrong").trim_end_matches('\u{200b}'), "    return x / 0");
    assert_eq!(browser.text("#gutter .wrong"), "3");
    // The next change takes the mark away.
    browser.type_into("#code", " ");
    assert_eq!(browser.script("return document.querySelectorAll('.wrong').length"), 0);
}

/// H10
#[test]
fn output_is_seen_while_the_code_runs_and_it_can_be_stopped() {
    let served = Served::new();
    let (_, waiting) = served.gate();
    let browser = opened(&served, DESK);
    type_code(&browser, &format!("print('begun', flush=True)\n{waiting}"));
    browser.click("#run");
    browser.until("document.querySelector('#output [role=log]')?.innerText === 'begun\\n'");
    assert_eq!(browser.text("#state"), "Running…");
    browser.click("#stop");
    browser.until(HAS_ENDED);
    assert!(browser.text("#state").starts_with("Stopped in "));
    eventually(|| served.endings() == ["cancelled"]);
}

/// H10: what code prints, shows and names is hostile.
#[test]
fn nothing_that_code_says_becomes_part_of_the_page() {
    let served = Served::new();
    let browser = opened(&served, DESK);
    let code = "
class Evil:
    def __repr__(self): return '<img src=x onerror=\"window.hacked = 1\">'
    def _repr_html_(self): return '''<script>window.hacked = 2</script><img src=x onerror=\"window.hacked = 3\">
        <table onclick=\"window.hacked = 4\"><tr><td><img src=x onerror=\"window.hacked = 5\">cell</td></tr></table>'''
    def __str__(self): return repr(self)
print(Evil())
display(Evil())
open('<img src=x onerror=window.hacked=6>.txt', 'w').write('x')
raise ValueError('</pre><script>window.hacked = 7</script>')";
    run(&browser, code);
    let seen =
        "return [window.hacked ?? null, document.querySelectorAll('#output img, #output script, #files img').length,
        document.querySelector('#output td').innerText, document.querySelector('#output [role=log]').innerText]";
    let expected = json!([null, 0, "cell", "<img src=x onerror=\"window.hacked = 1\">\n"]);
    assert_eq!(browser.script(seen), expected);
    assert_eq!(browser.text("#files .name"), "_img src=x onerror=window.hacked=6_.txt");
    assert!(browser.text("#output").contains("📎 <img src=x onerror=window.hacked=6>.txt (1 B)"));
    // And were something let through, the policy would not run it.
    let injected = "const script = document.createElement('script'); script.textContent = 'window.hacked = 8';
        document.body.append(script); return window.hacked ?? null";
    assert_eq!(browser.script(injected), Value::Null);
}

/// H10
#[test]
fn files_come_and_go_with_their_ids() {
    let served = Served::new();
    let browser = opened(&served, DESK);
    // As if it were dropped.
    let drop = "const moved = new DataTransfer(); moved.items.add(new File(['a,b\\n1,2\\n'], 'in.csv'));
        document.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: moved }))";
    browser.script(drop);
    browser.until("document.querySelector('#files .name')?.innerText === 'in.csv'");
    let id = browser.text("#files code");
    assert_eq!(served.ask(Ask::get(format!("/api/v1/files/{id}/content"))).text(), "a,b\n1,2\n");
    type_code(&browser, "");
    browser.click("#files button");
    assert_eq!(browser.script("return document.getElementById('code').value"), format!("load_file(\"{id}\")"));
    run(&browser, &format!("load_file('{id}').to_csv('out.csv', index=False)"));
    browser.until("document.querySelectorAll('#files li').length === 2");
    browser.click("#files li:first-child button:last-child");
    browser.until("document.querySelectorAll('#files li').length === 1");
    assert_eq!(browser.text("#files .name"), "in.csv");
}

/// H10
#[test]
fn names_are_completed_and_keys_do_what_people_expect() {
    let served = Served::new();
    let browser = opened(&served, DESK);
    type_code(&browser, "");
    browser.type_into("#code", "load_");
    browser.until("!document.getElementById('completions').hidden");
    assert_eq!(browser.text("#completions"), "load_file");
    browser.type_into("#code", &format!("{ENTER}\nif x:\ny"));
    assert_eq!(browser.script("return document.getElementById('code').value"), "load_file\nif x:\n    y");
    assert_eq!(browser.text("#mirror .keyword"), "if");
}

/// H10
#[test]
fn with_keys_the_page_asks_for_one() {
    let served = Served::new();
    let key = served.key(1);
    let browser = Browser::open(DESK);
    browser.go(served.address, "/");
    browser.until("document.getElementById('key-dialog').open");
    browser.type_into("#key-text", &key);
    browser.click("#key-dialog button.main");
    browser.until("/^Python /.test(document.getElementById('server').innerText)");
    run(&browser, "print(6 * 7)");
    assert_eq!(browser.text("#output [role=log]"), "42\n");
}

/// H10, X13
#[test]
fn a_session_keeps_variables_and_they_are_listed() {
    let served = Served::in_sandboxes();
    let browser = opened(&served, DESK);
    browser.click("#session");
    run(&browser, "answer = 6 * 7");
    browser.until("document.querySelector('#variables tbody')");
    let listed = "return [...document.querySelectorAll('#variables tbody tr')].map((row) => row.innerText)";
    assert_eq!(browser.script(listed), json!(["answer\tint\t42"]));
    run(&browser, "print(answer)");
    assert_eq!(browser.text("#output [role=log]"), "42\n");
    browser.click("#reset");
    run(&browser, "print('answer' in globals())");
    assert_eq!(browser.text("#output [role=log]"), "False\n");
}

/// H10
#[test]
fn the_page_is_neither_empty_nor_too_wide_by_day_and_night_and_on_a_phone() {
    let served = Served::new();
    let code = "import matplotlib.pyplot as plt, pandas as pd\nprint('word ' * 60, 'x' * 300)\nplt.plot([1, 4, 2])\n\
                pd.DataFrame({f'column {n}': range(4) for n in range(20)})";
    for (name, look) in [("day", DESK), ("night", NIGHT), ("phone", PHONE)] {
        let browser = opened(&served, look);
        run(&browser, code);
        browser.until("document.querySelector('#output img')?.naturalWidth > 100");
        assert_eq!(browser.script("return document.documentElement.scrollWidth <= innerWidth"), true, "{name}");
        let outside = "return [...document.querySelectorAll('header *, button, .panel, figure, .output, .bar')]
            .filter((part) => part.offsetParent && !part.closest('.skip, .scroll, .editor')
                && part.getBoundingClientRect().right > innerWidth + 1).map((part) => part.outerHTML.slice(0, 80))";
        assert_eq!(browser.script(outside), json!([]), "{name}");
        let picture = browser.screenshot();
        keep(name, &picture);
        let (colours, ground) = seen(&browser, &picture);
        assert!(colours > 50, "{name}: {colours} colours");
        assert_eq!(ground < 100, look.scheme == "dark", "{name}: {ground}");
        browser.go(served.address, "/docs");
        browser.until("document.querySelectorAll('details').length > 10");
        assert_eq!(browser.script("return document.documentElement.scrollWidth <= innerWidth"), true, "{name}");
    }
}

/// How many colours a picture has, and how light its first pixel is, of 255. The browser reads its own picture.
fn seen(browser: &Browser, picture: &str) -> (u64, u64) {
    let script = format!(
        "const bytes = Uint8Array.from(atob('{picture}'), (letter) => letter.charCodeAt(0));
         const image = await createImageBitmap(new Blob([bytes], {{ type: 'image/png' }}));
         const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
         canvas.drawImage(image, 0, 0);
         const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
         return [new Set(pixels).size, pixels[0] & 255];"
    );
    let seen = browser.script(&script);
    (seen[0].as_u64().unwrap(), seen[1].as_u64().unwrap())
}

/// Leaves a picture where people can look at it.
fn keep(name: &str, picture: &str) {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/page");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/{name}.png.base64"), picture).unwrap();
}
