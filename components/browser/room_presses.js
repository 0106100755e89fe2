// @ts-check
// The host's presses: a key that is held, a double click and a double press lead on only once. Space presses the button
// that has the focus and nothing else. Streamlit's shortcuts listen on the document, and its buttons on the root of the
// page. This script listens on the body: to keys before the document does, and to clicks before the root does.
const KEYS = new Set([" ", "u", "h", "q"])
const PRESSABLE = "a, button, input, label, summary, [role=button], [role=combobox], [role=option], [role=switch]"
const LEADS = ".st-key-room-host-lead button"
const AGAIN = 400 // milliseconds in which a second press of a key is part of the first
let last = -AGAIN
let leave = () => {}

/** @param {Event} event */
function isSecondPress(event) {
  const within = event.timeStamp - last < AGAIN
  last = event.timeStamp
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
  if (!event.repeat && !(space && pressable) && !(leads && isSecondPress(event))) return
  event.stopPropagation()
  if (leads) event.preventDefault() // a held Space would scroll the page
}

/**
 * `detail` counts the clicks of a pointer, and is 0 where a key has pressed the button.
 * @param {MouseEvent} event
 */
function onClick(event) {
  if (!closest(event, LEADS) || (event.detail > 0 ? event.detail < 2 : !isSecondPress(event))) return
  event.stopPropagation()
  event.preventDefault()
}

/**
 * Streamlit calls the returned function when the component is gone, but not before it renders again with other data or
 * in another theme.
 * @type {Renderer<{ keys: boolean }>}
 */
export const roomPresses = ({ data }) => {
  leave()
  const ending = new AbortController()
  const { signal } = ending
  document.body.addEventListener("keydown", (event) => onKeyDown(event, data.keys), { signal })
  document.body.addEventListener("click", onClick, { capture: true, signal })
  leave = () => ending.abort()
  return () => leave()
}
