// Shows the document that describes the routes.

import { element } from "./show.js";

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = localStorage.getItem("taipan-theme") ?? (dark ? "dark" : "light");

const api = await (await fetch("/openapi.json")).json();
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })));

// A schema with what it refers to in its place, as far as that is not endless.
function whole(schema, depth = 0) {
  if (!schema || typeof schema !== "object" || depth > 8) return schema;
  if (schema.$ref) return whole(api.components.schemas[schema.$ref.split("/").at(-1)], depth + 1);
  if (Array.isArray(schema)) return schema.map((part) => whole(part, depth + 1));
  return Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, whole(part, depth + 1)]));
}

function contents(content = {}) {
  return Object.entries(content).flatMap(([type, { schema }]) => [
    element("p", { textContent: type }), element("pre", { textContent: JSON.stringify(whole(schema), null, 2), tabIndex: 0 }),
  ]);
}

function shown(operation) {
  const summary = element("summary", {}, element("span", { className: "method", textContent: operation.method.toUpperCase() }),
    element("span", { className: "path", textContent: operation.path }), ` ${operation.summary ?? ""}`);
  const parts = [element("p", { textContent: operation.description ?? "" })];
  for (const parameter of operation.parameters ?? []) {
    parts.push(element("p", {}, element("code", { textContent: parameter.name }), ` (${parameter.in}): ${parameter.description ?? ""}`));
  }
  if (operation.requestBody) parts.push(element("h3", { textContent: "Body" }), ...contents(operation.requestBody.content));
  for (const [status, response] of Object.entries(operation.responses)) {
    parts.push(element("h3", { textContent: `${status}: ${response.description}` }), ...contents(response.content));
  }
  return element("details", {}, summary, ...parts);
}

const place = document.getElementById("operations");
for (const tag of new Set(operations.flatMap((operation) => operation.tags))) {
  const tagged = operations.filter((operation) => operation.tags.includes(tag));
  place.append(element("h2", { textContent: tag }), ...tagged.map(shown));
}
place.setAttribute("aria-busy", "false");
