// @ts-check
// Stores that the visitor has seen the story, and begins each of its screens at the top, with the focus on its title.
import { html } from "./svg.js"

const COOKIE = "two_heads_story" // `STORY` in backend/web/cookie.py
const YEAR = 365 * 24 * 3600 // seconds
// On https the cookie is kept in a frame of another site, too.
const SITE = window.location.protocol === "https:" ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax"
const MARK = ":--logo"
const LINK = ".st-key-frame-story a"
let shown = 0

/** Whether the page that loads now is the story. The server decides in the same way (components/story/arrival.py). */
export function isStoryNext() {
  const { pathname, search } = window.location
  return pathname.endsWith("/story") || (pathname.endsWith("/") && !search && !document.cookie.includes(`${COOKIE}=`))
}

// The mark leads to the story. Streamlit would lead to the first page, which is in the navigation.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element && event.target.closest("a, button")?.querySelector(MARK)
    /** @type {HTMLElement | null} */
    const story = document.querySelector(LINK)
    if (!link || !story || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    story.click()
  },
  true,
)

/** @type {Renderer<{ beat: number }>} */
export const story = ({ data, parentElement }) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
  document.cookie = `${COOKIE}=1; Max-Age=${YEAR}; Path=/; ${SITE}`
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
