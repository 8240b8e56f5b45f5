// The page: what is clicked and typed, and what comes of it.

import { Editor } from "./editor.js";
import * as server from "./server.js";
import { element, Output, size } from "./show.js";

const at = (id) => document.getElementById(id);
const output = new Output();
const editor = new Editor({ run, names: () => variables.map(([name]) => name) });
const EXAMPLE = `import pandas as pd

table = pd.DataFrame({"city": ["Bern", "Basel", "Chur"], "people": [134_794, 173_863, 38_293]})
table.set_index("city").plot.bar()
table
`;
// Prints what the session knows, and leaves nothing there.
const LOOK = `print((lambda names: __import__("json").dumps([[name, type(value).__name__, repr(value)[:80]]
  for name, value in names if not name.startswith("_") and name not in ("FILES", "load_file", "get_file_path", "list_files", "display")
  and type(value).__name__ != "module"][:200]))(list(globals().items())))`;
let execution = "", variables = [];

async function run() {
  if (!at("stop").disabled) return;
  const began = performance.now();
  const wanted = { code: editor.text, session: at("session").checked };
  busy(true);
  output.clear();
  editor.mark(0);
  at("state").textContent = "Sent…";
  try {
    let outcome;
    await server.follow(wanted, (name, document) => { outcome = heard(name, document) ?? outcome; });
    if (outcome) await conclude(outcome, began);
  } catch (error) {
    at("state").textContent = "Not run";
    failed(error);
  } finally {
    busy(false);
  }
  if (wanted.session) await lookAtSession();
}

function busy(is) {
  at("stop").disabled = !is;
  at("run").disabled = is;
  at("output").setAttribute("aria-busy", is);
  if (!is) execution = "";
}

// What to do with an event; gives the outcome when it comes.
function heard(name, document) {
  const state = (text) => { at("state").textContent = text; };
  switch (name) {
    case "execution": execution = document.execution_id; break;
    case "queued": state(`Waiting, place ${document.place}`); break;
    case "started": state("Running…"); break;
    case "stdout": case "stderr": output.print(name, document.text); break;
    case "display": output.value(document); break;
    case "installing": state(`Installing ${document.packages.join(", ")}…`); break;
    case "installed": state("Running…"); break;
    case "output_full": output.note("There is more output: the rest goes to the file output.txt."); break;
    case "failure": state("Not run"); output.error({ type: "Not run", message: document.error.message }); break;
    case "outcome": return document;
  }
}

async function conclude(outcome, began) {
  if (outcome.result) output.value(outcome.result);
  if (outcome.error) {
    output.error(outcome.error);
    const lines = [...outcome.error.traceback.matchAll(/File "main\.py", line (\d+)/gu)];
    if (lines.length) editor.mark(Number(lines.at(-1)[1]));
  }
  for (const note of outcome.notes) output.note(note);
  for (const file of outcome.generated_files) {
    if (file.type === "image" && file.url) await output.picture(file).catch(failed);
    else output.note(`📎 ${file.filename} (${size(file.size)})${file.reason ? `: ${file.reason}` : ""}`);
  }
  if (!at("output").hasChildNodes()) output.note("The code printed nothing.");
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  const words = { completed: "Done", raised: "Error", timed_out: "Time limit", cancelled: "Stopped" };
  at("state").textContent = `${words[outcome.ending] ?? outcome.ending.replaceAll("_", " ")} in ${seconds} s`;
  if (outcome.generated_files.length) await listFiles();
}

function failed(error) {
  if (error.status === 401) at("key-dialog").showModal();
  else output.error({ type: "Error", message: error.message });
}

async function listFiles() {
  const { files } = await server.files();
  at("files").replaceChildren(...files.toReversed().map((file) => {
    const button = (text, label, act) => {
      const made = element("button", { type: "button", className: "small", textContent: text });
      made.setAttribute("aria-label", `${label} ${file.name}`);
      made.addEventListener("click", () => act().catch(failed));
      return made;
    };
    return element("li", {}, element("span", { className: "name", textContent: file.name }), ` ${size(file.size)}`,
      element("code", { textContent: file.id }),
      element("div", { className: "row" },
        button("Use", "Load in the code", async () => editor.insert(`load_file("${file.id}")`)),
        button("Download", "Download", () => download(file)),
        button("Delete", "Delete", async () => { await server.remove(file.id); await listFiles(); })));
  }));
}

async function download(file) {
  const url = URL.createObjectURL(await server.content(file.url));
  element("a", { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function upload(chosen) {
  if (!chosen.length) return;
  at("state").textContent = "Uploading…";
  const { files, failed: refused } = await server.upload(chosen);
  at("state").textContent = `${files.length} uploaded`;
  for (const { name, message } of refused) output.note(`❌ ${name}: ${message}`);
  await listFiles();
}

async function lookAtSession() {
  const outcome = await server.execute({ code: LOOK, session: true }).catch(() => undefined);
  try {
    variables = JSON.parse(outcome.stdout);
  } catch {
    variables = [];
  }
  const head = element("tr", {}, ...["Name", "Type", "Value"].map((text) => element("th", { scope: "col", textContent: text })));
  const rows = variables.map((row) => element("tr", {}, ...row.map((text) => element("td", { textContent: text, title: text }))));
  at("variables").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
}

async function connect() {
  try {
    const status = await server.status();
    at("server").textContent = `Python ${status.python_version} · isolation ${status.isolation} · ${status.package_count} packages`;
    await listFiles();
  } catch (error) {
    at("server").textContent = error.message;
    failed(error);
  }
}

function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = localStorage.getItem("taipan-theme") ?? (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = chosen;
    return chosen;
  };
  dark.addEventListener("change", show);
  at("theme").addEventListener("click", () => {
    localStorage.setItem("taipan-theme", show() === "dark" ? "light" : "dark");
    show();
  });
  show();
}

theme();
editor.text = EXAMPLE;
at("run").addEventListener("click", run);
at("stop").addEventListener("click", () => execution && server.cancel(execution).catch(failed));
at("upload").addEventListener("change", (event) => {
  upload([...event.target.files]).catch(failed);
  event.target.value = "";
});
for (const name of ["dragover", "dragleave", "drop"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", name === "dragover");
    if (name === "drop") upload([...event.dataTransfer.files]).catch(failed);
  });
}
at("session").addEventListener("change", (event) => { at("session-panel").hidden = !event.target.checked; });
at("reset").addEventListener("click", async () => {
  await server.endSession().catch(failed);
  variables = [];
  at("variables").replaceChildren();
});
at("key").addEventListener("click", () => at("key-dialog").showModal());
at("key-dialog").addEventListener("close", () => {
  if (at("key-dialog").returnValue === "use") server.key.set(at("key-text").value.trim());
  at("key-text").value = "";
  if (at("key-dialog").returnValue === "use") connect();
});
connect();
