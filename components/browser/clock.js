// @ts-check
// The clock of a run: which epoch is shown, and whether it plays. Time comes from outside (`advance`).
//
// `frames` are the epochs with weights and predictions. `epoch` may lie between two frames while the clock plays, and
// after `set` until `settle`.
// `shown` is the frame that numbers and words belong to. `between()` is for pictures.
import { clamp } from "./numbers.js"

// Seconds from the first to the last epoch at speed 1; a short run plays no slower than `SLOWEST` epochs a second.
const SECONDS = 8
const SLOWEST = 2

/** @typedef {(clock: Clock) => void} Listener */

export class Clock {
  /** @type {number[]} */
  frames = []
  playing = false
  /** @type {Set<Listener>} */
  #listeners = new Set()
  #at = 0 // the exact position; with less motion, `epoch` is the frame before it while the clock plays
  #speed = 1
  #wake
  #still

  /**
   * @param {() => void} wake is called whenever the clock begins to play
   * @param {() => boolean} still says whether the visitor asked for less motion
   */
  constructor(wake, still) {
    this.#wake = wake
    this.#still = still
  }

  get epoch() {
    const still = this.playing && this.#still()
    return (still ? this.frames.findLast((frame) => frame <= this.#at) : null) ?? this.#at
  }
  get last() {
    return this.frames.at(-1) ?? 0
  }
  get shown() {
    return this.#nearest(this.epoch)
  }
  get unused() {
    return !this.#listeners.size
  }
  get speed() {
    return this.#speed
  }
  set speed(value) {
    this.#speed = value
    this.#become(this.#at, this.playing)
  }

  /**
   * The frames around the epoch. At rest both are the frame shown, because nothing was measured between frames.
   * @returns {Moment}
   */
  between() {
    const { frames, epoch, playing } = this
    const shown = frames.indexOf(this.shown)
    const to = playing ? frames.findIndex((frame) => frame >= epoch) : shown
    const from = playing && frames[to] > epoch ? to - 1 : to
    return { from, to, share: from === to ? 0 : (epoch - frames[from]) / (frames[to] - frames[from]), shown }
  }

  /**
   * Takes the epochs of the run. The first call moves to `epoch`, or to the last one if it is null; later calls do not.
   * @param {number[]} epochs
   * @param {number | null} epoch
   * @returns {boolean} whether it was the first
   */
  load(epochs, epoch = null) {
    const first = !this.frames.length
    if (String(this.frames) === String(epochs)) return false
    this.frames = [...epochs]
    this.#become(this.#nearest(first ? (epoch ?? this.last) : this.#at), this.playing)
    return first
  }

  /**
   * Moves to an epoch and stops there; `settle` then goes to the nearest frame.
   * @param {number | string} epoch
   */
  set(epoch) {
    this.#become(clamp(Number(epoch) || 0, this.frames[0] ?? 0, this.last), false)
  }
  settle() {
    this.#become(this.#nearest(this.#at), false)
  }

  play() {
    if (this.frames.length < 2 || this.playing) return
    this.#become(this.#at >= this.last ? this.frames[0] : this.#at, true)
    this.#wake()
  }
  pause() {
    if (this.playing) this.settle()
  }
  toggle() {
    if (this.playing) this.pause()
    else this.play()
  }

  /**
   * Moves to the next frame (1) or the previous one (-1).
   * @param {number} by
   */
  step(by) {
    const { frames } = this
    const to = frames[clamp(frames.indexOf(this.#nearest(this.#at)) + by, 0, frames.length - 1)]
    if (to !== undefined) this.#become(to, false)
  }

  /**
   * Lets time pass while the clock plays.
   * @param {number} passed in milliseconds
   */
  advance(passed) {
    if (!this.playing) return
    const speed = this.#speed * Math.max(this.last / SECONDS, SLOWEST)
    const at = Math.min(this.#at + (passed / 1000) * speed, this.last)
    this.#become(at, at < this.last)
  }

  /**
   * Calls `listener` at once if frames are loaded, and then at every change.
   * @param {Listener} listener
   * @returns {() => void} ends this
   */
  subscribe(listener) {
    this.#listeners.add(listener)
    if (this.frames.length) listener(this)
    return () => this.#listeners.delete(listener)
  }

  /**
   * @param {number} at
   * @param {boolean} playing
   */
  #become(at, playing) {
    this.#at = at
    this.playing = playing
    for (const listener of [...this.#listeners]) listener(this)
  }

  /** @param {number} epoch */
  #nearest(epoch) {
    const [first = 0] = this.frames
    return this.frames.reduce((best, at) => (Math.abs(at - epoch) < Math.abs(best - epoch) ? at : best), first)
  }
}
