// @ts-check
// Stores that the visitor has seen the story, and leads to it.
import { targetOf } from "./dom.js"

const COOKIE = "two_heads_story" // `STORY` in backend/web/cookie.py
const YEAR = 365 * 24 * 3600 // seconds
// On https the cookie is kept in a frame of another site, too.
const SITE = window.location.protocol === "https:" ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax"
const MARK = ":is(a, button, div):has(> :--logo)" // a div on the first page

/**
 * Whether the page that loads now is probably the story. The server decides (components/story/story.py), and it also
 * needs the visitor's cookie, which no script can read.
 */
export function isStoryNext() {
  const { pathname, search } = window.location
  return pathname.endsWith("/story") || (pathname.endsWith("/") && !search && !document.cookie.includes(`${COOKIE}=`))
}

// The mark leads to the story. Streamlit would lead to the first page, which is in the navigation.
document.addEventListener(
  "click",
  (event) => {
    /** @type {HTMLElement | null} */
    const story = document.querySelector(".st-key-frame-story a")
    if (!story || !targetOf(event)?.closest(MARK) || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    story.click()
  },
  true,
)

/** Stores that the visitor has seen the story. */
export function storeSeen() {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
  document.cookie = `${COOKIE}=1; Max-Age=${YEAR}; Path=/; ${SITE}`
}
