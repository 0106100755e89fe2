// @ts-check
// The words in a picture of arrows: each stands at its arrow's tip, and makes room for the others.
import { clamp } from "./numbers.js"
import { svg } from "./svg.js"

/** @import { Label } from "./compass_types.js" */

/** @typedef {Label & { wide: number, left: number, middle: number }} Placed */

const LINE = 17 // pixels from one label to the next
const RING = 21 // pixels from the middle of a handle to that of a label beside it
const ROUNDS = 60
const ENOUGH = 0.5 // pixels by which labels may still be too close

/**
 * Draws labels inside width × height; none stands on the handles `fixed`. A thin line leads from a label to its tip if
 * the label had to move far from it.
 * @param {Label[]} labels
 * @param {(words: string) => number} widthOf
 * @param {number} width
 * @param {number} height
 * @param {Point[]} fixed
 */
export function drawLabels(labels, widthOf, width, height, fixed = []) {
  return placeLabels(labels, widthOf, width, height, fixed).flatMap(({ words, x, y, left, wide, middle }) => {
    const text = svg("text", { x: left, y: middle, class: "label", "dominant-baseline": "central" }, words)
    const [nearX, nearY] = [clamp(x, left, left + wide), middle + (y > middle ? 9 : -9)]
    const far = Math.hypot(nearX - x, nearY - y) > 20
    return far ? [svg("path", { d: `M${x} ${y}L${nearX} ${nearY}`, class: "leader" }), text] : [text]
  })
}

/**
 * Where labels stand: `left` and `middle` are pixels. Methods with the same tip get one label.
 * @param {Label[]} labels
 * @param {(words: string) => number} widthOf
 * @param {number} width
 * @param {number} height
 * @param {Point[]} fixed
 * @returns {Placed[]}
 */
export function placeLabels(labels, widthOf, width, height, fixed) {
  const placed = mergeLabels(labels).map((label) => {
    const wide = widthOf(label.words)
    const aside = label.dx < -0.35 ? -wide : label.dx > 0.35 ? 0 : -wide / 2
    const left = clamp(label.x + 12 * label.dx + aside, 4, width - wide - 4)
    return { ...label, wide, left, middle: clamp(label.y - 14 * label.dy, 12, height - 12) }
  })
  placed.sort((a, b) => a.middle - b.middle)
  for (let round = 0; round < ROUNDS; round++) {
    const apart = placed.map((one, i) => placed.slice(i + 1).filter((other) => separate(one, other, height)).length)
    const away = placed.map((label) => fixed.filter((handle) => avoid(label, handle, height)).length)
    if (![...apart, ...away].some(Boolean)) break
  }
  return placed
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
 * Moves two labels apart if one is above the other and they are too close. Returns whether they were too close.
 * @param {Placed} one
 * @param {Placed} other
 * @param {number} height
 */
function separate(one, other, height) {
  if (one.left + one.wide + 6 < other.left || other.left + other.wide + 6 < one.left) return false
  const missing = LINE - Math.abs(other.middle - one.middle)
  if (missing <= ENOUGH) return false
  const sign = other.middle >= one.middle ? 1 : -1
  one.middle = clamp(one.middle - (sign * missing) / 2, 12, height - 12)
  other.middle = clamp(other.middle + (sign * missing) / 2, 12, height - 12)
  return true
}

/**
 * Moves a label away from a handle. Returns whether it was too close.
 * @param {Placed} label
 * @param {Point} handle
 * @param {number} height
 */
function avoid(label, [x, y], height) {
  const missing = RING - Math.abs(label.middle - y)
  if (missing <= ENOUGH || label.left > x + RING || label.left + label.wide < x - RING) return false
  const up = y > height - 2 * RING || (label.middle <= y && y > 2 * RING)
  label.middle = clamp(label.middle + (up ? -missing : missing), 12, height - 12)
  return true
}
