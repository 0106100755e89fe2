// @ts-check
// What a diagram shows of its picture: the edges and neurons that belong to a highlighted neuron or to the part that a
// term of a formula stands for, and the weights of a run at the epoch of its clock.
import { floats } from "./numbers.js"

/** @import { Clock } from "./clock.js" */
/** @import { Edge, Frames, Group, Picture } from "./diagram_picture.js" */

/** @typedef {Pick<Edge, "source" | "target" | "i" | "j" | "head">} Ends */

/** The parts that terms can name. */
const PARTS = /^(shared|outputs?|weights)(?:-(\d+))?$/

/**
 * The title of a neuron.
 * @param {Group} group
 * @param {number} i
 */
export const titleOf = ({ title, numbered }, i) => title + (numbered ? ` ${i + 1}` : "")

/**
 * The layer that the heads read, and the first and the last group of each head.
 * @param {Picture} picture
 */
export function parts({ groups, heads }) {
  const shared = groups.findLastIndex(({ head }) => head === null)
  const firsts = heads.map((_, h) => groups.findIndex(({ head }) => head === h))
  const outputs = heads.map((_, h) => groups.findLastIndex(({ head }) => head === h))
  return { shared, firsts, outputs }
}

/**
 * The edges and the neurons (as `group:index`, by numbers) of the part of a term that points to the diagram, or else of
 * the neuron `entry`, such as `dense:2`; null if nothing is highlighted. `weights` are all edges from the shared layer,
 * `weights-2` those into the second head. A shared neuron has its edges into every head, and an output unit its edges
 * and those of its hidden layers.
 * @template {Ends} Kind
 * @param {Picture} picture
 * @param {Kind[]} edges
 * @param {string} part
 * @param {string} entry "" for none
 * @returns {{ edges: Set<Kind>, neurons: Set<string> } | null}
 */
export function focusOf(picture, edges, part, entry) {
  const { groups } = picture
  const [, word, number] = PARTS.exec(part) ?? []
  if (!word && !entry) return null
  const { shared, outputs } = parts(picture)
  const [, name, index] = /^(.*):(\d+)$/.exec(entry) ?? []
  const group = groups.findIndex((each) => each.name === name)
  const isNumbered = (/** @type {number | null} */ head) => number === undefined || head === Number(number) - 1
  const isLit = (/** @type {Ends} */ { source, target, i, j, head }) => {
    if (head === null) return false
    if (word) return word === "weights" && source === shared && isNumbered(head)
    if (group === shared) return source === shared && i === Number(index)
    return target === group ? j === Number(index) : head === groups[group].head
  }
  const lit = edges.filter(isLit)
  const neurons = lit.flatMap(({ source, target, i, j }) => [`${source}:${i}`, `${target}:${j}`])
  const named = word === "shared" ? [shared] : word?.startsWith("output") ? outputs.filter((_, h) => isNumbered(h)) : []
  for (const at of named) neurons.push(...Array.from({ length: groups[at].count }, (_, i) => `${at}:${i}`))
  return { edges: new Set(lit), neurons: new Set(neurons) }
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
    this.follow(null)
  }

  /** The epoch that numbers and words belong to. */
  get epoch() {
    return this.#frames.epochs[this.#moment.shown]
  }

  /**
   * Goes to the epoch of a clock that has these frames, or without one to the last.
   * @param {Clock | null} clock
   * @returns {boolean} whether it rests there
   */
  follow(clock) {
    const { epochs } = this.#frames
    const followed = clock && String(clock.frames) === String(epochs) ? clock : null
    const at = epochs.length - 1
    this.#moment = followed?.between() ?? { from: at, to: at, share: 0, shown: at }
    return !followed?.playing
  }

  /**
   * The weights of a side, as they move and as numbers show them.
   * @param {number} s
   */
  of(s) {
    const side = this.#sides[s]
    const { from, to, share, shown } = this.#moment
    return {
      scale: this.#frames.scale,
      shown: (/** @type {{ at: number }} */ { at }) => side[shown][at],
      between: (/** @type {{ at: number }} */ { at }) =>
        share ? side[from][at] + (side[to][at] - side[from][at]) * share : side[from][at],
    }
  }
}
