/** Units of analytes as laboratories print them. Factors come from the service: value in that unit x factor = canonical. */

export interface Analyte { name: string; canonical: string; units: Record<string, number> }
export type Analytes = Record<string, Analyte>;

const ALIAS: Record<string, string> = { fgf23: "fgf23_intact" };
const CONVENTIONAL = ["mg/dL", "pg/mL", "ng/mL", "g/dL", "U/L", "mU/L"];

/** The unit a value is shown in, and what a canonical value is multiplied by. */
export function shownIn(analyte: string, canonical: string, system: string, analytes: Analytes): { unit: string; factor: number } {
  const known = analytes[analyte] ?? analytes[ALIAS[analyte] ?? ""];
  if (system !== "conventional" || !known) return { unit: canonical, factor: 1 };
  const unit = CONVENTIONAL.find((u) => known.units[u]);
  return unit ? { unit, factor: 1 / known.units[unit] } : { unit: canonical, factor: 1 };
}

export function rounded(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)) return value.toExponential(1);
  return String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : digits)));
}

/** A probability as a whole per cent; never 0 % or 100 %, because the engine is never that sure. */
export function percent(p: number): string {
  if (p < 0.01) return "<1 %";
  return p > 0.99 ? ">99 %" : `${Math.round(100 * p)} %`;
}
