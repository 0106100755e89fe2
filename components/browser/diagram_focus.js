// @ts-check
// What a diagram shows of its picture: the edges and neurons that belong to a highlighted neuron or to the part that a
// term of a formula stands for, and the weights of a run at the epoch of its clock.
import { floats } from "./numbers.js"

/** @import { Clock } from "./clock.js" */
/** @import { Focus, Frames, Group, Picture } from "./diagram_picture.js" */
/** @import { Edge } from "./diagram_side.js" */

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
 * @param {string} entry "" for none
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

/** The weights of both sides. */
export class Weights {
  /** @type {Moment} */
  #moment = { from: 0, to: 0, share: 0, shown: 0 }
  #sides
  #frames

  /** @param {Frames} frames */
  constructor(frames) {
    this.#frames = frames
    this.#sides = [frames.left, frames.right].map((side) => side.map((frame) => floats(frame, frames.halves)))
    this.follow(null, null)
  }

  get scale() {
    return this.#frames.scale
  }

  /** The epoch that numbers and words belong to. */
  get epoch() {
    return this.#frames.epochs[this.#moment.shown]
  }

  /**
   * Goes to the epoch of a clock that has these frames, or without one to `epoch` (null: the last).
   * @param {Clock | null} clock
   * @param {number | null} epoch
   * @returns {boolean} whether it rests there
   */
  follow(clock, epoch) {
    const { epochs } = this.#frames
    const followed = clock && String(clock.frames) === String(epochs) ? clock : null
    const named = epochs.indexOf(epoch ?? Number.NaN)
    const at = named < 0 ? epochs.length - 1 : named
    this.#moment = followed?.between() ?? { from: at, to: at, share: 0, shown: at }
    return followed?.resting ?? true
  }

  /**
   * The weights of a side, as they move and as numbers show them.
   * @param {number} s
   */
  of(s) {
    const side = this.#sides[s]
    const { from, to, share, shown } = this.#moment
    return {
      scale: this.scale,
      shown: (/** @type {Edge} */ { at }) => side[shown][at],
      between: (/** @type {Edge} */ { at }) =>
        share ? side[from][at] + (side[to][at] - side[from][at]) * share : side[from][at],
    }
  }
}
