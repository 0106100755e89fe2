// @ts-check
// Pictures of `room_picture.js` without axes: bars, connections between neurons, and Keras's layer graph.
import { sizesOf, textOf } from "./room_picture_charts.js"
import { svg } from "./svg.js"

/** @typedef {{ label: string, parts: [value: number | null, colour: string][], text: string }} Bar */
/** @typedef {{ title: string, layers: [outputs: number, colour: string][][] }} Side */
/** @typedef {{ x: number, y: number, name: string, kind: string, shape: string }} Box its left upper corner */
/** @typedef {{ wide: boolean, boxes: Box[], arrows: string[], area: [number, number], box: [number, number] }} Graph */

const ROUND = 0.18 // of the height of a row: between two parts of a bar

/** @param {{ wide: boolean, bars: Bar[], low: number, high: number }} data */
export function barsOf({ wide, bars, low, high }) {
  const { width, font } = sizesOf(wide)
  const row = 2.8 * font
  const longest = Math.max(...bars.map(({ text }) => text.length), 0)
  const across = (width - 0.62 * font * (longest + 1)) / (high - low || 1)
  const zero = -low * across
  const nodes = bars.flatMap(({ label, parts, text }, i) => {
    const top = i * row
    /** @type {Element[]} */
    const drawn = [textOf(label, 0, top + font, font, "start")]
    let start = zero
    for (const [value, colour] of parts) {
      const length = (value ?? 0) * across
      const place = { x: Math.min(start, start + length), y: top + 1.35 * font, width: Math.abs(length) }
      drawn.push(svg("rect", { ...place, height: (1 - ROUND) * font, fill: colour }))
      start += length
    }
    drawn.push(textOf(text, Math.max(start, zero) + 0.4 * font, top + 2.1 * font, font, "start"))
    return drawn
  })
  const height = row * bars.length
  nodes.push(svg("path", { class: "axis", d: `M${zero} 0V${height}`, "stroke-width": wide ? 4 : 2 }))
  return { width, height, nodes }
}

/**
 * Every connection from the neurons to the outputs, side by side.
 * @param {{ wide: boolean, neurons: number, sides: Side[], neutral: string }} data
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
    const count = layers.flat().reduce((sum, [outputs]) => sum + outputs, 0)
    /** @type {Element[]} */
    const drawn = [textOf(title, left - dot, font, font, "start")]
    let place = 0
    for (const layer of layers) {
      const first = heightOf(place, count)
      let last = first
      for (const [outputs, colour] of layer) {
        for (let n = 0; n < outputs; n += 1) {
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
export function graphOf({ boxes, arrows, area: [width, height], box: [wide, high] }) {
  /** @type {Element[]} */
  const nodes = [
    ...arrows.map((d) => svg("path", { d, class: "arrow", "marker-end": "url(#room-arrow)" })),
    ...boxes.flatMap(({ x, y, name, kind, shape }) => [
      svg("rect", { x, y, width: wide, height: high, rx: 6, class: "box" }),
      textOf(`${name} (${kind})`, x + wide / 2, y + high / 2 - 4, 13),
      textOf(shape, x + wide / 2, y + high / 2 + 14, 12),
    ]),
  ]
  const tip = svg("path", { d: "M0 0L8 4L0 8z", class: "tip" })
  const look = { id: "room-arrow", markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto" }
  nodes.unshift(svg("defs", {}, svg("marker", { ...look, markerUnits: "userSpaceOnUse" }, tip)))
  return { width, height, nodes }
}
