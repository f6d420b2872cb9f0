// Build elements. Text from runs is third-party text: it enters the page as text nodes only, so
// this is the only file that makes elements, and nothing here reads markup.

const append = (parent, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
};

// Make an element: el("p", {class: "note", click: f}, "text", otherElement).
const el = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return append(element, children);
};

const replace = (parent, ...children) => {
  parent.replaceChildren();
  return append(parent, children);
};

// Text of a third party: its direction must not change the order of the words around it.
const quoted = (text, attributes) => el("bdi", { dir: "auto", ...attributes }, text);

// Only links that a person can recognize as web pages; anything else stays text. `open` opens a
// link in place of the browser; null where links cannot be opened.
const link = (url, text, open) => {
  let parsed = null;
  try { parsed = new URL(url); } catch { /* not a URL */ }
  if (!parsed || !["https:", "http:"].includes(parsed.protocol) || open === null) return quoted(url);
  if (open) return el("button", { type: "button", class: "plain", click: () => open(url) }, text);
  return el("a", { href: parsed.href, rel: "noopener noreferrer", target: "_blank" }, text);
};

const button = (text, click, attributes) =>
  el("button", { type: "button", click, ...attributes }, text);

// A section that opens on demand; its content is made when it is first opened.
const disclosure = (title, content, { open = false, ...attributes } = {}) => {
  const box = el("details", attributes, el("summary", null, title));
  const fill = () => { if (box.childElementCount === 1) append(box, [content()]); };
  if (open) { fill(); box.open = true; }
  box.addEventListener("toggle", () => { if (box.open) fill(); });
  return box;
};

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
