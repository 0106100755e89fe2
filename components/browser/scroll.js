// @ts-check
// The back button leads to the place where the visitor was. Streamlit's pages scroll in an element of their own, for
// which browsers do not keep it. So it is kept in the entry of the history.
import { targetOf } from "./dom.js"

const REST = 150 // milliseconds without scrolling
// Milliseconds between tries, the number of them after which the page has come to rest, and that of all.
const EVERY = 50
const STILL = 20
const TRIES = 200

/** @type {number | undefined} */
let resting
/** @type {number | undefined} */
let returning

const scroller = () => document.querySelector(":--main")

function keep() {
  const { state } = window.history
  const top = scroller()?.scrollTop
  if (returning || top === undefined || state?.top === top) return
  window.history.replaceState({ ...state, top }, "")
}

function stop() {
  clearInterval(returning)
  returning = undefined
}

/**
 * Scrolls to `top` as soon as the page is that long, and until it has been drawn.
 * @param {number} top
 */
function scrollBack(top) {
  let [still, left] = [STILL, TRIES]
  returning = setInterval(() => {
    const main = scroller()
    const there = main && Math.abs(main.scrollTop - top) < 1
    still = there && document.querySelector(":--drawn-app") ? still - 1 : STILL
    if (!still || !left--) stop()
    else if (!there) main?.scrollTo(0, top)
  }, EVERY)
}

window.addEventListener("popstate", ({ state }) => {
  stop()
  if (state?.top !== undefined) scrollBack(state.top)
})
for (const type of ["pointerdown", "keydown", "wheel", "touchmove"]) document.addEventListener(type, stop, true)

document.addEventListener("click", (event) => targetOf(event)?.closest("a") && keep(), true)
/** @param {Event} event */
function onScroll({ target }) {
  if (target !== scroller()) return
  clearTimeout(resting)
  resting = setTimeout(keep, REST)
}
document.addEventListener("scroll", onScroll, { capture: true, passive: true })
