/** A measured plate: heat map, thumbnails of every well, one curve large with its fit and interval. Arrows move, keys act.
 *
 * Model: `plate` (wells with minutes, reads, fit, t50_min...), `selected` (well), `marked` (numbers of reads),
 * `accepted` (wells), `comments` ({well: text}), `view` ("map" or "curves"), `action` ({kind, well, minutes, n}) out.
 */

import { h, s } from "../charts/dom";
import { seriesChart, type Series } from "../charts/series";
import { tell, whenever, type Model } from "./contract";
import "uplot/dist/uPlot.min.css";
import "./panels.css";

const KEYS: Record<string, string> = { a: "accept", x: "leave out", u: "take back", c: "comment" };

const name = (row: number, column: number) => `${row < 26 ? String.fromCharCode(65 + row) : `A${String.fromCharCode(39 + row)}`}${String(column + 1).padStart(2, "0")}`;
const rowOf = (well: string) => (well.length === 3 ? well.charCodeAt(0) - 65 : 26 + well.charCodeAt(1) - 65);
const columnOf = (well: string) => Number(well.slice(-2)) - 1;
const looks = (w: any) => w.flags.some((f: string) => w.weights?.[f] !== "note");

function short(w: any): string {
  if (w.t50_min !== null) return Math.round(w.t50_min).toString();
  return w.censored && w.ci_low !== null ? `>${Math.round(w.ci_low)}` : "–";
}

function said(w: any, accepted: boolean): string {
  const flags = w.flags.length ? ` Flags: ${w.flags.map((f: string) => `${f}, ${w.flag_reasons[f]}`).join("; ")}.` : "";
  return `${w.well} ${w.sample}: ${w.text}.${flags}${accepted ? " Accepted." : ""}`;
}

function thumbnail(w: any): SVGElement {
  if (!w.reads.length) return s("svg", { viewBox: "0 0 40 28", "aria-hidden": "true" });
  const all = [...w.reads, ...w.fit];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (v: number) => (26 - (24 * (v - low)) / (high - low || 1)).toFixed(1);
  const step = Math.max(1, Math.floor(w.reads.length / 36));
  const dots = w.reads.filter((_: any, i: number) => i % step === 0).map((v: number, i: number) => `M${((38 * i * step) / (w.reads.length - 1) + 1).toFixed(1)} ${y(v)}h0`).join("");
  const fit = w.fit.map((v: number, i: number) => `${i ? "L" : "M"}${((38 * i) / (w.fit.length - 1) + 1).toFixed(1)} ${y(v)}`).join("");
  return s("svg", { viewBox: "0 0 40 28", "aria-hidden": "true" }, s("path", { d: dots, class: "fet-dots" }), s("path", { d: fit, class: "fet-fit" }));
}

function cell(w: any, place: string, view: string, range: [number, number], accepted: boolean, comment: boolean, selected: boolean, choose: () => void): HTMLElement {
  if (!w) return h("span", { class: "fet-well fet-none", role: "gridcell", "aria-label": `${place} not read` });
  const strength = w.t50_min === null ? 0 : 0.06 + 0.34 * ((range[1] - w.t50_min) / (range[1] - range[0] || 1));
  const marks = `${looks(w) ? "!" : ""}${accepted ? "✓" : ""}${comment ? "“" : ""}`;
  const button = h("button", { type: "button", class: `fet-well${looks(w) ? " fet-look" : ""}`, role: "gridcell", "data-well": w.well, tabindex: selected ? "0" : "-1",
    "aria-selected": String(selected), "aria-label": `${w.well} ${short(w)}. ${said(w, accepted)}`, title: said(w, accepted), onclick: choose },
    view === "curves" ? thumbnail(w) : h("span", { class: "fet-t50" }, short(w)), marks ? h("span", { class: "fet-marks", "aria-hidden": "true" }, marks) : null);
  button.style.setProperty("--strength", strength.toFixed(2));
  return button;
}

