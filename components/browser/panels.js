// A panel that a button opens (Streamlit's popover) stands at the end of the document, far from its button. So the focus
// goes into it and stays there, arrows move it, and it goes back to the button when the panel closes. Streamlit's dialogs
// do all of this themselves.
const BUTTON = "[data-testid=stPopoverButton]", PANEL = "[data-testid=stPopoverBody]"
const ENTRIES = "button, a[href], summary, input, select, textarea, [tabindex]"
//: What uses the arrows itself.
const OWN_ARROWS = "input:not([type=checkbox], [readonly]), select, textarea, [role=slider], [role=combobox], [role=grid], canvas"
const EVERY = 50, PATIENCE = 10_000 // milliseconds: what a panel holds comes from the server, not all at once
let open // the panel, its button, the entry that has the focus until the visitor acts, and the timer that gives it

const focused = () => {
  let node = document.activeElement
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  return node
}
const inside = (node) => {
  for (let at = node; at; at = at.parentNode ?? at.host) if (at === open?.panel) return true
  return false
}
// The entries in the order of the page, also those of our own components, which have roots of their own.
function entries(root) {
  return [...root.querySelectorAll("*")].flatMap((node) => [
    ...(node.matches(ENTRIES) && stops(node) ? [node] : []), ...(node.shadowRoot ? entries(node.shadowRoot) : []),
  ])
}
// Of a group of radio buttons, only one is a stop.
const group = (node) => node.closest("[type=radio], [role=radio]") && node.closest("[role=radiogroup]")
function stops(node) {
  if (node.disabled || node.tabIndex < 0 || !node.getClientRects().length) return false
  const radios = group(node)
  return !radios || node === (radios.querySelector(":checked, [aria-checked=true]") ?? radios.querySelector(ENTRIES))
}

function enter(panel, button) {
  clearInterval(open?.timer)
  const mine = open = { panel, button }
  panel.tabIndex = -1
  panel.focus({ preventScroll: true }) // so that its name is read, also while it has no entries
  const until = Date.now() + PATIENCE
  mine.timer = setInterval(() => {
    const at = focused(), first = entries(panel)[0]
    if (Date.now() > until || ![panel, mine.first, button, document.body].includes(at)) return clearInterval(mine.timer)
    if (first && first !== at) (mine.first = first).focus({ preventScroll: true })
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
for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, () => clearInterval(open?.timer), true)

// Before Streamlit reacts: a button whose panel is open closes it.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(BUTTON)
  if (!button || button.getAttribute("aria-expanded") === "true") return
  const coming = new MutationObserver(() => {
    const panel = [...document.querySelectorAll(PANEL)].find((found) => found !== open?.panel)
    if (!panel) return
    coming.disconnect()
    enter(panel, button)
  })
  coming.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => coming.disconnect(), PATIENCE)
}, true)

document.addEventListener("keydown", (event) => {
  const { key, shiftKey } = event, at = open && focused()
  if (!open || !inside(at) || event.ctrlKey || event.metaKey || event.altKey) return
  const all = entries(open.panel), last = all.length - 1
  const place = all.findIndex((entry) => entry === at || (group(at) && group(at) === group(entry)))
  let next
  if (key === "Tab" && (shiftKey ? place <= 0 : place === last)) next = shiftKey ? last : 0
  if (!at.matches(OWN_ARROWS) && !shiftKey) {
    if (key === "ArrowDown") next = place === last ? 0 : place + 1
    if (key === "ArrowUp") next = place <= 0 ? last : place - 1
  }
  if (next === undefined || !all[next]) return
  event.preventDefault()
  event.stopPropagation() // a group of radio buttons would take the focus back
  all[next].focus()
}, true)
