// @ts-check
// Keras source with syntax colours. Text reaches the page as text nodes only.
import { announce } from "./announce.js"
import { copy } from "./clipboard.js"
import { html } from "./svg.js"

const CSS = `
  .frame { position: relative; box-sizing: border-box; min-height: var(--code-height, auto);
    border: var(--code-border, 1px solid var(--st-border-color)); border-radius: var(--radius);
    background: var(--st-code-background-color); color: var(--st-code-text-color); }
  pre { margin: 0; padding: var(--space-3) 0; font-family: var(--st-code-font);
    font-size: var(--st-code-font-size); line-height: 1.55; }
  .line { display: block; padding: 0 0.9rem 0 calc(0.9rem + var(--wrapped)); text-indent: calc(-1 * var(--wrapped));
    border-left: 3px solid transparent; white-space: pre-wrap; overflow-wrap: anywhere; }
  .whole { overflow-x: auto; }
  .whole .line { white-space: pre; }
  .differs { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent);
    border-left-color: var(--st-primary-color); }
  .keyword { color: var(--st-violet-text-color); }
  .string { color: var(--st-green-text-color); }
  .number { color: var(--st-blue-text-color); }
  .comment { color: var(--st-gray-text-color); }
  .class { font-weight: 600; }
  button { position: absolute; top: 0.4rem; right: 0.4rem; font: inherit; font-size: var(--font-tiny); cursor: pointer;
    padding: 0.15rem var(--space-2); color: var(--st-text-color); background: var(--st-secondary-background-color);
    border: 1px solid var(--st-border-color); border-radius: var(--radius); }
  button:focus-visible { outline: var(--focus); }
  @media (forced-colors: active) { .line { border-left-color: Canvas; } .differs { border-left-color: Highlight; } }
`
const COPIED = 1500 // milliseconds for which the button says “Copied”

/**
 * @typedef {{ tokens: [kind: string, text: string][], differs: boolean }} Line
 * Lines that stay `whole` are scrolled; others are wrapped.
 * @typedef {{ title: string, source: string, lines: Line[], whole?: boolean }} Data
 */

/**
 * A line of the source. If it wraps, its rest is indented by four characters more than its beginning.
 * @param {Line} line
 */
function rowOf({ tokens, differs }) {
  const text = tokens.map(([, part]) => part).join("")
  const indent = text.length - text.trimStart().length
  return html(
    "span",
    { class: differs ? "line differs" : "line", style: `--wrapped: ${Math.min(indent + 4, 16)}ch` },
    ...tokens.map(([kind, part]) => html("span", { class: kind }, part)),
    "\n",
  )
}

/** @type {Renderer<Data>} */
export const code = ({ data, parentElement }) => {
  if (!parentElement.querySelector("pre")) {
    const frame = html(
      "div",
      { class: "frame" },
      html("pre", { role: "region", class: data.whole ? "whole" : null, tabindex: data.whole ? 0 : null }),
      html("button", { type: "button" }, "Copy"),
    )
    parentElement.replaceChildren(html("style", {}, CSS), frame)
  }
  const pre = parentElement.querySelector("pre")
  const button = parentElement.querySelector("button")
  pre?.setAttribute("aria-label", data.title)
  pre?.replaceChildren(...data.lines.map(rowOf))
  if (!button) return undefined
  button.setAttribute("aria-label", `Copy ${data.title}`)
  button.onclick = async () => {
    button.textContent = (await copy(data.source, parentElement)) ? "Copied" : "Not copied"
    announce(button.textContent)
    setTimeout(() => {
      button.textContent = "Copy"
    }, COPIED)
  }
  return undefined
}
