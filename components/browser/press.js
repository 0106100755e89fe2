// @ts-check
// A press that begins on a button counts, also if the page moves the button before the pointer is released. A press
// takes the focus from a field, and the entry of that field then changes what stands above the button. The browser
// sends the click to what the old and the new place have in common, so the button would not hear of it.
import { keyOf } from "./dom.js"

/** A list opens when the pointer goes down: it has heard of the press already. */
const PRESSABLE = ":is(button, summary, a[href], label):not([aria-haspopup=listbox])"
const STILL = 6 // pixels that a pointer may move during a press

/**
 * `root` is the document, or the root of the component that has the element.
 * @typedef {{ element: HTMLElement, root: Document | ShadowRoot, key: string, words: string | null, x: number, y: number }} Press
 */

/** @type {Press | undefined} */
let begun

/** @param {PointerEvent} event */
function begin(event) {
  const [target] = event.composedPath() // in a component, too
  /** @type {HTMLElement | null} */
  const element = target instanceof Element ? target.closest(PRESSABLE) : null
  begun = undefined
  if (!element || !event.isPrimary || event.button) return
  const root = element.getRootNode()
  begun = {
    element,
    root: root instanceof ShadowRoot ? root : document,
    key: keyOf(element),
    words: element.textContent,
    x: event.clientX,
    y: event.clientY,
  }
}

/**
 * The button that was pressed, or the one that was drawn in its place.
 * @param {Press} press
 * @returns {HTMLElement | undefined}
 */
function pressed({ element, root, key, words }) {
  if (element.isConnected) return element.textContent === words ? element : undefined
  if (!root.isConnected || (root === document && !key)) return undefined
  /** @type {NodeListOf<HTMLElement>} */
  const others = root.querySelectorAll(key ? `.${key} ${PRESSABLE}` : PRESSABLE)
  const [found, ...more] = [...others].filter(({ textContent }) => textContent === words)
  return more.length ? undefined : found
}

/** @param {MouseEvent} event */
function redirect(event) {
  // A key and a script have 0, and the second click of a double click has 2: it counts only where it hits.
  if (!begun || !event.isTrusted || event.detail !== 1) return
  const button = pressed(begun)
  const { x, y } = begun
  begun = undefined
  if (!button || event.composedPath().includes(button)) return
  if (Math.hypot(event.clientX - x, event.clientY - y) > STILL) return
  event.stopPropagation()
  event.preventDefault()
  // A label of Streamlit's ignores the click of a script.
  const target = (button instanceof HTMLLabelElement && button.control) || button
  target.click()
}

document.addEventListener("pointerdown", begin, true)
document.addEventListener("click", redirect, true)
