type Style = Record<string, string | number>;

/** What satori lays out: a box with boxes or text in it, or an image. */
export interface Element {
  type: string;
  props: { style: Style; children?: (Element | string)[]; src?: string; width?: number; height?: number };
}

/** A box whose parts stand side by side. */
export function row(style: Style, ...children: (Element | string)[]): Element {
  return { type: "div", props: { style: { display: "flex", ...style }, children } };
}

/** A box whose parts stand one below the other. */
export function column(style: Style, ...children: Element[]): Element {
  return row({ flexDirection: "column", ...style }, ...children);
}

/** A picture as a data address, in its size on the page. */
export function image(src: string, width: number, height: number, style: Style = {}): Element {
  return { type: "img", props: { src, width, height, style: { borderRadius: 8, ...style } } };
}
