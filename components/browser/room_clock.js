// @ts-check
// How much time is left to think, counted down in the browser. At zero nothing closes: the host freezes the answers.
import { say } from "./dom.js"
import { html } from "./svg.js"

const OVER = "The time to think is over. You may answer until the host freezes the answers."
const TICK = 500 // milliseconds

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

/**
 * The clock, which counts until it is taken from the page.
 * @param {number} left seconds
 * @param {boolean} wall
 */
export function countdown(left, wall = false) {
  const until = Date.now() + 1000 * left
  const node = html("p", { class: "clock" })
  const show = () => say(node, wordsOf((until - Date.now()) / 1000, wall))
  const timer = setInterval(() => (node.isConnected ? show() : clearInterval(timer)), TICK)
  show()
  return node
}
