/** The organs and hormones as a network: the width of an arrow is the mmol a day that go along it, its dashes run that way. */

import { s } from "./dom";
import { rounded } from "./units";

const ORGANS: Record<string, [number, number, string]> = {
  gut: [90, 190, "gut"], plasma: [360, 190, "plasma"], bone: [360, 50, "bone"], kidney: [630, 190, "kidney"], dialysate: [630, 60, "dialysate"], gland: [170, 330, "parathyroid"],
};
const HORMONES: [string, string, number, number, string][] = [["pth", "PTH", 290, 345, "gland"], ["calcitriol", "calcitriol", 430, 345, "kidney"], ["fgf23", "FGF23", 570, 345, "bone"]];

interface Flow { from: [number, number]; to: [number, number]; ca: number; p: number; label: [number, number] }

function arrow(from: [number, number], to: [number, number], amount: number, kind: string, shift: number): SVGElement | null {
  if (Math.abs(amount) < 0.05) return null;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / length) * shift, (dx / length) * shift];
  const width = 1.5 + Math.min(12, Math.sqrt(Math.abs(amount)) * 1.9);
  return s("path", { d: `M${from[0] + nx} ${from[1] + ny}L${to[0] + nx} ${to[1] + ny}`, class: `flow ${kind} moving${amount < 0 ? " back" : ""}`, "stroke-width": width.toFixed(1) });
}

export function network(answer: any, arm: any): SVGElement {
  const { calcium: ca, phosphate: p } = arm.flows;
  const flows: Flow[] = [
    { from: [40, 110], to: [80, 165], ca: ca.in, p: p.in, label: [82, 100] },
    { from: [135, 190], to: [310, 190], ca: ca.absorbed, p: p.absorbed, label: [222, 165] },
    { from: [90, 215], to: [90, 285], ca: ca.faeces, p: p.faeces, label: [90, 305] },
    { from: [410, 190], to: [580, 190], ca: ca.urine, p: p.urine, label: [495, 165] },
    { from: [360, 165], to: [360, 76], ca: ca.bone, p: 0.6 * ca.bone, label: [296, 122] },
  ];
  if (answer.dialysis) flows.push({ from: [400, 172], to: [590, 76], ca: ca.dialysate, p: p.dialysate, label: [470, 104] });
  const words = (f: Flow) => `Ca ${rounded(f.ca, 2)} · P ${rounded(f.p, 2)}`;
  const organs = Object.entries(ORGANS).filter(([k]) => k !== "dialysate" || answer.dialysis).map(([, [x, y, name]]) => s("g", {}, s("rect", { x: x - 48, y: y - 24, width: 96, height: 48, rx: 12, class: "organ" }), s("text", { x, y: y + 4 }, name)));
  const signals = HORMONES.map(([key, name, x, y]) => {
    const fold = arm.final[key] / answer.healthy[key];
    const size = 26 + Math.max(-9, Math.min(14, 6 * Math.log2(Math.max(fold, 0.05))));
    return s("g", {}, s("circle", { cx: x, cy: y, r: size.toFixed(1), class: "hormone" }), s("text", { x, y: y + 1 }, name), s("text", { x, y: y + 15, class: "mute" }, `× ${rounded(fold, 2)}`));
  });
  const ways: [number, number, number, number][] = [[218, 335, 262, 342], [290, 318, 345, 76], [310, 325, 600, 214], [430, 318, 120, 214], [455, 330, 610, 214], [570, 318, 400, 76], [580, 318, 630, 216]];
  const said = `Mean of the last four weeks in mmol a day. Calcium eaten ${rounded(ca.in)}, absorbed ${rounded(ca.absorbed)}, in urine ${rounded(ca.urine)}, to bone ${rounded(ca.bone)}. Phosphate eaten ${rounded(p.in)}, absorbed ${rounded(p.absorbed)}, in urine ${rounded(p.urine)}, dialysed ${rounded(p.dialysate)}.`;
  return s("svg", { viewBox: "0 0 720 400", class: "net", role: "img", "aria-label": said },
    ...ways.map(([a, b, c, d]) => s("path", { d: `M${a} ${b}L${c} ${d}`, class: "signal" })),
    ...flows.flatMap((f) => [arrow(f.from, f.to, f.ca, "ca", -7), arrow(f.from, f.to, f.p, "p", 7)]),
    ...organs, ...signals,
    ...flows.map((f) => s("text", { x: f.label[0], y: f.label[1], class: "mute" }, words(f))),
    s("text", { x: 44, y: 92, class: "mute" }, ""));
}
