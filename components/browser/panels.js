// @ts-check
// A panel that a button opens (Streamlit's popover) stands at the end of the document, far from its button. So this
// module moves the focus into the panel and keeps it there. Arrow keys move the focus, and it returns to the button
// when the panel closes. Streamlit's dialogs do all of this themselves.
import { targetOf } from "./dom.js"

const BUTTON = ":--popover-button"
const PANEL = ":--popover-panel"
const ENTRIES = "button, a[href], summary, input, select, textarea, [tabindex]"
/** Elements that use the arrows themselves. */
const OWN_ARROWS =
  "input:not([type=checkbox], [readonly]), select, textarea, [role=slider], [role=combobox], [role=grid], canvas"
// Milliseconds: the content of a panel comes from the server in several parts.
const EVERY = 50
const PATIENCE = 10_000

/**
 * The panel, its button, the entry that has the focus until the visitor acts, and the timer that gives it.
 * @typedef {{ panel: HTMLElement, button: HTMLElement, first?: HTMLElement, timer?: number }} Open
 */

/** @type {Open | undefined} */
let open

function focusedElement() {
  let node = document.activeElement
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  return node
}

/** @param {Node | null} node */
function isInside(node) {
  for (let at = node; at; at = at.parentNode ?? (at instanceof ShadowRoot ? at.host : null)) {
    if (at === open?.panel) return true
  }
  return false
}

/**
 * The entries in the order of the page, also those of our own components, which have shadow roots.
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
function entries(root) {
  return [...root.querySelectorAll("*")].flatMap((node) => [
    ...(node instanceof HTMLElement && node.matches(ENTRIES) && isTabStop(node) ? [node] : []),
    ...(node.shadowRoot ? entries(node.shadowRoot) : []),
  ])
}

/**
 * The group of a radio button.
 * @param {Element} node
 */
const group = (node) => node.closest("[type=radio], [role=radio]") && node.closest("[role=radiogroup]")

/**
 * Whether the Tab key stops at `node`. Of a group of radio buttons, only one is a stop.
 * @param {HTMLElement} node
 */
function isTabStop(node) {
  if (node.matches(":disabled") || node.tabIndex < 0 || !node.getClientRects().length) return false
  const radios = group(node)
  return !radios || node === (radios.querySelector(":checked, [aria-checked=true]") ?? radios.querySelector(ENTRIES))
}

/**
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 */
function enter(panel, button) {
  clearInterval(open?.timer)
  /** @type {Open} */
  const mine = { panel, button }
  open = mine
  panel.tabIndex = -1
  panel.focus({ preventScroll: true }) // so that its name is read, also while it has no entries
  const until = Date.now() + PATIENCE
  mine.timer = setInterval(() => {
    const at = focusedElement()
    const first = entries(panel)[0]
    if (Date.now() > until || ![panel, mine.first, button, document.body].some((node) => node === at)) {
      clearInterval(mine.timer)
    } else if (first && first !== at) {
      mine.first = first
      first.focus({ preventScroll: true })
    }
  }, EVERY)
  const gone = new MutationObserver(() => {
    if (panel.isConnected) return
    gone.disconnect()
    clearInterval(mine.timer)
    if (open === mine) open = undefined
    if (document.activeElement === document.body && button.isConnected) button.focus({ preventScroll: true })
  })
  gone.observe(document.body, { childList: true, subtree: true })
}

for (const type of ["pointerdown", "keydown"]) {
  document.addEventListener(type, () => clearInterval(open?.timer), true)
}

// Runs before Streamlit reacts. A button whose panel is open closes it.
function onClick(/** @type {Event} */ event) {
  /** @type {HTMLElement | null | undefined} */
  const button = targetOf(event)?.closest(BUTTON)
  if (!button || button.getAttribute("aria-expanded") === "true") return
  const coming = new MutationObserver(() => {
    /** @type {NodeListOf<HTMLElement>} */
    const panels = document.querySelectorAll(PANEL)
    const panel = [...panels].find((found) => found !== open?.panel)
    if (!panel) return
    coming.disconnect()
    enter(panel, button)
  })
  coming.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => coming.disconnect(), PATIENCE)
}
document.addEventListener("click", onClick, true)

// A link to another page closes the panel that it is in, which would stay on that page. Streamlit handles the click
// first.
document.addEventListener("click", (event) => {
  const link = targetOf(event)?.closest(":--page-link")
  if (link && isInside(link) && open?.button.getAttribute("aria-expanded") === "true") open.button.click()
})

/**
 * The place to which a key leads among `count` entries, undefined if it leads nowhere.
 * @param {KeyboardEvent} event
 * @param {number} place that of the focus, -1 if no entry has it
 * @param {number} count
 * @param {boolean} ownArrows
 */
function leadsTo({ key, shiftKey }, place, count, ownArrows) {
  const last = count - 1
  if (key === "Tab" && (shiftKey ? place <= 0 : place === last)) return shiftKey ? last : 0
  if (ownArrows || shiftKey) return undefined
  if (key === "ArrowDown") return place === last ? 0 : place + 1
  if (key === "ArrowUp") return place <= 0 ? last : place - 1
  return undefined
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  const at = open && focusedElement()
  if (!open || !at || !isInside(at) || event.ctrlKey || event.metaKey || event.altKey) return
  const all = entries(open.panel)
  const own = group(at)
  const place = all.findIndex((entry) => entry === at || (own && own === group(entry)))
  const next = leadsTo(event, place, all.length, at.matches(OWN_ARROWS))
  if (next === undefined || !all[next]) return
  event.preventDefault()
  event.stopPropagation() // a group of radio buttons would take the focus back
  all[next].focus()
}
document.addEventListener("keydown", onKeyDown, true)