function large(p: any, w: any, marked: number[], pick: (i: number) => void): Series {
  const gone = new Set<number>(w.left_out);
  const chosen = new Set<number>(marked);
  const n = w.minutes.length;
  const [first, last] = [w.minutes[0], w.minutes[n - 1]];
  const fit = w.minutes.map((t: number) => {
    const at = ((t - first) / (last - first || 1)) * (w.fit.length - 1);
    const k = Math.min(Math.floor(at), w.fit.length - 2);
    return w.fit[k] + (at - k) * (w.fit[k + 1] - w.fit[k]);
  });
  const kept = [...w.reads.filter((_: number, i: number) => !gone.has(i)), ...fit];
  const [low, high] = [Math.min(...kept), Math.max(...kept)];
  const only = (keep: (i: number) => boolean) => w.reads.map((v: number, i: number) => (keep(i) ? v : null));
  const mark = w.t50_min !== null ? [{ at: w.t50_min, label: `T50 ${w.t50_min.toFixed(1)}`, colour: "--c2", low: w.ci_low, high: w.ci_high }]
    : w.censored && w.ci_low !== null ? [{ at: w.ci_low, label: `> ${w.ci_low.toFixed(0)}`, colour: "--c2" }] : [];
  return {
    title: w.well, x: w.minutes, xLabel: "time, min", yLabel: p.unit || "read", height: 300, marks: mark, pick,
    lines: [
      { label: "reads", values: only((i) => !gone.has(i) && !chosen.has(i)), colour: "--mute", only: "points" },
      { label: "left out", values: only((i) => gone.has(i)).map((v: number | null) => (v === null ? null : Math.min(high, Math.max(low, v)))), colour: "--bad", only: "points" },
      { label: "marked", values: only((i) => chosen.has(i)), colour: "--c3", points: true, width: 0, only: "points" },
      { label: "fit", values: w.model ? fit : [], colour: "--c1", width: 2.2 },
    ],
    summary: `Curve of ${w.well}: ${n} reads, ${w.left_out.length} left out. T50 ${w.text}.`,
  };
}

