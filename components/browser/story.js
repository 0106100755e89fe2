// @ts-check
// Keeps that the visitor has seen the story, and begins each of its screens at the top, with the focus on its title.
import { html } from "./svg.js"

const YEAR = 365 * 24 * 3600 // seconds
let shown = 0

/** @type {Renderer<{ beat: number, cookie: string }>} */
export const story = ({ data, parentElement }) => {
  document.cookie = `${data.cookie}=1; Max-Age=${YEAR}; Path=/; SameSite=Lax`
  parentElement.replaceChildren(html("span", { hidden: "" }))
  if (shown && shown !== data.beat) {
    const title = document.querySelector("h1")
    if (title) {
      title.tabIndex = -1
      title.focus({ preventScroll: true })
      title.scrollIntoView({ block: "center" })
    }
  }
  shown = data.beat
  return undefined
}
