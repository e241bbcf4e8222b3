/** The service, as the page calls it. Every failure becomes a Problem that says what, where, why and how to mend it. */

export interface Parts { code?: string; what: string; where?: string; why?: string; fix?: string }

export class Problem extends Error {
  parts: Parts;
  constructor(parts: Parts) {
    super(parts.what);
    this.parts = parts;
  }
}

export let lastTiming = { server: "" };

async function answerOf(response: Response): Promise<any> {
  lastTiming.server = response.headers.get("server-timing") ?? "";
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  if (body?.error) throw new Problem(body.error);
  const fix = response.status === 401 ? "Open the address that `fetuin serve` printed." : "Try again; if it stays, look at the log of the service.";
  throw new Problem({ what: `The service answered ${response.status}.`, where: new URL(response.url).pathname, fix });
}

async function call(path: string, options: RequestInit): Promise<any> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Problem({ what: "The service cannot be reached.", where: path, fix: "Is `fetuin serve` still running? Start it and reload this page." });
  }
  return answerOf(response);
}

export function get(path: string, signal?: AbortSignal): Promise<any> {
  return call(path, { signal });
}

export function post(path: string, body: unknown, signal?: AbortSignal): Promise<any> {
  return call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
}

/** A request with files: the JSON stands in the part `request`, each file in the part of its own name. */
export function send(path: string, body: unknown, files: Record<string, File | null | undefined>, signal?: AbortSignal): Promise<any> {
  const form = new FormData();
  form.set("request", JSON.stringify(body));
  for (const [name, file] of Object.entries(files)) if (file) form.set(name, file, file.name);
  return call(path, { method: "POST", body: form, signal });
}

/** Runs one request at a time; while it runs, only the newest of those that came in waits. */
export function latestWins<T>(work: (value: T) => Promise<void>): (value: T) => void {
  let busy = false;
  let waiting: { value: T } | null = null;
  async function go(value: T) {
    busy = true;
    try {
      await work(value);
    } finally {
      busy = false;
      const next = waiting;
      waiting = null;
      if (next) void go(next.value);
    }
  }
  return (value) => {
    if (busy) waiting = { value };
    else void go(value);
  };
}
