// Map times to places on the track. A run can wait for days between steps of seconds, so long
// stretches in which nothing begins or ends shrink, and the axis marks them.

const IDLE_SHARE = 0.4; // a stretch in which nothing ran shrinks if it is longer than this
const BUSY_SHARE = 0.95; // one in which steps ran shrinks only if all else would be invisible,
const BUSY_LEAST_MS = 600_000; // and only if a person is more likely to have been waited for
const BREAK_SHARE = 0.07; // the width of a shrunk stretch, as a share of the rest

// The stretches between the times at which bars begin or end.
const stretchesOf = (bars, end) => {
  const changes = new Map([[0, 0], [end, 0]]);
  const add = (time, change) => changes.set(time, (changes.get(time) ?? 0) + change);
  for (const bar of bars) {
    add(bar.start, bar.quiet ? 0 : 1);
    add(bar.end, bar.quiet ? 0 : -1);
  }
  const times = [...changes.keys()].sort((a, b) => a - b);
  let running = 0;
  return times.slice(0, -1).map((from, at) => {
    running += changes.get(from);
    return { from, to: times[at + 1], length: times[at + 1] - from, idle: running === 0 };
  });
};

const shrink = (stretches, end) => {
  let rest = end;
  let count = 0;
  for (const stretch of [...stretches].sort((a, b) => b.length - a.length).slice(0, 20)) {
    const left = rest - stretch.length;
    if (left <= 0 || stretch.length <= (stretch.idle ? IDLE_SHARE : BUSY_SHARE) * rest) continue;
    if (!stretch.idle && stretch.length < BUSY_LEAST_MS) continue;
    stretch.shrunk = true;
    rest = left;
    count += 1;
  }
  const shown = Math.min(BREAK_SHARE, 0.5 / Math.max(count, 1)) * rest;
  for (const stretch of stretches) stretch.shown = stretch.shrunk ? shown : stretch.length;
};

// Return a scale: `at` maps milliseconds to percent, `breaks` are the shrunk stretches.
const makeScale = (bars, end) => {
  const last = Math.max(end, 1);
  const stretches = stretchesOf(bars, last);
  shrink(stretches, last);
  const total = stretches.reduce((sum, each) => sum + each.shown, 0);
  let left = 0;
  for (const stretch of stretches) {
    stretch.left = left;
    left += stretch.shown;
  }
  const find = (time) => {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (stretches[middle].from <= time) low = middle;
      else high = middle - 1;
    }
    return stretches[low];
  };
  const at = (time) => {
    const inside = Math.min(Math.max(time, 0), last);
    const stretch = find(inside);
    return ((stretch.left + ((inside - stretch.from) / stretch.length) * stretch.shown) / total) * 100;
  };
  const breaks = stretches.filter((each) => each.shrunk)
    .map(({ from, to, length, left: start, shown }) => ({ from, to, length, left: (start / total) * 100, width: (shown / total) * 100 }));
  return { at, breaks, end: last };
};

// Round times for the axis, none inside a shrunk stretch and none close to another.
const ticksOf = (scale, { wanted, apart }) => {
  const shown = scale.end - scale.breaks.reduce((sum, each) => sum + each.length, 0);
  const raw = shown / wanted;
  const size = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  const step = [1, 2, 5, 10].map((each) => each * size).find((each) => each >= raw) ?? size;
  const ticks = [];
  const add = (time) => {
    const left = scale.at(time);
    const taken = [...ticks.map((tick) => tick.left), ...scale.breaks.map((each) => each.left + each.width / 2)];
    if (left < 100 - apart / 2 && taken.every((other) => Math.abs(other - left) > apart)) ticks.push({ time, left });
  };
  add(0);
  for (const each of scale.breaks) add(each.to);
  for (let time = step; time < scale.end && ticks.length < 40; time += step) {
    const hidden = scale.breaks.find((each) => time > each.from && time < each.to);
    if (hidden) time = Math.floor(hidden.to / step) * step;
    else add(time);
  }
  return ticks;
};
