// @ts-check
// The clock of a run: which epoch is shown, and whether it plays. Time comes from outside (`advance`).
//
// `frames` are the epochs with weights and predictions. `epoch` lies between two frames only while the clock plays.
// `shown` is the frame that numbers and words belong to. `between()` is for pictures.

// Seconds from the first to the last epoch; a short run plays no slower than `SLOWEST` epochs a second.
const SECONDS = 8
const SLOWEST = 2

/** @typedef {(clock: Clock) => void} Listener */

export class Clock {
  /** @type {Set<Listener>} */
  #listeners = new Set()
  /** @type {number[]} */
  #frames = []
  #at = 0 // the exact position; with less motion, `epoch` is the frame before it while the clock plays
  #playing = false
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
  /** Whether it rests at the last epoch. */
  get ended() {
    return !this.#playing && this.#at === this.last
  }
  get shown() {
    return this.#nearest(this.epoch)
  }

  /**
   * The frames around the epoch.
   * @returns {Moment}
   */
  between() {
    const frames = this.#frames
    const to = frames.findIndex((frame) => frame >= this.epoch)
    const from = frames[to] > this.epoch ? to - 1 : to
    const share = from === to ? 0 : (this.epoch - frames[from]) / (frames[to] - frames[from])
    return { from, to, share, shown: frames.indexOf(this.shown) }
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
    this.set(first ? (epoch ?? this.last) : this.#at)
    return first
  }

  /**
   * Stops at the frame nearest to an epoch.
   * @param {number} epoch
   */
  set(epoch) {
    this.#playing = false
    this.#at = this.#nearest(epoch)
    this.#notify()
  }

  play() {
    if (this.#frames.length < 2 || this.#playing) return
    if (this.#at >= this.last) this.#at = this.#frames[0]
    this.#playing = true
    this.#notify()
    this.#wake()
  }
  pause() {
    if (this.#playing) this.set(this.#at)
  }
  toggle() {
    if (this.#playing) this.pause()
    else this.play()
  }

  /**
   * Lets time pass while the clock plays.
   * @param {number} passed in milliseconds
   */
  advance(passed) {
    if (!this.#playing) return
    const seen = this.epoch
    this.#at += (passed / 1000) * Math.max(this.last / SECONDS, SLOWEST)
    if (this.#at >= this.last) this.set(this.last)
    else if (this.epoch !== seen) this.#notify()
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

  #notify() {
    for (const listener of [...this.#listeners]) listener(this)
  }

  /** @param {number} epoch */
  #nearest(epoch) {
    const [first = 0] = this.#frames
    return this.#frames.reduce((best, at) => (Math.abs(at - epoch) < Math.abs(best - epoch) ? at : best), first)
  }
}
