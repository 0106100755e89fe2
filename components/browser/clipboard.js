// @ts-check
// Copies a text, also where the browser has no clipboard for scripts.
import { html } from "./svg.js"

/**
 * Copies a text. Returns whether the browser has copied it.
 *
 * Outside https and localhost a browser has no clipboard for scripts, but it can copy a selection. So the text is
 * selected in a temporary field in `place`, and the focus then returns to where it was.
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
