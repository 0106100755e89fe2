// @ts-check
// Predictions and measurements of a class on one axis.
import { clamp } from "./numbers.js"
import { root } from "./room_style.js"
import { svg } from "./svg.js"

/**
 * Measured `values` (`own` is the index of the visitor's), what the right option expects, with its letter, the interval
 * of the median, and the measured values of the experiments that wrong options suggest (`tried`).
 * @typedef {object} Data
 * @property {string} size a CSS length
 * @property {boolean} wide whether it is for a wall
 * @property {string} alt
 * @property {[low: number, high: number]} range
 * @property {number[]} values
 * @property {number} [own]
 * @property {[number, number] | null} expected
 * @property {string} letter
 * @property {[number, number] | null} interval
 * @property {{ value: number, letter: string }[]} tried
 * @property {[value: number, words: string][]} ticks
 */
/** @typedef {{ width: number, height: number, side: number, font: number, line: number, x: (value: number) => number }} Axis */

/**
 * The size of the picture, its axis (`line`), and where values stand on it, in pixels. A value beyond the range stands
 * at its end.
 * @param {Pick<Data, "wide" | "range">} data
 * @returns {Axis}
 */
export function axisOf({ wide, range: [low, high] }) {
  const [width, height, side] = wide ? [500, 240, 48] : [380, 130, 30]
  const font = wide ? 34 : 13
  const x = (/** @type {number} */ value) =>
    side + ((width - 2 * side) * (clamp(value, low, high) - low)) / (high - low)
  return { width, height, side, font, line: height - 2.2 * font, x }
}

/**
 * The y in pixels of the dot of value `i`. It depends on the index alone, so that equal values rarely overlap.
 * @param {Axis} axis
 * @param {number} i
 */
export const heightOf = ({ line, font }, i) => line - 12 - ((i * 0.618034) % 1) * 0.75 * (line - 2.4 * font)

/**
 * The places of letters in a row. A letter that would cover an earlier one moves to the right.
 * @param {number[]} wanted
 * @param {number[]} taken
 * @param {number} width that of a letter
 */
export function spread(wanted, taken, width) {
  const places = [...taken]
  return wanted.map((place) => {
    let at = place
    while (places.some((other) => Math.abs(other - at) < width)) at += width
    places.push(at)
    return at
  })
}

/** @type {Renderer<Data>} */
export const roomAxis = ({ data, parentElement }) => {
  const axis = axisOf(data)
  const { width, height, side, font, line, x } = axis
  const text = (/** @type {string} */ words, /** @type {number} */ at, /** @type {number} */ y) =>
    svg("text", { x: at, y, "text-anchor": "middle", "font-size": font }, words)
  const top = 1.6 * font
  const nodes = []
  /** @type {number[]} */
  const taken = []
  if (data.expected) {
    const [from, to] = data.expected.map(x)
    const middle = (from + to) / 2
    const size = { width: Math.max(to - from, 3), height: line - top }
    nodes.push(svg("rect", { x: from, y: top, ...size, class: "expected" }), text(data.letter, middle, 1.2 * font))
    taken.push(middle)
  }
  nodes.push(svg("path", { class: "axis", d: `M${side - 10} ${line}H${width - side + 10}` }))
  data.values.forEach((value, i) => {
    const own = i === data.own
    const look = own ? { r: 8, class: "dot own" } : { r: 5, class: "dot" }
    nodes.push(svg("circle", { cx: x(value), cy: heightOf(axis, i), ...look }))
  })
  if (data.interval) {
    const [from, to] = data.interval.map(x)
    const d = `M${from.toFixed(1)} ${line}H${Math.max(to, from + 4).toFixed(1)}`
    nodes.push(svg("path", { class: "interval", d }))
  }
  const wanted = data.tried.map(({ value }) => x(value))
  spread(wanted, taken, 1.2 * font).forEach((at, i) => {
    nodes.push(svg("path", { class: "tried", d: `M${wanted[i]} ${line - 4}V${top}L${at} ${1.3 * font}` }))
    nodes.push(text(data.tried[i].letter, at, 1.2 * font))
  })
  nodes.push(...data.ticks.map(([value, words]) => text(words, x(value), line + 1.5 * font)))
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.alt }, ...nodes)
  root(parentElement, data).replaceChildren(drawing)
  return undefined
}
