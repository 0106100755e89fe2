// @ts-check
// Opens a `.keras` file: the architecture in it is sent, and nothing else leaves the visitor's machine.
import { announce } from "./announce.js"
import { configurationOf, Unreadable } from "./keras_file.js"
import { html } from "./svg.js"

const CSS = `
  label { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3); padding: var(--space-4);
    border: 1px dashed var(--edge); border-radius: var(--radius); cursor: pointer; font-family: var(--st-font);
    color: var(--st-text-color); background: var(--st-secondary-background-color); }
  label:hover, label.over { border-color: var(--accent); }
  label:focus-within { outline: var(--focus); outline-offset: 2px; }
  input { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .button { padding: var(--space-2) var(--space-4); border-radius: var(--radius); font-weight: 600;
    background: var(--accent); color: var(--on-accent); }
  .words { flex: 1 1 14rem; color: var(--quiet); font-size: var(--font-note); }
  .problem { margin: var(--space-2) 0 0; color: var(--bad); font-family: var(--st-font); font-size: var(--font-note); }
  .problem:empty { display: none; }
  @media (pointer: coarse) { .button { min-height: var(--thumb); box-sizing: border-box; display: grid; place-items: center; } }
`

/** @type {Renderer<{ label: string, words: string }>} */
export const ownFile = ({ data, parentElement, setTriggerValue }) => {
  let input = parentElement.querySelector("input")
  if (!input) {
    input = html("input", { type: "file", accept: ".keras,.json" })
    const button = html("span", { class: "button" }, data.label)
    const label = html("label", {}, input, button, html("span", { class: "words" }, data.words))
    parentElement.replaceChildren(html("style", {}, CSS), label, html("p", { class: "problem", role: "alert" }))
    label.ondragover = (event) => {
      event.preventDefault()
      label.classList.add("over")
    }
    label.ondragleave = () => label.classList.remove("over")
  }
  const problem = parentElement.querySelector(".problem")
  const label = parentElement.querySelector("label")
  const open = async (/** @type {File | undefined} */ file) => {
    if (!file || !problem) return
    problem.textContent = ""
    try {
      setTriggerValue("configuration", await configurationOf(file))
      announce("The architecture is sent.")
    } catch (error) {
      problem.textContent = error instanceof Unreadable ? error.message : "This file cannot be read."
    }
  }
  const field = input
  field.onchange = async () => {
    await open(field.files?.[0])
    field.value = "" // so that the same file can be opened again
  }
  if (label) {
    label.ondrop = (event) => {
      event.preventDefault()
      label.classList.remove("over")
      open(event.dataTransfer?.files[0])
    }
  }
  return undefined
}
