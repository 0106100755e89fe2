// @ts-check
// Charts of `room_picture.js` with axes: lines, and rows of dots.
import { clamp } from "./numbers.js"
import { widthOf } from "./room_style.js"
import { svg } from "./svg.js"

/** @typedef {boolean | "half"} Wide whether a picture is for a wall, or for half of one */
/** @typedef {{ low: number, high: number, log: boolean, ticks: [value: number, words: string][] }} Axis */
/** @typedef {(number | null)[]} Values null where there is none */
/** @typedef {{ x: (value: number) => number, y: (value: number) => number }} Places where values stand */
/** @typedef {{ name: string, colour: string, dash: string, values: Values }} Line */
/** @typedef {{ wide: Wide, x: number[], x_name: string, x_axis: Axis, y: Axis, lines: Line[], filled: boolean }} Lines */
/** @typedef {{ label: string, colour: string, values: Values, low: number | null, high: number | null, bold: boolean }} Row */
/** @typedef {{ wide: Wide, rows: Row[], axis: Axis, reference: [value: number, name: string] }} Rows */

/** @type {Record<string, string>} */
export const DASHES = {
  solid: "",
  dash: "9 5",
  dot: "2 4",
  dashdot: "9 4 2 4",
  longdash: "14 5",
  longdashdot: "14 4 2 4",
}

/** @param {Wide} wide */
export function sizesOf(wide) {
  if (wide === "half") return { width: 560, height: 420, font: 36 }
  return wide ? { width: 1000, height: 440, font: 36 } : { width: 380, height: 240, font: 13 }
}

/**
 * The height of a row on a wall if there are `rows` of them, in heights of its text.
 * @param {number} rows
 */
export const pitchOf = (rows) => (rows > 8 ? 1.2 : 1.45)

/**
 * Whether labels that are `labels` wide leave more than a third of `width` for the drawing beside them.
 * @param {number} labels
 * @param {number} width
 */
export const hasPlace = (labels, width) => width - labels > width / 3

/**
 * Where a value stands between two places. One beyond the axis stands at its end.
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 * @returns {(value: number) => number}
 */
