// @ts-check
// The host's presses: a held key or a double click advances the room once. Space presses the button that has the focus
// and nothing else. Streamlit's shortcuts listen on the document, and its buttons on the root of the page. This script
// listens on the body: to keys before the document does, and to clicks before the root does.
import { rendererOf } from "./view.js"

const KEYS = new Set([" ", "u", "h", "q"])
const PRESSABLE = "a, button, input, label, summary, [role=button], [role=combobox], [role=option], [role=switch]"
const LEADS = ".st-key-room-host-lead button"

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
  const elsewhere = event.key === " " && closest(event, PRESSABLE)
  if (!event.repeat && !elsewhere) return
  event.stopPropagation()
  if (event.key === " " && !elsewhere) event.preventDefault() // a held Space would scroll the page
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (event.detail < 2 || !closest(event, LEADS)) return
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
