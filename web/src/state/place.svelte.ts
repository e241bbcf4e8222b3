/** Where the page is: the screen and its parameters, held in the address after `#`, so that a link holds all of it. */

export const SCREENS = ["patient", "model", "plate", "imaging", "trial", "teach"] as const;
export type Screen = (typeof SCREENS)[number];
export type Parameters = Record<string, any>;

function read(): { screen: Screen; parameters: Parameters } {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const screen = (SCREENS as readonly string[]).includes(path) ? (path as Screen) : "patient";
  const parameters: Parameters = {};
  for (const [key, value] of new URLSearchParams(query)) {
    try {
      parameters[key] = JSON.parse(value);
    } catch {
      parameters[key] = value;
    }
  }
  return { screen, parameters };
}

export function address(screen: Screen, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    const empty = value === undefined || value === null || value === "" || value === false;
    if (empty || (Array.isArray(value) && !value.length)) continue;
    query.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  const text = query.toString();
  return `#/${screen}${text ? `?${text}` : ""}`;
}

const first = read();
export const place = $state<{ screen: Screen; parameters: Parameters; visit: number }>({ ...first, visit: 0 });

/** Keep the parameters of the shown screen in the address, without a step in the history. */
export function keep(screen: Screen, parameters: Parameters) {
  if (place.screen !== screen) return;
  const hash = address(screen, parameters);
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

export function goTo(screen: Screen, parameters: Parameters = {}) {
  location.hash = address(screen, parameters);
}

window.addEventListener("hashchange", () => {
  Object.assign(place, read());
  place.visit += 1;
});
