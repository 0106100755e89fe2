// @ts-check
// A pressed button is often redrawn, disabled until its work is done, or replaced by a result. It gets the focus back
// when it can be pressed again, unless the visitor has moved on. Until then the focus is nearby: on the progress bar,
// on the heading of the part of the page around the button, or on a button beside it.
import { targetOf } from "./dom.js"

const FOCUSABLE = "button, a[href], summary, input, [tabindex='0']"
const ROW = ":--horizontal-block"
const NEAR = 500 // milliseconds to wait for a result or a progress bar

/**
 * The element that was focused last, how to find it when it is drawn anew, and whether it lost the focus. `near` is the
 * element that has the focus in its place.
 * @typedef {object} Last
 * @property {HTMLElement} element
 * @property {string[]} keys the classes of the containers around it, from the inside
 * @property {Element[]} rows
 * @property {Element | null} main
 * @property {string} name
 * @property {boolean} lost
 * @property {HTMLElement} [near]
 */

/** @type {Last | undefined} */
let last
/** @type {number | undefined} */
let nearing

/** @param {Element} element */
const nameOf = (element) => element.getAttribute("aria-label") || element.textContent || ""

/** @param {Element} element */
const disabled = (element) => element.matches(":disabled")

/** @param {Element | null | undefined} element */
const focusIsAway = (element) => document.activeElement === document.body || document.activeElement === element

document.addEventListener("focusin", (event) => {
  const target = targetOf(event)
  if (!target || target === last?.near) return
  last = target instanceof HTMLElement && target.matches(FOCUSABLE) ? describe(target) : undefined
})

// A press elsewhere removes the focus on purpose.
document.addEventListener("pointerdown", (event) => {
  if (last && !last.element.contains(targetOf(event))) last = undefined
})

/**
 * @param {HTMLElement} element
 * @returns {Last}
 */
function describe(element) {
  /** @type {string[]} */
  const keys = []
  /** @type {Element | null | undefined} */
  let block = element
  for (; block; block = block.parentElement?.closest("[class*='st-key-']")) {
    keys.push(...[...block.classList].filter((name) => name.startsWith("st-key-")))
  }
  /** @type {Element[]} */
  const rows = []
  for (let at = element.closest(ROW); at; at = at.parentElement?.closest(ROW) ?? null) rows.push(at)
  return { element, keys, rows, main: element.closest(":--main"), name: nameOf(element), lost: false }
}

function refocus() {
  if (!last) return
  last.lost ||= disabled(last.element) || !last.element.isConnected
  if (!last.lost || !focusIsAway(last.near)) return
  const { element, keys, name } = last
  const others = keys.length ? document.querySelectorAll(`.${CSS.escape(keys[0])} :is(${FOCUSABLE})`) : []
  const found = element.isConnected ? element : [...others].find((other) => nameOf(other) === name)
  if (found instanceof HTMLElement && !disabled(found)) found.focus({ preventScroll: true })
  else if (document.activeElement === document.body || last.near?.matches("button")) {
    if (!nearing) nearing = setTimeout(approach, NEAR)
  }
}

function approach() {
  nearing = undefined
  if (!last?.lost || !focusIsAway(last.near)) return
  const bar = last.main?.querySelector("[role=progressbar]")
  const headings = last.keys.map((key) => document.querySelector(`.${CSS.escape(key)} :is(h1, h2, h3)`))
  const rows = last.rows.filter((row) => row.isConnected)
  const beside = rows.map((row) => row.querySelector("button:enabled")).find(Boolean)
  const near = (last.element.isConnected ? [bar, beside] : [...headings, bar, beside]).find(Boolean)
  if (!(near instanceof HTMLElement) || near === document.activeElement) return
  if (near !== beside) near.tabIndex = -1
  last.near = near
  near.focus({ preventScroll: true })
}

new MutationObserver(refocus).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["disabled"],
})
