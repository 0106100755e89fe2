// @ts-check
// A press that begins on a button counts even if the page moves the button before the pointer is released. A press
// takes the focus from a field, and the entry in that field may change what is above the button. The browser sends the
// click to the common ancestor of the elements at press and release, so the button would not get it.

/** Without buttons of lists, which open already when the pointer goes down. */
const PRESSABLE = ":is(button, summary, a[href], label):not([aria-haspopup=listbox])"
const STILL = 6 // pixels that a pointer may move during a press

/** @type {{ element: HTMLElement, words: string | null, x: number, y: number } | undefined} */
let begun

document.addEventListener(
  "pointerdown",
  (event) => {
    const [target] = event.composedPath() // in a component, too
    /** @type {HTMLElement | null} */
    const element = target instanceof Element ? target.closest(PRESSABLE) : null
    const { clientX: x, clientY: y } = event
    begun = element && event.isPrimary && !event.button ? { element, words: element.textContent, x, y } : undefined
  },
  true,
)

// The second click of a double click counts only where it hits. A click by a key or a script has a `detail` of 0.
document.addEventListener(
  "click",
  (event) => {
    if (!begun || !event.isTrusted || event.detail !== 1) return
    const { element, words, x, y } = begun
    begun = undefined
    if (Math.hypot(event.clientX - x, event.clientY - y) > STILL || event.composedPath().includes(element)) return
    if (!element.isConnected || element.textContent !== words) return // another button has its place
    event.stopPropagation()
    event.preventDefault()
    // A label of Streamlit's ignores the click of a script.
    const pressed = (element instanceof HTMLLabelElement && element.control) || element
    pressed.click()
  },
  true,
)
