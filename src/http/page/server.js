// What the page asks the server.

const KEY = "taipan-key";
const ATTEMPTS = 5;

export class Refused extends Error {
  constructor(status, document) {
    super(document?.error?.message ?? `The server answered with ${status}.`);
    this.status = status;
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (text) => (text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY)),
};

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  const response = await fetch(path, { ...options, headers });
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => undefined));
  return response;
}

export const status = async () => (await ask("/api/v1/status")).json();
export const files = async () => (await ask("/api/v1/files")).json();
export const content = async (url) => (await ask(url)).blob();
export const remove = (id) => ask(`/api/v1/files/${encodeURIComponent(id)}`, { method: "DELETE" });
export const cancel = (id) => ask(`/api/v1/executions/${encodeURIComponent(id)}`, { method: "DELETE" });
export const endSession = () => ask("/api/v1/session", { method: "DELETE" });

export async function upload(chosen) {
  const body = new FormData();
  for (const file of chosen) body.append("file", file);
  return (await ask("/api/v1/files", { method: "POST", body })).json();
}

// Runs code and gives its answer, without what happens meanwhile.
export async function execute(wanted) {
  const headers = { "Content-Type": "application/json" };
  return (await ask("/api/v1/executions", { method: "POST", headers, body: JSON.stringify(wanted) })).json();
}

// Runs code; `heard(name, document)` is told what happens. A connection that breaks is made again.
export async function follow(wanted, heard) {
  const stream = { Accept: "text/event-stream" };
  let answer = await ask("/api/v1/executions", {
    method: "POST", headers: { ...stream, "Content-Type": "application/json" }, body: JSON.stringify(wanted),
  });
  let execution = "", last = "0";
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const event of events(answer.body)) {
        last = event.id || last;
        if (event.name === "execution") execution = event.document.execution_id;
        heard(event.name, event.document);
        if (event.name === "outcome" || event.name === "failure") return;
      }
      throw new Error("The connection ended before the run did.");
    } catch (error) {
      if (!execution || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
      const path = `/api/v1/executions/${encodeURIComponent(execution)}/events`;
      answer = await ask(path, { headers: { ...stream, "Last-Event-ID": last } }).catch((refused) => {
        if (refused instanceof Refused) throw refused;
        return { body: new ReadableStream({ start: (stream) => stream.close() }) };
      });
    }
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }));
      if (fields.event) yield { id: fields.id, name: fields.event, document: JSON.parse(fields.data) };
    }
  }
}
