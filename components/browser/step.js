// @ts-check
// A step of a lesson. The button that a visitor presses there is gone, or belongs to another step, when the page is drawn
// again. So the focus goes to what they asked for: the heading of the next step, the status of the result, or the reason.

const TARGETS = { kept: ".st-key-learn-status", why: ".st-key-learn-reason h3" }
// The buttons that lead to another step. If one is drawn anew, it gets the focus of the one that was pressed (`focus.js`).
const LEAVE = ".st-key-learn-leave"
// Milliseconds between tries, and their number: late elements replace others.
const EVERY = 50
const TRIES = 400
// After this many tries without a heading, the step drawn before counts as the current one: Streamlit may draw an old
// step once more after the new one.
const LATE = 6

/**
 * `title` is the class of the container of the heading, and `stage` says how far the visitor is.
 * @typedef {{ title: string, stage: "ask" | "kept" | "why" }} Step
 */

/** @type {Step | undefined} */
let before
/** @type {number | undefined} */
let timer

/** @param {Step} step */
const headingOf = (step) => `.${CSS.escape(step.title)} :is(h1, h2)`

/**
 * @param {string} selector
 * @param {boolean} top whether the page begins there
 * @param {Step} [last] the step before
 */
function moveFocus(selector, top, last) {
  clearInterval(timer)
  const main = document.querySelector(":--main")
  if (top) main?.scrollTo(0, 0)
  const from = document.activeElement
  if (from?.closest(":--sidebar")) return // arrow keys go through the steps there
  let left = TRIES
  let placed = false
  const look = () => {
    /** @type {HTMLElement | null} */
    let node = document.querySelector(selector)
    if (!node && last && left < TRIES - LATE) {
      node = document.querySelector(headingOf(last))
      if (node) before = last
    }
    const now = document.activeElement
    // The button that was pressed, or the one in its place, may have the focus only until the target has had it.
    const waits = now === document.body || now === node || (!placed && (now === from || now?.closest(LEAVE)))
    if (!left-- || !waits) return clearInterval(timer)
    if (!node || node === now) return undefined
    placed = true
    node.tabIndex = -1
    node.focus({ preventScroll: top })
    if (top) main?.scrollTo(0, 0)
    return undefined
  }
  timer = setInterval(look, EVERY)
  look()
}
for (const type of ["pointerdown", "keydown", "wheel"])
  document.addEventListener(type, () => clearInterval(timer), true)

/** @type {Renderer<Step>} */
export const step = ({ data }) => {
  const last = before
  before = data
  if (!last || (last.title === data.title && last.stage === data.stage)) return undefined
  if (last.title !== data.title || data.stage === "ask") moveFocus(headingOf(data), true, last)
  else moveFocus(TARGETS[data.stage], false)
  return undefined
}
