/** What an element may hold; text stays text, whatever it says. */
export type Child = Node | string | null;

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** An HTML element. Attributes that are null or false are left out. */
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

/** An SVG element. */
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

/** Draws a part of a page again where what it shows has changed, and otherwise leaves it, its focus and selection alone. */
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
    this.node.replaceChildren(...children);
    this.node.hidden = children.length === 0;
  }
}
