// @ts-check
// Makes elements, measures words, and downloads files.

/**
 * Sets attributes; null and undefined remove one.
 * @template {Element} Kind
 * @param {Kind} node
 * @param {Attributes} attributes
 */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name)
    else node.setAttribute(name, String(value))
  }
  return node
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export function svg(name, attributes = {}, ...children) {
  const node = set(document.createElementNS("http://www.w3.org/2000/svg", name), attributes)
  node.append(...children)
  return node
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export function html(name, attributes = {}, ...children) {
  const node = set(document.createElement(name), attributes)
  node.append(...children)
  return node
}

/** @type {CanvasRenderingContext2D | null} */
let canvas = null

/** @type {Measure} */
export function widthOf(words, font) {
  canvas ??= document.createElement("canvas").getContext("2d")
  if (!canvas) return 0
  canvas.font = font
  return canvas.measureText(words).width
}

/**
 * Downloads a file under that name.
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const link = html("a", { href: URL.createObjectURL(file), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
