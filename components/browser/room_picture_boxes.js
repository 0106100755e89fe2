// @ts-check
// Pictures of `room_picture.js` without axes: bars, connections between neurons, and Keras's layer graph.
import { hasPlace, pitchOf, sizesOf, textOf } from "./room_picture_charts.js"
import { widthOf } from "./room_style.js"
import { svg } from "./svg.js"

/** @typedef {import("./room_picture_charts.js").Wide} Wide */
/** @typedef {{ label: string, parts: [value: number | null, colour: string][], text: string }} Bar */
/** @typedef {{ title: string, layers: [units: number, colour: string][][] }} Side */
/** @typedef {{ x: number, y: number, name: string, kind: string, shape: string, colour?: string }} Box its left upper corner */
/**
 * @typedef {{
 *   wide: Wide, boxes: Box[], arrows: string[], area: [number, number], box: [number, number],
 *   legend?: [kind: string, colour: string][],
 * }} Graph
 */

const KIND = 30 // the font size of a layer's kind on a wall
const ROUND = 0.18 // the share by which a bar is lower than its text

/** @param {{ wide: Wide, bars: Bar[], low: number, high: number }} data */
export function barsOf({ wide, bars, low, high }) {
  const { width, font } = sizesOf(wide)
  const labels =
    widthOf(
      bars.map(({ label }) => label),
      font,
    ) + font
  const texts = widthOf(
    bars.map(({ text }) => `${text}  `),
    1.1 * font,
  )
  const beside = wide && hasPlace(labels, width - texts) // on a wall the labels stand beside their bars
  const row = (beside ? pitchOf(bars.length) : 2.8) * font
  const left = beside ? labels : 0
  const across = (width - left - texts) / (high - low || 1)
  const zero = left - low * across
  const nodes = bars.flatMap(({ label, parts, text }, i) => {
    const top = i * row
    /** @type {Element[]} */
    const drawn = [textOf(label, 0, top + font, font, "start")]
    const place = beside ? 0.2 : 1.35 // how far the bar is below the row's top, in heights of its text
    let start = zero
    for (const [value, colour] of parts) {
      const length = (value ?? 0) * across
      const box = { x: Math.min(start, start + length), y: top + place * font, width: Math.abs(length) }
      drawn.push(svg("rect", { ...box, height: (1 - ROUND) * font, fill: colour }))
      start += length
    }
    drawn.push(textOf(text, Math.max(start, zero) + 0.4 * font, top + (place + 0.75) * font, font, "start"))
    return drawn
  })
  const height = row * bars.length
  nodes.push(svg("path", { class: "axis", d: `M${zero} 0V${height}`, "stroke-width": wide ? 4 : 2 }))
  return { width, height, nodes }
}

/**
 * Every connection from the neurons to the output units, with a panel for each of `sides`.
 * @param {{ wide: Wide, neurons: number, sides: Side[], neutral: string }} data
 */
export function connectionsOf({ wide, neurons, sides, neutral }) {
  const { width, height, font } = sizesOf(wide)
  const panel = width / sides.length
  const [top, dot] = [2 * font, wide ? 10 : 4.5]
  const heightOf = (/** @type {number} */ i, /** @type {number} */ count) => top + ((height - top) * (i + 0.5)) / count
  const circle = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ colour) =>
    svg("circle", { cx: x, cy: y, r: dot, fill: colour })
  const nodes = sides.flatMap(({ title, layers }, s) => {
    const [left, right] = [s * panel + 2 * dot, s * panel + 0.8 * panel]
    const count = layers.flat().reduce((sum, [units]) => sum + units, 0)
    /** @type {Element[]} */
    const drawn = [textOf(title, left - dot, font, font, "start")]
    let place = 0
    for (const layer of layers) {
      const first = heightOf(place, count)
      let last = first
      for (const [units, colour] of layer) {
        for (let n = 0; n < units; n += 1) {
          last = heightOf(place, count)
          place += 1
          const from = Array.from({ length: neurons }, (_, i) => `M${left} ${heightOf(i, neurons)}L${right} ${last}`)
          const look = { stroke: colour, "stroke-opacity": 0.75, "stroke-width": wide ? 3 : 1.3, fill: "none" }
          drawn.push(svg("path", { d: from.join(""), ...look }), circle(right, last, colour))
        }
      }
      const edge = 2.2 * dot
      const box = { x: right - edge, y: first - edge, width: 2 * edge, height: last - first + 2 * edge, rx: dot }
      drawn.push(svg("rect", { ...box, fill: "none", stroke: neutral, "stroke-width": wide ? 4 : 1.5 }))
    }
    for (let i = 0; i < neurons; i += 1) drawn.push(circle(left, heightOf(i, neurons), neutral))
    return drawn
  })
  return { width, height, nodes }
}

/** @param {Graph} data */
export function graphOf({ wide, boxes, arrows, area: [width, height], box: [across, high], legend }) {
  /** @type {Element[]} */
  const nodes = [
    ...arrows.map((d) => svg("path", { d, class: "arrow", "marker-end": "url(#room-arrow)" })),
    ...boxes.flatMap((box) => boxOf(box, across, high, wide)),
  ]
  const tip = svg("path", { d: "M0 0L8 4L0 8z", class: "tip" })
  const look = { id: "room-arrow", markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto" }
  nodes.unshift(svg("defs", {}, svg("marker", { ...look, markerUnits: "userSpaceOnUse" }, tip)))
  /** @type {[string, string, string][] | undefined} */
  const names = legend?.map(([kind, colour]) => [kind, colour, ""])
  return { width, height, nodes, legend: names }
}

/**
 * A layer: with its name, kind and shape, for a wall with its kind alone, or with a colour for its kind.
 * @param {Box} box
 * @param {number} across
 * @param {number} high
 * @param {Wide} wide
 */
function boxOf({ x, y, name, kind, shape, colour }, across, high, wide) {
  const size = { x, y, width: across, height: high, rx: 6 }
  if (colour) return [svg("rect", { ...size, fill: colour })]
  const words = wide
    ? [textOf(kind, x + across / 2, y + high / 2 + 0.35 * KIND, KIND)]
    : [
        textOf(`${name} (${kind})`, x + across / 2, y + high / 2 - 4, 13),
        textOf(shape, x + across / 2, y + high / 2 + 14, 12),
      ]
  return [svg("rect", { ...size, class: "box" }), ...words]
}
