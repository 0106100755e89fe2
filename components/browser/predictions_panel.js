// @ts-check
// The common parts of the panels of predictions: the title, the score, the axes, and the places of values.
import { svg } from "./svg.js"

/** The codes of values that were NaN or infinite, and of the upper end of the axis. 0 is its lower end. */
export const MISSING = 255
export const LEVELS = 254
export const MARGINS = { left: 50, right: 8, top: 44, bottom: 36 }
export const TITLE = 13
const SMALL = 11

/**
 * The task of a head, as `components/train/predictions.py` describes it. `truth` and `sides` are base64.
 * @typedef {object} Task
 * @property {string} name
 * @property {string} title
 * @property {string} hue
 * @property {"regression" | "binary" | "multiclass"} kind
 * @property {number} classes
 * @property {[low: number, high: number]} axis
 * @property {string} truth
 * @property {string[]} sides
 * @property {string} score what the score is called
 * @property {string[][]} scores
 * @property {boolean} agree
 * @property {string} alt
 * @property {number[]} [difference]
 * @property {string} [range] of what `difference` is a share
 * @property {string} [words]
 */
/**
 * One panel. `codes` has a code for each sequence, frame after frame, and `truth` one for each target. `first` says
 * whether the panel has a labelled vertical axis, and `mark` is the colour of its points or cells.
 * @typedef {object} Panel
 * @property {Task} task
 * @property {Uint8Array} codes
 * @property {Uint8Array} truth
 * @property {number} width
 * @property {number} height
 * @property {boolean} first
 * @property {string} title
 * @property {string[]} colour
 * @property {string} mark
 */
/**
 * A drawn panel. `update` moves it; points glide from frame to frame, and numbers are those of the frame `shown`.
 * @typedef {object} Drawn
 * @property {SVGGElement} group
 * @property {SVGTextElement} [score]
 * @property {(moment: Moment, shown: number) => void} update
 */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area */

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {Attributes} attributes
 */
export const text = (x, y, words, attributes = {}) =>
  svg("text", { x, y, fill: "currentColor", "font-size": SMALL, ...attributes }, words)

/**
 * @param {Point} from
 * @param {Point} to
 * @param {Attributes} attributes
 */
export const line = ([x1, y1], [x2, y2], attributes = {}) =>
  svg("line", { x1, y1, x2, y2, stroke: "currentColor", "stroke-opacity": 0.35, ...attributes })

/**
 * The code of a sequence between two frames.
 * @param {Uint8Array} codes
 * @param {number} count how many sequences there are
 * @param {Moment} moment
 * @param {number} i
 */
export function codeAt(codes, count, { from, to, share }, i) {
  const [a, b] = [codes[from * count + i], codes[to * count + i]]
  if (share === 0) return a
  return a === MISSING || b === MISSING ? MISSING : a + (b - a) * share
}

/**
 * A panel without its content. `ends` are the ends of the vertical axis.
 * @param {Panel} panel
 * @param {[number, number]} ends
 * @param {string} vertical what the axes are called
 * @param {string} horizontal
 */
export function frame({ width, height, first, title, colour }, ends, vertical, horizontal) {
  const left = first ? MARGINS.left : MARGINS.right
  const top = MARGINS.top
  const area = { left, top, width: width - left - MARGINS.right, height: height - top - MARGINS.bottom }
  const score = text(left, 33, "", { "font-size": 12, class: "score" })
  const chips = colour.map((fill, i) => svg("circle", { cx: left + 5 + 12 * i, cy: 11, r: 5, fill }))
  const heading = text(left + 4 + 12 * colour.length, 15, title, { "font-size": TITLE, "font-weight": 600 })
  const size = { x: left, y: top, width: area.width, height: area.height }
  const border = svg("rect", { ...size, fill: "none", stroke: "currentColor", "stroke-opacity": 0.25 })
  const below = text(left + area.width / 2, height - 3, horizontal, { "text-anchor": "middle" })
  const group = svg("g", {}, ...chips, heading, score, border, below)
  if (first) {
    const [x, y] = [12, top + area.height / 2]
    group.append(text(x, y, vertical, { "text-anchor": "middle", transform: `rotate(-90 ${x} ${y})` }))
  }
  const place = (/** @type {number} */ value) => top + area.height * (1 - (value - ends[0]) / (ends[1] - ends[0]))
  return { group, area, score, place }
}

/**
 * Draws the marks of the vertical axis.
 * @param {Element} group
 * @param {Area} area
 * @param {[number, string][]} marks
 * @param {(value: number) => number} place
 * @param {boolean} first whether the panel has numbers beside the axis
 */
export function scale(group, area, marks, place, first) {
  for (const [value, words] of marks) {
    const y = place(value)
    group.append(line([area.left, y], [area.left + area.width, y], { "stroke-opacity": 0.12 }))
    if (first) group.append(text(area.left - 5, y + 4, words, { "text-anchor": "end" }))
  }
}

/**
 * A mark of the horizontal axis.
 * @param {Element} group
 * @param {Area} area
 * @param {number} x
 * @param {string} words
 */
export function below(group, area, x, words) {
  group.append(text(x, area.top + area.height + 15, words, { "text-anchor": "middle" }))
}

/**
 * Adds the paths for filled and hollow points, and a text that says how many are not on the axis.
 * @param {Element} group
 * @param {Area} area
 * @param {string} colour
 */
export function points(group, area, colour) {
  const solid = { fill: colour, "fill-opacity": 0.45, stroke: colour, "stroke-width": 1, class: "points" }
  const filled = svg("path", solid)
  const hollow = svg("path", { fill: "none", stroke: colour, "stroke-width": 1.5, class: "points wrong" })
  const beyond = text(area.left + area.width - 4, area.top + area.height - 5, "", { "text-anchor": "end" })
  group.append(filled, hollow, beyond)
  return { filled, hollow, beyond }
}

/**
 * A point as a part of a path.
 * @param {number} x
 * @param {number} y
 */
export const dot = (x, y, r = 3) =>
  `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`
