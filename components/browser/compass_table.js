// @ts-check
// Interpolates the steps of two heads in a table that Python computed, while something moves.
import { clamp, floats, radians } from "./numbers.js"

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
