/** What a screen shows, as Python and as a command line; and as a run folder that the service makes. */

import { Problem } from "../api";

const quoted = (value: unknown): string => {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(quoted).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${quoted(v)}`).join(", ")}}`;
  return JSON.stringify(value);
};
const shell = (text: string) => (/^[\w./=@:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The request without what stays empty, and without the content of files. */
function short(request: Record<string, any>): Record<string, any> {
  return Object.fromEntries(Object.entries(request).filter(([, v]) => !(v === "" || v === false || v === null || v === undefined || (Array.isArray(v) && !v.length))));
}

export async function runFolder(screen: string, request: unknown, files: Record<string, File | null | undefined> = {}): Promise<Blob> {
  const form = new FormData();
  form.set("request", JSON.stringify(request));
  for (const [name, file] of Object.entries(files)) if (file) form.set(name, file, file.name);
  const response = await fetch(`/api/screens/${screen}/run-folder`, { method: "POST", body: form, credentials: "same-origin" });
  if (response.ok) return response.blob();
  const body = await response.json().catch(() => null);
  throw new Problem(body?.error ?? { what: `The service answered ${response.status}.`, where: "run folder" });
}

export function patientPython(request: any): string {
  const asked = short(request);
  const plain = !asked.hide && !asked.values && !Object.keys(asked.assumed ?? {}).length;
  const source = asked.example
    ? `from fetuin.examples import example\n\nwith example(${quoted(asked.example)}).path() as path:\n    record = fetuin.read_record(path)\n`
    : `\nrecord = fetuin.read_record(${quoted(asked.name)})\n`;
  if (plain) return `import fetuin\n${source}answer = fetuin.assess(record, setting=${quoted(asked.setting ?? "general")}${asked.hide_tissue ? ", hide_tissue=True" : ""})\nprint(answer.explain())\n`;
  const content = asked.example ? "" : `from pathlib import Path\n\n`;
  const body = asked.example ? quoted(asked) : `${quoted(asked)}, Path(${quoted(asked.name)}).read_bytes()`;
  return `${content}from fetuin.screens import patient\n\nanswer = patient.answer(${body})\nprint(answer["assessment"]["summary"])\n`;
}

export function patientCli(request: any): string {
  const asked = short(request);
  const path = asked.example ? `"$(python -c 'import fetuin.examples as e, pathlib; print(pathlib.Path(e.__file__).parent / "${asked.example}.json")')"` : shell(asked.name ?? "record.json");
  const note = asked.hide || asked.values || Object.keys(asked.assumed ?? {}).length ? "# the command line takes the record as it is; what was hidden or supposed here is in the Python form\n" : "";
  return `${note}fetuin assess ${path} --setting ${asked.setting ?? "general"}${asked.hide_tissue ? " --hide tissue" : ""} --out answer\n`;
}

function arm(a: Record<string, number>, controls: any[], dialysis: boolean): string {
  const of = (group: string) => controls.filter((c) => c.group === group && a[c.key] !== undefined && a[c.key] !== c.neutral);
  const parts: string[] = [];
  const eaten = of("diet").map((c) => `${quoted(c.key.replace("diet_", ""))}: ${a[c.key].toFixed(1)}`);
  if (eaten.length) parts.push(`acts=(diet({${eaten.join(", ")}}),)`);
  const doses = of("drugs").map((c) => `${quoted(c.key)}: ${a[c.key]}`);
  if (doses.length) parts.push(`regimen={${doses.join(", ")}}`);
  const machine = dialysis ? of("dialysis").map((c) => `${c.key.replace("dialysate_", "")}=${a[c.key]}`) : [];
  if (machine.length) parts.push(`dialysis=Prescription(${machine.join(", ")})`);
  return `Scenario(${parts.join(", ")})`;
}

export function modelPython(request: any, controls: any[]): string {
  const dialysis = Boolean(request.person.dialysis);
  const arms = request.arms.map((a: any, k: number) => `arm_${"ab"[k]} = simulate(person, ${arm(a, controls, dialysis)}, days=${request.days})`).join("\n");
  return `from fetuin.simulation import Person, Scenario, simulate\nfrom fetuin.therapies.dialysis_prescription import Prescription\nfrom fetuin.therapies.diet import diet\n\nperson = Person(gfr=${request.person.gfr}${dialysis ? ", dialysis=Prescription()" : ""})\nalone = simulate(person, days=${request.days})\n${arms}\narm_a.plot()\n`;
}

export function modelCli(request: any, controls: any[]): string {
  const person = `gfr = "${request.person.gfr} mL/min"\n${request.person.dialysis ? "\n[dialysis]\n" : ""}`;
  const amount = (c: any, v: number) => (c.unit === "/wk" ? String(v) : `"${v} ${c.unit}${c.every > 1 ? ` every ${c.every} d` : ""}"`);
  const lines = (a: any): string =>
    [["diet", "diet", "diet_"], ["drugs", "regimen", ""], ["dialysis", "dialysis", "dialysate_"]]
      .filter(([group]) => group !== "dialysis" || request.person.dialysis)
      .map(([group, name, cut]) => {
        const moved = controls.filter((c) => c.group === group && a[c.key] !== undefined && a[c.key] !== c.neutral);
        return moved.length ? `[${name}]\n${moved.map((c) => `${c.key.replace(cut, "")} = ${amount(c, a[c.key])}`).join("\n")}\n` : "";
      })
      .join("");
  const arms = request.arms.map((a: any, k: number) => `cat > arm_${"ab"[k]}.toml <<'END'\n${lines(a)}END\nfetuin simulate --person person.toml --scenario arm_${"ab"[k]}.toml --days ${request.days} --out arm_${"ab"[k]}\n`).join("");
  return `cat > person.toml <<'END'\n${person}END\n${arms}`;
}

export function platePython(request: any, file: string, layout: string): string {
  const cut = (request.exclude ?? []).map((e: any) => `    Exclusion(${quoted(e.well)}, ${quoted(e.minute)}, ${quoted(e.why)}, ${quoted(e.who)}, ${quoted(e.at)}),\n`).join("");
  if (request.example) return `from fetuin.screens import plate\n\nbody = plate.result(${quoted(short(request))})\n`;
  return `from fetuin.assays.formats.recognition import measured, read_plates\nfrom fetuin.assays.layout import read_layout\nfrom fetuin.assays.t50 import Exclusion, measure\n\nplate = measured(read_plates(${quoted(file)}))[${request.read ?? 0}]\nexclude = [\n${cut}]\nresult = measure(plate, ${layout ? `read_layout(${quoted(layout)})` : "None"}, ${quoted(request.model)}, exclude=exclude)\n`;
}

export function plateCli(request: any, file: string, layout: string): string {
  const cut = (request.exclude ?? []).map((e: any) => ` --exclude ${e.minute === null ? e.well : `${e.well}@${e.minute}-${e.minute}`}`).join("");
  const who = request.exclude?.[0];
  const made = request.example ? `fetuin t50 simulate --seed ${request.example === "plate-of-96" ? "3 --mode clean --wells 96" : "11 --mode full --wells 384"} --out plates\n` : "";
  const name = request.example ? "plates/*.csv.gz" : shell(file);
  return `${made}fetuin t50 ${name}${layout ? ` --layout ${shell(layout)}` : ""} --model ${request.model}${cut}${who ? ` --who ${shell(who.who)} --why ${shell(who.why)}` : ""} --out report\n`;
}

export function ctPython(request: any, file: string, mask: string, policy: string): string {
  const volume = request.example ? `from fetuin.imaging.phantom import make\n\nvolume, truth = make(${quoted(request.example)})` : `from pathlib import Path\nfrom fetuin.imaging import load, region\n\nvolume = load(Path(${quoted(file)}))`;
  const where = !request.example && mask ? `\nmask, _ = region(volume, mask=Path(${quoted(mask)}))` : "\nmask = None";
  return `from fetuin.imaging.modalities.ct import score\n${volume}${where}\nresult = score(volume, mask, policy_name=${quoted(policy)}${request.kvp ? `, kvp=${request.kvp}` : ""})\nprint(result.agatston, len(result.lesions))\n`;
}

export function ctCli(request: any, file: string, mask: string, policy: string): string {
  const made = request.example ? `fetuin phantom ${request.example} --out phantom\n` : "";
  return `${made}fetuin ct ${request.example ? "phantom/dicom" : shell(file)}${mask ? ` --mask ${shell(mask)}` : ""} --policy ${policy}${request.kvp ? ` --kvp ${request.kvp}` : ""} --out score\n`;
}

export function scanPython(request: any, file: string): string {
  const volume = request.example ? `from fetuin.imaging.phantom import make\n\nvolume, truth = make(${quoted(request.example)}, seed=1)` : `from pathlib import Path\nfrom fetuin.imaging import load\n\nvolume = load(Path(${quoted(file)}))`;
  const regions = [`bone:${request.bone}`, `soft:${request.soft}`, ...request.regions];
  return `from fetuin.imaging.modalities import bone_scintigraphy as scan\nfrom fetuin.imaging.soft_tissue_map import soft_tissue_z\n${volume}\nbody = scan.summary(volume, [scan.parse(r) for r in ${quoted(regions)}])\nz = soft_tissue_z(scan.planar(volume), scan.parse(${quoted(regions[1])}))\nprint(body["ratios"])\n`;
}

export function scanCli(request: any, file: string): string {
  const made = request.example ? `fetuin phantom ${request.example} --seed 1 --out phantom\n` : "";
  const regions = [`bone:${request.bone}`, `soft:${request.soft}`, ...request.regions].map((r) => ` --region ${shell(r)}`).join("");
  return `${made}fetuin scan ${request.example ? "phantom/dicom" : shell(file)}${regions} --out scan\n`;
}

export function trialPython(request: any): string {
  return `from fetuin.trials.designs.group_sequential import design\nfrom fetuin.trials.designs.means_in_looks import plan\n\nlooks = [${Array.from({ length: request.looks }, (_, k) => `${k + 1} / ${request.looks}`).join(", ")}]\nd = design(${quoted(request.boundary)}, looks=looks, alpha=${request.alpha}, sided=${request.sided}, beta=1 - ${request.power})\np = plan(d, delta=${request.delta}, sd=${request.sd})\nprint(d.critical, p.n, d.power(d.drift()))\n`;
}

export function casePython(example: string): string {
  return `from fetuin.examples import example\nfrom fetuin.records import read_record\nfrom fetuin.screens.case import played\n\ncase = example(${quoted(example)})\nwith case.path() as path:\n    found = played(read_record(path), case.setting, case)\nfor step in found["steps"]:\n    print(step["title"], step["facts"], step["leading"], step["why"], sep="\\n  ")\n`;
}

export const caseCli = (example: string): string => `fetuin case play ${shell(example)}\n`;
