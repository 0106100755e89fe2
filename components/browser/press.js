// @ts-check
// A press that begins on a button counts, also if the page moves the button before the pointer is released. A press
// takes the focus from a field, and the entry of that field then changes what stands above the button. The browser
// sends the click to what the old and the new place have in common, so the button would not hear of it.

/** What opens something when the pointer goes down has heard of the press already. */
const PRESSABLE = ":is(button, summary, a[href], label):not([aria-haspopup], [aria-expanded])"
const STILL = 6 // pixels that a pointer may move during a press

/** @type {{ element: HTMLElement, words: string | null, x: number, y: number } | undefined} */
let begun

/** @param {PointerEvent} event */
function begin(event) {
  const [target] = event.composedPath() // in a component, too
  /** @type {HTMLElement | null} */
  const element = target instanceof Element ? target.closest(PRESSABLE) : null
  const { clientX: x, clientY: y } = event
  begun = element && event.isPrimary && !event.button ? { element, words: element.textContent, x, y } : undefined
}

/** @param {MouseEvent} event */
function redirect(event) {
  if (!begun || !event.isTrusted || !event.detail) return // a key or a script clicks
  const { element, words, x, y } = begun
  begun = undefined
  const isAway = element.isConnected && element.textContent === words && !event.composedPath().includes(element)
  if (!isAway || Math.hypot(event.clientX - x, event.clientY - y) > STILL) return
  event.stopPropagation()
  event.preventDefault()
  element.click()
}

document.addEventListener("pointerdown", begin, true)
document.addEventListener("click", redirect, true)
