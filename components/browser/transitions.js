// @ts-check
// Two fixes for Plotly charts: an old chart stays visible until the new one is drawn, and touching a chart scrolls.
// Streamlit mounts a Plotly chart again whenever its figure changes, whatever its key (streamlit #8782), and the page
// is blank in between. So a picture of the old chart covers the new one until that is drawn, if the chart has a key.
// Plotly handles every touch as a drag, which blocks scrolling. The handler below keeps touches from it, and a tap is
// still a click.
import { targetOf } from "./dom.js"

const LONGEST = 5000 // milliseconds for which a picture stays

/** @param {Element} element */
const keyOf = (element) => [...element.classList].find((name) => name.startsWith("st-key-"))

/** @param {Element} element */
const isDrawn = (element) => element.querySelector(":--plot-drawing") !== null

/** @param {Element} element */
function pictureOf(element) {
  const picture = document.createElement("div")
  picture.setAttribute("aria-hidden", "true")
  picture.style.cssText = "position: absolute; inset: 0; pointer-events: none"
  /** @type {NodeListOf<SVGElement>} */
  const drawings = element.querySelectorAll(":--plot-drawing")
  for (const drawing of drawings) {
    const copy = /** @type {SVGElement} */ (drawing.cloneNode(true))
    copy.style.cssText += "; position: absolute; inset: 0"
    picture.append(copy)
  }
  return picture
}

/**
 * Covers `next` with a picture of `old` until it is drawn.
 * @param {Element} old
 * @param {HTMLElement} next
 */
function cover(old, next) {
  const picture = pictureOf(old)
  next.style.position = "relative"
  next.append(picture)
  const watch = new MutationObserver(() => {
    if (next.querySelector(":--plot :--plot-drawing")) leave()
  })
  const leave = () => {
    watch.disconnect()
    picture.remove()
  }
  watch.observe(next, { childList: true, subtree: true })
  setTimeout(leave, LONGEST)
}

const replaced = new MutationObserver((records) => {
  for (const { target, addedNodes, removedNodes } of records) {
    for (const node of [...addedNodes, ...removedNodes]) {
      const name = node instanceof Element && target instanceof Element && keyOf(node)
      if (!name) continue
      const same = [...target.children].filter((other) => other.classList.contains(name))
      const next = same.find((other) => !isDrawn(other))
      const old = [...same, node].find(isDrawn)
      if (next instanceof HTMLElement && old) cover(old, next)
    }
  }
})
replaced.observe(document, { childList: true, subtree: true })

/** @param {Event} event */
function onTouchStart(event) {
  if (targetOf(event)?.closest(":--plot :--plot-drag")) event.stopPropagation()
}
document.addEventListener("touchstart", onTouchStart, { capture: true, passive: true })
