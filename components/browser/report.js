// @ts-check
// The report of a room: the server sends all words and tables, and this draws the pictures.
import { drawn, RENDERERS } from "./room_drawn.js"

for (const place of document.querySelectorAll("[data-picture]")) {
  if (!(place instanceof HTMLElement)) continue
  const { kind = "", picture = "null" } = place.dataset
  place.replaceChildren(drawn(RENDERERS[kind], JSON.parse(picture)))
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print())
  button.removeAttribute("hidden")
}
