"use strict";
const $ = (id) => document.getElementById(id);
const make = (tag, name, text) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
};
const usual = { telegram: "1111111", sms: "+15550001234", whatsapp: "+15550001234", messenger: "24680135792468013" };
const words = { telegram: "Telegram", sms: "SMS", whatsapp: "WhatsApp", messenger: "Messenger" };
const kinds = {
  rateLimit: ["Seconds to wait", "retryAfterS", 5], serverError: ["Status", "status", 500], slow: ["Milliseconds", "ms", 3000],
  hang: null, reset: null, lostAnswer: null, deadToken: null, blockedUser: null, numberNotOwned: null, windowClosed: null,
  undelivered: null, lateReceipts: ["Milliseconds", "ms", 5000], outOfOrderReceipts: null, earlyReceipts: null,
  duplicateCallback: null, badSignature: null,
};
let shownBubbles = "", lastEntry = 0;

async function ask(path, method = "GET", body) {
  const answer = await fetch(path, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error || answer.status);
  return json;
}
const chosen = () => JSON.parse($("account").value || "{}");

async function act(action) {
  const note = $("note");
  try {
    const done = await ask("/sim/act", "POST", { ...chosen(), customer: $("customer").value.trim(), ...action });
    const quiet = ["block", "unblock", "stop", "resume"].includes(action.do) && done.status === null;
    note.className = done.status === null && !quiet ? "wrong" : "";
    note.textContent = done.status !== null ? `Callback answered with ${done.status}.`
      : quiet ? "Done; this channel does not tell the business." : "Nobody was told: no callback is registered, or it was not answered.";
    if (done.status >= 300) note.className = "wrong";
  } catch (error) {
    note.className = "wrong";
    note.textContent = error.message;
  }
  look();
}

function button(of, bubble) {
  const element = make("button", "", of.kind === "link" ? `${of.label} ↗` : of.label);
  element.onclick = () => {
    if (of.kind === "link") window.open(of.value, "_blank", "noopener");
    act({ do: "press", button: of.label, message: bubble.id });
  };
  return element;
}

function show(bubble) {
  const parts = [], box = make("div", `bubble ${bubble.side}`);
  for (const medium of bubble.media || []) {
    if (medium.contentType.startsWith("image")) {
      const image = make("img");
      image.src = medium.url; image.alt = "picture"; image.loading = "lazy";
      box.append(image);
    } else {
      const link = make("a", "", `📄 ${medium.contentType}`);
      link.href = medium.url; link.target = "_blank"; link.rel = "noopener";
      box.append(link, make("br"));
    }
  }
  if (bubble.title) box.append(make("strong", "", bubble.title));
  if (bubble.place) box.append(`📍 ${bubble.place.name || ""} ${bubble.place.latitude}, ${bubble.place.longitude}\n`);
  box.append(bubble.text);
  if (bubble.reaction) box.append(make("span", "reaction", bubble.reaction));
  const time = new Date(bubble.atMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  box.append(make("small", bubble.status, [bubble.edited ? "edited" : "", time, bubble.side === "business" ? bubble.status : ""].filter(Boolean).join(" · ")));
  parts.push(box);
  if (bubble.buttons) {
    const row = make("div", "buttons");
    row.append(...bubble.buttons.map((of) => button(of, bubble)));
    parts.push(row);
  }
  return parts;
}

async function lookAtPhone() {
  const { channel, account } = chosen(), customer = $("customer").value.trim();
  if (!channel || !customer) return;
  const chat = await ask(`/sim/chats/${[channel, account, customer].map(encodeURIComponent).join("/")}`);
  const text = JSON.stringify([channel, account, customer, chat]);
  if (text === shownBubbles) return;
  shownBubbles = text;
  const parts = chat.bubbles.flatMap(show);
  if (chat.typing) parts.push(make("p", "typing", "typing …"));
  if (chat.blocked) parts.push(make("p", "typing", "You have blocked this business."));
  if (chat.optedOut) parts.push(make("p", "typing", "You have opted out with STOP."));
  if (!parts.length) parts.push(make("p", "empty", "Say hello. Your message goes to the business through the simulated provider."));
  $("bubbles").replaceChildren(...parts);
  $("bubbles").scrollTop = $("bubbles").scrollHeight;
}

function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { /* a form or a text */ }
  return /^[\w.%+-]+=/.test(body) ? [...new URLSearchParams(body)].map(([name, value]) => `${name}: ${value}`).join("\n") : body;
}

