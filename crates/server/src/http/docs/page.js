"use strict";
const DOCUMENTS = ["/docs/sunshine.json", "/docs/crosspoint.json", "/docs/exotel.json", "/docs/hubster.json"];
const METHODS = ["get", "post", "put", "patch", "delete"];
const byId = (id) => document.getElementById(id);

/** An element with its class, and children that are elements or texts. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function resolve(api, value) {
  for (let hops = 0; value && value.$ref && hops < 20; hops++) {
    const steps = value.$ref.replace(/^#\//, "").split("/");
    value = steps.reduce((part, step) => part && part[step.replace(/~1/g, "/").replace(/~0/g, "~")], api);
  }
  return value || {};
}

const nameOf = (value) => (value && value.$ref ? value.$ref.split("/").pop() : "");

/** One schema out of a reference and all its `allOf`. */
function flat(api, schema, depth = 0) {
  const found = resolve(api, schema);
  if (!found.allOf || depth > 8) return found;
  const out = { ...found, properties: { ...found.properties }, required: [...(found.required || [])] };
  delete out.allOf;
  for (const part of found.allOf) {
    const inner = flat(api, part, depth + 1);
    for (const key of ["type", "enum", "oneOf", "discriminator", "items", "additionalProperties", "format"])
      if (out[key] === undefined && inner[key] !== undefined) out[key] = inner[key];
    out.properties = { ...inner.properties, ...out.properties };
    out.required.push(...(inner.required || []));
  }
  return out;
}

function typeOf(api, schema) {
  const known = flat(api, schema);
  if (known.oneOf || known.anyOf) return "one of";
  if (known.type === "array") return "array of " + typeOf(api, known.items || {});
  const type = known.type || (Object.keys(known.properties || {}).length ? "object" : "any");
  return known.format ? `${type} (${known.format})` : type;
}

function limitsOf(known) {
  const said = [];
  if (known.enum) said.push(known.enum.map((value) => JSON.stringify(value)).join(" | "));
  const range = (low, high, unit) => {
    if (known[low] !== undefined && known[high] !== undefined) said.push(`${known[low]} to ${known[high]} ${unit}`);
    else if (known[high] !== undefined) said.push(`at most ${known[high]} ${unit}`);
    else if (known[low] !== undefined) said.push(`at least ${known[low]} ${unit}`);
  };
  range("minLength", "maxLength", "characters");
  range("minItems", "maxItems", "entries");
  range("minimum", "maximum", "");
  if (known.default !== undefined && known.default !== null) said.push("default " + JSON.stringify(known.default));
  if (known.nullable) said.push("may be null");
  if (known.readOnly) said.push("in replies only");
  if (known.writeOnly) said.push("in requests only");
  return said.map((text) => text.trim()).join(" · ");
}

/** What can be unfolded below a value. */
function insideOf(api, schema) {
  const known = flat(api, schema);
  if (known.type === "array") return insideOf(api, known.items || {});
  const variants = known.oneOf || known.anyOf;
  if (variants) {
    const mapped = Object.entries((known.discriminator || {}).mapping || {});
    return () => variants.map((variant) => {
      const label = mapped.filter(([, ref]) => ref === variant.$ref).map(([name]) => name).join(", ");
      const title = label || flat(api, variant).title || nameOf(variant) || typeOf(api, variant);
      return make("div", "variant", make("b", "", title), ...schemaView(api, variant));
    });
  }
  const properties = Object.entries(known.properties || {});
  if (!properties.length) return null;
  return () => [make("ul", "fields", ...properties.map(([name, value]) => {
    return fieldView(api, name, value, (known.required || []).includes(name));
  }))];
}

function schemaView(api, schema) {
  const inside = insideOf(api, schema);
  return inside ? inside() : [make("div", "type", typeOf(api, schema), " ", limitsOf(flat(api, schema)))];
}

/** A fold whose inside is made when it is first opened: schemas refer to each other without end. */
function fold(label, inside) {
  const details = make("details", "more", make("summary", "", label));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...inside());
  });
  return details;
}

function fieldView(api, name, schema, required, where) {
  const known = flat(api, schema);
  const inside = insideOf(api, schema);
  const field = make("div", "field", make("code", "", name), make("span", "type", typeOf(api, schema)),
    where ? make("span", "limits", "in " + where) : "", required ? make("span", "flag", "required") : "",
    make("span", "limits", limitsOf(known)));
  if (known.description) field.append(make("div", "about", known.description));
  return make("li", "", field, inside ? fold("fields", inside) : "");
}

function contentView(api, content) {
  return Object.entries(content || {}).flatMap(([type, media]) => {
    const label = type === "application/json" ? "" : make("div", "type", type);
    return [label, ...schemaView(api, media.schema || {})];
  });
}

function bodyViews(api, operation) {
  const views = [];
  if (operation.parameters.length) {
    const fields = operation.parameters.map((parameter) => {
      const known = resolve(api, parameter);
      const schema = { ...flat(api, known.schema || {}) };
      if (known.description) schema.description = known.description;
      return fieldView(api, known.name, schema, known.required, known.in);
    });
    views.push(make("h4", "", "Parameters"), make("ul", "fields", ...fields));
  }
  const body = resolve(api, operation.requestBody);
  if (body.content) views.push(make("h4", "", "Body"), ...contentView(api, body.content));
  const replies = Object.entries(operation.responses || {});
  if (replies.length) {
    views.push(make("h4", "", "Replies"), make("ul", "fields", ...replies.map(([status, reply]) => {
      const known = resolve(api, reply);
      const head = make("div", "field", make("span", "status", status), make("span", "type", known.description || ""));
      const hasBody = Object.keys(known.content || {}).length > 0;
      return make("li", "", head, hasBody ? fold("body", () => contentView(api, known.content)) : "");
    })));
  }
  return views;
}

