// Draw the steps as bars over time, in a grid that a keyboard and a screen reader can walk through.

const MOST_LANES = 4;
const MOST_SEGMENTS = 400; // in one row; more are narrower than a pixel
const PORTION = 100; // rows drawn at a time
const MANY_ROWS = 200; // browsers skip the layout of those out of sight
const SMALL = 40; // a run of so few rows is shown with its loops open

const place = (element, scale, bar) => {
  const left = scale.at(bar.start);
  element.style.setProperty("left", `${left.toFixed(3)}%`);
  element.style.setProperty("width", `${Math.max(scale.at(bar.end) - left, 0).toFixed(3)}%`);
};

const isNarrow = () => matchMedia("(max-width: 720px)").matches;

const barClass = (bar) => `bar ${statusClass(bar.status)}${bar.open ? " wait" : ""}`;

// A loop's iterations or an iteration's steps on one track.
const segmentsOf = (node, scale) => {
  const bars = node.segments ?? node.children?.map((child) => child.bar).filter(Boolean) ?? [];
  if (!bars.length) return null;
  const every = Math.ceil(bars.length / MOST_SEGMENTS);
  const kept = bars.filter((bar, at) => at % every === 0 || bar.status !== "completed");
  const { bars: placed, lanes } = inLanes(kept, MOST_LANES);
  return placed.map((bar) => {
    const part = el("i", { class: `${barClass(bar)} segment` });
    part.style.setProperty("top", `calc(4px + ${bar.lane} * (100% - 8px) / ${lanes})`);
    part.style.setProperty("height", `calc((100% - 8px) / ${lanes} - 1px)`);
    place(part, scale, bar);
    return part;
  });
};

// A step that still waits has worked before that, if its time is known.
const workAndWait = (bar, time) => {
  const worked = bar.open && time?.active_ms ? Math.min(bar.start + time.active_ms, bar.end) : null;
  return worked ? [{ ...bar, end: worked, open: false, quiet: false }, { ...bar, start: worked }] : [bar];
};

// The parts of a step's time in which it did not work: before its start, and within it.
const waitsOf = (node, scale, time) => {
  const { bar } = node;
  const length = bar.end - bar.start;
  const waited = (time?.waiting_for_review_ms ?? 0) + (time?.between_attempts_ms ?? 0);
  return [
    time?.queued_ms && [{ start: Math.max(bar.start - time.queued_ms, 0), end: bar.start }, "queue"],
    waited > 0 && length > 0 && !bar.open && [{ start: bar.end - Math.min(waited, length), end: bar.end }, "waited"],
  ].filter(Boolean).map(([part, name]) => {
    const element = el("i", { class: name });
    place(element, scale, part);
    return element;
  });
};

const trackOf = (node, scale, time) => {
  const track = el("span", { class: "track", role: "gridcell" });
  if (!node.bar) {
    const reason = node.row?.reason ?? "";
    return append(track, [el("span", { class: "idle-note" }, node.kind === "step" && node.status === "skipped" ? quoted(reason) : null)]);
  }
  const segments = segmentsOf(node, scale);
  const bars = segments ? [node.bar] : workAndWait(node.bar, time);
  const drawn = bars.map((bar) => {
    const element = el("i", { class: `${barClass(bar)}${segments ? " whole" : ""}` });
    place(element, scale, bar);
    return element;
  });
  const left = scale.at(node.bar.start);
  const words = el("span", { class: "took" },
    el("span", { class: "sr" }, `starts at ${duration(node.bar.start)}, takes `),
    node.bar.open ? `${duration(node.bar.end - node.bar.start)} so far` : duration(node.bar.end - node.bar.start),
    node.row?.retries ? el("span", { class: "retries" }, ` ${counted(node.row.retries, "retry", "retries")}`) : null);
  const right = scale.at(node.bar.end);
  const needed = isNarrow() ? 28 : 11;
  if (right < 100 - needed) words.style.setProperty("left", `${right.toFixed(3)}%`);
  else if (left > needed) words.style.setProperty("right", `${(100 - left).toFixed(3)}%`);
  else {
    // No place on either side: the words go onto the bar.
    words.classList.add("inside");
    words.style.setProperty("right", `${(100 - right).toFixed(3)}%`);
  }
  return append(track, [drawn, segments, waitsOf(node, scale, time), words]);
};

