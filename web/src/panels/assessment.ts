/** The answer of an assessment: how sure, the evidence for and against as a waterfall, what to ask next.
 *
 * Model: `assessment` (object of schema assessment/1), `selected` (finding), `action` ({kind, finding, state}).
 */

import { h, s } from "../charts/dom";
import { percent } from "../charts/units";
import { tell, whenever, type Model } from "./contract";
import "./panels.css";

const SHOWN = 12;
const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];
const SCALE: [number, string][] = [[0.99, "virtually certain"], [0.9, "very likely"], [0.66, "likely"], [0.33, "about as likely as not"], [0.1, "unlikely"], [0.01, "very unlikely"], [0, "exceptionally unlikely"]];

const logOdds = (p: number) => Math.log(Math.min(Math.max(p, 1e-6), 1 - 1e-6) / (1 - Math.min(Math.max(p, 1e-6), 1 - 1e-6)));
const words = (text: string) => text.replaceAll("_", " ");

function odds(share: number): string {
  const ratio = Math.exp(Math.min(Math.abs(share), 12));
  if (ratio < 1.05) return "odds unchanged";
  return `odds ${share > 0 ? "×" : "÷"} ${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}`;
}

function likelihood(p: any): string {
  if (p.probability >= 0.66 && p.low < 0.5) return "likely, on uncertain inputs";
  return SCALE.find(([bound]) => p.probability >= bound)![1];
}

function leading(a: any): any {
  const real = a.mechanisms.filter((m: any) => m.name !== "none" && m.name !== "other");
  return a.mechanisms.find((m: any) => m.name === a.answer) ?? real[0];
}

function bars(list: any[], caption: string): HTMLElement {
  const rows = list.map((p) =>
    h("li", { class: "fet-bar" },
      h("span", { class: "fet-bar-name" }, words(p.label || p.name)),
      h("span", { class: "fet-track", "aria-hidden": "true" },
        h("span", { class: "fet-fill", css: { width: `${100 * p.probability}%` } }),
        h("span", { class: "fet-range", css: { left: `${100 * p.low}%`, width: `${Math.max(100 * (p.high - p.low), 0.5)}%` } })),
      h("span", { class: "fet-bar-number" }, percent(p.probability), h("small", {}, ` (${percent(p.low)} to ${percent(p.high)})`))));
  return h("div", {}, h("ul", { class: "fet-bars", "aria-label": caption }, ...rows), h("p", { class: "fet-note" }, caption));
}

function answer(a: any): HTMLElement {
  const lead = leading(a);
  const abstained = a.abstained;
  return h("section", { class: `fet-answer${abstained ? " fet-abstained" : ""}`, "aria-live": "polite" },
    h("p", { class: "fet-eyebrow" }, abstained ? "No firm answer" : "Most probable mechanism"),
    h("p", { class: "fet-headline" }, abstained ? "The data do not suffice" : words(a.answer)),
    !abstained && lead ? h("p", { class: "fet-how-sure" }, `${likelihood(lead)}, ${percent(lead.probability)} (${percent(lead.low)} to ${percent(lead.high)})`) : null,
    h("p", {}, a.summary),
    abstained ? h("p", {}, `Why: ${a.reason}.`) : null,
    ...a.flags.map((f: any) => h("p", { class: "fet-flag" }, h("strong", {}, "Mind: "), f.text)));
}

