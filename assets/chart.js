// Charts: drawn from the description beside them; the table of the same numbers stays for print.

const ink = { text: "#1A2130", note: "#656D7C", grid: "#EFEBE1", axis: "#CFC8B9", limit: "#B23A26" };
const tones = ["#2A479B", "#3F7E86", "#8A93A5", "#1A2130", "#9E1F35", "#A66A00"];
const marks = ["circle", "rect", "triangle", "diamond", "pin", "arrow"];
const dashes = ["solid", "dashed", "solid", "dotted", "dashed", "dotted"];
const buckets = ["#A66A00", "#B5500F", "#9E1F35", "#4A1534"];
const decals = [
  { symbol: "line", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.4)" },
  { symbol: "line", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: Math.PI / 4, color: "rgba(255,255,255,.45)" },
  { symbol: "none" },
  { symbol: "none" },
];
const font = "'IBM Plex Sans','Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif";
const label = { color: ink.note, fontSize: 12, fontFamily: font };

const number = (text) => (text == null ? null : Number(text));

function bars(spec, upright) {
  const names = { type: "category", data: spec.labels, inverse: !upright, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.axis } }, axisLabel: { ...label, color: ink.text, ...(upright && spec.labels.length < 13 ? { interval: 0, rotate: spec.labels.length > 6 ? 30 : 0 } : {}) } };
  const values = { type: "value", min: 0, max: top(spec), splitLine: { show: upright, lineStyle: { color: ink.grid } }, axisLabel: upright ? label : { show: false } };
  return {
    xAxis: upright ? names : values,
    yAxis: upright ? values : names,
    series: spec.series.map((one, place) => ({
      type: "bar",
      name: one.name,
      barMaxWidth: upright ? 34 : 20,
      data: one.values.map((value, at) => ({
        value: number(value),
        itemStyle: spec.shape === "buckets" ? { color: buckets[at], decal: decals[at] } : { color: tones[place] },
      })),
      itemStyle: { borderRadius: 2 },
      label: {
        show: true, position: upright ? "top" : "right", color: ink.text, fontSize: 12, fontFamily: font,
        formatter: (point) => one.notes?.[point.dataIndex] ?? one.values[point.dataIndex] ?? "",
      },
      markLine: limit(spec, place, upright),
    })),
  };
}

function lines(spec) {
  const own = spec.shape === "bucketlines" ? buckets : tones;
  return {
    xAxis: { type: "category", data: spec.labels, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.axis } }, axisLabel: label },
    yAxis: { type: "value", min: 0, max: top(spec), splitLine: { lineStyle: { color: ink.grid } }, axisLabel: label },
    series: spec.series.map((one, place) => ({
      type: "line",
      name: one.name,
      data: one.values.map(number),
      symbol: marks[place % marks.length],
      symbolSize: 6,
      lineStyle: { width: 2, type: dashes[place % dashes.length] },
      itemStyle: { color: own[place % own.length] },
      endLabel: { show: true, formatter: one.name, color: own[place % own.length], fontSize: 12, fontFamily: font },
      labelLayout: { moveOverlap: "shiftY" },
      markLine: limit(spec, place, true),
    })),
  };
}

/** Things on a circle, the first at the top; a dashed line does not answer for the debt. */
function graph(spec) {
  const looks = { first: ink.text, circle: "#9E1F35", customer: "#2A479B", other: "#8A93A5" };
  const shapes = { first: "roundRect", circle: "diamond", customer: "circle", other: "triangle" };
  return {
    tooltip: { formatter: (point) => point.data.words, renderMode: "richText" },
    series: [{
      type: "graph",
      layout: "circular",
      circular: { rotateLabel: false },
      roam: false,
      left: "20%", right: "20%", top: 48, bottom: 56,
      edgeSymbol: ["none", "arrow"],
      edgeSymbolSize: 8,
      label: { show: true, position: "bottom", color: ink.text, fontSize: 12, fontFamily: font, formatter: (point) => point.data.words },
      edgeLabel: { show: spec.graph.edges.length <= 24, color: ink.text, opacity: 1, fontSize: 12, fontFamily: font, formatter: (point) => point.data.words },
      labelLayout: { hideOverlap: true },
      data: spec.graph.nodes.map((one, place) => ({
        name: String(place), words: one.note ? `${one.name}\n${one.note}` : one.name, link: one.link,
        symbol: shapes[one.look], symbolSize: one.look === "first" ? 26 : 20, itemStyle: { color: looks[one.look] },
      })),
      links: spec.graph.edges.map((one) => ({
        source: one.from, target: one.to, words: one.label,
        lineStyle: { color: ink.note, opacity: 1, width: one.answers ? 2 : 1, type: one.answers ? "solid" : "dashed", curveness: 0.12 },
      })),
    }],
  };
}

/** The axis reaches the limit, so that its line is in sight; ECharts chooses it otherwise. */
function top(spec) {
  if (!spec.limit) return undefined;
  return (extent) => (extent.max >= number(spec.limit[0]) ? undefined : number(spec.limit[0]) * 1.05);
}

function limit(spec, place, upright) {
  if (!spec.limit || place > 0) return undefined;
  const [value, words] = spec.limit;
  return {
    silent: true, symbol: "none", animation: false,
    lineStyle: { color: ink.limit, width: 2, type: "solid" },
    label: { formatter: words, color: ink.limit, fontFamily: font, position: upright ? "insideEndTop" : "end" },
    data: [upright ? { yAxis: number(value) } : { xAxis: number(value) }],
  };
}

/** Only our own pages. */
function follow(link) {
  if (link?.startsWith("/") && !link.startsWith("//")) location.assign(link);
}

function draw(box) {
  const spec = JSON.parse(box.dataset.spec);
  box.classList.add("drawn");
  const chart = echarts.init(box, null, { renderer: "svg" });
  if (spec.shape === "graph") {
    chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...graph(spec) });
    chart.on("click", (point) => follow(point.data.link));
    new ResizeObserver(() => chart.resize()).observe(box);
    return;
  }
  const lined = spec.shape === "lines" || spec.shape === "bucketlines";
  const body = lined ? lines(spec) : bars(spec, spec.shape === "columns");
  const most = Math.max(...spec.series.map((one) => one.name.length), 0);
  const keyed = !lined && spec.shape !== "buckets" && spec.series.length > 1;
  const right = lined ? 24 + most * 8 : spec.shape === "columns" ? 16 : 96;
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: font },
    aria: { enabled: false, decal: { show: spec.shape === "buckets" } },
    // Lines bear their names at their ends; bars side by side need a key.
    legend: { show: keyed, top: 0, left: 12, itemWidth: 14, itemHeight: 10, selectedMode: false, textStyle: label, data: keyed ? spec.series.map((one, place) => ({ name: one.name, itemStyle: { color: tones[place] } })) : [] },
    grid: { left: 12, right, top: keyed ? 44 : 22, bottom: 12, containLabel: true },
    ...body,
  });
  chart.on("click", (point) => {
    follow(spec.links?.[point.dataIndex]);
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

// Those of the page, and those that a second request brings.
const fresh = () => document.querySelectorAll("[data-chart]:not(.drawn)").forEach(draw);
fresh();
new MutationObserver(fresh).observe(document.body, { childList: true, subtree: true });