export function render({ model, el }: { model: Model; el: HTMLElement }) {
  el.classList.add("fet");
  const live = h("p", { class: "fet-live", role: "status" });
  const grid = h("div", { class: "fet-plate", role: "grid", "aria-label": "Plate. Arrow keys move; a accepts, x leaves out, u takes back, c comments." });
  const heading = h("h3", {});
  const facts = h("p", { class: "fet-note" });
  const canvas = h("div", {});
  const keys = h("p", { class: "fet-note" }, "Keys: arrows move · a accept · x leave out (the marked reads, else the well) · u take back · c comment. Press a read to mark it.");
  const legend = h("p", { class: "fet-note" });
  const buttons = h("div", { class: "fet-actions" }, ...Object.entries(KEYS).map(([key, kind]) => h("button", { type: "button", class: "fet-small", "data-act": kind, onclick: () => act(kind) }, `${kind} (${key})`)));
  const range = h("span", { class: "fet-mark-range" }, "mark reads from ", h("input", { type: "number", "aria-label": "first minute to mark", class: "fet-from", min: "0", step: "1" }), " to ", h("input", { type: "number", "aria-label": "last minute to mark", class: "fet-to", min: "0", step: "1" }), " min ", h("button", { type: "button", class: "fet-small", onclick: () => markRange() }, "mark"));
  el.replaceChildren(h("div", { class: "fet-plate-columns" }, h("div", {}, grid, legend), h("section", { class: "fet-curve" }, heading, facts, canvas, buttons, range, keys, live)));
  let chart: ReturnType<typeof seriesChart> | null = null;
  let count = 0;

  const plate = () => model.get("plate");
  const wells = () => new Map<string, any>((plate()?.wells ?? []).map((w: any) => [w.well, w]));
  const current = () => wells().get(model.get("selected")) ?? plate()?.wells[0];

  function act(kind: string) {
    const w = current();
    if (!w) return;
    const minutes = ((model.get("marked") ?? []) as number[]).map((i) => w.minutes[i]);
    tell(model, "action", { kind, well: w.well, minutes, n: ++count });
    live.textContent = `${w.well}: ${kind}${minutes.length ? `, ${minutes.length} reads` : ""}`;
  }

  function pick(i: number) {
    const marked = new Set<number>(model.get("marked") ?? []);
    if (!marked.delete(i)) marked.add(i);
    tell(model, "marked", [...marked].sort((a, b) => a - b));
  }

  function markRange() {
    const w = current();
    const [from, to] = [...el.querySelectorAll<HTMLInputElement>(".fet-from, .fet-to")].map((x) => Number(x.value));
    if (w && to >= from) tell(model, "marked", w.minutes.flatMap((t: number, i: number) => (t >= from && t <= to ? [i] : [])));
  }

  function choose(well: string, focus = false) {
    model.set("marked", []);
    tell(model, "selected", well);
    if (focus) grid.querySelector<HTMLElement>(`[data-well="${well}"]`)?.focus();
  }

  grid.addEventListener("keydown", (event) => {
    const w = current();
    if (!w) return;
    const moves: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (moves[event.key]) {
      const known = wells();
      let [r, c] = [rowOf(w.well), columnOf(w.well)];
      for (let k = 0; k < 48; k++) {
        r += moves[event.key][0];
        c += moves[event.key][1];
        if (known.has(name(r, c))) {
          choose(name(r, c), true);
          break;
        }
      }
      event.preventDefault();
    } else if (KEYS[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      act(KEYS[event.key]);
      event.preventDefault();
    }
  });

  function drawGrid() {
    const p = plate();
    if (!p) return grid.replaceChildren(h("p", { class: "fet-empty" }, "No plate yet."));
    const known = wells();
    const values = p.wells.filter((w: any) => w.t50_min !== null).map((w: any) => w.t50_min);
    const span: [number, number] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
    const accepted = new Set<string>(model.get("accepted") ?? []);
    const comments = model.get("comments") ?? {};
    const selected = current()?.well;
    const view = model.get("view") ?? "map";
    const kept = grid.contains(document.activeElement);
    grid.style.setProperty("--columns", String(p.columns));
    grid.dataset.size = p.rows > 8 ? "large" : "small";
    const head = h("div", { role: "row", class: "fet-row" }, h("span", { role: "columnheader", class: "fet-head" }), ...Array.from({ length: p.columns }, (_, c) => h("span", { role: "columnheader", class: "fet-head" }, String(c + 1))));
    const rows = Array.from({ length: p.rows }, (_, r) => h("div", { role: "row", class: "fet-row" }, h("span", { role: "rowheader", class: "fet-head" }, name(r, 0).slice(0, -2)),
      ...Array.from({ length: p.columns }, (_, c) => cell(known.get(name(r, c)), name(r, c), view, span, accepted.has(name(r, c)), Boolean(comments[name(r, c)]), name(r, c) === selected, () => choose(name(r, c), true)))));
    grid.replaceChildren(head, ...rows);
    legend.textContent = values.length ? `T50 in minutes, from ${span[0].toFixed(0)} (strong) to ${span[1].toFixed(0)} (pale). Framed, !: a flag to look at. ✓ accepted. “ a comment. >: not turned by that minute. –: no result.` : "No well has a T50.";
    if (kept && selected) grid.querySelector<HTMLElement>(`[data-well="${selected}"]`)?.focus();
  }

  function drawSelection() {
    const selected = current()?.well;
    for (const b of grid.querySelectorAll<HTMLElement>("button[data-well]")) {
      const mine = b.dataset.well === selected;
      b.setAttribute("aria-selected", String(mine));
      b.tabIndex = mine ? 0 : -1;
    }
    drawCurve();
  }

  function drawCurve() {
    const [p, w] = [plate(), current()];
    if (!p || !w) return;
    heading.textContent = `${w.well}${w.sample ? ` · ${w.sample}` : ""}`;
    const comment = (model.get("comments") ?? {})[w.well];
    facts.textContent = `T50 ${w.text}; ${w.model || "no"} curve, ${w.reads_used} reads used, ${w.reads_excluded} left out.${w.flags.length ? ` ${w.flags.map((f: string) => `${f}: ${w.flag_reasons[f]}`).join("; ")}.` : ""}${comment ? ` Comment: ${comment}` : ""}`;
    if (!w.minutes.length) {
      chart?.destroy();
      chart = null;
      return canvas.replaceChildren(h("p", { class: "fet-empty" }, "This well has no reads."));
    }
    const made = large(p, w, model.get("marked") ?? [], pick);
    if (chart) chart.update(made);
    else chart = seriesChart(canvas, made);
  }

  const stops = [whenever(model, ["plate", "accepted", "comments", "view"], () => { drawGrid(); drawCurve(); }), whenever(model, ["selected"], drawSelection), whenever(model, ["marked"], drawCurve)];
  return () => {
    stops.forEach((stop) => stop());
    chart?.destroy();
  };
}

export default { render };
