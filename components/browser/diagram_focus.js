// @ts-check
// The edges and neurons that belong to a highlighted neuron, or to the part that a term of a formula stands for.

/** @import { Focus, Group, Picture } from "./diagram_picture.js" */

/** @typedef {{ source: number, target: number, head: number | null, i: number, j: number }} Ends */

/** The parts that terms can name. */
const PARTS = /^(shared|outputs|weights|(output|weights)-\d+)$/

/**
 * Group and index of a neuron such as `dense:2`.
 * @param {Picture} picture
 * @param {string} entry
 */
export function neuronOf({ groups }, entry) {
  const at = entry.lastIndexOf(":")
  const group = groups.findIndex(({ name }) => name === entry.slice(0, at))
  return { group, index: Number(entry.slice(at + 1)) }
}

/**
 * The focus: the part of a term that points to the diagram, or else the neuron `entry`.
 * @param {Picture} picture
 * @param {string} part
 * @param {string | undefined} entry
 * @returns {Focus | null}
 */
export function focusOf(picture, part, entry) {
  if (PARTS.test(part)) return { part }
  return entry ? neuronOf(picture, entry) : null
}

/**
 * The title of a neuron.
 * @param {Group} group
 * @param {number} i
 */
export const titleOf = (group, i) => group.title + (group.numbered ? ` ${i + 1}` : "")

/**
 * Whether an edge belongs to the path of the focus: an output unit's edges and those of its hidden layers, or the edges from
 * a shared neuron into every head.
 * @param {Picture} picture
 * @param {Ends} edge
 * @param {Focus | null} focus
 */
export function follows(picture, edge, focus) {
  if (!focus) return true
  if (edge.head === null) return false
  if (focus.part !== undefined) return isWeight(picture, edge, focus.part)
  if (focus.group === picture.shared) return edge.source === focus.group && edge.i === focus.index
  return edge.target === focus.group ? edge.j === focus.index : edge.head === picture.groups[focus.group].head
}

/**
 * Whether an edge is one of the weights that a term names: `weights` are all edges from the shared layer, `weights-2`
 * those into the second head. Other parts have neurons and no edges.
 * @param {Picture} picture
 * @param {Ends} edge
 * @param {string} part
 */
function isWeight(picture, edge, part) {
  return edge.source === picture.shared && (part === "weights" || part === `weights-${Number(edge.head) + 1}`)
}

/**
 * The neurons that the focus reaches, as entries: those of the part, and both ends of its edges.
 * @param {Picture} picture
 * @param {Ends[]} edges
 * @param {Focus | null} focus
 * @returns {Set<string>}
 */
export function reachedBy(picture, edges, focus) {
  const { groups } = picture
  const reached = new Set(focus?.part === undefined ? [] : members(picture, focus.part))
  for (const edge of focus ? edges : []) {
    if (edge.head === null || !follows(picture, edge, focus)) continue
    reached.add(`${groups[edge.source].name}:${edge.i}`).add(`${groups[edge.target].name}:${edge.j}`)
  }
  return reached
}

/**
 * The neurons of a part: the `shared` layer, all `outputs`, or `output-2`, those of the second head.
 * @param {Picture} picture
 * @param {string} part
 */
function members({ groups, heads, shared }, part) {
  const outputs = heads.flatMap(({ output }, i) => (part === "outputs" || part === `output-${i + 1}` ? [output] : []))
  const named = part === "shared" ? [shared] : outputs
  return named.flatMap((at) => Array.from({ length: groups[at].count }, (_, i) => `${groups[at].name}:${i}`))
}
