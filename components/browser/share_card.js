// @ts-check
// “Share as picture”: the card that Python has drawn, with the charts of the page in their place, as a file.
import { say } from "./dom.js"
import { bitmapOf, drawingOf, inlined } from "./drawing.js"
import { STYLE } from "./share_card_style.js"
import { download, html, set, svg } from "./svg.js"

/**
 * `svg` is the card, and `charts` are the keys of the elements with charts, each with its title or "".
 * @typedef {{ svg: string, charts: [key: string, title: string][], file: string }} Data
 */

const SIZE = { width: 1200, height: 630 }
const HEAD = 28 // pixels of the first row of titles
const NOT_DRAWN = "This browser could not draw the picture."

/**
 * The drawings of the first chart in the element with that key, which lie over each other.
 * @param {string} key
 * @returns {SVGSVGElement[]}
 */
function drawingsAt(key) {
  const charts = document.querySelectorAll(`.st-key-${key}:not([data-retained]) :is(.drawn, :--plot)`)
  for (const chart of charts) {
    /** @type {NodeListOf<SVGSVGElement>} */
    const found = chart.querySelectorAll(".drawn svg:not(.sign), :--plot-drawing")
    if (found.length) return [...found]
  }
  return []
}

/**
 * The charts of the page as one SVG, each below its title; null if one is missing.
 * @param {Data["charts"]} charts
 */
function pictureOf(charts) {
  const drawings = charts.map(([key]) => drawingsAt(key))
  if (!drawings.every((each) => each.length)) return null
  const corners = drawings.map(([first]) => first.getBoundingClientRect())
  const [left, top] = [Math.min(...corners.map((box) => box.left)), Math.min(...corners.map((box) => box.top))]
  const head = charts.some(([, title]) => title) ? HEAD : 0
  const { fontFamily, color } = getComputedStyle(document.body)
  const font = { "font-family": fontFamily, "font-size": 15, "font-weight": 600, fill: color }
  const titles = charts.map(([, title], i) =>
    svg("text", { x: corners[i].left - left + 8, y: corners[i].top - top + head - 8, ...font }, title),
  )
  const { text, width, height } = drawingOf(drawings.flat(), { margin: 0, head, before: () => titles })
  const picture = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
  return set(picture, { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "xMinYMin" })
}

/** @type {Renderer<Data>} */
export const shareCard = ({ data, parentElement }) => {
  const button = html("button", { type: "button" }, "Download PNG")
  const said = html("p", { role: "status" })
  const place = html("div")
  place.innerHTML = data.svg
  parentElement.replaceChildren(html("style", {}, STYLE), place, button, said)
  const card = /** @type {SVGSVGElement} */ (place.firstElementChild)
  const fill = () => {
    /** @type {SVGElement | null} */
    const slot = card.querySelector(".chart")
    const picture = slot && pictureOf(data.charts)
    if (picture) slot.replaceWith(set(picture, { ...slot.dataset }))
  }
  for (const late of [0, 500, 3000]) setTimeout(fill, late) // a chart may still be drawn
  button.onclick = async () => {
    try {
      fill()
      const text = new XMLSerializer().serializeToString(set(inlined(card), SIZE))
      download(await bitmapOf({ text, ...SIZE }), `${data.file}.png`)
      say(said, "The picture is downloaded.")
    } catch {
      say(said, NOT_DRAWN)
    }
  }
  return undefined
}
