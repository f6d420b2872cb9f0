// Draw one step: the answer of get_step, or what its row says if there is none.

const DRAWN_OF_STEP = new Set([
  "run_id", "step_id", "block_id", "type", "label", "status", "started_at", "completed_at", "duration_ms",
  "retries", "model", "cost_usd", "tokens", "loop", "matches", "cause", "restart", "findings", "inputs_from",
  "handles", "tally", "time", "reason", "handle_inputs", "handle_outputs", "output", "artifact", "unavailable",
  "truncated", "next_calls", "untrusted_text", "redacted", "hidden_characters", "instruction_paths",
]);

const loopWords = (loop) => loop.map((one) => `${one.container_id} #${one.iteration ?? "?"}`).join(", ");

const stepFacts = (step) => [
  ["Step", el("code", null, quoted(step.step_id))],
  step.block_id && ["Block", el("code", null, quoted(step.block_id))],
  step.type && ["Type", quoted(step.type)],
  step.loop?.length > 0 && ["Iteration", quoted(loopWords(step.loop))],
  step.started_at && ["Started", clock(step.started_at)],
  step.duration_ms !== undefined && ["Took", duration(step.duration_ms)],
  step.retries && ["Retries", String(step.retries)],
  step.time?.attempt && ["Attempt", String(step.time.attempt)],
  step.model && ["Model", quoted(step.model)],
  step.cost_usd !== undefined && ["Cost", `${step.cost_usd} USD`],
  step.tokens && ["Tokens", String(step.tokens)],
  step.artifact?.id && ["Artifact", el("code", null, quoted(step.artifact.id))],
  ...Object.entries(step.time ?? {}).filter(([name]) => TIMES[name])
    .map(([name, ms]) => [name === "active_ms" ? "Worked" : humanized(TIMES[name][0]), duration(ms)]),
].filter(Boolean);

// A handle is {type, data} or {type, document}; its content is what people look for.
const handlesOf = (context, step, name) => {
  const where = (path) => traceButton(context, step.step_id, path);
  return Object.entries(step[name] ?? {}).map(([handle, value]) => {
    const at = pointer(`/${name}`, handle);
    const from = name === "handle_inputs" && step.inputs_from?.[handle];
    const inner = isObject(value) && value.type === "json" && "data" in value ? ["data", value.data]
      : isObject(value) && isObject(value.document) ? ["document", value.document] : null;
    return el("div", { class: "handle" },
      el("h4", null, el("code", null, quoted(handle)), from && [" from ", stepButton(context, from)]),
      inner ? drawValue(inner[1], pointer(at, inner[0]), where) : drawValue(value, at, where));
  });
};

const tallyPart = (context, tally) =>
  tally && labelled("Inside the loop",
    el("p", null, `${counted(tally.iterations, "iteration")}`, tally.failing_iterations ? `, ${tally.failing_iterations} failed` : ""),
    tally.failing?.length > 0 && el("ul", null, tally.failing.map((one) => el("li", null, stepButton(context, one.step_id), one.message && [": ", quoted(one.message)]))));

const drawStep = (context, step) => [
  facts(stepFacts(step)),
  step.reason && labelled("Why it did not run", el("p", null, quoted(step.reason))),
  step.cause && el("div", { class: `card cause ${statusClass(step.status)}` },
    step.cause.message && el("p", { class: "message" }, quoted(step.cause.message)),
    causeTags(step.cause), suggestionPart(step.cause), evidenceOf(step.cause), reasonsPart(step.cause), restartPart(step.restart)),
  !step.cause && restartPart(step.restart),
  handlesPart(context, step.handles),
  step.matches && el("p", { class: "note" }, `${step.matches.count} steps of this block; this is one of them.`),
  step.findings?.length > 0 && labelled(counted(step.findings.length, "finding"), findingList(context, step.findings)),
  tallyPart(context, step.tally),
  el("div", { class: "in-out" },
    step.handle_inputs && labelled("Inputs", handlesOf(context, step, "handle_inputs")),
    step.handle_outputs && labelled("Outputs", handlesOf(context, step, "handle_outputs")),
    step.output !== undefined && labelled("Output", drawValue(step.output, "/output", (path) => traceButton(context, step.step_id, path)))),
  followersPart(context, step),
  step.unavailable?.length > 0 && bullets(step.unavailable, { class: "note" }),
  truncatedNote(step.truncated, (next) => context.source.read && readButton(context, next)),
  restPart(step, DRAWN_OF_STEP),
];

// The steps that took this step's outputs, as far as their inputs are known here.
const followersPart = (context, step) => {
  const ids = context.source.followers?.(step.step_id) ?? [];
  return ids.length > 0 && labelled("Its outputs went to", el("ul", { class: "plain-list" }, ids.slice(0, 20).map((id) => el("li", null, stepButton(context, id))), ids.length > 20 && el("li", { class: "note" }, `and ${ids.length - 20} more`)));
};

// Ask for the value that was left out.
const readButton = (context, next) => {
  const box = el("span");
  const ask = button("Read more", async () => {
    ask.disabled = true;
    const answer = await context.source.read(next);
    replace(box, answer.error ? errorPart(answer) : [el("code", null, quoted(answer.path ?? "")), drawValue(answer.value ?? null), truncatedNote(answer.truncated, (more) => readButton(context, more))]);
  }, { class: "plain" });
  return append(box, [ask]);
};

// What a row says about steps that get_step was not asked for.
const drawRow = (row, note) => [
  row.message && el("p", { class: "message" }, quoted(row.message)),
  row.reason && labelled("Why it did not run", el("p", null, quoted(row.reason))),
  row.step_ids && labelled("Steps", bullets(row.step_ids), row.count > row.step_ids.length && el("p", { class: "note" }, `and ${row.count - row.step_ids.length} more`)),
  row.artifact && facts([["Artifact", el("code", null, quoted(row.artifact))]]),
  note && el("p", { class: "note" }, note),
];

// Return the details of a node; `close` is called to close them.
const drawDetails = (context, node, close) => {
  const body = el("div", { class: "detail-body" });
  const head = el("div", { class: "detail-head" }, el("h3", null, node.status && statusBadge(node.status), " ", quoted(node.title)), button("Close", close, { "aria-label": `Close ${node.title}` }));
  const box = el("div", { keydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } } }, head, body);
  const step = node.kind === "step" ? context.source.stepNow?.(node.stepId) : null;
  if (node.kind !== "step") append(body, [drawRow(node.row, null)]);
  else if (step) append(body, [step.error ? [drawRow(node.row, null), errorPart(step)] : drawStep(context, step)]);
  else if (!context.source.step) append(body, [drawRow(node.row, "The inputs and outputs of this step are not in this file.")]);
  else {
    append(body, [el("p", { class: "note", "aria-live": "polite" }, "Reading the step…")]);
    context.source.step(node.stepId).then((answer) => replace(body, answer.error ? [drawRow(node.row, null), errorPart(answer)] : drawStep(context, answer)));
  }
  return box;
};
