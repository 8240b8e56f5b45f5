"""Draws the records beside it as chats in dark mode: render.py [CHROMIUM] writes a PNG for each JSON file.

The records are what the bot says; `tests/discord/pictures` compares them with the bot. Without a browser the pages
alone are written, as HTML into the folder for temporary files.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WIDTH = 760
# Tells how high the page is.
MEASURE = "<script>document.title = Math.ceil(document.querySelector('main').getBoundingClientRect().height)</script>"

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #313338; color: #dbdee1; font: 15px/1.4 "DejaVu Sans", "Noto Color Emoji", sans-serif; width: 760px }
main { padding: 14px 18px 18px }
article { display: grid; grid-template-columns: 44px 1fr; gap: 0 12px; padding: 7px 0 }
.face { width: 40px; height: 40px; border-radius: 50%; text-align: center; line-height: 40px; font-size: 20px;
  color: #fff }
.bot .face { background: #2d7d46 } .person .face { background: #5865f2 }
.after { grid-column: 2; color: #949ba4; font-size: 13px; padding-bottom: 2px; white-space: nowrap; overflow: hidden }
.name { color: #f2f3f5; font-weight: bold } .tag { background: #5865f2; color: #fff; font-size: 10px;
  border-radius: 3px;  padding: 1px 5px; margin-left: 6px; vertical-align: 2px }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.mention { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px }
code, pre { font: 13px/1.35 "DejaVu Sans Mono", "Noto Color Emoji", monospace; background: #2b2d31 }
code { padding: 1px 3px; border-radius: 3px } .time { background: #3f4147; border-radius: 3px; padding: 0 2px }
pre { border: 1px solid #1e1f22; border-radius: 4px; padding: 7px; margin: 4px 0; white-space: pre-wrap }
.embed { background: #2b2d31; border-left: 4px solid #5865f2; border-radius: 4px; padding: 9px 14px; margin-top: 5px;
  max-width: 520px; font-size: 14px }
.embed h4 { color: #f2f3f5; font-size: 15px } .embed h5 { color: #f2f3f5; font-size: 14px; padding-top: 7px }
.foot { font-size: 12px; color: #b5bac1; padding-top: 8px }
.file { background: #2b2d31; border: 1px solid #232428; border-radius: 6px; padding: 8px 12px; margin-top: 6px;
  width: 320px }
.file b { color: #00a8fc; font-weight: normal } .file small { color: #949ba4; display: block }
.picture { display: block; border-radius: 6px; margin-top: 6px; max-width: 460px }
.row { display: flex; gap: 8px; margin-top: 7px; flex-wrap: wrap }
.button { border-radius: 4px; padding: 5px 13px; font-size: 14px; color: #fff; background: #4e5058 }
.s1 { background: #5865f2 } .s3 { background: #248046 } .s4 { background: #da373c } .off { opacity: .5 }
.menu { background: #1e1f22; color: #949ba4; border-radius: 4px; padding: 7px 11px; width: 400px; font-size: 14px }
.menu::after { content: "⌄"; float: right }
.only { color: #949ba4; font-size: 12px; padding-top: 4px }
.form { background: #2b2d31; border-radius: 8px; padding: 14px 16px; width: 460px; margin-top: 4px }
.form h4 { color: #f2f3f5; font-size: 18px; padding-bottom: 4px } .form label { font-size: 12px; font-weight: bold }
.form div { background: #1e1f22; border-radius: 4px; padding: 8px; margin: 3px 0 9px; white-space: pre-wrap;
  font-size: 13px }
.form div.hint { color: #80848e }
"""


def main() -> None:
    """Draw all of them."""
    browser = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(HERE.glob("*.json")):
            target = Path(folder if browser else tempfile.gettempdir()) / f"{path.stem}.html"
            target.write_text(page(json.loads(path.read_text("utf-8"))), "utf-8")
            if browser:
                photograph(browser, target, path.with_suffix(".png"))
            else:
                print(target)


def page(record: dict[str, Any]) -> str:
    """Write a whole page."""
    messages = "\n".join(shown(seen) for seen in record["seen"])
    head = (
        f"<!doctype html><meta charset=utf-8><title>{escape(record['title'])}</title><style>{STYLE}</style>"
    )
    return f"{head}<main>{messages}</main>{MEASURE}"


