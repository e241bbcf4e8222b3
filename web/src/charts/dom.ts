/** Making elements without a framework. Styles are set by properties, never as text, so that a strict page policy holds. */

type Child = Node | string | number | null | undefined | false;
type Props = Record<string, any>;

function fill(el: Element, props: Props, children: (Child | Child[])[]) {
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === "css") for (const [k, v] of Object.entries(value as Props)) (el as HTMLElement).style.setProperty(k, String(v));
    else el.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) el.append(child instanceof Node ? child : String(child));
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: (Child | Child[])[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  fill(el, props, children);
  return el;
}

export function s(tag: string, props: Props = {}, ...children: (Child | Child[])[]): SVGElement {
  const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(el, props, children);
  return el as SVGElement;
}

/** A colour of the page by its name, as the canvas needs it. */
export function colour(el: Element, name: string): string {
  return getComputedStyle(el).getPropertyValue(name).trim() || "#888";
}
