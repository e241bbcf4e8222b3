/** The organs and hormones as a network: the width of an arrow is the mmol a day that go along it, its dashes run that way. */

import { s } from "./dom";
import { rounded } from "./units";

const ORGANS: Record<string, [number, number, string]> = {
  gut: [90, 170, "gut"], plasma: [340, 170, "plasma"], bone: [340, 45, "bone"], kidney: [600, 170, "kidney"], dialysate: [600, 45, "dialysate"], gland: [90, 330, "parathyroid"],
};
const HORMONES: [string, string, number, number][] = [["pth", "PTH", 240, 330], ["calcitriol", "calcitriol", 400, 330], ["fgf23", "FGF23", 560, 330]];

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
    { from: [90, 66], to: [90, 140], ca: ca.in, p: p.in, label: [90, 50] },
    { from: [142, 170], to: [286, 170], ca: ca.absorbed, p: p.absorbed, label: [214, 146] },
    { from: [60, 198], to: [60, 262], ca: ca.faeces, p: p.faeces, label: [76, 284] },
    { from: [394, 170], to: [546, 170], ca: ca.urine, p: p.urine, label: [470, 198] },
    { from: [340, 142], to: [340, 74], ca: ca.bone, p: 0.6 * ca.bone, label: [262, 106] },
  ];
  if (answer.dialysis) flows.push({ from: [388, 146], to: [548, 68], ca: ca.dialysate, p: p.dialysate, label: [556, 116] });
  const words = (f: Flow) => `Ca ${rounded(f.ca, 2)} · P ${rounded(f.p, 2)}`;
  const organs = Object.entries(ORGANS).filter(([k]) => k !== "dialysate" || answer.dialysis).map(([, [x, y, name]]) => s("g", {}, s("rect", { x: x - 54, y: y - 26, width: 108, height: 52, rx: 12, class: "organ" }), s("text", { x, y: y + 5 }, name)));
  const signals = HORMONES.map(([key, name, x, y]) => {
    const fold = arm.final[key] / answer.healthy[key];
    const size = 34 + Math.max(-4, Math.min(14, 6 * Math.log2(Math.max(fold, 0.05))));
    return s("g", {}, s("circle", { cx: x, cy: y, r: size.toFixed(1), class: "hormone" }), s("text", { x, y: y }, name), s("text", { x, y: y + 17, class: "mute" }, `× ${rounded(fold, 2)}`));
  });
  const ways: [number, number, number, number][] = [[144, 330, 200, 330], [250, 290, 330, 74], [270, 300, 560, 198], [375, 300, 130, 198], [425, 300, 580, 198], [545, 290, 360, 74], [570, 290, 606, 198]];
  const said = `Mean of the last four weeks in mmol a day. Calcium eaten ${rounded(ca.in)}, absorbed ${rounded(ca.absorbed)}, in urine ${rounded(ca.urine)}, to bone ${rounded(ca.bone)}. Phosphate eaten ${rounded(p.in)}, absorbed ${rounded(p.absorbed)}, in urine ${rounded(p.urine)}, dialysed ${rounded(p.dialysate)}.`;
  return s("svg", { viewBox: "0 0 680 390", class: "net", role: "img", "aria-label": said },
    ...ways.map(([a, b, c, d]) => s("path", { d: `M${a} ${b}L${c} ${d}`, class: "signal" })),
    ...flows.flatMap((f) => [arrow(f.from, f.to, f.ca, "ca", -7), arrow(f.from, f.to, f.p, "p", 7)]),
    ...organs, ...signals,
    ...flows.map((f) => s("text", { x: f.label[0], y: f.label[1], class: "mute" }, words(f))));
}
