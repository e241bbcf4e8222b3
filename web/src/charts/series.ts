/** Time series with units on both axes, a reference band, bands of uncertainty, ghosts and marks: uPlot in our colours. */

import uPlot from "uplot";
import { colour, h } from "./dom";

export interface Line { label: string; values: (number | null)[]; colour: string; dash?: number[]; width?: number; points?: boolean; only?: "points" }
export interface Ribbon { low: (number | null)[]; high: (number | null)[]; colour: string }
export interface Mark { at: number; label?: string; colour: string; low?: number; high?: number }
export interface Series {
  title: string;
  x: number[];
  xLabel: string;
  yLabel: string;
  lines: Line[];
  ribbons?: Ribbon[];
  reference?: [number | null, number | null] | null;
  marks?: Mark[];
  levels?: { at: number; label: string; colour: string }[];
  dated?: boolean;
  height?: number;
  sync?: string;
  summary?: string;
  pick?: (index: number) => void;
}

const FONT = "12px system-ui, sans-serif";

function shape(c: Series): string {
  return JSON.stringify([c.lines.map((l) => [l.label, l.colour, l.dash, l.points, l.only]), c.ribbons?.map((r) => r.colour), c.yLabel, c.xLabel, c.dated, c.height]);
}

function data(c: Series): uPlot.AlignedData {
  const ribbons = (c.ribbons ?? []).flatMap((r) => [r.high, r.low]);
  return [c.x, ...c.lines.map((l) => l.values), ...ribbons] as uPlot.AlignedData;
}

/** A tick in few letters: 150000 is 150k. */
function short(v: number): string {
  if (Math.abs(v) >= 1e6) return `${Number((v / 1e6).toPrecision(4))}M`;
  return Math.abs(v) >= 1e4 ? `${Number((v / 1e3).toPrecision(4))}k` : String(Number(v.toPrecision(6)));
}

/** Draws into `el`; `update` moves the data and keeps the canvas where the lines stay the same. */
export function seriesChart(el: HTMLElement, first: Series) {
  let now = first;
  let plot: uPlot | null = null;
  let built = "";
  const box = h("div", { class: "fet-plot", role: "img" });
  el.replaceChildren(box);

  function behind(u: uPlot) {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    if (now.reference) {
      const [low, high] = now.reference;
      const y0 = high === null ? top : u.valToPos(high, "y", true);
      const y1 = low === null ? top + height : u.valToPos(low, "y", true);
      ctx.fillStyle = colour(el, "--good-band");
      ctx.fillRect(left, y0, width, y1 - y0);
    }
    for (const m of now.marks ?? []) {
      if (m.low !== undefined && m.high !== undefined) {
        const a = u.valToPos(m.low, "x", true);
        const b = u.valToPos(m.high, "x", true);
        ctx.fillStyle = colour(el, "--band");
        ctx.fillRect(a, top, Math.max(b - a, 1), height);
      }
    }
    ctx.restore();
  }

  function above(u: uPlot) {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    for (const m of now.marks ?? []) {
      const x = u.valToPos(m.at, "x", true);
      if (x < left - 1 || x > left + width + 1) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(el, m.colour);
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, top + height);
      ctx.stroke();
      if (m.label) {
        const late = x > left + 0.7 * width;
        ctx.textAlign = late ? "right" : "left";
        ctx.fillText(m.label, x + (late ? -5 : 5) * devicePixelRatio, top + height - 6 * devicePixelRatio);
      }
    }
    for (const level of now.levels ?? []) {
      const y = u.valToPos(level.at, "y", true);
      ctx.strokeStyle = ctx.fillStyle = colour(el, level.colour);
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
      ctx.textAlign = "left";
      ctx.fillText(level.label, left + 4, y - 3 * devicePixelRatio);
    }
    ctx.restore();
  }

  function range(_: uPlot, low: number | null, high: number | null): [number, number] {
    const wanted = [low, high, ...(now.reference ?? []), ...(now.levels ?? []).map((l) => l.at)].filter((v): v is number => v !== null && v !== undefined && Number.isFinite(v));
    if (!wanted.length) return [0, 1];
    const [a, b] = [Math.min(...wanted), Math.max(...wanted)];
    const pad = Math.max(0.06 * (b - a), 0.01 * Math.abs(b), 1e-9);
    return [a >= 0 && a - pad < 0 ? 0 : a - pad, b + pad];
  }

  function build() {
    plot?.destroy();
    built = shape(now);
    const ink = colour(el, "--mute");
    const grid = { stroke: colour(el, "--line"), width: 1 };
    const at = now.lines.length;
    const bands = (now.ribbons ?? []).map((r, k) => ({ series: [at + 1 + 2 * k, at + 2 + 2 * k] as [number, number], fill: colour(el, `${r.colour}-band`) }));
    const lines = now.lines.map((l) => ({
      label: l.label,
      stroke: colour(el, l.colour),
      width: l.only === "points" ? 0 : (l.width ?? 1.8),
      dash: l.dash,
      spanGaps: true,
      paths: l.only === "points" ? () => null : undefined,
      points: { show: Boolean(l.points || l.only), size: l.only ? 4 : 6, fill: colour(el, l.colour), stroke: colour(el, l.colour) },
    }));
    const edges = (now.ribbons ?? []).flatMap(() => [{ stroke: "transparent", width: 0, points: { show: false } }, { stroke: "transparent", width: 0, points: { show: false } }]);
    const options: uPlot.Options = {
      width: Math.max(box.clientWidth, 120),
      height: now.height ?? 190,
      legend: { show: false },
      cursor: { sync: now.sync ? { key: now.sync } : undefined, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: Boolean(now.dated) }, y: { range: range as any } },
      axes: [
        { stroke: ink, grid, ticks: grid, font: FONT, labelFont: FONT, label: now.xLabel, labelSize: 18, size: 32, space: 55 },
        { stroke: ink, grid, ticks: grid, font: FONT, labelFont: FONT, label: now.yLabel, labelSize: 18, size: 56, values: (_: uPlot, ticks: number[]) => ticks.map(short) },
      ],
      series: [{}, ...lines, ...edges],
      bands,
      hooks: { drawClear: [behind], draw: [above] },
    };
    plot = new uPlot(options, data(now), box);
    plot.over.addEventListener("click", () => {
      const i = plot?.cursor.idx;
      if (i !== null && i !== undefined) now.pick?.(i);
    });
  }

  function say() {
    box.setAttribute("aria-label", now.summary ?? now.title);
  }

  const sizes = new ResizeObserver(() => {
    if (plot && box.clientWidth && Math.abs(plot.width - box.clientWidth) > 1) plot.setSize({ width: box.clientWidth, height: now.height ?? 190 });
  });
  const looks = new MutationObserver(build);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  build();
  say();
  sizes.observe(box);
  looks.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", build);

  return {
    update(next: Series) {
      now = next;
      if (shape(next) === built && plot) plot.setData(data(next));
      else build();
      say();
    },
    destroy() {
      sizes.disconnect();
      looks.disconnect();
      dark.removeEventListener("change", build);
      plot?.destroy();
    },
  };
}
