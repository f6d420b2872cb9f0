// The rows of list_steps as a tree: steps, loops, their iterations, and what is inside of these.

const FOLD_OVER = 12; // a loop of more iterations shows those that completed as one row
const FOLD_LEAST = 5;

const isOpenEnded = (row) => row.started_ms !== undefined && row.duration_ms === undefined &&
  ["running", "awaiting_review"].includes(row.status);

// A bar from the times of a row, in milliseconds since the run's start; null if it never started.
const barOf = (row, now) => {
  if (row.started_ms === undefined) return null;
  const open = isOpenEnded(row);
  const end = open ? Math.max(now, row.started_ms) : row.started_ms + (row.duration_ms ?? 0);
  return { start: row.started_ms, end, open, quiet: open, status: row.status };
};

const around = (nodes) => {
  const bars = nodes.map((node) => node.bar).filter(Boolean);
  if (!bars.length) return null;
  return {
    start: bars.reduce((least, bar) => Math.min(least, bar.start), Infinity),
    end: bars.reduce((most, bar) => Math.max(most, bar.end), 0),
    open: bars.some((bar) => bar.open),
    quiet: true,
    status: worstOf(nodes.map((node) => node.status)),
  };
};

const adopt = (parent, children) => {
  parent.children = children;
  for (const child of children) child.parent = parent;
  return parent;
};

const stepNode = (row) => ({
  kind: "step", row, stepId: row.step_id ?? row.block_id, title: row.label ?? row.block_id,
  type: row.type, status: row.status,
});

const idleNode = (row) => ({
  kind: "idle", row, title: `${row.count} steps`, type: row.reason, status: row.status,
});

const loopNode = (row, prefix) => ({
  kind: "loop", row, prefix, blockId: row.block_id, title: row.label ?? row.block_id,
  type: `${row.type ?? "loop"}, ${counted(row.iterations, "iteration")}`, status: row.status, children: null,
  stepId: prefix.length ? null : row.block_id,
});

const nodeOf = (row, prefix, now) => {
  const node = row.count !== undefined && row.step_ids ? idleNode(row)
    : row.iterations !== undefined ? loopNode(row, prefix) : stepNode(row);
  return { ...node, bar: barOf(row, now) };
};

const nodesOf = (rows, now) => rows.map((row) => nodeOf(row, [], now));

const sameStart = (iteration, prefix) => prefix.every((number, at) => iteration[at] === number);

const iterationNode = (number, rows, prefix, now) => {
  const inside = rows.map((row) => nodeOf(row, [...prefix, number], now));
  const name = number === null || number === undefined ? "Iteration" : `Iteration ${number}`;
  if (inside.length === 1) return { ...inside[0], title: `${name}: ${inside[0].title}`, number };
  const status = worstOf(inside.map((node) => node.status));
  return adopt({ kind: "iteration", title: name, number, type: counted(inside.length, "step"), status, bar: around(inside) }, inside);
};

const fold = (nodes) => {
  const first = nodes[0].number;
  const last = nodes.at(-1).number;
  return adopt({
    kind: "group", title: `Iterations ${first}–${last}`, type: `${nodes.length}, all completed`, status: "completed", bar: around(nodes),
  }, nodes);
};

// Show long series of completed iterations as one row, so that those that failed stand out.
const folded = (nodes) => {
  if (nodes.length <= FOLD_OVER) return nodes;
  const shown = [];
  let series = [];
  const close = () => {
    shown.push(...(series.length >= FOLD_LEAST ? [fold(series)] : series));
    series = [];
  };
  for (const node of nodes) {
    if (node.status === "completed") series.push(node);
    else { close(); shown.push(node); }
  }
  close();
  return shown.length === 1 ? shown[0].children ?? shown : shown;
};

// The nodes inside a loop, from the rows that list_steps returns for its block.
const insideOf = (loop, rows, now) => {
  const depth = loop.prefix.length;
  const iterations = new Map();
  for (const row of rows) {
    if (!sameStart(row.iteration ?? [], loop.prefix)) continue;
    const number = row.iteration?.[depth] ?? null;
    if (!iterations.has(number)) iterations.set(number, []);
    iterations.get(number).push(row);
  }
  const nodes = [...iterations].sort(([a], [b]) => (a ?? 0) - (b ?? 0))
    .map(([number, inside]) => iterationNode(number, inside, loop.prefix, now));
  loop.segments = nodes.map((node) => node.bar).filter(Boolean);
  const own = loop.stepId && { kind: "step", row: loop.row, stepId: loop.stepId, title: "The loop's own record", type: loop.row.type, status: loop.status, bar: null };
  adopt(loop, [own, ...folded(nodes)].filter(Boolean));
};

function* eachNode(nodes) {
  for (const node of nodes) {
    yield node;
    if (node.children) yield* eachNode(node.children);
  }
}

// Put parallel bars into lanes, so that none hides another.
const inLanes = (bars, most) => {
  const ends = [];
  const placed = [...bars].sort((a, b) => a.start - b.start).map((bar) => {
    let lane = ends.findIndex((end) => end <= bar.start);
    if (lane < 0) lane = ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
    ends[lane] = Math.max(ends[lane] ?? 0, bar.end);
    return { ...bar, lane };
  });
  return { bars: placed, lanes: Math.max(ends.length, 1) };
};
