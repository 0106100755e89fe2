// @ts-check
// The geometry of the plane of two gradients, and the places of words in it. Everything points downhill: a head's arrow
// is minus its gradient. Vectors have y upwards and A's gradient along x; pixels have y downwards.
import { clamp, floats, radians } from "./numbers.js"

/** @import { Label } from "./compass_types.js" */

const BEYOND = 15 // pixels from a tip to its handle
const NEAREST = 30 // the fewest pixels from the origin to a handle, so that a short arrow can be grabbed
const SMALLEST = 4 // the least length of an arrow in pixels while it is dragged
const GRID = 16 // pixels between the places that a word may have
const ROOM = 37 // the fewest pixels from the middle of a word to the line where its part of the picture ends
const LINE = 17 // pixels from one label to the next
const RING = 21 // pixels from the middle of a handle to that of a label beside it
const ROUNDS = 60
const ENOUGH = 0.5 // pixels by which labels may still be too close

/** @typedef {{ width: number, height: number, origin: Point }} Frame */
/** @typedef {Label & { wide: number, left: number, middle: number }} Placed `left` and `middle` are pixels */
/** @typedef {{ left: number, wide: number, middle: number, fixed?: boolean }} Box */

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
  const fits = vectors.map(([x, y]) => {
    const along = [x, -x, y, -y]
    return Math.min(...along.map((each, i) => (each > 1e-9 ? room[i] / each : Number.POSITIVE_INFINITY)))
  })
  return Math.min(...fits)
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
 * @param {number} bearing in degrees
 * @returns {Point}
 */
export function handleOf([x, y], [ox, oy], bearing) {
  const at = Math.max(Math.hypot(x - ox, y - oy) + BEYOND, NEAREST)
  return [ox + at * Math.cos(radians(bearing)), oy - at * Math.sin(radians(bearing))]
}

/**
 * The place with most room for its words in each part of the picture, by the losses that fall there ("11" means both). On
 * no arrow, no label and no edge of the picture is a word; a part with too little room has none.
 * @param {Frame} frame
 * @param {number} angle of B, in degrees
 * @param {Point[]} tips those of all arrows
 * @param {Box[]} labels
 * @param {(region: string) => number} widthOf the width of the words of a part
 * @returns {Map<string, Point>}
 */
export function regions({ width, height, origin }, angle, tips, labels, widthOf) {
  const [ox, oy] = origin
  /** @type {Map<string, Point>} */
  const best = new Map()
  /** @type {Record<string, number>} */
  const rooms = {}
  for (let x = GRID; x < width; x += GRID) {
    for (let y = 18; y <= height - 14; y += GRID) {
      const along = [0, angle].map(
        (bearing) => (x - ox) * Math.cos(radians(bearing)) + (oy - y) * Math.sin(radians(bearing)),
      )
      const region = along.map((each) => (each > 0 ? 1 : 0)).join("")
      const half = widthOf(region) / 2
      if (Math.min(x, width - x) < half + 4) continue
      // An ellipse around the words, in which nothing may be: at its edge, the room is 1.
      const [wide, high] = [1.1 * half + 12, 18]
      const room = Math.min(
        ...along.map((each) => Math.abs(each) / ROOM),
        ...tips.map((tip) =>
          fromLine([(x - ox) / wide, (y - oy) / high], [(tip[0] - ox) / wide, (tip[1] - oy) / high]),
        ),
        ...labels.map(({ left, wide: own, middle }) =>
          Math.max((Math.abs(x - left - own / 2) - own / 2) / wide, Math.abs(y - middle) / high),
        ),
      )
      if (room <= (rooms[region] ?? 1)) continue
      rooms[region] = room
      best.set(region, [x, y])
    }
  }
  return best
}

/**
 * The distance of a point from the line between the origin and a tip.
 * @param {Point} point
 * @param {Point} tip
 */
function fromLine([x, y], [dx, dy]) {
  const t = clamp((x * dx + y * dy) / (dx * dx + dy * dy || 1), 0, 1)
  return Math.hypot(x - t * dx, y - t * dy)
}

