// How fast the storage answers, as a line over bands that say how it was. The same stands beside it as a table.
const MINUTE = 60000;
const DAY_S = 86400;

const place = document.querySelector("[data-chart]");
const words = place.dataset;
const language = document.documentElement.lang;
const dark = matchMedia("(prefers-color-scheme: dark)");
const hour = new Intl.DateTimeFormat(language, { timeZone: words.zone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { timeZone: words.zone, day: "2-digit", month: "2-digit" });
const exact = new Intl.DateTimeFormat(language, { timeZone: words.zone, day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

let data;
let chart;
let fetched = 0;

// A colour of the sheets, as a canvas takes it.
const probe = document.createElement("span");
probe.hidden = true;
place.after(probe);

function tone(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const TONES = { attention: "attention", planned: "planned", trouble: "trouble", unknown: "quiet" };
const height = () => (place.classList.contains("chart-tall") ? 260 : 180);
const columns = () => [data.at.map((at) => at / 1000), data.mean, data.max, data.at.map(() => 0)];
const number = new Intl.NumberFormat(language);
const inMs = (value) => (value == null ? "–" : `${number.format(value)} ms`);
// The newest, while nobody points at another.
const pointed = (index) => index ?? data.at.length - 1;
const ms = (plot, _, series, index) => inMs(plot.data[series][pointed(index)]);

// Behind the lines: whatever was not simply well, and below them what somebody had planned.
function bands({ ctx, bbox, valToPos }) {
  ctx.save();
  data.at.forEach((at, index) => {
    const left = Math.max(bbox.left, valToPos(at / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, valToPos((at + data.step) / 1000, "x", true));
    if (right <= left) return;
    const width = Math.max(right - left, 1);
    const light = data.light[index];
    if (TONES[light] && light !== "unknown") {
      ctx.globalAlpha = 0.22;
      ctx.fillStyle = tone(TONES[light]);
      ctx.fillRect(left, bbox.top, width, bbox.height);
    }
    if (data.planned[index]) {
      ctx.globalAlpha = 1;
      ctx.fillStyle = tone("planned");
      ctx.fillRect(left, bbox.top + bbox.height - 4 * devicePixelRatio, width, 4 * devicePixelRatio);
    }
  });
  ctx.restore();
}

function draw() {
  chart?.destroy();
  const axis = { stroke: () => tone("quiet"), grid: { stroke: () => tone("line"), width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(place).fontFamily}` };
  const times = (_, moments, __, ___, step) => moments.map((at) => (step >= DAY_S ? day : hour).format(at * 1000));
  chart = new uPlot({
    width: place.clientWidth,
    height: height(),
    padding: [8, 8, 0, 0],
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), words.zone),
    scales: {
      x: { range: () => [data.from / 1000, data.to / 1000] },
      y: { range: (_, __, most) => [0, Math.max(10, (most ?? 0) * 1.15)] },
      state: { range: [0, 1] },
    },
    axes: [{ ...axis, size: 32, values: times }, { ...axis, size: 56, values: (_, all) => all.map(inMs) }],
    series: [
      { label: words.time, value: (_, __, ___, index) => (data.at.length ? exact.format(data.at[pointed(index)]) : "–") },
      { label: words.mean, stroke: () => tone("brand"), width: 2, points: { show: false }, value: ms },
      { label: words.max, stroke: () => tone("edge"), width: 1, points: { show: false }, value: ms },
      { label: words.state, scale: "state", paths: () => null, points: { show: false }, value: (_, __, ___, index) => words[data.light[pointed(index)]] ?? "–" },
    ],
    legend: { markers: { width: 0 } },
    cursor: { y: false, drag: { setScale: false } },
    hooks: { drawClear: [bands] },
  }, columns(), place);
}

async function load() {
  fetched = performance.now();
  const answer = await fetch(words.chart, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  data = await answer.json();
  if (chart) chart.setData(columns());
  else draw();
}

// A look has come: the finest chart takes it in, the others ask again now and then, and so does one that got no answer yet.
// A page whose session ended shows neither.
function look() {
  const { at, ms: took, light, planned } = document.getElementById("latency")?.dataset ?? {};
  if (!at || Number(at) <= data?.to) return;
  if (!data || data.step > 5000) {
    if (performance.now() - fetched > MINUTE) load();
    return;
  }
  const passed = Number(at) - data.to;
  data.from += passed;
  data.to += passed;
  data.at.push(Number(at));
  data.mean.push(took === undefined ? null : Number(took));
  data.max.push(data.mean.at(-1));
  data.light.push(light);
  data.planned.push(planned !== undefined);
  while (data.at[0] < data.from) for (const column of [data.at, data.mean, data.max, data.light, data.planned]) column.shift();
  chart.setData(columns());
}

await load();
document.addEventListener("htmx:after:swap", look);
dark.addEventListener("change", () => chart?.redraw(false));
new ResizeObserver(() => chart?.setSize({ width: place.clientWidth, height: height() })).observe(place);
