// @ts-check
// The geometry of the plane of two gradients, and the places of words in it. Everything points downhill: a head's arrow
// is minus its gradient. Vectors have y upwards and A's gradient along x; pixels have y downwards.
import { clamp, floats, radians } from "./numbers.js"
import { widthOf } from "./svg.js"

const BEYOND = 15 // pixels from a tip to its handle
const NEAREST = 30 // the fewest pixels from the origin to a handle, so that a short arrow can be grabbed
const SMALLEST = 4 // the least length of an arrow in pixels while it is dragged
const LINE = 17 // pixels from one label to the next
const RING = 21 // pixels from the middle of a handle to that of a label above or below it

/** @typedef {{ width: number, height: number, origin: Point }} Frame */
/** @typedef {{ words: string, left: number, wide: number, y: number }} Label the left end and the middle in pixels */

/**
 * The gradients of A and B.
 * @param {number} angle between them, in degrees
 * @param {number} ratio of the length of B to that of A
 * @returns {[Point, Point]}
 */
export const gradients = (angle, ratio) => [
  [1, 0],
  [ratio * Math.cos(radians(angle)), ratio * Math.sin(radians(angle))],
]

/**
 * The scale at which all vectors fit, in pixels for a length of 1.
 * @param {number[][]} vectors
 * @param {[right: number, left: number, up: number, down: number]} room around the origin, in pixels
 */
export function fitting(vectors, room) {
  const along = vectors.flatMap(([x, y]) => [x, -x, y, -y].map((each, i) => room[i] / Math.max(each, 1e-9)))
  return Math.min(...along)
}

/**
 * The pixel of a vector.
 * @param {number[]} vector
 * @param {Point} origin
 * @param {number} scale
 * @returns {Point}
 */
export const placed = ([x, y], [ox, oy], scale) => [ox + scale * x, oy - scale * y]

/**
 * Angle and ratio of B while the pointer has its handle. Outside the picture, the pointer counts as one at its edge. Below
 * A's gradient, the angle is that of the nearer end.
 * @param {Point} pixel
 * @param {Frame} frame
 * @param {number} scale
 */
export function valuesAt([x, y], { width, height, origin: [ox, oy] }, scale) {
  const [dx, dy] = [clamp(x, 8, width - 8) - ox, oy - clamp(y, 8, height - 8)]
  const angle = (Math.atan2(Math.max(dy, 0), dx) * 180) / Math.PI
  return { angle, ratio: Math.max(Math.hypot(dx, dy) - BEYOND, SMALLEST) / scale }
}

/**
 * Where the handle of a tip stands: beyond it, and not too close to the origin.
 * @param {Point} tip
 * @param {Point} origin
 * @returns {Point}
 */
export function handleOf([x, y], [ox, oy]) {
  const length = Math.hypot(x - ox, y - oy) || 1
  const far = Math.max(length + BEYOND, NEAREST) / length
  return [ox + far * (x - ox), oy + far * (y - oy)]
}

/**
 * A label at the tip of an arrow, in its direction.
 * @param {string} words
 * @param {Point} tip
 * @param {Frame} frame
 * @returns {Label}
 */
export function labelAt(words, [x, y], { width, height, origin: [ox, oy] }) {
  const length = Math.hypot(x - ox, y - oy) || 1
  const [dx, dy] = [(x - ox) / length, (y - oy) / length]
  const wide = widthOf(words, 13)
  const aside = dx < -0.35 ? wide : dx > 0.35 ? 0 : wide / 2
  return { words, wide, left: clamp(x + 12 * dx - aside, 4, width - wide - 4), y: clamp(y + 14 * dy, 12, height - 12) }
}

/**
 * Moves labels, so that none touches another or a handle.
 * @param {Label[]} labels
 * @param {Point[]} handles
 */
export function spread(labels, handles) {
  for (const label of labels) {
    for (const [x, y] of handles) {
      const beside = x + RING < label.left || label.left + label.wide < x - RING
      if (!beside && Math.abs(label.y - y) < RING) label.y = y > RING + LINE && label.y <= y ? y - RING : y + RING
    }
  }
  const sorted = labels.toSorted((one, other) => one.y - other.y)
  sorted.forEach((label, i) => {
    for (const { left, wide, y } of sorted.slice(0, i)) {
      const beside = left + wide + 6 < label.left || label.left + label.wide + 6 < left
      if (!beside) label.y = Math.max(label.y, y + LINE)
    }
  })
  return sorted
}

/**
 * The nodes of a table (`ratios` are logarithms to base 10), and the steps of each method: two numbers for each node,
 * with a row for each angle and a column for each ratio.
 * @typedef {{ angles: number[], ratios: number[], steps: Record<string, ArrayLike<number>> }} Table
 */

/** @type {Table} */
let known = { angles: [], ratios: [], steps: {} }

/** @type {Renderer<{ angles: number[], ratios: number[], steps: Record<string, string> }>} */
export const compassTable = ({ data: { angles, ratios, steps } }) => {
  const halves = angles.length * ratios.length * 2
  const decoded = Object.entries(steps).map(([key, text]) => [key, floats(text, halves)])
  known = { angles, ratios, steps: Object.fromEntries(decoded) }
  return undefined
}

/**
 * The step of a method at an angle in degrees and a ratio, by bilinear interpolation; null if the table does not have
 * the method. A table has steps along and across the bisector of both gradients, relative to the longer gradient.
 * @param {string} key
 * @param {number} angle
 * @param {number} ratio
 * @param {Table} [table]
 * @returns {Point | null}
 */
export function tabledStep(key, angle, ratio, { angles, ratios, steps } = known) {
  const values = steps[key]
  if (!values) return null
  const [i, u] = between(angles, angle)
  const [j, v] = between(ratios, Math.log10(ratio))
  const [along, across] = [0, 1].map((part) => {
    const at = (/** @type {number} */ row, /** @type {number} */ column) =>
      values[2 * (row * ratios.length + column) + part]
    const here = (1 - v) * at(i, j) + v * at(i, j + 1)
    const next = (1 - v) * at(i + 1, j) + v * at(i + 1, j + 1)
    return (1 - u) * here + u * next
  })
  const [half, size] = [radians(angle / 2), Math.max(1, ratio)]
  return [
    size * (along * Math.cos(half) - across * Math.sin(half)),
    size * (along * Math.sin(half) + across * Math.cos(half)),
  ]
}

/**
 * The index of the node before a value, and how far the value is from it to the next node (0 to 1).
 * @param {number[]} nodes
 * @param {number} value
 */
function between(nodes, value) {
  const i = clamp(
    nodes.findLastIndex((node) => node <= value),
    0,
    nodes.length - 2,
  )
  return [i, clamp((value - nodes[i]) / (nodes[i + 1] - nodes[i]), 0, 1)]
}
