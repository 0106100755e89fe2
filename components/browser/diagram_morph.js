// @ts-check
// The morph: one box comes apart into a box a head, and back. Only boxes, kernels and words change; no edge is touched.
import { smooth } from "./diagram_outline.js"
import { reducedMotion } from "./dom.js"

const SECONDS = 1.25

/** The state of each part at the time t, both from 0 to 1. */
export const parts = {
  kernels: (/** @type {number} */ t) => smooth(0.22, 0.9, t),
  words: (/** @type {number} */ t) => smooth(0.35, 0.75, t),
  glow: (/** @type {number} */ t) => Math.sin(Math.PI * smooth(0, 1, t)),
}

/** Calls `draw(t, moving)` at each frame from the present t to 0 or 1. Another `go` on the way may reverse it. */
export class Morph {
  #request = 0
  #before = 0
  #draw

  /**
   * @param {0 | 1} start
   * @param {(t: number, moving: boolean) => void} draw
   */
  constructor(start, draw) {
    /** @type {number} */
    this.t = start
    this.goal = start
    this.#draw = draw
  }

  /** @param {0 | 1} goal */
  go(goal) {
    this.goal = goal
    if (reducedMotion()) {
      this.t = goal
      this.#draw(goal, false)
    } else if (!this.#request) {
      this.#before = 0
      this.#request = requestAnimationFrame((now) => this.#tick(now))
    }
  }

  turn() {
    this.go(this.goal === 1 ? 0 : 1)
  }

  stop() {
    cancelAnimationFrame(this.#request)
  }

  /** @param {number} now */
  #tick(now) {
    const passed = this.#before ? Math.min(now - this.#before, 50) / 1000 : 0
    this.#before = now
    const { t, goal } = this
    this.t = goal > t ? Math.min(t + passed / SECONDS, goal) : Math.max(t - passed / SECONDS, goal)
    const moving = this.t !== goal
    this.#request = moving ? requestAnimationFrame((later) => this.#tick(later)) : 0
    this.#draw(this.t, moving)
  }
}