const axisOf = (scale) => {
  const axis = el("div", { class: "axis", "aria-hidden": "true" });
  for (const tick of ticksOf(scale, isNarrow() ? { wanted: 3, apart: 18 } : { wanted: 6, apart: 8 })) {
    const mark = el("span", { class: "tick" }, tick.time === 0 ? "0" : duration(tick.time));
    mark.style.setProperty("left", `${tick.left.toFixed(3)}%`);
    axis.append(mark);
  }
  return axis;
};

const breaksOf = (scale) => {
  const layer = el("div", { class: "breaks", "aria-hidden": "true" });
  for (const each of scale.breaks) {
    const band = el("span", { class: each.left + each.width > 90 ? "last" : null }, el("b", null, duration(each.length)));
    band.style.setProperty("left", `${each.left.toFixed(3)}%`);
    band.style.setProperty("width", `${each.width.toFixed(3)}%`);
    layer.append(band);
  }
  return layer;
};

const textOf = (node) => `${node.title} ${node.type ?? ""} ${node.stepId ?? ""} ${node.row?.block_id ?? ""} ${node.row?.message ?? ""}`.toLowerCase();

// Make the timeline of a run. `run` is the answer of get_run, `now` milliseconds since the start.
const makeTimeline = (context, { run, rows, truncated, now }) => {
  const { source } = context;
  const roots = nodesOf(rows, now);
  const grid = el("div", { class: "grid", role: "treegrid", "aria-label": "Steps of the run" });
  const chart = el("div", { class: "chart" }, el("div", { class: "axis" }), el("div", { class: "breaks" }), grid);
  const waitsNote = el("span", null, "Hatched columns are long waits, shortened. ");
  const announcer = el("p", { class: "sr", "aria-live": "polite" });
  const state = { text: "", status: "", focused: null, scale: null, nodes: [], drawn: 0, timer: 0 };

  const openLoop = async (node) => {
    if (node.kind !== "loop" || node.children) return;
    const found = source.rowsNow?.(node.blockId) ?? (await source.rows(node.blockId));
    insideOf(node, found.rows ?? [], now);
    if (found.error) node.children.push({ kind: "note", title: found.error, parent: node, bar: null });
    const left = found.truncated;
    if (left) node.children.push({ kind: "note", title: `${left.shown} of ${left.total ?? left.at_least ?? "more"} ${left.unit} are here.`, parent: node, bar: null, loadMore: left.next && source.more ? left.next : null });
    rescale();
  };

  // In a file everything is here already.
  const openAll = (nodes) => {
    for (const node of nodes) {
      if (node.kind === "loop" && !node.children) {
        const found = source.rowsNow(node.blockId);
        insideOf(node, found.rows ?? [], now);
        if (found.truncated) node.children.push({ kind: "note", title: `${found.truncated.shown} rows are in this file, and the run has more.`, parent: node, bar: null });
      }
      if (node.children) openAll(node.children);
    }
  };

  const rescale = () => {
    // A loop that is not open yet counts as one bar.
    const leaves = [...eachNode(roots)].filter((node) => node.bar && !node.children).flatMap((node) => workAndWait(node.bar, source.timeOf?.(node.stepId)));
    const end = leaves.reduce((most, bar) => Math.max(most, bar.end), run.duration_ms ?? 0);
    state.scale = makeScale(leaves, end);
    for (const node of eachNode(roots)) node.element = null;
    const drawn = [axisOf(state.scale), breaksOf(state.scale)];
    chart.querySelector(":scope > .axis").replaceWith(drawn[0]);
    chart.querySelector(":scope > .breaks").replaceWith(drawn[1]);
    waitsNote.hidden = !state.scale.breaks.length;
  };

  const matches = (node) => (!state.status || node.status === state.status) && (!state.text || textOf(node).includes(state.text));
  const filtering = () => Boolean(state.text || state.status);
  const isLeaf = (node) => node.kind === "step" || node.kind === "idle" || (node.kind === "loop" && !node.children);

  const shown = (nodes, level = 1, list = []) => {
    for (const node of nodes) {
      node.level = level;
      if (!filtering()) {
        list.push(node);
        if (node.expanded && node.children) shown(node.children, level + 1, list);
        continue;
      }
      const at = list.length;
      list.push(node);
      if (node.children) shown(node.children, level + 1, list);
      if (list.length === at + 1 && !(isLeaf(node) && matches(node))) list.length = at;
    }
    return list;
  };

  const rowOf = (node) => {
    const opens = node.kind === "loop" || Boolean(node.children);
    const name = el("span", { class: "name", role: "rowheader" },
      el("span", { class: "twist", "aria-hidden": "true" }, opens ? "▸" : ""),
      node.status && statusSign(node.status),
      node.status && el("span", { class: "sr" }, `${statusOf(node.status).word}: `),
      el("span", { class: "title" }, quoted(node.title)), " ",
      node.type && el("span", { class: "type" }, quoted(node.type)));
    name.style.setProperty("--level", Math.min(node.level, 8));
    const cause = node.stepId && node.stepId === run.cause?.step_id && !node.children;
    const row = el("div", {
      role: "row", class: `row ${node.kind}${cause ? ` is-cause ${statusClass(node.status)}` : ""}`, tabindex: "-1", "aria-level": node.level,
      title: node.row?.message ?? null,
    }, name, node.kind === "note" ? null : trackOf(node, state.scale, source.timeOf?.(node.stepId)));
    node.element = row;
    row.node = node;
    return row;
  };

  const update = (node) => {
    const { element } = node;
    const opens = node.kind === "loop" || Boolean(node.children);
    element.setAttribute("aria-level", node.level);
    if (opens) element.setAttribute("aria-expanded", filtering() ? "true" : String(Boolean(node.expanded)));
    else if (node.kind !== "note") element.setAttribute("aria-expanded", String(Boolean(node.detail)));
    element.tabIndex = node === state.focused ? 0 : -1;
  };

  // Rows enter the page in portions, so that a click on 2,000 of them is answered at once.
  const drawNext = (count) => {
    const fragment = document.createDocumentFragment();
    for (const node of state.nodes.slice(state.drawn, state.drawn + count)) {
      fragment.append(node.element ?? rowOf(node));
      update(node);
      if (node.detail) fragment.append(node.detail);
    }
    state.drawn += count;
    grid.append(fragment);
    if (state.drawn < state.nodes.length) state.timer = setTimeout(() => drawNext(PORTION), 0);
  };

  const drawRest = () => {
    clearTimeout(state.timer);
    if (state.drawn < state.nodes.length) drawNext(state.nodes.length);
  };

  const draw = () => {
    clearTimeout(state.timer);
    state.nodes = shown(roots);
    if (!state.nodes.includes(state.focused)) state.focused = state.nodes[0] ?? null;
    const had = grid.contains(document.activeElement);
    const top = document.documentElement.scrollTop;
    grid.classList.toggle("many", state.nodes.length > MANY_ROWS);
    grid.replaceChildren();
    state.drawn = 0;
    if (!state.nodes.length) grid.append(el("div", { class: "note empty", role: "row" }, el("span", { role: "gridcell" }, "No step matches.")));
    drawNext(had ? Math.max(state.nodes.indexOf(state.focused) + 1, PORTION) : PORTION);
    if (had) state.focused?.element.focus({ preventScroll: true });
    document.documentElement.scrollTop = top;
  };
  addEventListener("beforeprint", drawRest);

  const focus = (node) => {
    if (!node) return;
    const before = state.focused;
    state.focused = node;
    if (!node.element?.isConnected) drawRest();
    if (before?.element) before.element.tabIndex = -1;
    node.element.tabIndex = 0;
    node.element.focus();
  };

  const setExpanded = async (node, expanded) => {
    node.expanded = expanded;
    if (expanded && node.kind === "loop" && !node.children) {
      node.element.setAttribute("aria-busy", "true");
      await openLoop(node);
    }
    draw();
  };

  const setDetail = (node, open) => {
    node.detail = open ? el("div", { class: "detail-row", role: "row" },
      el("div", { role: "gridcell", class: "detail" }, drawDetails(context, node, () => { setDetail(node, false); focus(node); }))) : null;
    draw();
  };

  const activate = async (node) => {
    state.focused = node;
    if (node.loadMore) {
      const loop = node.parent;
      if (!(await source.more(loop?.blockId ?? "", node.loadMore))) return;
      if (!loop) { context.redraw(); return; }
      loop.children = null;
      await openLoop(loop);
      draw();
    } else if (node.kind === "note") focus(node);
    else if (node.children || node.kind === "loop") await setExpanded(node, !node.expanded);
    else setDetail(node, !node.detail);
  };

  const rowAt = (event) => {
    const row = event.target.closest?.(".row");
    return row && grid.contains(row) && !event.target.closest(".detail-row") ? row.node : null;
  };

  grid.addEventListener("click", (event) => {
    const node = rowAt(event);
    if (node) activate(node).then(() => node.element?.focus({ preventScroll: true }));
  });

  const KEYS = {
    ArrowDown: (node, at) => focus(state.nodes[at + 1]),
    ArrowUp: (node, at) => focus(state.nodes[at - 1]),
    Home: () => focus(state.nodes[0]),
    End: () => focus(state.nodes.at(-1)),
    PageDown: (node, at) => focus(state.nodes[Math.min(at + 15, state.nodes.length - 1)]),
    PageUp: (node, at) => focus(state.nodes[Math.max(at - 15, 0)]),
    ArrowRight: (node, at) => {
      const opens = node.kind === "loop" || node.children;
      if (opens && node.expanded) focus(state.nodes[at + 1]);
      else if (opens) activate(node);
      else if (!node.detail && node.kind !== "note") setDetail(node, true);
    },
    ArrowLeft: (node) => {
      if (node.detail) setDetail(node, false);
      else if (node.expanded) setExpanded(node, false);
      else if (node.parent) focus(node.parent);
    },
    Enter: (node) => activate(node),
    " ": (node) => activate(node),
  };

  grid.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.classList?.contains("row") ? event.target : null;
    if (row && Object.hasOwn(KEYS, event.key)) {
      event.preventDefault();
      KEYS[event.key](row.node, state.nodes.indexOf(row.node));
    }
  });

  const find = (stepId) => {
    let byBlock = null;
    for (const node of eachNode(roots)) {
      if (node.stepId === stepId && node.kind !== "loop") return node;
      if (node.blockId === stepId || node.row?.block_id === stepId) byBlock ??= node;
      if (node.kind === "idle" && node.row.step_ids.includes(stepId)) byBlock ??= node;
    }
    return byBlock;
  };

  const setFilter = (change) => {
    Object.assign(state, change);
    if (filtering() && source.rowsNow) openAll(roots);
    draw();
    const count = state.nodes.filter(isLeaf).length;
    announcer.textContent = filtering() ? `${counted(count, "row")} shown` : "All rows shown";
  };

  // Open the way to a step, and its details; false if it is not among the rows.
  const reveal = (stepId) => {
    const node = find(stepId);
    if (!node) return false;
    if (filtering()) { reset(); }
    for (let parent = node.parent; parent; parent = parent.parent) parent.expanded = true;
    if (isLeaf(node) && !node.detail && node.kind !== "loop") setDetail(node, true);
    else draw();
    focus(node);
    node.element.scrollIntoView({ block: "center" });
    return true;
  };

  const text = el("input", { type: "search", placeholder: "Filter by name or id", "aria-label": "Filter the steps by name or id", input: () => setFilter({ text: text.value.trim().toLowerCase() }) });
  const statuses = el("select", { "aria-label": "Filter the steps by status", change: () => setFilter({ status: statuses.value }) },
    el("option", { value: "" }, "All statuses"),
    Object.entries(run.step_counts ?? {}).map(([status, count]) => el("option", { value: status }, `${statusOf(status).word} (${count})`)));
  const reset = () => { text.value = ""; statuses.value = ""; setFilter({ text: "", status: "" }); };

  const setAll = (expanded) => {
    if (source.rowsNow) openAll(roots);
    for (const node of eachNode(roots)) if (node.children) node.expanded = expanded;
    draw();
  };

  if (source.rowsNow) openAll(roots);
  rescale();
  const all = [...eachNode(roots)];
  const nested = all.some((node) => node.children || node.kind === "loop");
  if (all.length <= SMALL) for (const node of all) if (node.children) node.expanded = true;
  const cause = run.cause?.step_id && find(run.cause.step_id);
  for (let parent = cause?.parent; parent; parent = parent.parent) parent.expanded = true;
  if (cause && isLeaf(cause)) state.focused = cause;
  if (truncated) roots.push({ kind: "note", title: `${truncated.shown} of ${truncated.total ?? truncated.at_least ?? "more"} ${truncated.unit} are here.`, bar: null, loadMore: truncated.next && source.more ? truncated.next : null });
  draw();

  const element = el("section", { class: "timeline", "aria-label": "Timeline" },
    el("div", { class: "tools" },
      el("h2", null, "Timeline"), text, statuses,
      nested && source.rowsNow && [button("Open all", () => setAll(true)), button("Close all", () => setAll(false))]),
    announcer, chart,
    el("p", { class: "note" }, "Steps whose bars overlap in time ran in parallel. ", nested && "Iterations count from 0. ",
      waitsNote,
      el("span", { class: "keys" }, "Keys: arrows move and open, Enter shows a step.")));
  return { element, reveal, find };
};
