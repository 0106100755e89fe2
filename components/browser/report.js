// @ts-check
// The report of a room: the server sends all words and tables, and this draws the pictures.
import { drawAll } from "./room_drawn.js"
import { html } from "./svg.js"

/** On paper nothing scrolls, so a picture fits its place, and a graph, which is not scaled on screen, fits a page. */
const PAPER = `@media print {
  svg { max-width: 100%; max-height: 15rem; }
  .scrolled[tabindex] > svg { max-height: 45rem; }
}`

drawAll(document)
for (const place of document.querySelectorAll(".drawn")) place.shadowRoot?.append(html("style", {}, PAPER))
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print())
  button.removeAttribute("hidden")
}
