// @ts-check
// The report of a room: the server sends all of it, and this prints it.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print())
  button.removeAttribute("hidden")
}