function entry(of) {
  const line = make("li", of.verdict), details = make("details"), summary = make("summary");
  const to = of.direction === "toProvider";
  const what = make("div", "what", `${of.provider} ${of.operation} `);
  what.append(make("span", "", of.customer || ""));
  summary.append(make("span", "", to ? "→" : "←"), what, make("span", "status", of.status || (of.verdict === "fault" ? "fault" : "no answer")));
  summary.title = to ? "to the provider" : "from the provider";
  if (of.verdict !== "accepted") {
    summary.append(make("div", "why", of.fault ? `fault: ${of.fault}` : `${of.rule}: ${of.why}`));
  }
  const headers = of.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const shown = `${of.method} ${of.path}\n${headers}\n\n${pretty(of.body)}\n\n${of.status || ""} ${pretty(of.answer)}`;
  details.append(summary, make("pre", "", shown.trim()));
  line.append(details);
  return line;
}

async function lookAtWire() {
  const { entries } = await ask(`/sim/transcript?newest&after=${lastEntry}`);
  const list = $("entries");
  for (const of of entries) {
    lastEntry = of.number;
    list.prepend(entry(of));
  }
  while (list.children.length > 300) list.lastChild.remove();
  filter();
}

function filter() {
  const only = $("only-refused").checked, wrong = document.querySelectorAll("#entries .refused, #entries .failed").length;
  for (const line of $("entries").children) line.hidden = only && line.className === "accepted";
  $("refused-count").hidden = !wrong;
  $("refused-count").textContent = wrong;
  $("no-entries").hidden = [...$("entries").children].some((line) => !line.hidden);
}

async function lookAtFaults() {
  const { faults } = await ask("/sim/faults");
  const words = faults.map((fault) => Object.entries(fault).filter(([name, value]) => value !== null && name !== "chance")
    .map(([name, value]) => (name === "fault" ? value : `${name}: ${value}`)).join(", "));
  $("armed").replaceChildren(...words.map((text) => make("li", "", `⚠ ${text}`)));
  if (!words.length) $("armed").append(make("li", "none", "None is armed."));
}

async function look() {
  if (document.hidden) return;
  try {
    await Promise.all([lookAtPhone(), lookAtWire(), lookAtFaults()]);
  } catch {
    $("note").className = "wrong";
    $("note").textContent = "The simulator does not answer.";
  }
}

function ownAction(word) {
  if (word === "picture") return { do: "media", caption: $("text").value || undefined };
  if (word === "location") return { do: "location", latitude: 45.5, longitude: -73.5, name: "Harbour" };
  if (word === "contact") return { do: "contact", phoneNumber: "+15550001234", firstName: "Ann" };
  if (word === "start") return { do: "start", payload: "ref42" };
  if (word === "react") return { do: "react", emoji: "👍" };
  if (word === "edit") return { do: "edit", text: $("text").value || "(edited)" };
  return { do: word };
}

function numberField() {
  const needs = kinds[$("kind").value];
  $("number-label").hidden = !needs;
  if (needs) { $("number-label").firstElementChild.textContent = needs[0]; $("number").value = needs[2]; }
}

async function begin() {
  const { accounts, baseUrls, credentials } = await ask("/sim/accounts");
  for (const { channel, account, name } of accounts) {
    const alone = accounts.filter((other) => other.channel === channel).length === 1;
    const option = make("option", "", alone ? words[channel] : `${words[channel]} ${name}`);
    option.title = name;
    option.value = JSON.stringify({ channel, account });
    $("account").append(option);
  }
  $("credentials").textContent = JSON.stringify({ baseUrls, ...credentials }, null, 2);
  $("customer").value = usual[chosen().channel];
  $("account").onchange = () => { $("customer").value = usual[chosen().channel]; look(); };
  $("customer").onchange = look;
  $("kind").append(...Object.keys(kinds).map((kind) => make("option", "", kind)));
  $("kind").onchange = numberField;
  numberField();
  $("say").onsubmit = (event) => {
    event.preventDefault();
    const text = $("text").value;
    if (text) { $("text").value = ""; act({ do: "say", text }); }
  };
  $("open-more").onclick = () => {
    $("more").hidden = !$("more").hidden;
    $("open-more").setAttribute("aria-expanded", String(!$("more").hidden));
    $("bubbles").scrollTop = $("bubbles").scrollHeight;
  };
  for (const of of $("more").children) of.onclick = () => act(ownAction(of.dataset.do));
  $("fault").onsubmit = async (event) => {
    event.preventDefault();
    const needs = kinds[$("kind").value], fault = { fault: $("kind").value, times: Number($("times").value) || undefined };
    if ($("provider").value) fault.provider = $("provider").value;
    if (needs) fault[needs[1]] = Number($("number").value);
    await ask("/sim/faults", "POST", fault);
    look();
  };
  $("heal").onclick = async () => { await ask("/sim/faults", "DELETE"); look(); };
  $("clear").onclick = async () => { await ask("/sim/transcript", "DELETE"); $("entries").replaceChildren(); filter(); };
  $("only-refused").onchange = filter;
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.onclick = () => {
      document.querySelector("main").dataset.shown = tab.dataset.part;
      for (const other of document.querySelectorAll(".tabs button")) other.classList.toggle("on", other === tab);
    };
  }
  look();
  setInterval(look, 1000);
}
begin();
