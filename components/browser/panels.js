// @ts-check
// A panel that a button opens (Streamlit's popover) stands at the end of the document, far from its button. So this
// module moves the focus to the panel, keeps it there, and returns it to the button when the panel closes. Streamlit's
// dialogs do all of this themselves.
import { targetOf } from "./dom.js"

/** @type {{ panel: HTMLElement, button: HTMLElement } | undefined} */
let open

function follow() {
  if (open && !open.panel.isConnected) {
    if (document.activeElement === document.body) open.button.focus({ preventScroll: true })
    open = undefined
  }
  if (open) return
  /** @type {HTMLElement | null} */
  const panel = document.querySelector(":--popover-panel")
  /** @type {HTMLElement | null} */
  const button = document.querySelector(":--popover-button[aria-expanded=true]")
  if (!panel || !button) return
  open = { panel, button }
  panel.tabIndex = -1
  panel.focus({ preventScroll: true })
}
new MutationObserver(follow).observe(document, { childList: true, subtree: true })

// Before its first entry and after its last one, the Tab key leads to the panel itself.
document.addEventListener("keyup", ({ key }) => {
  if (key === "Tab" && document.activeElement?.closest(":--app")) open?.panel.focus()
})

// A link to another page closes the panel that it is in, which would stay on that page. Streamlit handles the click
// first.
document.addEventListener("click", (event) => {
  const link = targetOf(event)?.closest(":--page-link")
  if (link && open?.panel.contains(link) && open.button.getAttribute("aria-expanded") === "true") open.button.click()
})
