// Talk to the host of an MCP App: JSON-RPC 2.0 over postMessage.

const PROTOCOL = "2026-01-26";
const ANSWER_MS = 70_000; // the server answers within 55 s

const waiting = new Map();
let lastId = 0;
const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
const notify = (method, params = {}) => post({ method, params });

const request = (method, params) => new Promise((done, failed) => {
  lastId += 1;
  const id = lastId;
  const timer = setTimeout(() => { waiting.delete(id); failed(new Error("The host did not answer.")); }, ANSWER_MS);
  waiting.set(id, { done, failed, timer });
  post({ id, method, params });
});

const settle = (message) => {
  const asked = waiting.get(message.id);
  if (!asked) return;
  waiting.delete(message.id);
  clearTimeout(asked.timer);
  if (message.error) asked.failed(new Error(message.error.message ?? "The host refused the call."));
  else asked.done(message.result ?? {});
};

// Answer the host's messages with `handlers` by method; any other request is refused.
const listen = (handlers) => addEventListener("message", ({ source: from, data: message }) => {
  if (from !== parent || message?.jsonrpc !== "2.0") return;
  if (message.method === undefined) { settle(message); return; }
  const handler = Object.hasOwn(handlers, message.method) ? handlers[message.method] : null;
  // A request can have the id 0.
  if (message.id === undefined) { handler?.(message.params ?? {}); return; }
  post(handler
    ? { id: message.id, result: handler(message.params ?? {}) ?? {} }
    : { id: message.id, error: { code: -32601, message: "Method not found" } });
});

// The answer in the result of a tool: an object, in the text or as structured content.
const answerOf = (result) => {
  if (isObject(result?.structuredContent)) return result.structuredContent;
  const text = result?.content?.find?.((block) => block?.type === "text")?.text;
  try {
    const answer = JSON.parse(text);
    if (isObject(answer)) return answer;
  } catch { /* not JSON: shown as text below */ }
  return { error: typeof text === "string" && text ? text : "The host sent no answer that can be drawn." };
};

const reportSize = () => {
  let last = "";
  const report = () => {
    const width = Math.ceil(document.documentElement.clientWidth);
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (`${width} ${height}` === last) return;
    last = `${width} ${height}`;
    notify("ui/notifications/size-changed", { width, height });
  };
  new ResizeObserver(report).observe(document.body);
  report();
};

// Take over the host's colours and fonts. A value that refers to anything outside is left out.
const applyContext = (hostContext) => {
  const root = document.documentElement;
  if (hostContext.theme) {
    setTheme(hostContext.theme);
    root.style.setProperty("color-scheme", hostContext.theme === "dark" ? "dark" : "light");
  }
  for (const [name, value] of Object.entries(hostContext.styles?.variables ?? {})) {
    if (/^--[a-z0-9-]+$/.test(name) && typeof value === "string" && !/url\(|image\(|@import/i.test(value)) root.style.setProperty(name, value);
  }
};
