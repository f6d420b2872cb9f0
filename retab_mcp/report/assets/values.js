// Draw any JSON value. Objects and arrays open on demand, so that a large value costs nothing.

const LONG_TEXT = 400;
const OPEN_DEPTH = 2;
const MANY = 100;

const pointer = (path, key) => `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const longText = (text) => {
  const shown = quoted(`${text.slice(0, LONG_TEXT)}…`, { class: "v-string" });
  const more = button(`show all ${text.length.toLocaleString("en")} characters`, () => {
    shown.textContent = text;
    more.remove();
  }, { class: "plain" });
  return [shown, " ", more];
};

const scalar = (value) => {
  if (value === null) return el("span", { class: "v-null" }, "null");
  if (typeof value !== "string") return el("span", { class: "v-number" }, String(value));
  if (value === "") return el("span", { class: "v-null" }, "empty text");
  return value.length > LONG_TEXT ? longText(value) : quoted(value, { class: "v-string" });
};

const summaryOf = (value) =>
  Array.isArray(value) ? counted(value.length, "item") : counted(Object.keys(value).length, "field");

const isScalar = (value) => value === null || typeof value !== "object";
const entriesOf = (value) => (Array.isArray(value) ? [...value.entries()] : Object.entries(value));
const isShort = (value) => isScalar(value) && String(value).length < 40;
// A value that fits on the line of its name.
const isInline = (value, where) =>
  isScalar(value) || entriesOf(value).length === 0 || (Array.isArray(value) && !where && value.length <= 8 && value.every(isShort));

const inline = (value) => {
  if (isScalar(value)) return scalar(value);
  if (entriesOf(value).length === 0) return el("span", { class: "v-null" }, Array.isArray(value) ? "empty list" : "empty object");
  return el("span", null, value.map((each, at) => [at ? ", " : null, scalar(each)]));
};

const fieldRow = (key, value, at, where, depth) => {
  const name = el("span", { class: "key" }, quoted(key));
  if (isInline(value, where)) return el("li", null, name, el("span", { class: "value" }, inline(value), isScalar(value) && where?.(at)));
  const entries = entriesOf(value);
  return el("li", { class: "nest" },
    disclosure([name, " ", summaryOf(value)], () => fieldRows(entries, at, where, depth + 1), { open: depth < OPEN_DEPTH || entries.length <= 3 }));
};

// A list of names and values. `where` is called with the pointer of each scalar, and returns what
// stands next to it.
const fieldRows = (entries, path, where, depth) => {
  const list = el("ul", { class: "fields" });
  const add = (some) => append(list, some.map(([key, value]) => fieldRow(key, value, pointer(path, key), where, depth)));
  add(entries.slice(0, MANY));
  if (entries.length <= MANY) return list;
  const more = button(`show ${(entries.length - MANY).toLocaleString("en")} more`, () => {
    add(entries.slice(MANY));
    more.remove();
  }, { class: "plain" });
  return [list, more];
};

const drawValue = (value, path = "", where = null) =>
  isInline(value, where) ? [inline(value), isScalar(value) && where?.(path)] : fieldRows(entriesOf(value), path, where, 0);
