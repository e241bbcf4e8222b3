/** What a panel is: an ES module with `render({model, el})`. The model is a notebook's (anywidget) or the page's `Held`. */

export interface Model {
  get(key: string): any;
  set(key: string, value: any): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback?: () => void): void;
  save_changes(): void;
}

export interface Panel { render(given: { model: Model; el: HTMLElement }): (() => void) | void }

/** A model in memory: the page's stand-in for a notebook kernel. */
export class Held implements Model {
  private values: Record<string, any>;
  private listeners = new Map<string, Set<() => void>>();
  constructor(values: Record<string, any> = {}) {
    this.values = { ...values };
  }
  get(key: string) {
    return this.values[key];
  }
  set(key: string, value: any) {
    this.values[key] = value;
    this.listeners.get(`change:${key}`)?.forEach((f) => f());
  }
  on(event: string, callback: () => void) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)!.add(callback);
  }
  off(event: string, callback?: () => void) {
    if (callback) this.listeners.get(event)?.delete(callback);
    else this.listeners.delete(event);
  }
  save_changes() {}
}

/** Set a value and tell the other side. */
export function tell(model: Model, key: string, value: any) {
  model.set(key, value);
  model.save_changes();
}

/** Call `draw` now and whenever one of the keys changes; returns what ends it. */
export function whenever(model: Model, keys: string[], draw: () => void): () => void {
  draw();
  for (const key of keys) model.on(`change:${key}`, draw);
  return () => keys.forEach((key) => model.off(`change:${key}`, draw));
}
