// @ts-check
// Makes elements, estimates the width of words, and downloads files.

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

/**
 * The approximate width of words in the page's font, in pixels.
 * @param {string} words
 * @param {number} size that of the font in pixels
 */
export const widthOf = (words, size) => 0.54 * size * [...words].length

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
