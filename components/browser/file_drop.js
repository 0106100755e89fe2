// @ts-check
// Where a visitor opens a file or drops it: a button with words, and a sentence below if the file cannot be read.
import { announce } from "./announce.js"
import { lost } from "./connection.js"
import { configurationOf, Unreadable } from "./keras_file.js"
import { html } from "./svg.js"

const MOST_BYTES = 1_000_000
const MOST_PACKED = 900_000 // Streamlit accepts at most 1 MB as a widget's state (`server.maxWidgetStateSize`)
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
const fileDrop = (kind) => (component) => {
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

/**
 * The gzip of a CSV file in Base64. Throws Unreadable for a file that is empty or too large, or does not become small enough.
 * The server reads the rest, and says what is wrong with it.
 * @param {Blob} file
 */
async function pack(file) {
  if (!file.size) throw new Unreadable("There is nothing in the file.")
  if (file.size > MOST_BYTES) {
    throw new Unreadable("The file has more than 1,000,000 bytes, the most that is read. Leave out rows or columns.")
  }
  const stream = file.stream().pipeThrough(new CompressionStream("gzip"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  const packed = btoa(text)
  if (packed.length > MOST_PACKED) throw new Unreadable("This is not a CSV file of numbers.")
  return packed
}

export const csvFile = fileDrop({ accept: ".csv,text/csv", read: pack, value: "packed", sent: "The file is sent." })

/** Sends the architecture in a `.keras` file. Nothing else leaves the visitor's machine. */
export const ownFile = fileDrop({
  accept: ".keras,.json",
  read: configurationOf,
  value: "configuration",
  sent: "The architecture is sent.",
})
