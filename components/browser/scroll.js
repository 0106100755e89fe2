// @ts-check
// The back button leads to the place where the visitor was. Streamlit's pages scroll in an element of their own, for
// which browsers do not keep it. So it is kept in the entry of the history.
import { targetOf } from "./dom.js"

const EVERY = 50 // milliseconds between tries: the page becomes longer while it is drawn
const TRIES = 100

/** @type {number | undefined} */
let returning

const scroller = () => document.querySelector(":--main")

function keep() {
  const top = scroller()?.scrollTop
  if (!returning && top !== undefined) history.replaceState({ ...history.state, top }, "")
}

function stop() {
  clearInterval(returning)
  returning = undefined
}

window.addEventListener("popstate", ({ state }) => {
  stop()
  if (state?.top === undefined) return
  let left = TRIES
  returning = setInterval(() => {
    scroller()?.scrollTo(0, state.top)
    if (!left--) stop()
  }, EVERY)
})
for (const type of ["pointerdown", "keydown", "wheel", "touchmove"]) document.addEventListener(type, stop, true)
document.addEventListener("click", (event) => targetOf(event)?.closest("a") && keep(), true)
document.addEventListener("scrollend", ({ target }) => target === scroller() && keep(), true)