def shown(seen: dict[str, Any]) -> str:
    """Draw one message, or a form."""
    after = f'<div class="after">{above(seen)}</div>' if above(seen) else ""
    if "form" in seen:
        return f'<article class="person">{after}<div></div>{form(seen["form"])}</article>'
    is_bot = seen["author"] == "Taipan"
    name = f'<span class="name">{escape(seen["author"])}</span>' + (
        '<span class="tag">APP</span>' if is_bot else ""
    )
    only = (
        f'<div class="only">👁 Only {escape(seen["only_for"])} can see this</div>' if seen["only_for"] else ""
    )
    body = [
        f"<div>{name}</div>",
        f'<div class="text">{marked(seen["content"])}</div>' if seen["content"] else "",
        *(embed(each) for each in seen["embeds"]),
        *(file(each) for each in seen["files"]),
        *(f'<div class="row">{"".join(control(each) for each in row)}</div>' for row in seen["rows"]),
        only,
    ]
    who, face = ("bot", "🐍") if is_bot else ("person", escape(seen["author"][:1]))
    return f'<article class="{who}">{after}<div class="face">{face}</div><div>{"".join(body)}</div></article>'


def above(seen: dict[str, Any]) -> str:
    """Say what led to a message."""
    if seen["after"]:
        return "╭ " + escape(seen["after"])
    if seen.get("reply_to"):
        author, content = seen["reply_to"]
        return f"╭ <b>@{escape(author)}</b> {escape(content.splitlines()[0] if content else '')}"
    return ""


def form(form: dict[str, Any]) -> str:
    """Draw a form with what was typed."""
    fields = (
        f"<label>{escape(field['label'])}</label>"
        + (
            f"<div>{escape(field['value'])}</div>"
            if field["value"]
            else f'<div class="hint">{escape(field["hint"])} </div>'
        )
        for field in form["fields"]
    )
    return f'<div class="form"><h4>{escape(form["title"])}</h4>{"".join(fields)}</div>'


def embed(embed: dict[str, Any]) -> str:
    """Draw an embed."""
    fields = (
        f'<h5>{marked(field["name"])}</h5><div class="text">{marked(field["value"])}</div>'
        for field in embed.get("fields") or []
    )
    foot = (embed.get("footer") or {}).get("text", "")
    title, text = marked(embed.get("title") or ""), marked(embed.get("description") or "")
    return f'<div class="embed"><h4>{title}</h4>{text}{"".join(fields)}<div class="foot">{escape(foot)}</div></div>'


def file(file: dict[str, Any]) -> str:
    """Draw a file; a picture as itself."""
    if file["picture"]:
        return f'<img class="picture" src="data:image/png;base64,{escape(file["picture"])}">'
    return f'<div class="file">📄 <b>{escape(file["name"])}</b><small>{file["size"]} bytes</small></div>'


def control(control: dict[str, Any]) -> str:
    """Draw a button or a menu."""
    label = escape(" ".join(filter(None, [control["emoji"], control["label"]])))
    kind = "menu" if control["style"] == "menu" else f"button s{control['style']}"
    return f'<span class="{kind}{" off" if control["disabled"] else ""}">{label}</span>'


def marked(text: str) -> str:
    """Turn what of Markdown the bot uses into HTML."""
    parts = re.split(r"```(?:[a-z]*\n)?(.*?)```\n?", text, flags=re.DOTALL)
    return "".join(
        f"<pre>{escape(part.strip(chr(10)))}</pre>" if at % 2 else inline(part)
        for at, part in enumerate(parts)
    )


def inline(text: str) -> str:
    """Mark what stands outside of blocks of code."""
    parts = re.split(r"`([^`]+)`", text)
    return "".join(
        f"<code>{escape(part)}</code>" if at % 2 else spoken(part) for at, part in enumerate(parts)
    )


def spoken(text: str) -> str:
    """Mark bold words, lists, moments and mentions."""
    text = escape(text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"^- ", "• ", text, flags=re.MULTILINE)
    text = re.sub(r"&lt;t:\d+:R&gt;", '<span class="time">in 2 days</span>', text)
    text = re.sub(r"&lt;t:\d+:\w&gt;", '<span class="time">21 September 2026 14:13</span>', text)
    return re.sub(r"@Taipan", '<span class="mention">@Taipan</span>', text)


def escape(text: str | None) -> str:
    """Make a text harmless."""
    return html.escape(text or "")


def photograph(browser: str, source: Path, target: Path) -> None:
    """Have a browser draw a page, as high as it is."""
    height = re.search(r"<title>(\d+)</title>", run(browser, source, "--dump-dom"))
    if height is None:
        sys.exit(f"The browser did not say how high {source.name} is: see whether {browser} is Chromium.")
    run(browser, source, f"--screenshot={target}", height=int(height[1]))


def run(browser: str, source: Path, order: str, height: int = 800) -> str:
    """Have a browser do something with a page."""
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--window-size={WIDTH},{height}",
    ]
    profile = f"--user-data-dir={source.parent / 'profile'}"
    command = [browser, *options, profile, order, source.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, timeout=120, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
