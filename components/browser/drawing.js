// @ts-check
// Copies SVG elements of the page into one drawing, with the colours and fonts that they have on the page.
import { set, svg } from "./svg.js"

const STYLES = [
  "display",
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-opacity",
  "stroke-width",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "stop-color",
]

/**
 * What surrounds the drawings, in pixels: a margin, a head above them, and the elements from `before` behind them.
 * @typedef {{ margin: number, head: number, before: (size: { width: number, height: number }) => SVGElement[] }} Frame
 */

/**
 * One SVG, as text, with all of `parts`, which keep their relative places on the page.
 * @param {SVGSVGElement[]} parts
 * @param {Frame} frame
 */
export function drawingOf(parts, { margin, head, before }) {
  const boxes = parts.map((part) => part.getBoundingClientRect())
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))]
  const width = Math.max(...boxes.map((box) => box.right)) - left + 2 * margin
  const height = Math.max(...boxes.map((box) => box.bottom)) - top + 2 * margin + head
  const copies = parts.map((part, i) => {
    const { left: x, top: y, width, height } = boxes[i]
    return set(inlined(part), { x: x - left + margin, y: y - top + margin + head, width, height, class: null })
  })
  const size = { width, height, viewBox: `0 0 ${width} ${height}` }
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, ...before({ width, height }), ...copies)
  return new XMLSerializer().serializeToString(root)
}

/**
 * A copy of the drawing with the colours and fonts that it has on the page.
 * @param {SVGSVGElement} drawing
 */
export function inlined(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true))
  inline(drawing, copy)
  return copy
}

/**
 * Writes the computed styles of `from` and everything in it as attributes of its copy.
 * @param {Element} from
 * @param {Element} to
 */
function inline(from, to) {
  const style = getComputedStyle(from)
  for (const name of STYLES) set(to, { [name]: style.getPropertyValue(name) || null })
  // Another program may have other fonts, so a text keeps its width, except a text of several lines.
  if (from instanceof SVGTextElement && from.textContent && !from.querySelector("tspan[x]")) {
    set(to, { textLength: from.getComputedTextLength().toFixed(1), lengthAdjust: "spacingAndGlyphs" })
  }
  for (const name of ["class", "tabindex", "role", "style"]) to.removeAttribute(name)
  ;[...from.children].forEach((child, i) => inline(child, to.children[i]))
}

/**
 * The CSS rule that embeds the page's font in a drawing, which cannot use the page's own; "" if there is none. The file
 * comes from the browser's cache, because the page has loaded it.
 */
async function fontRule() {
  try {
    /** @type {HTMLLinkElement | null} */
    const link = document.querySelector("link[rel=preload][as=font]")
    if (!link) return ""
    const bytes = new Uint8Array(await (await fetch(link.href, { cache: "force-cache" })).arrayBuffer())
    const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    const family = getComputedStyle(document.body).fontFamily.split(",")[0]
    return `@font-face { font-family: ${family}; font-weight: 100 900; src: url(data:font/woff2;base64,${text}) }`
  } catch {
    return ""
  }
}

/**
 * A drawing as a PNG of that size. Raises an error if the browser cannot draw it.
 * @param {string} drawing
 * @param {{ width: number, height: number }} size
 * @returns {Promise<Blob>}
 */
export async function bitmapOf(drawing, size) {
  const image = new Image(size.width, size.height)
  const text = drawing.replace(">", `><style>${await fontRule()}</style>`)
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), size)
  canvas.getContext("2d")?.drawImage(image, 0, 0, size.width, size.height)
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no bitmap"))), "image/png")
  })
}
