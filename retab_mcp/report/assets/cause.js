// Draw the parts that an answer about a run and one about a step share.

const VERDICTS = {
  safe: "Running it again is safe",
  may_help: "Running it again may help",
  useless: "Running it again is useless",
  may_repeat: "Running it again may repeat what was already done",
};

const labelled = (title, ...content) =>
  el("div", { class: "labelled" }, el("h3", null, title), content);

const stepButton = (context, stepId, text) =>
  context.canOpen(stepId)
    ? el("button", { type: "button", class: "step-link", click: () => context.open(stepId) }, quoted(text ?? stepId))
    : el("span", { class: "step-name" }, quoted(text ?? stepId));

const tags = (...words) => {
  const shown = words.filter((word) => word);
  return shown.length ? el("p", { class: "tags" }, shown.map((word) => el("span", { class: "tag" }, quoted(word)))) : null;
};

const causeTags = (cause) =>
  tags(cause.kind && humanized(cause.kind), cause.type, cause.stage && `stage: ${cause.stage}`, cause.category);

const bullets = (sentences, attributes) =>
  el("ul", attributes, sentences.map((sentence) => el("li", null, quoted(sentence))));

const suggestionPart = (cause) => cause.suggestion && labelled("What to do", el("p", null, quoted(cause.suggestion)));
const reasonsPart = (cause) => cause.reasons?.length > 0 && disclosure("Why this is the cause", () => bullets(cause.reasons));
const evidenceOf = (cause) => [
  cause.evidence && labelled("Evidence", drawValue(cause.evidence)),
  cause.details && labelled("Details", drawValue(cause.details)),
].filter(Boolean);

const restartPart = (restart) =>
  restart && labelled("Run it again?",
    el("p", null, `${VERDICTS[restart.verdict] ?? humanized(restart.verdict)}: `, quoted(restart.why)));

const findingItem = (context, finding) =>
  el("li", { class: "finding" },
    el("p", null,
      el("strong", null, humanized(finding.kind)), finding.count ? ` × ${finding.count}` : null,
      finding.step_id && [" in ", stepButton(context, finding.step_id)]),
    finding.message && el("p", null, quoted(finding.message)),
    finding.leads_to?.length > 0 && bullets(finding.leads_to, { class: "leads-to" }),
    finding.origin && el("p", { class: "note" }, "From: ", quoted(finding.origin)),
    finding.paths?.map((path) => finding.step_id && el("p", { class: "note" }, el("code", null, quoted(path)), " ", traceButton(context, finding.step_id, path))));

const findingList = (context, findings) =>
  el("ul", { class: "plain-list" }, findings.map((each) => findingItem(context, each)));

const handlesPart = (context, handles) =>
  handles && labelled("Inputs that did not arrive",
    el("ul", null, Object.entries(handles.missing ?? {}).map(([handle, from]) =>
      el("li", null, el("code", null, quoted(handle)), ": ", quoted(from)))));

const sourcesPart = (context, inputsFrom) =>
  Object.entries(inputsFrom ?? {}).map(([handle, stepId]) =>
    el("li", null, stepButton(context, stepId), el("span", { class: "note" }, " → ", quoted(handle))));

const truncatedNote = (truncated, more) => {
  if (!truncated) return null;
  const of = truncated.total ?? (truncated.at_least !== undefined ? `at least ${truncated.at_least}` : "more");
  return el("p", { class: "note" },
    `Shortened: ${truncated.shown} of ${of} ${truncated.unit} shown`,
    truncated.why && [": ", quoted(truncated.why)], ". ",
    truncated.next && more?.(truncated.next));
};

const errorPart = (answer) =>
  el("div", { class: "card error-card", role: "alert" },
    el("p", { class: "message" }, quoted(answer.error ?? "The answer could not be read.")),
    answer.hint && el("p", null, quoted(answer.hint)));

// Fields that no other part draws, so that a new field of an answer is shown too.
const restPart = (answer, known) => {
  const rest = Object.entries(answer).filter(([name]) => !known.has(name));
  return rest.map(([name, value]) => disclosure(humanized(name), () => drawValue(value), { class: "rest" }));
};

// The way of a value back to its origin.
const tracePart = (context, trace) => {
  if (trace.error) return errorPart(trace);
  const place = (stepId, path) => [stepButton(context, stepId), " ", el("code", null, quoted(path ?? ""))];
  const origin = { ...trace.origin };
  for (const name of ["kind", "step_id", "block_id", "path", "value"]) delete origin[name];
  return el("div", { class: "trace" },
    el("ol", null, (trace.hops ?? []).map((hop) => el("li", null,
      place(hop.step_id, hop.path), " = ", drawValue(hop.value ?? null),
      el("p", { class: "note" }, quoted(hop.how), hop.known_by && [" (", quoted(hop.known_by), ")"],
        hop.last_step_id && [` by ${hop.blocks} blocks, the last is `, place(hop.last_step_id, hop.last_path ?? hop.path)])))),
    trace.origin?.kind && el("p", null, el("strong", null, `Origin: ${humanized(trace.origin.kind)}`),
      trace.origin.step_id && [" in ", place(trace.origin.step_id, trace.origin.path)]),
    Object.keys(origin).length > 0 && drawValue(origin),
    trace.competing?.length > 0 && labelled("Could have been taken instead",
      el("ul", null, trace.competing.map((one) => el("li", null,
        place(one.step_id, one.path), " = ", drawValue(one.value ?? null), one.why && [" ", quoted(one.why)])))),
    truncatedNote(trace.truncated));
};

// A button that shows where a value came from, null where that cannot be asked.
const traceButton = (context, stepId, path) => {
  if (!context.source.canTrace(stepId, path)) return null;
  const box = el("span", { class: "trace-box" });
  const ask = button("Where from?", async () => {
    ask.disabled = true;
    const trace = await context.source.trace(stepId, path);
    replace(box, tracePart(context, trace));
  }, { class: "plain", "aria-label": `Where from? ${path}` });
  append(box, [ask]);
  return box;
};