/**
 * Where labels stand: each at its arrow's tip, with room for the others and for a handle. Methods with the same tip get
 * one label.
 * @param {Label[]} labels
 * @param {(words: string) => number} widthOf
 * @param {number} width
 * @param {number} height
 * @param {Point} handle
 * @returns {Placed[]}
 */
export function placeLabels(labels, widthOf, width, height, [x, y]) {
  const found = mergeLabels(labels).map((label) => {
    const wide = widthOf(label.words)
    const aside = label.dx < -0.35 ? -wide : label.dx > 0.35 ? 0 : -wide / 2
    const left = clamp(label.x + 12 * label.dx + aside, 4, width - wide - 4)
    return { ...label, wide, left, middle: clamp(label.y - 14 * label.dy, 12, height - 12) }
  })
  found.sort((a, b) => a.middle - b.middle)
  /** @type {Box[]} */
  const boxes = [{ left: x - RING + 6, wide: 2 * RING - 12, middle: y, fixed: true }, ...found]
  for (let round = 0; round < ROUNDS; round++) {
    const close = boxes.map((one, i) => boxes.slice(i + 1).filter((other) => separate(one, other, height)).length)
    if (!close.some(Boolean)) break
  }
  return found
}

/** @param {Label[]} labels */
function mergeLabels(labels) {
  /** @type {Label[]} */
  const found = []
  for (const label of labels) {
    const near = (/** @type {Label} */ other) => Math.hypot(other.x - label.x, other.y - label.y) < 4
    const same = label.method && found.find((other) => other.method && near(other))
    if (same) same.words += ` = ${label.words}`
    else found.push({ ...label })
  }
  return found
}

/**
 * Moves two boxes apart if one is above the other and they are too close. Returns whether they were too close.
 * @param {Box} one perhaps a handle, which stays
 * @param {Box} other
 * @param {number} height
 */
function separate(one, other, height) {
  if (one.left + one.wide + 6 < other.left || other.left + other.wide + 6 < one.left) return false
  const missing = (one.fixed ? RING : LINE) - Math.abs(other.middle - one.middle)
  if (missing <= ENOUGH) return false
  const sign = other.middle >= one.middle ? 1 : -1
  const by = one.fixed ? missing : missing / 2
  if (!one.fixed) one.middle = clamp(one.middle - sign * by, 12, height - 12)
  other.middle = clamp(other.middle + sign * by, 12, height - 12)
  return true
}

/**
 * The nodes of a table (`ratios` are logarithms to base 10), and the steps of each method: two numbers for each node,
 * with a row for each angle and a column for each ratio.
 * @typedef {{ angles: number[], ratios: number[], steps: Record<string, ArrayLike<number>> }} Table
 */

/** @type {Table | null} */
let known = null

/** @type {Renderer<{ angles: number[], ratios: number[], steps: Record<string, string> }>} */
export const compassTable = ({ data: { angles, ratios, steps } }) => {
  const halves = angles.length * ratios.length * 2
  const decoded = Object.entries(steps).map(([key, text]) => [key, floats(text, halves)])
  known = { angles, ratios, steps: Object.fromEntries(decoded) }
  return undefined
}

/**
 * The step of a method, interpolated; null if there is no table of it.
 * @param {string} key
 * @param {number} angle in degrees
 * @param {number} ratio
 */
export const tabledStep = (key, angle, ratio) => known && interpolate(known, key, angle, ratio)

/**
 * The step of a method at an angle in degrees and a ratio, by bilinear interpolation; null if the table does not have
 * the method. A table has steps along and across the bisector of both gradients, relative to the longer gradient.
 * @param {Table} table
 * @param {string} key
 * @param {number} angle
 * @param {number} ratio
 * @returns {Point | null}
 */
export function interpolate({ angles, ratios, steps }, key, angle, ratio) {
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
  const above = nodes.findIndex((node) => node > value)
  const i = clamp((above < 0 ? nodes.length : above) - 1, 0, nodes.length - 2)
  return [i, clamp((value - nodes[i]) / (nodes[i + 1] - nodes[i]), 0, 1)]
}
