// @ts-check
// A panel that a button opens (Streamlit's popover) stands at the end of the document, far from its button. So the focus
// is moved there. Streamlit returns it to the button when Escape closes the panel.
import { targetOf } from "./dom.js"

/** @type {HTMLElement | null} */
let open = null

function follow() {
  /** @type {HTMLElement | null} */
  const panel = document.querySelector(":--popover-panel")
  if (panel && panel !== open) {
    panel.tabIndex = -1
    panel.focus({ preventScroll: true })
  }
  open = panel
}
new MutationObserver(follow).observe(document, { childList: true, subtree: true })

// A link to another page closes the panel that it is in, which would stay on that page. Streamlit handles the click
// first.
document.addEventListener("click", (event) => {
  if (!targetOf(event)?.closest(":--popover-panel :--page-link")) return
  /** @type {HTMLElement | null} */
  const button = document.querySelector(":--popover-button[aria-expanded=true]")
  button?.click()
})
