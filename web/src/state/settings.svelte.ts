/** What a person chose for this browser: units, colours, name for the audit record. Kept in local storage, nowhere else. */

export type System = "si" | "conventional";
export type Theme = "system" | "light" | "dark";

function stored(key: string, fallback: string): string {
  try {
    return localStorage.getItem(`fetuin.${key}`) ?? fallback;
  } catch {
    return fallback;
  }
}

export const settings = $state({
  system: stored("system", "si") as System,
  theme: stored("theme", "system") as Theme,
  who: stored("who", ""),
});

export function choose<K extends keyof typeof settings>(key: K, value: (typeof settings)[K]) {
  settings[key] = value;
  try {
    localStorage.setItem(`fetuin.${key}`, String(value));
  } catch {
    /* a browser that keeps nothing still works */
  }
}
