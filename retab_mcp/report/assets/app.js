// The page of an MCP App: drawn from the answer of get_run that the host hands over. It asks for
// more through the host, where the host allows that.

let mayCall = false;
let mayOpenLinks = false;
let run = null;
let timeline = null;

const call = async (name, args) => {
  try {
    return answerOf(await request("tools/call", { name, arguments: args }));
  } catch (failed) {
    return { error: failed.message };
  }
};

const stepsRead = new Map();
const rowsRead = new Map();
const withRunId = (args) => ({ run_id: run.run_id, ...args });

const readRows = async (block, args) => {
  const answer = await call("list_steps", args);
  const before = rowsRead.get(block)?.rows ?? [];
  if (!answer.error) rowsRead.set(block, { rows: [...before, ...answer.rows], truncated: answer.truncated && { ...answer.truncated, shown: before.length + answer.rows.length } });
  return answer;
};

const source = {
  rows: async (block) => {
    if (!rowsRead.has(block)) {
      const answer = await readRows(block, withRunId({ ...(block && { block_id: block }), limit: 200 }));
      if (answer.error) return answer;
    }
    return rowsRead.get(block);
  },
  more: async (block, next) => !(await readRows(block, next.arguments)).error,
  step: async (stepId) => {
    if (!stepsRead.has(stepId)) {
      const answer = await call("get_step", withRunId({ step_id: stepId }));
      if (answer.error) return answer;
      stepsRead.set(stepId, answer);
    }
    return stepsRead.get(stepId);
  },
  stepNow: (stepId) => stepsRead.get(stepId),
  canTrace: () => mayCall,
  trace: (stepId, path) => call("trace_value", withRunId({ step_id: stepId, path })),
  read: (next) => call(next.tool, next.arguments),
  get openLink() { return mayOpenLinks ? (url) => request("ui/open-link", { url }).catch(() => {}) : null; },
};

const asked = el("section", { class: "asked", "aria-live": "polite" });
const context = {
  source,
  canOpen: (stepId) => mayCall && typeof stepId === "string",
  open: (stepId) => {
    if (timeline?.reveal(stepId)) return;
    const node = { kind: "step", stepId, title: stepId, status: null, row: {} };
    const box = el("div", { class: "card detail" });
    append(box, [drawDetails(context, node, () => box.remove())]);
    replace(asked, box);
    asked.scrollIntoView({ block: "nearest" });
  },
};

const showSteps = async (place) => {
  context.redraw = () => showSteps(place);
  replace(place, el("p", { class: "note", "aria-live": "polite" }, "Reading the steps…"));
  const found = await source.rows("");
  if (found.error) { replace(place, errorPart(found)); return; }
  const started = timeOf(run.started_at) ?? timeOf(run.created_at);
  timeline = makeTimeline(context, { run, ...found, now: started === null ? 0 : Math.max(Date.now() - started, 0) });
  replace(place, timeline.element);
};

const UNFINISHED = ["running", "queued", "pending", "awaiting_review"];

const refresh = async () => {
  const answer = await call("get_run", withRunId({}));
  if (!answer.error) draw(answer);
};

const draw = (answer) => {
  timeline = null;
  stepsRead.clear();
  rowsRead.clear();
  if (answer.error || typeof answer.status !== "string") {
    replace(page, errorPart(answer.error ? answer : { error: "The answer is not about a run." }));
    return;
  }
  run = answer;
  const place = el("div", { class: "steps-place" });
  replace(place, mayCall && el("p", { class: "actions" },
    button("Show all steps", () => showSteps(place)),
    UNFINISHED.includes(run.status) && button("Refresh", refresh)));
  replace(asked);
  replace(page, drawOverview(context, run, {}), asked, place);
};

listen({
  "ui/notifications/tool-result": (result) => draw(answerOf(result)),
  "ui/notifications/tool-cancelled": () => replace(page, el("p", { class: "note" }, "The call was cancelled.")),
  "ui/notifications/host-context-changed": applyContext,
  "ui/resource-teardown": () => ({}),
  ping: () => ({}),
});
document.documentElement.classList.add("in-host");
replace(page, el("p", { class: "note" }, "Reading the run…"));
request("ui/initialize", {
  protocolVersion: PROTOCOL,
  appInfo: { name: "retab-mcp-run", version: "1" },
  appCapabilities: { availableDisplayModes: ["inline"] },
}).then((host) => {
  mayCall = Boolean(host.hostCapabilities?.serverTools);
  mayOpenLinks = Boolean(host.hostCapabilities?.openLinks);
  applyContext(host.hostContext ?? {});
  notify("ui/notifications/initialized");
  reportSize();
}).catch((failed) => replace(page, errorPart({ error: failed.message })));
