// A text area with colours behind it. What is typed is the area's own, so that keyboards, screen readers and phones
// find what they know.

import { completions, pieces } from "./python.js";

const INDENT = "    ";

export class Editor {
  #code = document.getElementById("code");
  #mirror = document.getElementById("mirror");
  #gutter = document.getElementById("gutter");
  #list = document.getElementById("completions");
  #wrong = 0;
  #choice = 0;
  #leaves = false;

  constructor({ run, names }) {
    this.names = names;
    this.#code.addEventListener("input", () => { this.#wrong = 0; this.#draw(); this.#offer(false); });
    this.#code.addEventListener("blur", () => this.#close());
    this.#code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#close();
        run();
      } else if (!this.#list.hidden && this.#choose(event)) {
        event.preventDefault();
      } else {
        this.#type(event);
      }
    });
    this.#draw();
  }

  get text() { return this.#code.value; }

  set text(text) { this.#code.value = text; this.#wrong = 0; this.#draw(); }

  // Puts a text where the cursor is.
  insert(text) {
    this.#code.focus();
    this.#code.setRangeText(text, this.#code.selectionStart, this.#code.selectionEnd, "end");
    this.#draw();
  }

  // Shows that something went wrong on a line; 0 is none.
  mark(line) {
    this.#wrong = line;
    this.#draw();
    this.#mirror.children[line - 1]?.scrollIntoView({ block: "nearest" });
  }

  #draw() {
    const lines = [[]];
    for (const [colour, text] of pieces(this.#code.value)) {
      text.split("\n").forEach((part, index) => {
        if (index > 0) lines.push([]);
        if (part) lines.at(-1).push(Object.assign(document.createElement("span"), { className: colour, textContent: part }));
      });
    }
    this.#mirror.replaceChildren(...lines.map((parts, index) => {
      const line = Object.assign(document.createElement("span"), { className: "line" });
      line.classList.toggle("wrong", index + 1 === this.#wrong);
      line.append(...parts, "\u200b");
      return line;
    }));
    this.#gutter.replaceChildren(...lines.flatMap((_, index) => {
      const number = Object.assign(document.createElement("span"), { textContent: index + 1 });
      number.classList.toggle("wrong", index + 1 === this.#wrong);
      return [number, "\n"];
    }));
  }

  #type(event) {
    const { selectionStart: from, selectionEnd: to, value } = this.#code;
    if (event.key === "Escape") {
      this.#leaves = true;
      return;
    }
    if (event.key === "Tab" && !this.#leaves && from === to && !event.shiftKey) {
      event.preventDefault();
      this.#replace(INDENT);
    } else if (event.key === "Enter") {
      const line = value.slice(value.lastIndexOf("\n", from - 1) + 1, from);
      event.preventDefault();
      this.#replace("\n" + line.match(/^\s*/u)[0] + (/:\s*(?:#.*)?$/u.test(line) ? INDENT : ""));
    } else if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.#offer(true);
    }
    this.#leaves = false;
  }

  // As if it were typed, so that it can be undone.
  #replace(text) {
    if (!document.execCommand("insertText", false, text)) this.insert(text);
  }

  #offer(isAsked) {
    const cursor = this.#code.selectionStart;
    const { word, names } = completions(this.#code.value, cursor, this.names());
    if (names.length === 0 || (!isAsked && word.length < 2)) return this.#close();
    this.#choice = 0;
    this.#list.replaceChildren(...names.map((name, index) => {
      const item = Object.assign(document.createElement("li"), { textContent: name, id: `completion-${index}` });
      item.setAttribute("role", "option");
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); this.#choice = index; this.#take(); });
      return item;
    }));
    const before = this.#code.value.slice(0, cursor).split("\n");
    const height = parseFloat(getComputedStyle(this.#mirror).lineHeight);
    this.#list.style.top = `${12 + before.length * height}px`;
    this.#list.style.left = `calc(12px + ${before.at(-1).length - word.length}ch)`;
    this.#list.hidden = false;
    this.#select(0);
  }

  #select(choice) {
    this.#choice = (choice + this.#list.children.length) % this.#list.children.length;
    [...this.#list.children].forEach((item, index) => item.setAttribute("aria-selected", index === this.#choice));
    this.#list.children[this.#choice].scrollIntoView({ block: "nearest" });
    this.#code.setAttribute("aria-activedescendant", `completion-${this.#choice}`);
  }

  // Whether a key was meant for the list.
  #choose(event) {
    if (event.key === "ArrowDown") this.#select(this.#choice + 1);
    else if (event.key === "ArrowUp") this.#select(this.#choice - 1);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) this.#take();
    else if (event.key === "Escape") this.#close();
    else return false;
    return true;
  }

  #take() {
    const cursor = this.#code.selectionStart;
    const { word } = completions(this.#code.value, cursor, this.names());
    const name = this.#list.children[this.#choice].textContent;
    this.#code.setSelectionRange(cursor - word.length, cursor);
    this.#replace(name);
    this.#close();
  }

  #close() {
    this.#list.hidden = true;
    this.#code.removeAttribute("aria-activedescendant");
  }
}
