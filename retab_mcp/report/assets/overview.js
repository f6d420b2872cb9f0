// Draw the answer of get_run: what happened, why, and what to do.

const DRAWN_OF_RUN = new Set([
  "run_id", "status", "step_counts", "cause", "restart", "inputs_from", "handles",
  "suspicious_inputs", "downstream", "other_failures", "waiting", "findings", "running", "queued",
  "workflow", "trigger", "created_at", "started_at", "completed_at", "duration_ms", "time",
  "cost_usd", "unavailable", "truncated", "next_calls", "untrusted_text", "redacted",
  "hidden_characters", "instruction_paths", "run_link",
]);

const stepTitle = (part) => part?.label ?? part?.block_id ?? part?.step_id;

const headline = (run) => {
  const where = stepTitle(run.cause);
  const at = where ? [" at ", quoted(where)] : null;
  if (run.status === "error") return ["Failed", at];
  if (run.status === "awaiting_review") return ["Waiting for a review", at];
  if (run.status === "cancelled") return ["Cancelled", at];
  if (run.status === "completed") {
    const count = run.findings?.length ?? 0;
    return count ? `Completed, with ${counted(count, "finding")}` : "Completed";
  }
  if (run.status === "running") return ["Running", run.running?.[0] ? [": ", quoted(stepTitle(run.running[0]))] : null];
  return humanized(statusOf(run.status).word);
};

const factsOf = (run) => [
  ["Run", el("code", null, quoted(run.run_id))],
  run.workflow && ["Workflow", quoted(run.workflow.name ?? run.workflow.id ?? "")],
  run.trigger?.type && ["Started by", quoted(run.trigger.type)],
  (run.started_at ?? run.created_at) && [run.started_at ? "Started" : "Created", clock(run.started_at ?? run.created_at)],
  run.duration_ms !== undefined && ["Took", duration(run.duration_ms)],
  run.cost_usd !== undefined && ["Cost", `${run.cost_usd} USD`],
].filter(Boolean);

const facts = (pairs) =>
  el("dl", { class: "facts" }, pairs.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value))));

// The steps by status as one bar, each part as wide as its share.
const countsPart = (counts) => {
  const entries = Object.entries(counts ?? {});
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (!total) return null;
  const bar = el("div", { class: "share", "aria-hidden": "true" }, entries.map(([status, count]) => {
    const part = el("span", { class: statusClass(status) });
    part.style.setProperty("flex-grow", count);
    return part;
  }));
  return el("div", { class: "counts" }, bar,
    el("p", null, `${counted(total, "step")}: `, entries.map(([status, count], at) => [at ? ", " : null, statusSign(status), ` ${count.toLocaleString("en")} `, quoted(statusOf(status).word)])));
};

const suspiciousPart = (context, run) =>
  run.suspicious_inputs?.length > 0 && labelled("Suspicious inputs", el("ul", { class: "plain-list" },
    run.suspicious_inputs.map((one) => el("li", null,
      el("code", null, quoted(one.path)), " = ", drawValue(one.value ?? null),
      el("span", { class: "note" }, " ", one.problem !== String(one.value) && quoted(one.problem), one.count ? ` × ${one.count}` : null),
      one.origin && el("p", { class: "note" }, "From: ", quoted(one.origin)),
      run.cause?.step_id && traceButton(context, run.cause.step_id, one.path)))));

// What fed the step, the step, and what it led to: the cause in its chain.
const chainPart = (context, run) => {
  const sources = Object.entries(run.inputs_from ?? {});
  const after = run.downstream;
  if (!run.cause?.step_id || (!sources.length && !after)) return null;
  const link = (title, ...content) => el("li", null, el("span", { class: "note" }, title), content);
  return labelled("Chain", el("ol", { class: "chain" },
    sources.length > 0 && link("Its inputs came from", el("ul", { class: "plain-list" }, sourcesPart(context, run.inputs_from))),
    el("li", { class: `cause-link ${statusClass(run.status)}` }, el("span", { class: "note" }, "The cause"), stepButton(context, run.cause.step_id, stepTitle(run.cause))),
    after && link(`${counted(after.count, "step")} failed or never ran because of it`,
      el("ul", { class: "plain-list" }, after.step_ids?.map((each) => el("li", null, stepButton(context, each)))),
      after.count > (after.step_ids?.length ?? 0) && el("p", { class: "note" }, `and ${after.count - after.step_ids.length} more`),
      after.message && el("p", { class: "note" }, "Their message: ", quoted(after.message)))));
};

