// @ts-check
// The weights of a run at the epoch of its clock.
import { floats } from "./numbers.js"

/** @import { Clock } from "./clock.js" */
/** @import { Edge } from "./diagram_edges.js" */
/** @import { Frames } from "./diagram_picture.js" */

/** @typedef {Moment & { shown: number }} FrameMoment `shown` is the frame that numbers belong to */

/**
 * The frames around an epoch. At rest both are the same frame, because nothing was measured between frames.
 * @param {number[]} epochs those of the frames
 * @param {number} epoch
 * @param {number | undefined} shown the epoch that the clock names
 * @param {boolean} still
 * @returns {FrameMoment}
 */
export function momentOf(epochs, epoch, shown, still) {
  const after = epochs.findIndex((each) => each >= epoch)
  const to = after < 0 ? epochs.length - 1 : after
  const from = epochs[to] > epoch && to > 0 ? to - 1 : to
  const share = from === to ? 0 : (epoch - epochs[from]) / (epochs[to] - epochs[from])
  const named = shown === undefined ? -1 : epochs.indexOf(shown)
  const nearest = share > 0.5 ? to : from
  const frame = named >= 0 ? named : nearest
  return still ? { from: frame, to: frame, share: 0, shown: frame } : { from, to, share, shown: frame }
}

/** The weights of both sides. */
export class Weights {
  /** @type {FrameMoment} */
  #moment
  #sides
  #frames

  /** @param {Frames} frames */
  constructor(frames) {
    this.#frames = frames
    this.#sides = [frames.left, frames.right].map((side) => side.map((frame) => floats(frame, frames.halves)))
    this.#moment = momentOf(frames.epochs, frames.epochs[frames.epochs.length - 1], undefined, true)
  }

  get scale() {
    return this.#frames.scale
  }

  /** The epoch that numbers and words belong to. */
  get epoch() {
    return this.#frames.epochs[this.#moment.shown]
  }

  /**
   * Goes to the epoch of the clock, or without one to `epoch` (null: the last).
   * @param {Clock | null} clock
   * @param {number | null} epoch
   * @returns {boolean} whether it rests there
   */
  follow(clock, epoch) {
    const { epochs } = this.#frames
    const time = clock?.last ? clock : null // a clock without frames knows nothing yet
    const still = time ? time.resting : true
    const wanted = time?.epoch ?? epoch ?? epochs[epochs.length - 1]
    this.#moment = momentOf(epochs, wanted, time?.shown, still)
    return still
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
