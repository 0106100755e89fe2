// @ts-check
// Opens the JSON file that `GradientConflict` of the library writes, or a pasted text.
import { fileDrop } from "./file_drop.js"
import { pack } from "./packed.js"
import { html } from "./svg.js"

const CSS = `
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
  @media (pointer: coarse) { button, summary { min-height: var(--thumb); box-sizing: border-box; align-content: center; } }
`

/**
 * The file, packed by `pack`. Throws Unreadable with a sentence about this kind of file.
 * @param {Blob} file
 */
export const packed = (file) =>
  pack(file, {
    empty: "The file or the text is empty.",
    large: "This has more than 1,000,000 bytes, the most that GradientConflict.save writes.",
    noise: "This is not a file that GradientConflict.save writes.",
  })

/**
 * A field into which the text of a file can be pasted.
 * @param {(file: Blob) => void} open
 */
function paste(open) {
  const area = html("textarea", { "aria-label": "The text of the file", spellcheck: "false" })
  const button = html("button", { type: "button" }, "Open the text")
  button.onclick = () => open(new Blob([area.value]))
  const summary = html("summary", {}, "Paste the text instead")
  return html("details", {}, html("style", {}, CSS), summary, area, button)
}

export const conflictFile = fileDrop({
  accept: ".json,application/json",
  read: packed,
  value: "packed",
  sent: "The file is sent.",
  below: paste,
})
