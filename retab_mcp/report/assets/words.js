// Statuses, times and names in words. Each status has a sign and a word, so that none depends on
// its colour.

const STATUSES = {
  completed: { sign: "✓", word: "completed" },
  error: { sign: "✗", word: "failed" },
  awaiting_review: { sign: "◷", word: "waiting for review" },
  running: { sign: "▶", word: "running" },
  queued: { sign: "…", word: "queued" },
  pending: { sign: "○", word: "pending" },
  skipped: { sign: "–", word: "skipped" },
  cancelled: { sign: "■", word: "cancelled" },
};
const WORST_FIRST = ["error", "awaiting_review", "running", "cancelled", "queued", "pending"];

const statusOf = (status) => STATUSES[status] ?? { sign: "?", word: String(status) };
// A class may only be made of known words: a status can be any text.
const statusClass = (status) => (Object.hasOwn(STATUSES, status) ? `s-${status}` : "s-unknown");
const statusSign = (status) =>
  el("span", { class: `sign ${statusClass(status)}`, "aria-hidden": "true" }, statusOf(status).sign);
const statusBadge = (status) =>
  el("span", { class: `badge ${statusClass(status)}` },
    el("span", { "aria-hidden": "true" }, `${statusOf(status).sign} `), statusOf(status).word);

const worstOf = (statuses) =>
  WORST_FIRST.find((each) => statuses.includes(each)) ??
  statuses.find((each) => !Object.hasOwn(STATUSES, each)) ??
  (statuses.includes("completed") ? "completed" : statuses[0] ?? "pending");

// "root_cause" as "Root cause".
const humanized = (name) => {
  const words = String(name).replaceAll("_", " ").replace(/\bapi\b/g, "API").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]];

// Milliseconds as "420 ms", "2.1 s", "1 min 5 s", "3 d 4 h".
const duration = (ms) => {
  if (typeof ms !== "number" || !Number.isFinite(ms)) return "";
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  const at = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[at];
  const [lower, lowerSize] = UNITS[at + 1];
  const rest = Math.floor((ms % size) / lowerSize);
  return `${Math.floor(ms / size)} ${unit}${rest ? ` ${rest} ${lower}` : ""}`;
};

// A time of the server as "2026-08-05 15:31:00 UTC"; other text stays as it is.
const clock = (time) => {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(time);
  return match ? `${match[1]} ${match[2]} UTC` : String(time);
};
const timeOf = (time) => {
  const ms = typeof time === "string" ? Date.parse(time) : NaN;
  return Number.isNaN(ms) ? null : ms;
};
