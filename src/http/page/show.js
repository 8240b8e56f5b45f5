// What code prints, shows and makes. All of it was written by anybody: it becomes text in elements that are made here,
// and is never parsed into this page.

import { content } from "./server.js";

const MOST_ROWS = 1000;
const MOST_OUTPUT = 400_000;

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export class Output {
  #place = document.getElementById("output");
  #text = null;
  #pictures = [];
  #length = 0;

  clear() {
    this.#pictures.splice(0).forEach((url) => URL.revokeObjectURL(url));
    this.#place.replaceChildren();
    this.#text = null;
    this.#length = 0;
  }

  // Adds to the text that stands there, in the colour of its stream.
  print(stream, text) {
    if (this.#length > MOST_OUTPUT) return;
    this.#length += text.length;
    if (!this.#text) {
      this.#text = element("pre");
      this.#text.setAttribute("role", "log");
      this.#place.append(this.#text);
    }
    this.#text.append(element("span", { className: stream, textContent: text }));
  }

  // Shows a value: a table where it is one.
  value(value) {
    this.#text = null;
    const table = value.html && tableOf(value.html);
    this.#place.append(table ?? element("pre", { className: "value", textContent: value.text }));
    if (value.cut) this.note("The value was too long to be shown whole.");
  }

  error(error) {
    this.#text = null;
    const box = element("div", { className: "error" }, element("strong", { textContent: error.type }), `: ${error.message}`);
    box.setAttribute("role", "alert");
    if (error.traceback) box.append(element("pre", { textContent: error.traceback }));
    this.#place.append(box);
  }

  note(text) {
    this.#place.append(element("p", { className: "empty", textContent: text }));
  }

  async picture(file) {
    const url = URL.createObjectURL(await content(file.url));
    this.#pictures.push(url);
    const caption = element("figcaption", { textContent: `${file.filename} · ${file.file_id}` });
    this.#place.append(element("figure", {}, element("img", { src: url, alt: file.filename }), caption));
  }
}

// Makes a table of the cells of another one, which is read where no script runs and nothing is fetched.
function tableOf(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!found) return null;
  const cells = (row) => [...row.cells].flatMap((cell) => {
    const wide = Math.min(cell.colSpan || 1, 100);
    return [cell.textContent.trim(), ...Array(wide - 1).fill("")];
  });
  const heads = [...(found.tHead?.rows ?? [])];
  const rows = [...found.tBodies].flatMap((body) => [...body.rows]).slice(0, MOST_ROWS).map(cells);
  const width = Math.max(0, ...rows.map((row) => row.length));
  const names = heads.length ? cells(heads.at(-1)) : Array(width).fill("");
  if (rows.length === 0 && names.length === 0) return null;
  return sortable(names, rows);
}

export function sortable(names, rows) {
  const table = element("table");
  const body = element("tbody");
  let sorted = -1, falls = false;
  const draw = () => body.replaceChildren(...rows.map((row) => element("tr", {}, ...row.map((text) => {
    return element("td", { textContent: text, className: isNumber(text) ? "numeric" : "" });
  }))));
  const heads = names.map((name, column) => {
    const button = element("button", { type: "button", textContent: name || "#" });
    const head = element("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      falls = sorted === column && !falls;
      sorted = column;
      rows.sort((one, other) => compare(one[column] ?? "", other[column] ?? "") * (falls ? -1 : 1));
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      heads.forEach((other, index) => { other.firstChild.textContent = names[index] || "#"; });
      head.setAttribute("aria-sort", falls ? "descending" : "ascending");
      button.textContent = `${name || "#"} ${falls ? "▼" : "▲"}`;
      draw();
    });
    return head;
  });
  draw();
  table.append(element("thead", {}, element("tr", {}, ...heads)), body);
  const region = element("div", { className: "scroll", tabIndex: 0 }, table);
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", "Table");
  return region;
}

const isNumber = (text) => text !== "" && !Number.isNaN(Number(text));

function compare(one, other) {
  if (isNumber(one) && isNumber(other)) return Number(one) - Number(other);
  return one.localeCompare(other, undefined, { numeric: true });
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