function waterfall(a: any, selected: string, choose: (finding: string) => void): HTMLElement {
  const found = [...a.evidence].sort((x, y) => Math.abs(y.share) - Math.abs(x.share));
  const lead = leading(a);
  if (!found.length || !lead) return h("p", { class: "fet-empty" }, "No finding speaks for or against the leading answer: only how common each cause is in this setting does. Add a finding, or open a fuller record.");
  const last = logOdds(lead.probability);
  const first = last - found.reduce((sum, e) => sum + e.share, 0);
  let at = first;
  const steps = found.map((e) => ({ e, from: at, to: (at += e.share) }));
  const ends = [first, last, ...steps.flatMap((x) => [x.from, x.to])];
  const [low, high] = [Math.min(...ends) - 0.4, Math.max(...ends) + 0.4];
  const place = (v: number) => (100 * (v - low)) / (high - low);
  const marks = TICKS.filter((p) => logOdds(p) >= low && logOdds(p) <= high);
  const track = (...inside: (SVGElement | null)[]) => s("svg", { class: "fet-step", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true" },
    ...marks.map((p) => s("line", { x1: place(logOdds(p)), x2: place(logOdds(p)), y1: 0, y2: 20, class: p === 0.5 ? "fet-half" : "fet-grid" })), ...inside);
  const dot = (v: number) => s("rect", { x: place(v) - 0.6, width: 1.2, y: 2, height: 16, class: "fet-dot" });
  const shown = steps.slice(0, SHOWN);
  const rest = steps.slice(SHOWN);
  const row = ({ e, from, to }: any) => {
    const sense = e.share >= 0 ? "for" : "against";
    return h("li", {}, h("button", { type: "button", class: "fet-evidence", "data-finding": e.finding, "aria-pressed": String(e.finding + e.state === selected), onclick: () => choose(e.finding + e.state) },
      h("span", { class: `fet-sense fet-${sense}` }, e.share >= 0 ? "+ for" : "− against"),
      h("span", { class: "fet-label" }, e.label, h("small", {}, ` ${words(e.state)}`)),
      track(s("rect", { x: Math.min(place(from), place(to)), width: Math.max(Math.abs(place(to) - place(from)), 0.4), y: 4, height: 12, class: `fet-box-${sense}` })),
      h("span", { class: "fet-odds" }, odds(e.share))));
  };
  const still = (name: string, v: number, note: string) => h("li", { class: "fet-still" }, h("span", { class: "fet-sense" }), h("span", { class: "fet-label" }, name, h("small", {}, ` ${note}`)), track(dot(v)), h("span", { class: "fet-odds" }, percent(1 / (1 + Math.exp(-v)))));
  return h("div", {},
    h("ol", { class: "fet-waterfall" },
      still("Before any finding", first, "how common it is in this setting"),
      ...shown.map(row),
      still("After all findings", last, words(lead.label || lead.name))),
    rest.length ? h("details", {}, h("summary", {}, `${rest.length} quieter findings`), h("ol", { class: "fet-waterfall" }, ...rest.map(row))) : null,
    h("p", { class: "fet-note" }, `How the probability of ${words(lead.label || lead.name)} came about. Each bar is what one finding did to the odds; to the right is for, to the left against. Press one for its datum and its source.`));
}

function detail(a: any, selected: string, show: (data: string[]) => void): HTMLElement | null {
  const e = a.evidence.find((x: any) => x.finding + x.state === selected);
  if (!e) return null;
  const sources: string[] = e.sources ?? e.citations.map((c: string) => a.citations[c] ?? c);
  const weights = Object.entries(e.weights as Record<string, number>).sort((x, y) => y[1] - x[1]);
  return h("section", { class: "fet-detail", "aria-label": `The finding ${e.label}`, tabindex: "-1" },
    h("h4", {}, `${e.label}: ${words(e.state)}`),
    h("p", {}, h("strong", {}, "Datum: "), e.datum, e.data?.length ? h("button", { type: "button", class: "fet-small", "data-show": e.finding, onclick: () => show(e.data) }, "show it in the record") : null),
    e.statement ? h("p", {}, e.statement) : null,
    h("p", {}, h("strong", {}, "Source: "), sources.join("; ") || (e.elicited ? "elicited: no published figure was found" : "none given"), e.quantities.length ? h("small", {}, ` [${e.quantities.join(", ")}]`) : null),
    h("p", { class: "fet-note" }, "Log-likelihood ratio for each mechanism: ", weights.map(([m, w]) => `${words(m)} ${w > 0 ? "+" : ""}${w.toFixed(1)}`).join(", ")));
}

function next(a: any, act: (finding: string, state: string) => void): HTMLElement {
  if (!a.next_tests.length) return h("p", { class: "fet-empty" }, "No further question would change the answer much.");
  const missing = new Map<string, any>(a.missing.map((m: any) => [m.finding, m]));
  return h("ol", { class: "fet-next" }, ...a.next_tests.slice(0, 6).map((t: any) => {
    const effect = Object.entries((missing.get(t.test)?.effect ?? {}) as Record<string, number>);
    return h("li", {}, h("strong", {}, t.label), h("small", {}, ` ${t.gain_bits.toFixed(2)} bits${t.harm > 0 ? ", may harm" : ""}`),
      h("span", { class: "fet-reason" }, t.reason), t.blocked_by ? h("span", { class: "fet-flag" }, t.blocked_by) : null,
      effect.length ? h("span", { class: "fet-suppose" }, "Suppose: ", ...effect.slice(0, 4).map(([state]) => h("button", { type: "button", class: "fet-small", "data-suppose": `${t.test}:${state}`, onclick: () => act(t.test, state) }, words(state)))) : null);
  }));
}

export function render({ model, el }: { model: Model; el: HTMLElement }) {
  el.classList.add("fet");
  const draw = () => {
    const a = model.get("assessment");
    if (!a || !a.mechanisms) return el.replaceChildren(h("p", { class: "fet-empty" }, "No assessment yet."));
    const selected = model.get("selected") ?? "";
    const choose = (finding: string) => tell(model, "selected", finding === selected ? "" : finding);
    const causes = a.causes.filter((c: any) => c.probability >= 0.02).slice(0, 5);
    const focused = (el.contains(document.activeElement) && (document.activeElement as HTMLElement)?.dataset?.finding) || "";
    el.replaceChildren(
      answer(a),
      h("div", { class: "fet-columns" },
        h("section", {}, h("h3", {}, "Evidence for and against"), waterfall(a, selected, choose), detail(a, selected, (data) => tell(model, "action", { kind: "show", data }))),
        h("section", {}, h("h3", {}, "Mechanisms"), bars(a.mechanisms.filter((m: any) => m.probability >= 0.005).slice(0, 8), "Bar: probability. Line: what it becomes when the inputs are varied within their uncertainty. They exclude each other."),
          causes.length ? h("h3", {}, "Causes") : null, causes.length ? bars(causes, "Several causes may be at work at once.") : null)),
      h("section", {}, h("h3", {}, "What to ask next"), next(a, (finding, state) => tell(model, "action", { kind: "add", finding, state }))),
      h("p", {}, h("strong", {}, "What would turn it: "), a.flip || "no single finding known here would change the answer."),
      h("p", { class: "fet-note" }, a.use_limitation));
    if (focused) el.querySelector<HTMLElement>(`[data-finding="${CSS.escape(focused)}"]`)?.focus();
  };
  return whenever(model, ["assessment", "selected"], draw);
}

export default { render };
