// @ts-check
// Opens the JSON file that `GradientConflict` of the library writes, or a pasted text. It is packed, because a message of a
// browser has at most a megabyte, and a text in a message is longer than the file.
import { announce } from "./announce.js"
import { html } from "./svg.js"

const MOST_BYTES = 1_000_000
const MOST_PACKED = 900_000
const CSS = `
  .place { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3);
    padding: var(--space-4); border: 1px dashed var(--edge); border-radius: var(--radius); cursor: pointer;
    font-family: var(--st-font); color: var(--st-text-color); background: var(--st-secondary-background-color); }
  .place:hover, .place.over { border-color: var(--accent); }
  .place:focus-within { outline: var(--focus); outline-offset: 2px; }
  input { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .button { padding: var(--space-2) var(--space-4); border-radius: var(--radius); font-weight: 600;
    background: var(--accent); color: var(--on-accent); }
  .words { flex: 1 1 14rem; color: var(--quiet); font-size: var(--font-note); }
  details { margin-top: var(--space-2); font-family: var(--st-font); font-size: var(--font-note);
    color: var(--st-text-color); }
  summary { cursor: pointer; width: fit-content; padding: var(--space-1) 0; }
  textarea { box-sizing: border-box; width: 100%; height: 7rem; padding: var(--space-2); resize: vertical;
    border: 1px solid var(--edge); border-radius: var(--radius); font-family: var(--st-code-font);
    font-size: var(--font-note); color: var(--st-text-color); background: var(--st-background-color); }
  textarea:focus-visible, button:focus-visible, summary:focus-visible { outline: var(--focus); outline-offset: 2px; }
  button { margin-top: var(--space-1); padding: var(--space-2) var(--space-4); font: inherit; cursor: pointer;
    color: var(--st-text-color); background: var(--st-secondary-background-color);
    border: 1px solid var(--edge); border-radius: var(--radius); }
  .problem { margin: var(--space-2) 0 0; color: var(--bad); font-family: var(--st-font); font-size: var(--font-note); }
  .problem:empty { display: none; }
  @media (pointer: coarse) {
    .button, button, summary { min-height: var(--thumb); box-sizing: border-box; align-content: center; }
  }
`

/** What is wrong with a file, in a sentence for the visitor. */
class Unreadable extends Error {}

/**
 * The gzip of a file in Base64.
 * @param {Blob} file
 */
export async function packed(file) {
  if (!file.size) throw new Unreadable("There is no text in it.")
  if (file.size > MOST_BYTES) {
    throw new Unreadable("This has more than 1,000,000 bytes, the most that GradientConflict.save writes.")
  }
  const stream = file.stream().pipeThrough(new CompressionStream("gzip"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  const packed = btoa(text)
  if (packed.length > MOST_PACKED) throw new Unreadable("This is not a file that GradientConflict.save writes.")
  return packed
}

/**
 * @param {Place} place
 * @param {{ label: string, words: string }} data
 */
function build(place, data) {
  const input = html("input", { type: "file", accept: ".json,application/json" })
  const words = html("span", { class: "words" }, data.words)
  const label = html("label", { class: "place" }, input, html("span", { class: "button" }, data.label), words)
  const area = html("textarea", { "aria-label": "The text of the file", spellcheck: "false" })
  const button = html("button", { type: "button" }, "Open the text")
  const paste = html("details", {}, html("summary", {}, "Paste the text instead"), area, button)
  const problem = html("p", { class: "problem", role: "alert" })
  place.replaceChildren(html("style", {}, CSS), label, paste, problem)
  label.ondragover = (event) => {
    event.preventDefault()
    label.classList.add("over")
  }
  label.ondragleave = () => label.classList.remove("over")
  return { input, label, area, button, problem }
}

/** @type {WeakMap<Place, ReturnType<typeof build>>} */
const built = new WeakMap()

/** @type {Renderer<{ label: string, words: string }>} */
export const conflictFile = ({ data, parentElement, setTriggerValue }) => {
  const parts = built.get(parentElement) ?? build(parentElement, data)
  built.set(parentElement, parts)
  const { input, label, area, button, problem } = parts
  const open = async (/** @type {Blob | undefined} */ file) => {
    if (!file) return
    problem.textContent = ""
    try {
      setTriggerValue("packed", await packed(file))
      announce("The file is sent.")
    } catch (error) {
      problem.textContent = error instanceof Unreadable ? error.message : "This file cannot be read."
    }
  }
  input.onchange = async () => {
    await open(input.files?.[0])
    input.value = "" // so that the same file can be opened again
  }
  label.ondrop = (event) => {
    event.preventDefault()
    label.classList.remove("over")
    open(event.dataTransfer?.files[0])
  }
  button.onclick = () => open(new Blob([area.value]))
  return undefined
}
