// @ts-check
// Saves the diagram as an SVG or PNG file: both sides below a title, with the colours that they have on the page.
import { drawingOf, fileOf, imageOf } from "./drawing.js"
import { download, svg } from "./svg.js"

/** @import { Drawing } from "./drawing.js" */

const MARGIN = 16
const HEAD = 26 // pixels of the title
const SCALE = 2 // pixels of a bitmap for each pixel of the page

/** @typedef {{ ground: string, text: string, family: string }} Look */

/**
 * @param {string} title
 * @param {SVGSVGElement[]} sides
 * @param {Look} look
 * @param {"svg" | "png"} format
 * @param {string} name that of the file, without its ending
 */
export async function save(title, sides, look, format, name) {
  const font = { fill: look.text, "font-family": look.family, "font-size": 16, "font-weight": 650 }
  const drawing = drawingOf(sides, {
    margin: MARGIN,
    head: HEAD,
    before: (size) => [
      svg("rect", { ...size, fill: look.ground }),
      svg("text", { x: MARGIN, y: MARGIN + 14, ...font }, title),
    ],
  })
  const file = format === "png" ? await bitmap(drawing) : fileOf(drawing)
  if (file) download(file, `${name}.${format}`)
}

/**
 * @param {Drawing} drawing
 * @returns {Promise<Blob | null>}
 */
async function bitmap(drawing) {
  const [width, height] = [SCALE * drawing.width, SCALE * drawing.height]
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  canvas.getContext("2d")?.drawImage(await imageOf(drawing), 0, 0, width, height)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}
