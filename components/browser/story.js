// @ts-check
// Stores that the visitor has seen the story. When its screen changes, the title gets the focus and scrolls into view.
import { html } from "./svg.js"

const COOKIE = "two_heads_story" // `STORY` in backend/web/cookie.py
const YEAR = 365 * 24 * 3600 // seconds
// On https the cookie is kept in a frame of another site, too.
const SITE = window.location.protocol === "https:" ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax"
const MARK = ":is(a, button, div):has(> :--logo)" // a div on the first page
const PLACE = ".st-key-frame-story"
const DRAWN = ":--drawn-app"
let shown = 0
/** @type {MutationObserver | null} waits for the link after a press on the mark */
let waiting = null

/**
 * Whether the page that loads now is probably the story. The server decides (components/story/story.py), and it also
 * needs the visitor's cookie, which no script can read.
 */
export function isStoryNext() {
  const { pathname, search } = window.location
  return pathname.endsWith("/story") || (pathname.endsWith("/") && !search && !document.cookie.includes(`${COOKIE}=`))
}

/** @returns {HTMLElement | null} */
const findLink = () => document.querySelector(`${PLACE} a`)
/** Whether the page has no link to the story, such as the story itself. The place of the link is drawn before the link. */
const isWithoutLink = () => document.querySelector(DRAWN) !== null && !document.querySelector(PLACE)

// The mark leads to the story. Streamlit would lead to the first page, which is in the navigation.
document.addEventListener(
  "click",
  (event) => {
    waiting?.disconnect() // the newest press decides
    /** @type {HTMLElement | null} */
    const mark = event.target instanceof Element ? event.target.closest(MARK) : null
    if (!mark || event.metaKey || event.ctrlKey || event.shiftKey) return
    const story = findLink()
    if (!story && isWithoutLink()) return
    event.preventDefault()
    event.stopPropagation()
    if (story) story.click()
    else clickOnceDrawn()
  },
  true,
)

/** Clicks the link once the page has drawn it, which is at its end, or the mark again if the page has no link. */
function clickOnceDrawn() {
  waiting = new MutationObserver(() => {
    /** @type {HTMLElement | null} */
    const next = findLink() ?? (isWithoutLink() ? document.querySelector(MARK) : null)
    next?.click()
  })
  waiting.observe(document.body, { subtree: true, childList: true, attributes: true })
}

/** Stores that the visitor has seen the story. */
export function storeSeen() {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
  document.cookie = `${COOKIE}=1; Max-Age=${YEAR}; Path=/; ${SITE}`
}

/** @type {Renderer<{ beat: number }>} */
export const story = ({ data, parentElement }) => {
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
