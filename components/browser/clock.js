// @ts-check
// The clock of a run: which epoch is shown, and whether it plays. Time comes from outside (`advance`).
//
// `frames` are the epochs with weights and predictions. `epoch` may lie between two frames while the clock moves, and
// after `set` until `settle`.
// `shown` is the frame that numbers and words belong to. `between()` is for pictures.
import { clamp } from "./numbers.js"

// Seconds from the first to the last epoch at speed 1; a short run plays no slower than `SLOWEST` epochs a second.
const SECONDS = 8
const SLOWEST = 2
const GLIDE = 180 // milliseconds of a step

/** @typedef {(clock: Clock) => void} Listener */

export class Clock {
  /** @type {Set<Listener>} */
  #listeners = new Set()
  /** @type {number[]} */
  #frames = []
  #at = 0 // the exact position; with less motion, `epoch` is the frame before it while the clock plays
  #playing = false
  #speed = 1
  /** @type {{ from: number, to: number, passed: number } | null} */
  #glide = null
  #wake
  #still

  /**
   * @param {() => void} wake is called whenever the clock begins to move
   * @param {() => boolean} still says whether the visitor asked for less motion
   */
  constructor(wake, still) {
    this.#wake = wake
    this.#still = still
  }

  get epoch() {
    if (!this.#playing || !this.#still()) return this.#at
    return this.#frames.findLast((frame) => frame <= this.#at) ?? this.#at
  }
  get last() {
    return this.#frames.at(-1) ?? 0
  }
  get frames() {
    return this.#frames
  }
  get playing() {
    return this.#playing
  }
  get resting() {
    return !this.#playing && !this.#glide
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
    this.#notify()
  }

  /**
   * The frames around the epoch. At rest both are the frame shown, because nothing was measured between frames.
   * @returns {Moment}
   */
  between() {
    const frames = this.#frames
    const shown = frames.indexOf(this.shown)
    const to = this.resting ? shown : frames.findIndex((frame) => frame >= this.epoch)
    const from = frames[to] > this.epoch && !this.resting ? to - 1 : to
    return { from, to, share: from === to ? 0 : (this.epoch - frames[from]) / (frames[to] - frames[from]), shown }
  }

  /**
   * Takes the epochs of the run. The first call moves to `epoch`, or to the last one if it is null; later calls do not.
   * @param {number[]} epochs
   * @param {number | null} epoch
   * @returns {boolean} whether it was the first
   */
  load(epochs, epoch = null) {
    const first = !this.#frames.length
    if (!first && String(this.#frames) === String(epochs)) return false
    this.#frames = [...epochs]
    this.#at = this.#nearest(first && epoch === null ? this.last : this.#clamp(first ? epoch : this.#at))
    this.#notify()
    return first
  }

  /**
   * Moves to an epoch and stops there; `settle` then goes to the nearest frame.
   * @param {number | string} epoch
   */
  set(epoch) {
    this.#rest(this.#clamp(epoch))
  }
  settle() {
    this.#rest(this.#nearest(this.#at))
  }

  play() {
    if (this.#frames.length < 2 || this.#playing) return
    this.#glide = null
    if (this.#at >= this.last) this.#at = this.#frames[0]
    this.#playing = true
    this.#notify()
    this.#wake()
  }
  pause() {
    if (this.#playing) this.settle()
  }
  toggle() {
    if (this.#playing) this.pause()
    else this.play()
  }

  /**
   * Moves to the next frame (1) or the previous one (-1).
   * @param {number} by
   */
  step(by) {
    const frames = this.#frames
    if (!frames.length) return
    const here = this.#glide ? this.#glide.to : this.#nearest(this.#at)
    const to = frames[clamp(frames.indexOf(here) + Math.sign(by), 0, frames.length - 1)]
    if (this.#still()) {
      this.#rest(to)
      return
    }
    this.#playing = false
    this.#glide = { from: this.#at, to, passed: 0 }
    this.#notify()
    this.#wake()
  }

  /**
   * Lets time pass while the clock moves.
   * @param {number} passed in milliseconds
   */
  advance(passed) {
    const seen = this.epoch
    if (this.#glide) this.#glideOn(this.#glide, passed)
    else if (this.#playing) {
      const speed = this.#speed * Math.max(this.last / SECONDS, SLOWEST)
      this.#at = Math.min(this.#at + (passed / 1000) * speed, this.last)
      if (this.#at >= this.last) this.#playing = false
    }
    if (this.epoch !== seen || this.resting) this.#notify()
  }

  /**
   * Calls `listener` at once if frames are loaded, and then at every change.
   * @param {Listener} listener
   * @returns {() => void} ends this
   */
  subscribe(listener) {
    this.#listeners.add(listener)
    if (this.#frames.length) listener(this)
    return () => this.#listeners.delete(listener)
  }

  /**
   * @param {{ from: number, to: number, passed: number }} glide
   * @param {number} passed
   */
  #glideOn(glide, passed) {
    glide.passed += passed
    const share = Math.min(glide.passed / GLIDE, 1)
    this.#at = share === 1 ? glide.to : glide.from + (glide.to - glide.from) * (1 - (1 - share) ** 3)
    if (share === 1) this.#glide = null
  }

  /** @param {number} at */
  #rest(at) {
    this.#glide = null
    this.#playing = false
    this.#at = at
    this.#notify()
  }

  #notify() {
    for (const listener of [...this.#listeners]) listener(this)
  }

  /** @param {number} epoch */
  #nearest(epoch) {
    const [first = 0] = this.#frames
    return this.#frames.reduce((best, at) => (Math.abs(at - epoch) < Math.abs(best - epoch) ? at : best), first)
  }

  /** @param {number | string | null} epoch */
  #clamp(epoch) {
    return clamp(Number(epoch) || 0, this.#frames[0] ?? 0, this.last)
  }
}
