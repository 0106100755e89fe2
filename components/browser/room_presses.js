// @ts-check
// The host's presses: a held key, a double click or a double press of a button advances the room once. Space
// presses the button that has the focus and nothing else. Streamlit's shortcuts listen on the document, and its buttons
// on the root of the page. This script listens on the body: to keys before the document does, and to clicks before the
// root does.
import { keyOf } from "./dom.js"
import { rendererOf } from "./view.js"

const KEYS = new Set([" ", "u", "h", "q"])
const PRESSABLE = "a, button, input, label, summary, [role=button], [role=combobox], [role=option], [role=switch]"
const LEADS = ".st-key-room-host-lead button"
/** The coloured button, by its key: Space presses it, whatever its label is now. */
const NEXT = "st-key-room-next"
const AGAIN = 400 // milliseconds in which a second press of the same button is part of the first
const last = { at: -AGAIN, key: "" }

/**
 * @param {Event} event
 * @param {string} key the key of the button that is pressed
 */
function isSecondPress(event, key) {
  const another = event.timeStamp !== last.at // while the page is drawn anew, two components may see the same event
  const within = another && key === last.key && event.timeStamp - last.at < AGAIN
  Object.assign(last, { at: event.timeStamp, key })
  return within
}

/**
 * @param {Event} event
 * @param {string} selector
 */
function closest(event, selector) {
  const [target] = event.composedPath()
  return target instanceof Element ? target.closest(selector) : null
}

/**
 * @param {KeyboardEvent} event
 * @param {boolean} keys whether keys press the buttons that name them
 */
function onKeyDown(event, keys) {
  if (event.key === "Enter" && event.repeat && closest(event, "button")) event.preventDefault()
  if (!keys || !KEYS.has(event.key.toLowerCase())) return
  const space = event.key === " "
  const pressable = closest(event, PRESSABLE)
  const leads = space && !pressable
  if (!event.repeat && !(space && pressable) && !(leads && isSecondPress(event, NEXT))) return
  event.stopPropagation()
  if (leads) event.preventDefault() // a held Space would scroll the page
}

/**
 * Stops a second press of a button that leads on. `detail` counts the clicks of a pointer, and is 0 for a key.
 * @param {MouseEvent} event
 */
function onClick(event) {
  const button = closest(event, LEADS)
  if (!button || (event.detail > 0 ? event.detail < 2 : !isSecondPress(event, keyOf(button)))) return
  event.stopPropagation()
  event.preventDefault()
}

/** @type {Renderer<{ keys: boolean }>} */
export const roomPresses = rendererOf(() => {
  const ending = new AbortController()
  const { signal } = ending
  let keys = false
  document.body.addEventListener("keydown", (event) => onKeyDown(event, keys), { signal })
  document.body.addEventListener("click", onClick, { capture: true, signal })
  return {
    update({ data }) {
      keys = data.keys
    },
    leave: () => ending.abort(),
  }
})
