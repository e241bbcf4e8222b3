/** Linked charts of a simulated person: two arms, the person left alone as a ghost, reference band, band of similar persons.
 *
 * Model: `answer` ({times, ghost, arms, units}), `spread` ({arms, times} or null), `charts` ([{name, label, band}]),
 * `analytes`, `system` ("si" or "conventional"), `labels` (names of the arms), `shown` (names of curves).
 */

import { h } from "../charts/dom";
import { seriesChart, type Series } from "../charts/series";
import { rounded, shownIn } from "../charts/units";
import { whenever, type Model } from "./contract";
import "uplot/dist/uPlot.min.css";
import "./panels.css";

const COLOURS = ["--c1", "--c2"];

function chartOf(model: Model, chart: any): Series {
  const a = model.get("answer");
  const spread = model.get("spread");
  const labels: string[] = model.get("labels") ?? ["arm A", "arm B"];
  const canonical = a.units[chart.name] ?? "1";
  const { unit, factor } = shownIn(chart.name, canonical, model.get("system") ?? "si", model.get("analytes") ?? {});
  const scaled = (v: number[]) => (factor === 1 ? v : v.map((x) => x * factor));
  const long = a.times[a.times.length - 1] > 1500;
  const x = long ? a.times.map((t: number) => t / 365.25) : a.times;
  const ghost = a.ghost ? [{ label: "left alone", values: scaled(a.ghost.curves[chart.name]), colour: "--ghost", dash: [6, 4], width: 2 }] : [];
  const lines = a.arms.map((arm: any, k: number) => ({ label: labels[k], values: scaled(arm.curves[chart.name]), colour: COLOURS[k], width: 2.2 }));
  const fits = spread && spread.times.length === a.times.length;
  const ribbons = fits ? spread.arms.flatMap((arm: any, k: number) => (arm[chart.name] ? [{ low: scaled(arm[chart.name].low), high: scaled(arm[chart.name].high), colour: COLOURS[k] }] : [])) : [];
  const band = chart.band ? ([chart.band[0] * factor, chart.band[1] * factor] as [number, number]) : null;
  const ends = a.arms.map((arm: any, k: number) => `${labels[k]} ${rounded(arm.final[chart.name] * factor)}`).join(", ");
  const alone = a.ghost ? `, left alone ${rounded(a.ghost.final[chart.name] * factor)}` : "";
  return {
    title: chart.label, x, xLabel: long ? "time, years" : "time, days", yLabel: unit === "1" ? "relative" : unit, lines: [...ghost, ...lines], ribbons, reference: band,
    sync: "fetuin-trajectory", height: 170, summary: `${chart.label} in ${unit}: at the end ${ends}${alone}.`,
  };
}

export function render({ model, el }: { model: Model; el: HTMLElement }) {
  el.classList.add("fet");
  let charts: { name: string; chart: ReturnType<typeof seriesChart>; end: HTMLElement }[] = [];
  let drawn = "";
  const clear = () => charts.forEach((c) => c.chart.destroy());
  const draw = () => {
    const a = model.get("answer");
    if (!a) return el.replaceChildren(h("p", { class: "fet-empty" }, "Nothing has been simulated yet."));
    const known: any[] = model.get("charts") ?? Object.keys(a.arms[0].curves).map((name) => ({ name, label: name.replaceAll("_", " "), band: null }));
    const shown: string[] | undefined = model.get("shown");
    const list = known.filter((c) => (!shown || shown.includes(c.name)) && a.arms[0].curves[c.name]);
    const key = list.map((c) => c.name).join();
    if (key !== drawn) {
      clear();
      drawn = key;
      const grid = h("div", { class: "fet-charts" });
      el.replaceChildren(grid);
      charts = list.map((c) => {
        const place = h("div", {});
        const end = h("span", { class: "fet-end" });
        grid.append(h("figure", { class: "fet-chart", "data-chart": c.name }, h("figcaption", {}, h("strong", {}, c.label), end), place));
        return { name: c.name, chart: seriesChart(place, chartOf(model, c)), end };
      });
    }
    for (const [k, c] of list.entries()) {
      const made = chartOf(model, c);
      charts[k].chart.update(made);
      const last = made.lines.filter((l) => l.colour !== "--ghost").map((l) => rounded(l.values[l.values.length - 1]));
      charts[k].end.textContent = `${last.join(" | ")} ${made.yLabel}`;
    }
  };
  const stop = whenever(model, ["answer", "spread", "charts", "system", "shown", "labels"], draw);
  return () => {
    stop();
    clear();
  };
}

export default { render };
