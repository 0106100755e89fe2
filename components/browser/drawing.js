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

/** An SVG as text. @typedef {{ text: string, width: number, height: number }} Drawing */
/**
 * What surrounds the drawings, in pixels: a margin, a head above them, and the elements from `before` behind them.
 * @typedef {{ margin: number, head: number, before: (size: { width: number, height: number }) => SVGElement[] }} Frame
 */

/**
 * One SVG with all of `parts`, which keep their relative places on the page.
 * @param {SVGSVGElement[]} parts
 * @param {Frame} [frame]
 * @returns {Drawing}
 */
export function drawingOf(parts, { margin, head, before } = { margin: 0, head: 0, before: () => [] }) {
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
  return { text: new XMLSerializer().serializeToString(root), width, height }
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
    // Plotly separates names from bars with a space.
    set(to, { "xml:space": style.whiteSpace.startsWith("pre") ? "preserve" : null })
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

/** @param {Drawing} drawing */
export const fileOf = ({ text }) => new Blob([text], { type: "image/svg+xml" })

/**
 * The drawing as a PNG with `scale` pixels for each of its own. Raises an error if the browser cannot draw it.
 * @param {Drawing} drawing
 * @returns {Promise<Blob>}
 */
export async function bitmapOf(drawing, scale = 1) {
  const [width, height] = [scale * drawing.width, scale * drawing.height]
  const image = new Image(drawing.width, drawing.height)
  const text = drawing.text.replace(">", `><style>${await fontRule()}</style>`)
  // Browsers refuse to export a canvas with HTML from the address of a Blob.
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height)
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no bitmap"))), "image/png")
  })
}
