// @ts-check
// The values at the epoch shown, in a box beside the line of a marker.
import { valueAt } from "./curves.js"
import { short } from "./numbers.js"
import { set, svg } from "./svg.js"

/** @import { Trace } from "./curves.js" */

const ROW = 15 // pixels
const FONT = "11px var(--st-font, sans-serif); font-variant-numeric: tabular-nums"

/**
 * The area of a chart, the line's place in it, and the colour of its text.
 * @typedef {{ left: number, top: number, width: number, height: number, at: number, colour: string }} Place
 */

/**
 * Writes the values into `group`, on the side of the line that has room for them.
 * @param {SVGElement} group
 * @param {Trace[]} drawn
 * @param {number} epoch
 * @param {Place} place
 */
export function write(group, drawn, epoch, { left, top, width, height, at, colour }) {
  const values = drawn.map((trace) => ({ value: valueAt(trace, epoch, false), fill: trace.line?.color ?? colour }))
  const finite = values.filter(({ value }) => Number.isFinite(value))
  const rows = finite.map(({ value, fill }) => ({ words: short(value, 3), fill }))
  const key = JSON.stringify([rows, epoch, colour])
  if (group.dataset.key !== key) {
    group.dataset.key = key
    group.dataset.width = String(fill(group, rows, `epoch ${epoch}`, colour))
  }
  const own = Number(group.dataset.width)
  const beside = at + 8 + own <= left + width ? at + 8 : at - 8 - own
  const down = top + Math.max(0, Math.min(4, height - 60))
  set(group, { transform: `translate(${Math.max(beside, left)} ${down})` })
}

/**
 * Draws the box with a title and a row for each value. Returns its width in pixels.
 * @param {SVGElement} group
 * @param {{ words: string, fill: string }[]} rows
 * @param {string} title
 * @param {string} colour
 */
function fill(group, rows, title, colour) {
  const box = svg("rect", {
    rx: 4,
    width: 10,
    height: 6 + ROW * (rows.length + 1),
    stroke: colour,
    "stroke-opacity": 0.25,
    style: "fill: var(--st-background-color, Canvas); fill-opacity: 0.88",
  })
  const text = (/** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, weight = 400) =>
    svg("text", { x, y, fill: colour, style: `font: ${weight} ${FONT}` }, words)
  const texts = [text(title, 6, 14, 600), ...rows.map(({ words }, i) => text(words, 17, 29 + ROW * i))]
  const dots = rows.map(({ fill: hue }, i) => svg("circle", { cx: 9, cy: 25 + ROW * i, r: 3.5, fill: hue }))
  group.replaceChildren(box, ...dots, ...texts)
  const right = Math.max(...texts.map((made) => Number(made.getAttribute("x")) + made.getComputedTextLength())) + 6
  set(box, { width: right })
  return right
}
