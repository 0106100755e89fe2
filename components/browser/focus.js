// @ts-check
// A pressed button is often disabled until its work is done, drawn anew, or replaced by a result. It gets the focus back
// when it can be pressed again, unless the visitor has moved on. Until then the focus is on a progress bar, on a button
// beside it, on the heading of its part of the page or on what stands in its place, and on another page on its title.
import { targetOf } from "./dom.js"

const FOCUSABLE = ":is(button, a[href], summary, input, [tabindex='0']):not(:disabled)"
const HEADING = ":is(h1, h2, h3)"
const ROW = ":--horizontal-block"
const NEAR = 500 // milliseconds to wait for a result or a progress bar

/**
 * The element that was focused last, what is around it and the classes of their keys, from the inside, and whether it lost
 * the focus.
 * `near` has the focus in its place. What is not `ours` is on every page, or over it, and keeps the focus.
 * @typedef {{ element: HTMLElement, around: Element[], keys: string[], row: Element | null, ours: boolean, path: string, name: string,
 *   byKey: boolean, lost: boolean, near?: HTMLElement }} Last
 */
/** @type {Last | undefined} */
let last
/** @type {number | undefined} */
let nearing

/** @param {Element} element */
const nameOf = (element) => element.getAttribute("aria-label") || element.textContent || ""

/**
 * The first of these elements that is shown. Streamlit draws a button with help twice, and shows one of the two.
 * @param {Iterable<Element>} nodes
 */
const shown = (nodes) => [...nodes].find((node) => node.getClientRects().length > 0)

/**
 * Whether a link has led to another page.
 * @param {Last} last
 */
const left = ({ ours, path }) => ours && location.pathname !== path

/**
 * Whether nothing that the visitor chose has the focus. A disabled button has it until the next frame.
 * @param {Last} last
 */
const focusIsAway = ({ element, near, lost }) =>
  [document.body, near, lost && element].includes(/** @type {HTMLElement} */ (document.activeElement))

document.addEventListener("focusin", (event) => {
  const target = targetOf(event)
  if (!(target instanceof HTMLElement) || target === last?.near) return
  last = undefined
  if (!target.matches(FOCUSABLE) && !target.shadowRoot) return
  const [keys, around] = [/** @type {string[]} */ ([]), /** @type {Element[]} */ ([])]
  for (let at = /** @type {Element | null} */ (target); at; at = at.parentElement) {
    keys.push(...[...at.classList].filter((name) => name.startsWith("st-key-")))
    around.push(at)
  }
  const ours = target.closest(":--main") !== null && !keys.includes("st-key-frame-pages")
  const byKey = target.matches(":focus-visible")
  const { pathname: path } = location
  last = {
    element: target,
    around,
    keys,
    row: target.closest(ROW),
    ours,
    path,
    name: nameOf(target),
    byKey,
    lost: false,
  }
})

// A press elsewhere removes the focus on purpose.
document.addEventListener("pointerdown", (event) => {
  if (last && !last.element.contains(targetOf(event))) last = undefined
})

function refocus() {
  if (!last) return
  const { element, keys, name, near } = last
  last.lost ||= element.matches(":disabled") || !element.isConnected || left(last)
  if (!last.lost || !focusIsAway(last)) return
  const others = keys.length ? document.querySelectorAll(`.${CSS.escape(keys[0])} ${FOCUSABLE}`) : []
  const again = element.isConnected ? element : shown([...others].filter((other) => name && nameOf(other) === name))
  if (again instanceof HTMLElement && again.matches(":not(:disabled)") && !left(last)) {
    again.focus({ preventScroll: true })
  } else if (!nearing && (document.activeElement !== near || near?.matches("button"))) {
    nearing = setTimeout(approach, NEAR)
  }
}

function approach() {
  nearing = undefined
  if (!last?.lost || !focusIsAway(last)) return
  const { element, around, keys, row, byKey } = last
  const aside =
    document.querySelector(":--main [role=progressbar]") ?? shown(row?.querySelectorAll("button:enabled") ?? [])
  const heading = keys.map((key) => document.querySelector(`.${CSS.escape(key)} ${HEADING}`)).find(Boolean)
  const place = heading ?? aside ?? around.find(({ isConnected }) => isConnected)
  const title = left(last) && document.querySelector(`:--main ${HEADING}`)
  const near = title || (element.isConnected ? aside : place)
  if (!(near instanceof HTMLElement) || near === document.activeElement) return
  if (!near.matches(FOCUSABLE)) near.tabIndex = -1
  last.near = near
  near.focus({ preventScroll: !byKey }) // whoever uses a pointer looks at another place
}

new MutationObserver(refocus).observe(document, { subtree: true, childList: true, attributeFilter: ["disabled"] })
