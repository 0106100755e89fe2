// @ts-check
// What Share shows: a link with its QR code, and a button that copies it.
import { announce } from "./announce.js"
import { copy } from "./clipboard.js"
import { html } from "./svg.js"

const STYLE = `
  form { display: flex; gap: var(--space-2); width: 100%; margin: 0 0 var(--space-3); }
  input, button { font: inherit; font-size: var(--font-note); color: var(--st-text-color); padding: var(--space-2);
    border: 1px solid var(--st-border-color); border-radius: var(--radius); }
  input { flex: 1; min-width: 0; background: var(--st-background-color); }
  input { text-overflow: ellipsis; }
  button { cursor: pointer; background: var(--st-secondary-background-color); }
  :is(input, button):focus-visible { outline: var(--focus); outline-offset: 1px; }
  @media (max-width: 768px), (hover: none) { input, button { min-height: var(--thumb); } }
  img { display: block; width: 12rem; height: 12rem; margin: 0 auto; border-radius: var(--radius); }
`
const COPIED = 1500 // milliseconds for which the button says “Copied”
const NOT_COPIED = "The browser did not copy the link. It is selected, so that you can copy it."

/** @param {Place} parent */
function build(parent) {
  const field = html("input", { readonly: "", "aria-label": "Link" })
  field.onfocus = () => field.select()
  const button = html("button", {}, "Copy")
  const form = html("form", {}, field, button)
  form.onsubmit = async (event) => {
    event.preventDefault()
    const done = await copy(field.value, parent)
    button.textContent = done ? "Copied" : "Not copied"
    announce(done ? "The link is copied." : NOT_COPIED)
    if (!done) field.select()
    setTimeout(() => {
      button.textContent = "Copy"
    }, COPIED)
  }
  parent.replaceChildren(html("style", {}, STYLE), form, html("img", { alt: "QR code of the link" }))
}

/**
 * A link, with the address of the picture of its QR code if it has one.
 * @type {Renderer<{ link: string, code: string | null }>}
 */
export const share = ({ data, parentElement }) => {
  if (!parentElement.querySelector("form")) build(parentElement)
  const [field, code] = [parentElement.querySelector("input"), parentElement.querySelector("img")]
  if (!field || !code) return undefined
  field.value = data.link
  code.style.display = data.code ? "" : "none"
  code.src = data.code ?? ""
  return undefined
}