function curlOf(operation) {
  const parts = ["curl"];
  if (operation.scopes.length) parts.push(operation.credentials);
  if (operation.method !== "get") parts.push("-X " + operation.method.toUpperCase());
  const types = Object.keys((operation.requestBody || {}).content || {});
  if (types.includes("application/json")) parts.push("-H 'content-type: application/json' -d '{…}'");
  else if (types.includes("multipart/form-data")) parts.push("-F source=@FILE");
  parts.push(location.origin + operation.path);
  return parts.join(" ");
}

function operationView(api, operation) {
  const hook = operation.method === "hook";
  const summary = make("summary", "",
    make("span", "method " + operation.method, hook ? "WEBHOOK" : operation.method.toUpperCase()),
    make("span", "path", operation.path), make("span", "summary", operation.summary || ""));
  const card = make("details", "operation", summary);
  card.id = operation.id;
  card.addEventListener("toggle", () => {
    if (!card.open || card.children.length > 1) return;
    const inside = make("div", "inside");
    if (operation.description) inside.append(make("p", "about", operation.description));
    if (!hook) {
      const scopes = operation.scopes.length ? operation.scopes : ["nobody has to authenticate"];
      inside.append(make("h4", "", "Scopes"), ...scopes.map((scope) => make("span", "scope", scope)));
      inside.append(make("div", "curl", make("code", "", curlOf(operation))));
    }
    inside.append(...bodyViews(api, operation));
    card.append(inside);
  });
  return card;
}

function operationsOf(api) {
  const found = [];
  for (const [path, item] of Object.entries(api.paths || {})) {
    for (const method of METHODS.filter((method) => item[method])) {
      const row = item[method];
      const scopes = new Set((row.security || []).flatMap((choice) => Object.values(choice).flat()));
      const schemes = (row.security || []).flatMap((choice) => Object.keys(choice))
        .map((name) => ((api.components || {}).securitySchemes || {})[name] || {});
      const has = (scheme) => schemes.some((known) => known.scheme === scheme);
      const token = has("bearer") ? "Bearer TOKEN" : "TOKEN";
      const credentials = has("basic") ? "-u KEY_ID:SECRET" : `-H 'authorization: ${token}'`;
      const parameters = [...(item.parameters || []), ...(row.parameters || [])];
      found.push({ ...row, id: row.operationId, path, method, parameters, scopes: [...scopes], credentials,
        tag: (row.tags || ["Other"])[0] });
    }
  }
  for (const [name, item] of Object.entries(api["x-webhooks"] || {})) {
    const row = item.post || item;
    found.push({ ...row, id: "webhook-" + name, path: name, method: "hook", parameters: [], scopes: [],
      responses: {}, tag: "Webhooks" });
  }
  return found;
}

function show(api, entries) {
  const chapters = make("div", "", make("h2", "", api.info.title));
  const index = make("div", "", make("h3", "", api.info.title));
  const operations = operationsOf(api);
  const order = [...(api.tags || []).map((tag) => tag.name), ...operations.map((operation) => operation.tag)];
  for (const tag of new Set(order)) {
    const mine = operations.filter((operation) => operation.tag === tag);
    if (!mine.length) continue;
    const heading = make("h3", "tag", tag);
    const list = make("ul");
    const group = { heading, title: make("h4", "", tag), list, items: [] };
    chapters.append(heading);
    for (const operation of mine) {
      const card = operationView(api, operation);
      const link = make("a", "", operation.method === "hook" ? operation.path : operation.id);
      link.href = "#" + operation.id;
      const item = make("li", "", link);
      list.append(item);
      chapters.append(card);
      const text = [operation.id, operation.path, operation.method, operation.summary, tag].join(" ").toLowerCase();
      group.items.push({ card, item, text });
    }
    index.append(group.title, list);
    entries.push(group);
  }
  byId("operations").append(chapters);
  byId("index").append(index);
}

function filter(entries) {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let any = false;
  for (const group of entries) {
    let some = false;
    for (const { card, item, text } of group.items) {
      const matches = words.every((word) => text.includes(word));
      card.hidden = item.hidden = !matches;
      some ||= matches;
    }
    group.heading.hidden = group.title.hidden = group.list.hidden = !some;
    any ||= some;
  }
  byId("none").hidden = any;
  byId("intro").hidden = words.length > 0;
}

function openLinked() {
  const card = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (!card || !card.classList.contains("operation")) return;
  card.open = true;
  card.scrollIntoView();
}

async function begin() {
  byId("base").textContent = location.origin;
  const wide = matchMedia("(min-width: 900px)");
  const unfold = () => { byId("contents").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  const entries = [];
  try {
    const documents = await Promise.all(DOCUMENTS.map(async (path) => (await fetch(path)).json()));
    byId("loading").remove();
    documents.filter((api) => api.info).forEach((api) => show(api, entries));
  } catch (error) {
    byId("loading").textContent = "The documents could not be loaded: " + error;
    return;
  }
  byId("search").addEventListener("input", () => filter(entries));
  byId("search").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const first = entries.flatMap((group) => group.items).find(({ card }) => !card.hidden);
    if (first) { first.card.open = true; first.card.scrollIntoView(); }
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== byId("search")) {
      event.preventDefault();
      byId("search").focus();
    }
  });
  addEventListener("hashchange", openLinked);
  openLinked();
}

begin();