export function scaleOf({ low, high, log }, from, to) {
  const at = (/** @type {number} */ value) => (log ? Math.log10(Math.max(value, 1e-300)) : value)
  const [first, last] = [at(low), at(high)]
  return (value) => from + ((to - from) * (clamp(at(value), first, last) - first)) / (last - first || 1)
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {number} font
 * @param {string} anchor
 */
export const textOf = (words, x, y, font, anchor = "middle") =>
  svg("text", { x, y, "font-size": font, "text-anchor": anchor }, words)

/**
 * The area of a chart with its axes, and where values stand in it.
 * @param {Wide} wide
 * @param {Axis} xAxis
 * @param {Axis} yAxis
 * @param {string} name below the x axis
 * @param {number} beside the width that is left for words beside the area
 */
export function areaOf(wide, xAxis, yAxis, name, beside = 0) {
  const { width, height, font } = sizesOf(wide)
  const [left, right, top] = [
    font * Math.max(3, ...yAxis.ticks.map(([, words]) => 0.62 * words.length)),
    width - font - beside,
    font / 2,
  ]
  const bottom = height - font * (name ? 2.9 : 1.6)
  const x = scaleOf(xAxis, left, right)
  const y = scaleOf(yAxis, bottom, top)
  const nodes = [
    svg("path", { class: "axis", fill: "none", d: `M${left} ${top}V${bottom}H${right}` }),
    ...yAxis.ticks.map(([value, words]) => textOf(words, left - font / 2, y(value) + font / 3, font, "end")),
    ...xAxis.ticks.map(([value, words]) => textOf(words, x(value), bottom + 1.25 * font, font)),
    ...(name ? [textOf(name, (left + right) / 2, bottom + 2.5 * font, font)] : []),
  ]
  return { width, height, left, right, x, y, nodes }
}

const DASH = 6 // the length of a line that has one value

/**
 * The path of a line, with a gap where it has no value. A value between two gaps has a short dash.
 * @param {Places} area
 * @param {number[]} epochs
 * @param {Values} values
 */
export function pathOf({ x, y }, epochs, values) {
  let pen = "M"
  const steps = values.map((value, i) => {
    if (value === null) {
      pen = "M"
      return ""
    }
    const alone = (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
    const left = x(epochs[i]) - (alone ? DASH / 2 : 0)
    const step = `${pen}${left.toFixed(1)} ${y(value).toFixed(1)}${alone ? `h${DASH}` : ""}`
    pen = "L"
    return step
  })
  return steps.join("")
}

/**
 * The corners of stairs: each value from its x to the next one, with 0 at both ends.
 * @param {number[]} x
 * @param {Values} values
 * @returns {[number[], Values]}
 */
function stairsOf(x, values) {
  const places = [x[0], ...values.flatMap((_, i) => [x[i], x[i + 1] ?? x[i]]), x[x.length - 1]]
  return [places, [0, ...values.flatMap((value) => [value, value]), 0]]
}

/** @param {Lines} data */
export function linesOf(data) {
  const { width, height, x, y, nodes } = areaOf(data.wide, data.x_axis, data.y, data.x_name)
  const thick = data.wide ? 5 : 2.5
  data.lines.forEach(({ colour, dash, values }) => {
    const [places, heights] = data.filled ? stairsOf(data.x, values) : [data.x, values]
    const fill = data.filled ? { fill: colour, "fill-opacity": 0.18 } : { fill: "none" }
    const look = { stroke: colour, "stroke-width": thick, "stroke-dasharray": DASHES[dash] ?? "", ...fill }
    nodes.push(svg("path", { d: pathOf({ x, y }, places, heights), ...look }))
    // A value between two gaps has no line, so it gets a dot.
    heights.forEach((value, i) => {
      const alone = (heights[i - 1] ?? null) === null && (heights[i + 1] ?? null) === null
      if (value !== null && alone) nodes.push(svg("circle", { cx: x(places[i]), cy: y(value), r: thick, fill: colour }))
    })
  })
  /** @type {[string, string, string][]} */
  const legend = data.lines.map(({ name, colour, dash }) => [name, colour, DASHES[dash] ?? ""])
  return { width, height, nodes, legend }
}

/** @param {Rows} data */
export function rowsOf({ wide, rows, axis, reference: [at, name] }) {
  const { width, font } = sizesOf(wide)
  const side = 1.5 * font
  const labels =
    widthOf(
      rows.map((each) => each.label),
      font,
    ) + side
  const beside = wide && hasPlace(labels, width - side) // on a wall the labels stand beside their rows
  const [row, top] = [(beside ? pitchOf(rows.length) : 2.7) * font, 1.7 * font]
  const bottom = top + row * rows.length
  const left = beside ? labels : side
  const x = scaleOf(axis, left, width - side)
  const dashed = { class: "axis", "stroke-dasharray": "5 4", "stroke-width": wide ? 3 : 1.5 }
  const nodes = [
    svg("path", { ...dashed, d: `M${x(at)} ${top}V${bottom}` }),
    textOf(name, clamp(x(at), 3 * font, width - 3 * font), font, font),
    svg("path", { class: "axis", d: `M${left} ${bottom}H${width - side}` }),
    ...axis.ticks.map(([value, words]) => textOf(words, x(value), bottom + 1.3 * font, font)),
  ]
  rows.forEach(({ label, colour, values, low, high, bold }, i) => {
    const line = top + row * i + (beside ? row / 2 : 2 * font)
    const words = textOf(label, beside ? 0 : side, line + (beside ? 0.35 : -0.75) * font, font, "start")
    if (bold) words.setAttribute("font-weight", "700")
    nodes.push(words)
    const faint = low !== null && high !== null
    for (const value of values) {
      if (value === null) continue
      const look = { r: wide ? 9 : 4, fill: colour, "fill-opacity": faint ? 0.35 : 0.9 }
      nodes.push(svg("circle", { cx: x(value), cy: line, ...look }))
    }
    if (!faint) return
    const [from, to, half] = [x(low), x(high), wide ? 12 : 6]
    const look = { stroke: colour, "stroke-width": wide ? 6 : 3, fill: "none" }
    nodes.push(
      svg("path", { d: `M${from} ${line - half}v${2 * half}m0 ${-half}H${to}m0 ${-half}v${2 * half}`, ...look }),
    )
  })
  return { width, height: bottom + 1.7 * font, nodes }
}
