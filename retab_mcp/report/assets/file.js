// The page of a file: every answer is in the file.

const picture = JSON.parse(document.getElementById("picture").textContent);
const own = (object, name) => (Object.hasOwn(object ?? {}, name) ? object[name] : undefined);
const traceKey = (stepId, path) => JSON.stringify([stepId, path]);
const traces = new Map(picture.traces.map((trace) => [traceKey(trace.asked.step_id, trace.asked.path), trace]));

// Which steps took the outputs of a step, from the inputs of all steps that are here.
let taken = null;
const followers = (stepId) => {
  if (!taken) {
    taken = new Map();
    for (const [id, step] of Object.entries(picture.steps)) {
      for (const from of Object.values(step.inputs_from ?? {})) {
        if (!taken.has(from)) taken.set(from, []);
        taken.get(from).push(id);
      }
    }
  }
  return taken.get(stepId) ?? [];
};

const source = {
  rowsNow: (block) => ({ rows: own(picture.rows, block) ?? [], truncated: own(picture.left_out, block) }),
  stepNow: (stepId) => own(picture.steps, stepId),
  timeOf: (stepId) => own(picture.steps, stepId)?.time,
  canTrace: (stepId, path) => traces.has(traceKey(stepId, path)),
  trace: async (stepId, path) => traces.get(traceKey(stepId, path)),
  followers,
};

const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => setTheme(darkScheme.matches ? "dark" : "light");
darkScheme.addEventListener("change", followScheme);
followScheme();

const { run } = picture;
let timeline = null;
const context = {
  source,
  open: (stepId) => timeline?.reveal(stepId),
  canOpen: (stepId) => typeof stepId === "string" && Boolean(timeline?.find(stepId)),
};
const started = timeOf(run.started_at) ?? timeOf(run.created_at);
const rows = source.rowsNow("");
timeline = makeTimeline(context, {
  run, ...rows, now: started === null ? 0 : Math.max(timeOf(picture.generated_at) - started, 0),
});
document.title = titleOf(run);
document.documentElement.classList.add("in-file");
replace(page, drawOverview(context, run), timeline.element,
  el("footer", null, `Made by retab-mcp ${picture.version} at ${clock(picture.generated_at)}.`,
    picture.payloads ? "" : " Inputs, outputs and evidence were left out.",
    " This page loads nothing and sends nothing."));