const causeCard = (context, run) => {
  const { cause } = run;
  if (!cause) return null;
  const waits = run.status === "awaiting_review";
  return el("section", { class: `card cause ${statusClass(run.status)}`, "aria-label": waits ? "What it waits for" : "Cause" },
    el("h2", null, waits ? "It waits at " : run.status === "cancelled" ? "Cancelled at " : "Cause: ",
      cause.step_id ? stepButton(context, cause.step_id, stepTitle(cause)) : "the run itself"),
    cause.message && el("p", { class: "message" }, quoted(cause.message)),
    causeTags(cause),
    el("div", { class: "columns" },
      el("div", null, suggestionPart(cause), restartPart(run.restart), handlesPart(context, run.handles), suspiciousPart(context, run), reasonsPart(cause)),
      evidenceOf(cause).length > 0 && el("div", null, evidenceOf(cause))),
    chainPart(context, run));
};

const othersPart = (context, run) => {
  const others = run.other_failures;
  if (!others) return null;
  const failures = others.failures ?? [];
  return el("section", { class: "card" },
    el("h2", null, `${counted(others.count, "other failure")} with a cause of ${others.count === 1 ? "its" : "their"} own`),
    el("ul", { class: "plain-list" },
      failures.map((one) => el("li", { class: "finding" },
        el("p", null, stepButton(context, one.step_id), one.count ? ` × ${one.count}` : null, " ", one.kind && el("span", { class: "tag" }, humanized(one.kind))),
        one.message && el("p", null, quoted(one.message)),
        one.evidence && drawValue(one.evidence))),
      !failures.length && others.step_ids?.map((each) => el("li", null, stepButton(context, each)))));
};

const waitsPart = (context, run, now) => {
  const waiting = run.waiting?.steps ?? [];
  const lines = [
    ...waiting.map((one) => [stepButton(context, one.step_id), " waits for a person", one.since && ` since ${clock(one.since)}`]),
    ...(run.running ?? []).map((one) => [stepButton(context, one.step_id, stepTitle(one)), one.running_ms !== undefined ? ` has run for ${duration(one.running_ms)}` : " runs", one.attempt && `, attempt ${one.attempt}`]),
    ...(run.queued ?? []).map((one) => [stepButton(context, one.step_id), " waits for its start", one.since && ` since ${clock(one.since)}`]),
  ];
  if (!lines.length) return null;
  return el("section", { class: "card" }, el("h2", null, "Now"), el("ul", { class: "plain-list" }, lines.map((line) => el("li", null, line))));
};

// Names of times in an answer: in words, and the status whose colour they have.
const TIMES = {
  queued_ms: ["queued", "queued"], active_ms: ["steps ran", "completed"],
  waiting_for_review_ms: ["waited for review", "awaiting_review"],
  between_attempts_ms: ["between attempts", "running"], between_steps_ms: ["between steps", "pending"],
};

const timePart = (context, run) => {
  const parts = Object.entries(TIMES).filter(([name]) => run.time?.[name]);
  if (!parts.length) return null;
  const gap = run.time.longest_gap;
  return el("section", { class: "card" }, el("h2", null, "Where the time went"),
    el("div", { class: "share", "aria-hidden": "true" }, parts.map(([name, [, status]]) => {
      const part = el("span", { class: `${statusClass(status)}${name === "active_ms" ? "" : " wait"}` });
      part.style.setProperty("flex-grow", run.time[name]);
      return part;
    })),
    el("p", null, parts.map(([name, [words]], at) => [at ? ", " : null, el("strong", null, duration(run.time[name])), ` ${words}`])),
    gap && el("p", { class: "note" }, `The longest gap took ${duration(gap.ms)}`, gap.after && [", after ", stepButton(context, gap.after)], gap.before && [", before ", stepButton(context, gap.before)], "."),
    run.time.differing?.length > 0 && bullets(run.time.differing, { class: "note" }));
};

const notesPart = (run, more) => [
  run.instruction_paths?.length > 0 && el("p", { class: "note" }, "Texts in this run address an AI assistant. They are data: ", run.instruction_paths.map((path, at) => [at ? ", " : null, el("code", null, quoted(path))])),
  run.unavailable?.length > 0 && [el("p", { class: "note" }, "Could not be read:"), bullets(run.unavailable, { class: "note" })],
  run.redacted && el("p", { class: "note" }, `${counted(run.redacted, "secret")} replaced by [redacted].`),
  truncatedNote(run.truncated, more),
];

const drawOverview = (context, run, { more } = {}) => [
  el("header", { class: statusClass(run.status) },
    el("p", null, statusBadge(run.status)),
    el("h1", { tabindex: "-1" }, headline(run)),
    facts(factsOf(run)),
    run.run_link && el("p", null, link(run.run_link, "Open in Retab", context.source.openLink)),
    countsPart(run.step_counts)),
  causeCard(context, run),
  el("div", { class: "cards" },
    !run.cause && [handlesPart(context, run.handles), suspiciousPart(context, run)],
    run.findings?.length > 0 && el("section", { class: "card" }, el("h2", null, counted(run.findings.length, "finding")), findingList(context, run.findings)),
    othersPart(context, run),
    waitsPart(context, run),
    timePart(context, run)),
  notesPart(run, more),
  el("div", { class: "rests" }, restPart(run, DRAWN_OF_RUN)),
];
