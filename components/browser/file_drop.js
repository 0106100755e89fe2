// @ts-check
// Where a visitor opens a file or drops it: a button with words, and a sentence below if the file cannot be read.
import { announce } from "./announce.js"
import { lost } from "./connection.js"
import { html } from "./svg.js"
import { Unreadable } from "./unreadable.js"

const CSS = `
  .drop { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3); padding: var(--space-4);
    border: 1px dashed var(--edge); border-radius: var(--radius); cursor: pointer; font-family: var(--st-font);
    color: var(--st-text-color); background: var(--st-secondary-background-color); }
  .drop:hover, .drop.over { border-color: var(--accent); }
  .drop:focus-within { outline: var(--focus); outline-offset: 2px; }
  input { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .button { padding: var(--space-2) var(--space-4); border: 1px solid transparent; border-radius: var(--radius); font-weight: 600;
    background: var(--accent); color: var(--on-accent); }
  .words { flex: 1 1 14rem; color: var(--quiet); font-size: var(--font-note); }
  .problem { margin: var(--space-2) 0 0; color: var(--bad); font-family: var(--st-font); font-size: var(--font-note); }
  .problem:empty { display: none; }
  @media (pointer: coarse) { .button { min-height: var(--thumb); box-sizing: border-box; align-content: center; } }
`

/** @typedef {{ label: string, words: string }} Words */

/**
 * What is done with a file.
 * @typedef {object} Kind
 * @property {string} accept the files that the browser offers
 * @property {(file: Blob) => Promise<string>} read the text that is sent; throws Unreadable
 * @property {string} value the name under which the text is sent
 * @property {string} sent what a screen reader says when it is sent
 */

/** @type {WeakMap<Place, Component<Words>>} */
const drawn = new WeakMap()

/**
 * The renderer of a place for files of one kind.
 * @param {Kind} kind
 * @returns {Renderer<Words>}
 */
export const fileDrop = (kind) => (component) => {
  const first = !drawn.has(component.parentElement)
  drawn.set(component.parentElement, component)
  if (first) build(component, kind)
  return undefined
}

/**
 * @param {Component<Words>} component
 * @param {Kind} kind
 */
function build({ data, parentElement: place }, kind) {
  const input = html("input", { type: "file", accept: kind.accept })
  const button = html("span", { class: "button" }, data.label)
  const label = html("label", { class: "drop" }, input, button, html("span", { class: "words" }, data.words))
  const problem = html("p", { class: "problem", role: "alert" })
  let opened = 0
  const open = async (/** @type {Blob | undefined} */ file) => {
    if (!file) return
    const mine = ++opened // a file that was opened after this one may be read before it
    problem.textContent = ""
    try {
      const text = await kind.read(file)
      if (mine !== opened) return
      if (lost())
        throw new Unreadable("There is no connection to the server. Open the file again when the connection is back.")
      drawn.get(place)?.setTriggerValue(kind.value, text)
      announce(kind.sent)
    } catch (error) {
      if (mine !== opened) return
      problem.textContent = error instanceof Unreadable ? error.message : "This file cannot be read."
    }
  }
  place.replaceChildren(html("style", {}, CSS), label, problem)
  input.onchange = async () => {
    await open(input.files?.[0])
    input.value = "" // so that the same file can be opened again
  }
  label.ondragover = (event) => {
    event.preventDefault()
    label.classList.add("over")
  }
  label.ondragleave = () => label.classList.remove("over")
  label.ondrop = (event) => {
    event.preventDefault()
    label.classList.remove("over")
    open(event.dataTransfer?.files[0])
  }
}
