// @ts-check
// How much time is left to think, counted down in the browser. At zero nothing closes: the host freezes the answers.
import { say } from "./dom.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

const OVER = "The time to think is over. You may answer until the host freezes the answers."
const LOOK = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-variant-numeric:tabular-nums"
const TICK = 500 // milliseconds

/**
 * Seconds left, a text that changes when the time begins anew, and whether it is for a wall.
 * @typedef {{ left: number, begun: string, wall?: boolean }} Data
 */

/**
 * @param {number} seconds
 * @param {boolean} wall
 */
export function wordsOf(seconds, wall = false) {
  const left = Math.max(Math.round(seconds), 0)
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
  if (wall) return time
  return left ? `${time} to think` : OVER
}

/** @implements {View<Data>} */
class Countdown {
  #node = html("p", { style: LOOK })
  #until = 0
  #begun = ""
  #wall = false
  #timer

  /** @param {Component<Data>} component */
  constructor({ parentElement }) {
    parentElement.append(this.#node)
    this.#timer = setInterval(() => this.#tick(), TICK)
  }

  /** @param {Component<Data>} component */
  update({ data: { left, begun, wall } }) {
    this.#wall = wall ?? false
    if (wall) Object.assign(this.#node.style, { fontSize: "var(--wall)", lineHeight: "1.3" })
    if (this.#begun !== begun) {
      this.#begun = begun
      this.#until = Date.now() + 1000 * left
    }
    this.#tick()
  }

  leave() {
    clearInterval(this.#timer)
  }

  #tick() {
    say(this.#node, wordsOf((this.#until - Date.now()) / 1000, this.#wall))
  }
}

/** @type {Renderer<Data>} */
export const roomClock = rendererOf((component) => new Countdown(component))
