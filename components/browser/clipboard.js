// @ts-check
// Copies a text, also where the browser has no clipboard for scripts.
import { html } from "./svg.js"

/**
 * Copies a text. Returns whether the browser has copied it.
 *
 * Outside https and localhost a browser has no clipboard for scripts, but it still copies what is selected: a field
 * that is in `place` for a moment. Selecting takes the focus, which goes back to where it was.
 * @param {string} text
 * @param {Place} place
 */
export async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const root = place.getRootNode()
    const focused = (root instanceof ShadowRoot ? root.activeElement : null) ?? document.activeElement
    const field = html("textarea", { readonly: "", style: "position: fixed; top: 0; left: 0; opacity: 0" })
    field.value = text
    place.append(field)
    field.focus({ preventScroll: true })
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
    return done
  }
}
