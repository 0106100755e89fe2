// @ts-check
// A press that begins on a button counts even if the page moves the button before the pointer is released. A press
// takes the focus from a field, and the entry in that field may change what is above the button. The browser sends the
// click to the common ancestor of the elements at press and release, so the button would not get it.
import { keyOf } from "./dom.js"

/** Without buttons of lists, which open already when the pointer goes down. */
const PRESSABLE = ":is(button, summary, a[href], label):not([aria-haspopup=listbox])"
const STILL = 6 // pixels that a pointer may move during a press

/**
 * `root` is the document, or the root of the component that has the element.
 * @typedef {object} Press
 * @property {HTMLElement} element
 * @property {Document | ShadowRoot} root
 * @property {string} key
 * @property {string | null} words
 * @property {boolean} byMouse
 * @property {number} x
 * @property {number} y
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
    byMouse: event.pointerType === "mouse",
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

/**
 * Ends the press, and returns its button; undefined if the pointer has moved, or if `event` is not a first click. The
 * second click of a double click counts only where it hits. A click by a key or a script has a `detail` of 0.
 * @param {MouseEvent} event
 */
function ended(event) {
  if (!begun || !event.isTrusted || event.detail !== 1) return undefined
  const still = Math.hypot(event.clientX - begun.x, event.clientY - begun.y) <= STILL
  const button = still ? pressed(begun) : undefined
  begun = undefined
  return button
}

/** @param {HTMLElement} button */
function press(button) {
  // A label of Streamlit's ignores the click of a script.
  const target = (button instanceof HTMLLabelElement && button.control) || button
  target.click()
}

/**
 * Presses the button that took the place of a removed one. For a mouse, browsers then send no click; a finger's click
 * goes to what is there when the finger is lifted.
 * @param {MouseEvent} event
 */
function onMouseUp(event) {
  if (!begun?.byMouse || begun.element.isConnected) return
  const button = ended(event)
  if (button) press(button)
}

/** @param {MouseEvent} event */
function onClick(event) {
  const button = ended(event)
  if (!button || event.composedPath().includes(button)) return
  event.stopPropagation()
  event.preventDefault()
  press(button)
}

document.addEventListener("pointerdown", begin, true)
document.addEventListener("mouseup", onMouseUp, true)
document.addEventListener("click", onClick, true)
