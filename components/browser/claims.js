// @ts-check
// The cards of Claims: the address says which one is open (`/claims#parameters`). So a link opens a card, and the back
// button closes it. All cards are on the page; the style sheet shows the open one in a row of its own, below its face.
import { targetOf } from "./dom.js"

const FACE = "a.claim-face"
const LINKS = `${FACE}, a.claim-chip`
const BOARD = ".st-key-claims-board"
const STILL = 300 // milliseconds

/**
 * The key of the open card, "" for none; undefined while the page has no cards.
 * @type {string | undefined}
 */
let open
let asked = "" // the key in the address when the page was opened: the app may rewrite the address without it
let entered = true // whether the focus has gone into the open card
/** @type {number | undefined} */
let settling
let arriving = false // whether the page is still drawn that a link with a card has opened: until then no card is seen

const here = () => window.location.pathname + window.location.search
const named = () => window.location.hash.slice(1)

/** @param {string} key */
const cardOf = (key) => document.querySelector(`${BOARD} > * > .st-key-claim-${CSS.escape(key)}`)

/**
 * Opens the card of that claim, if the page has one.
 * @param {string} key
 */
export function openClaim(key) {
  if (!cardOf(key) || open === key) return
  window.history.pushState(null, "", `${here()}#${key}`)
  show(key)
}

function close() {
  window.history.pushState(null, "", here())
  show("")
}

/** @param {string} key */
function show(key) {
  open = key
  entered = !key
  arriving = false
  mark()
}

function mark() {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const faces = document.querySelectorAll(FACE)
  if (!faces.length) {
    open = undefined
    asked = window.location.pathname.endsWith("/claims") ? named() || asked : ""
  } else if (open === undefined) {
    open = named() || asked
    if (!named() && open) window.history.replaceState(window.history.state, "", `${here()}#${open}`)
    entered = !open
    arriving = !entered
  }
  if (arriving) settle()
  document.querySelector(BOARD)?.toggleAttribute("data-arriving", arriving)
  for (const face of faces) {
    const key = face.hash.slice(1)
    const expanded = String(key === open)
    if (face.getAttribute("aria-expanded") !== expanded) face.setAttribute("aria-expanded", expanded)
    cardOf(key)?.parentElement?.toggleAttribute("data-open", key === open)
    if (key === open && !entered && !arriving) enter(face, key)
  }
}

/** Shows the cards once the page is drawn and the open card, whose parts arrive one after the other, has kept still. */
function settle() {
  window.clearTimeout(settling)
  if (!document.querySelector(":--drawn-app") || cardOf(open ?? "")?.querySelector(":--skeleton")) return
  settling = window.setTimeout(() => {
    arriving = false
    mark()
  }, STILL)
}

/**
 * Moves the focus to the heading of the card that was just opened, and scrolls its face to the top.
 * @param {Element} face
 * @param {string} key
 */
function enter(face, key) {
  /** @type {HTMLElement | null | undefined} */
  const heading = cardOf(key)?.querySelector("h2")
  if (!heading) return // it is not drawn yet
  entered = true
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  face.scrollIntoView({ block: "start" })
}

document.addEventListener("click", (event) => {
  const link = targetOf(event)?.closest(LINKS)
  if (!(link instanceof HTMLAnchorElement) || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  const key = link.hash.slice(1)
  if (key !== open) openClaim(key)
  else if (link.matches(FACE)) close()
  else show(key)
})

document.addEventListener("keydown", (event) => {
  const inside = targetOf(event)?.closest(BOARD)
  const inDialog = event.composedPath().some((node) => node instanceof HTMLDialogElement)
  if (event.key !== "Escape" || !open || !inside || inDialog || event.defaultPrevented) return
  const face = [...inside.querySelectorAll(FACE)].find((each) => each.getAttribute("aria-expanded") === "true")
  close()
  if (face instanceof HTMLElement) face.focus()
})

window.addEventListener("popstate", () => {
  if (open !== undefined) show(named())
})

mark()
new MutationObserver((changes) => {
  if (!changes.every(({ target }) => target instanceof SVGElement)) mark()
}).observe(document, { subtree: true, childList: true, attributeFilter: [":--script-state"] })
