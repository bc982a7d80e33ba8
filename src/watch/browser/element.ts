/** Content of an element; strings are inserted as text, never as HTML. */
export type Child = Node | string | null;

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Creates an HTML element. Attributes that are null or false are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Creates an SVG element. */
export function svg(name: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function setAttributes(made: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
}

/**
 * Part of a page that is redrawn only if its value has changed; otherwise its focus and selection are kept. After a redraw
 * the focus goes to the element with the id of the one that had it.
 */
export class Part<T> {
  readonly node: HTMLElement;
  readonly #draw: (value: T) => readonly Child[];
  #shown = '';

  constructor(node: HTMLElement, draw: (value: T) => readonly Child[]) {
    this.node = node;
    this.#draw = draw;
  }

  show(value: T): void {
    const now = JSON.stringify(value);
    if (now === this.#shown) return;
    this.#shown = now;
    const children = this.#draw(value).filter((child) => child !== null);
    const focused = document.activeElement?.id ?? '';
    this.node.replaceChildren(...children);
    if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
    this.node.hidden = children.length === 0;
  }
}
