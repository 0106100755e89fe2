// @ts-check
// What Share shows: a link with its QR code, or a text of several lines; each with a button that copies it.
import { announce } from "./announce.js"
import { copy } from "./clipboard.js"
import { html } from "./svg.js"

const STYLE = `
  form { display: flex; gap: var(--space-2); width: 100%; margin: 0 0 var(--space-3); }
  form.text { flex-direction: column; align-items: start; }
  input, textarea, button { font: inherit; font-size: var(--font-note); color: var(--st-text-color); padding: var(--space-2);
    border: 1px solid var(--st-border-color); border-radius: var(--radius); }
  input, textarea { flex: 1; min-width: 0; background: var(--st-background-color); }
  input { text-overflow: ellipsis; }
  textarea { box-sizing: border-box; width: 100%; resize: vertical; font-family: var(--st-code-font); font-size: var(--font-tiny); }
  button { cursor: pointer; background: var(--st-secondary-background-color); }
  :is(input, textarea, button):focus-visible { outline: var(--focus); outline-offset: 1px; }
  @media (max-width: 768px), (hover: none) { input, button { min-height: var(--thumb); } }
  img { display: block; width: 12rem; height: 12rem; margin: 0 auto; border-radius: var(--radius); }
`
const COPIED = 1500 // milliseconds for which the button says “Copied”
const NOT_COPIED = "The browser did not copy the text. It is selected, so that you can copy it."

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/**
 * Draws a field that cannot be edited and a button that copies it. Returns the field.
 * @template {Field} Kind
 * @param {Place} parent
 * @param {Kind} field
 * @param {string} label
 * @param {string} said what a screen reader reads when it is copied
 */
function copyForm(parent, field, label, said) {
  field.readOnly = true
  field.setAttribute("aria-label", label)
  field.onfocus = () => field.select()
  const button = html("button", {}, "Copy")
  const form = html("form", { class: field.tagName === "TEXTAREA" ? "text" : "link" }, field, button)
  form.onsubmit = async (event) => {
    event.preventDefault()
    const done = await copy(field.value, parent)
    button.textContent = done ? "Copied" : "Not copied"
    announce(done ? said : NOT_COPIED)
    if (!done) field.select()
    setTimeout(() => {
      button.textContent = "Copy"
    }, COPIED)
  }
  parent.replaceChildren(html("style", {}, STYLE), form)
  return field
}

/**
 * A link, with the address of the picture of its QR code if it has one.
 * @type {Renderer<{ link: string, code: string | null }>}
 */
export const share = ({ data, parentElement }) => {
  let field = parentElement.querySelector("input")
  if (!field) {
    field = copyForm(parentElement, html("input"), "Link", "The link is copied.")
    parentElement.append(html("img", { alt: "QR code of the link" }))
  }
  field.value = data.link
  const code = parentElement.querySelector("img")
  if (!code) return undefined
  code.style.display = data.code ? "" : "none"
  if (data.code) code.src = data.code
  return undefined
}

/** @type {Renderer<{ label: string, text: string, said: string }>} */
export const copied = ({ data, parentElement }) => {
  let field = parentElement.querySelector("textarea")
  if (field?.getAttribute("aria-label") !== data.label) {
    field = copyForm(parentElement, html("textarea"), data.label, data.said)
  }
  if (!field) return undefined
  field.value = data.text
  field.rows = Math.min(Math.max(data.text.split("\n").length, 7), innerWidth < 600 ? 9 : 16)
  return undefined
}
