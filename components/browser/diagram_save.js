// @ts-check
// Saves the diagram as an SVG or PNG file: both sides, with the colours that they have on the page.
import { download, set, svg } from "./svg.js"

const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "stop-color",
]
const MARGIN = 16
const HEAD = 26 // pixels of the title
const SCALE = 2 // pixels of a bitmap for each pixel of the page

/** @typedef {{ ground: string, text: string, family: string }} Look */
/** @typedef {{ text: string, width: number, height: number }} Picture */

/**
 * One SVG with the title and all sides below each other or, where they are, side by side.
 * @param {string} title
 * @param {SVGSVGElement[]} sides
 * @param {Look} look
 * @returns {Picture}
 */
function whole(title, sides, look) {
  const boxes = sides.map((side) => side.getBoundingClientRect())
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))]
  const width = Math.max(...boxes.map((box) => box.right)) - left + 2 * MARGIN
  const height = Math.max(...boxes.map((box) => box.bottom)) - top + 2 * MARGIN + HEAD
  const size = { width, height, viewBox: `0 0 ${width} ${height}` }
  const font = { fill: look.text, "font-family": look.family, "font-size": 16, "font-weight": 650 }
  const copies = sides.map((side, i) => {
    const copy = /** @type {SVGSVGElement} */ (side.cloneNode(true))
    inline(side, copy)
    return set(copy, { x: boxes[i].left - left + MARGIN, y: boxes[i].top - top + MARGIN + HEAD, class: null })
  })
  const ground = svg("rect", { width, height, fill: look.ground })
  const head = svg("text", { x: MARGIN, y: MARGIN + 14, ...font }, title)
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, ground, head, ...copies)
  return { text: new XMLSerializer().serializeToString(root), width, height }
}

/**
 * Writes the computed styles of `from` and everything in it as attributes of its copy.
 * @param {Element} from
 * @param {Element} to
 */
function inline(from, to) {
  const style = getComputedStyle(from)
  for (const name of STYLES) set(to, { [name]: style.getPropertyValue(name) || null })
  // Another program may have other fonts; the words keep their room.
  if (from instanceof SVGTextElement && from.textContent) {
    set(to, { textLength: from.getComputedTextLength().toFixed(1), lengthAdjust: "spacingAndGlyphs" })
  }
  for (const name of ["class", "tabindex", "role", "style"]) to.removeAttribute(name)
  ;[...from.children].forEach((child, i) => inline(child, to.children[i]))
}

/**
 * @param {string} title
 * @param {SVGSVGElement[]} sides
 * @param {Look} look
 * @param {"svg" | "png"} format
 * @param {string} name that of the file, without its ending
 */
export async function save(title, sides, look, format, name) {
  const picture = whole(title, sides, look)
  const drawing = new Blob([picture.text], { type: "image/svg+xml" })
  const file = format === "png" ? await bitmap(drawing, picture) : drawing
  if (file) download(file, `${name}.${format}`)
}

/**
 * @param {Blob} drawing
 * @param {Picture} size
 * @returns {Promise<Blob | null>}
 */
async function bitmap(drawing, { width, height }) {
  const image = new Image()
  image.src = URL.createObjectURL(drawing)
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: SCALE * width, height: SCALE * height })
  canvas.getContext("2d")?.drawImage(image, 0, 0, SCALE * width, SCALE * height)
  URL.revokeObjectURL(image.src)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}
