// @ts-check
// A pressed button is often redrawn, disabled until its work is done, or replaced by a result. It gets the focus back
// when it can be pressed again, unless the visitor has moved on. Until then the focus is nearby (`nearby`), and on
// another page on its title.
import { targetOf } from "./dom.js"

const FOCUSABLE = "button, a[href], summary, input, [tabindex='0']"
const HEADING = ":is(h1, h2, h3)"
const ROW = ":--horizontal-block"
const NEAR = 500 // milliseconds to wait for a result or a progress bar

/**
 * The element that was focused last, how to find it when it is drawn anew, and whether it lost the focus. `near` is the
 * element that has the focus in its place.
 * @typedef {object} Last
 * @property {HTMLElement} element
 * @property {string[]} keys the classes of the containers around it, from the inside
 * @property {Element[]} rows
 * @property {Element[]} headings those before it, from the nearest
 * @property {Element | null} main
 * @property {string} path of the page
 * @property {string} name
 * @property {boolean} byKey
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

/**
 * Whether a link of the page has led to another page. Those in the strip are on each page, and keep the focus.
 * @param {Last} last
 */
const left = ({ element, main, path }) =>
  main !== null && window.location.pathname !== path && !element.closest(".st-key-frame-pages")

/**
 * Whether nothing that the visitor chose has the focus. A disabled button has it until the next frame.
 * @param {Last} last
 */
function focusIsAway({ element, near, lost }) {
  const at = document.activeElement
  return at === document.body || at === near || (lost && at === element)
}

document.addEventListener("focusin", (event) => {
  const target = targetOf(event)
  if (!target || target === last?.near) return
  const isKept = target.matches(FOCUSABLE) || target.shadowRoot // one of our components, in which something has it
  last = target instanceof HTMLElement && isKept ? describe(target) : undefined
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
  const main = element.closest(":--main")
  const before = (/** @type {Element} */ node) =>
    node.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING
  const headings = [...(main?.querySelectorAll(HEADING) ?? [])].filter(before).reverse()
  const { pathname: path } = window.location
  const byKey = element.matches(":focus-visible")
  return { element, keys, rows, headings, main, path, name: nameOf(element), byKey, lost: false }
}

function refocus() {
  if (!last) return
  last.lost ||= disabled(last.element) || !last.element.isConnected || left(last)
  if (!last.lost || !focusIsAway(last)) return
  const { element, keys, name } = last
  const others = keys.length ? document.querySelectorAll(`.${CSS.escape(keys[0])} :is(${FOCUSABLE})`) : []
  const isSame = (/** @type {Element} */ other) => name && nameOf(other) === name && isShown(other)
  const found = element.isConnected ? element : [...others].find(isSame)
  if (found instanceof HTMLElement && !disabled(found) && !left(last)) found.focus({ preventScroll: true })
  else if (document.activeElement !== last.near || last.near?.matches("button")) {
    if (!nearing) nearing = setTimeout(approach, NEAR)
  }
}

function approach() {
  nearing = undefined
  if (!last?.lost || !focusIsAway(last)) return
  const near = nearby(last)
  if (!(near instanceof HTMLElement) || near === document.activeElement) return
  if (!near.matches(FOCUSABLE)) near.tabIndex = -1
  last.near = near
  near.focus({ preventScroll: !last.byKey }) // whoever uses a pointer looks at another place
}

/**
 * What gets the focus while the element cannot have it: a progress bar or a button beside it. If the element is gone, the
 * heading of the part of the page around it, or the heading before.
 * @param {Last} last
 * @returns {Element | null | undefined}
 */
function nearby(last) {
  if (left(last)) return document.querySelector(`:--main ${HEADING}`)
  const { element, keys, rows, headings, main } = last
  const buttons = rows.flatMap((row) => [...row.querySelectorAll("button:enabled")])
  const aside = main?.querySelector("[role=progressbar]") ?? buttons.find(isShown)
  if (element.isConnected) return aside
  const around = keys.map((key) => document.querySelector(`.${CSS.escape(key)} ${HEADING}`)).find(Boolean)
  return around ?? aside ?? headings.find((heading) => heading.isConnected)
}

/**
 * Whether an element is shown. Streamlit draws a button with help twice, and shows one of the two.
 * @param {Element} node
 */
const isShown = (node) => node.getClientRects().length > 0

new MutationObserver(refocus).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["disabled"],
})
