// @ts-check
// Draws on a canvas the card that is shared, in the colours of the page.
import { mix } from "./colours.js"
import { drawingOf, imageOf } from "./drawing.js"
import { arrange, HEIGHT, WIDTH } from "./share_card_layout.js"
import { svg, widthOf } from "./svg.js"

/** @import { Box, Code, Ink, Layout, Words } from "./share_card_layout.js" */
/** @typedef {{ ground: string, inks: Record<Ink, string>, family: string }} Look */

// The mark, as in pages/static/logo.svg: 34 × 26.
const MARK = { width: 34, left: "#0d9488", right: "#8b5cf6", both: "#5a4fc4" }
const LOADING = 5000 // milliseconds in which a chart must be loaded
const HEAD = 28 // pixels of the first row of titles
const CODE = { light: "#ffffff", dark: "#0f1620" }

/**
 * The colours and the font of the page at this element.
 * @param {Element} element
 * @returns {Look}
 */
export function lookOf(element) {
  const style = getComputedStyle(element)
  const colour = (/** @type {string} */ name, /** @type {string} */ without) =>
    style.getPropertyValue(name).trim() || without
  const ground = colour("--st-background-color", "#ffffff")
  const text = colour("--st-text-color", "#0f1620")
  const inks = {
    text,
    faint: mix(text, ground, 0.25),
    right: colour("--st-green-text-color", text),
    wrong: colour("--st-red-text-color", text),
  }
  return { ground, inks, family: colour("--st-font", "sans-serif") }
}

/**
 * The drawings of the first chart or diagram within `place`, whose parts lie over or beside each other.
 * @param {Element} place
 * @returns {SVGSVGElement[]}
 */
function drawingsIn(place) {
  for (const part of place.querySelectorAll(":--plot, :--component")) {
    const within = part.shadowRoot ?? part
    /** @type {NodeListOf<SVGSVGElement>} */
    const found = within.querySelectorAll(part.shadowRoot ? "section.diagram svg.side" : ":--plot-drawing")
    if (found.length) return [...found]
  }
  return []
}

/**
 * The same for the place with that key. Waits for a chart that Streamlit is still loading.
 * @param {string} key
 */
async function drawingsAt(key) {
  const end = performance.now() + LOADING
  for (;;) {
    const place = document.querySelector(`.st-key-${key}:not([data-retained])`)
    const drawings = place ? drawingsIn(place) : []
    if (drawings.length || !place || performance.now() > end) return drawings
    await new Promise((done) => setTimeout(done, 50))
  }
}

/**
 * The picture of the charts or diagrams at those places of the page, null if one is missing. A chart stands below its
 * title.
 * @param {[key: string, title: string][]} charts
 */
export async function pictureAt(charts) {
  const drawings = await Promise.all(charts.map(([key]) => drawingsAt(key)))
  if (!drawings.length || !drawings.every((each) => each.length)) return null
  const corners = drawings.map(([first]) => first.getBoundingClientRect())
  const [left, top] = [Math.min(...corners.map((box) => box.left)), Math.min(...corners.map((box) => box.top))]
  const head = charts.some(([, title]) => title) ? HEAD : 0
  const style = getComputedStyle(document.body)
  const font = { "font-family": style.fontFamily, "font-size": 15, "font-weight": 600, fill: style.color }
  const titles = charts.map(([, title], i) =>
    svg("text", { x: corners[i].left - left + 8, y: corners[i].top - top + head - 8, ...font }, title),
  )
  return imageOf(drawingOf(drawings.flat(), { margin: 0, head, before: () => titles }))
}

/**
 * The card as a bitmap.
 * @param {Words} words
 * @param {HTMLImageElement | null} picture
 * @param {Look} look
 * @returns {Promise<Blob>}
 */
export async function draw(words, picture, look) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT })
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no canvas")
  const size = picture && { width: picture.width, height: picture.height }
  paint(context, arrange(words, size, look.family, widthOf), picture, look)
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no bitmap"))), "image/png")
  })
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {HTMLImageElement | null} picture
 * @param {Look} look
 */
function paint(context, layout, picture, look) {
  context.fillStyle = look.ground
  context.fillRect(0, 0, WIDTH, HEIGHT)
  context.fillStyle = MARK.left
  context.fillRect(0, 0, WIDTH / 2, 10)
  context.fillStyle = MARK.right
  context.fillRect(WIDTH / 2, 0, WIDTH / 2, 10)
  paintMark(context, layout.mark)
  if (picture && layout.picture) {
    const { x, y, width, height } = layout.picture
    context.drawImage(picture, x, y, width, height)
  }
  for (const { text, x, y, font, ink } of layout.lines) {
    context.font = font
    context.fillStyle = look.inks[ink]
    context.fillText(text, x, y)
  }
  if (layout.code) paintCode(context, layout.code)
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 */
function paintMark(context, { x, y, width, height }) {
  const unit = width / MARK.width
  for (const [at, wide, colour, radius] of /** @type {[number, number, string, number][]} */ ([
    [0, 20, MARK.left, 6],
    [14, 20, MARK.right, 6],
    [14, 6, MARK.both, 0],
  ])) {
    context.fillStyle = colour
    context.beginPath()
    context.roundRect(x + at * unit, y, wide * unit, height, radius * unit)
    context.fill()
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Code} code
 */
function paintCode(context, { x, y, module, side, rows }) {
  context.fillStyle = CODE.light
  context.fillRect(x, y, side, side)
  context.fillStyle = CODE.dark
  const quiet = (side - rows.length * module) / 2
  rows.forEach((row, i) => {
    row.forEach((dark, j) => {
      if (dark) context.fillRect(x + quiet + j * module, y + quiet + i * module, module, module)
    })
  })
}
