// @ts-check
// What surrounds every page: names that Streamlit leaves out, printing, and classes of the root element. They tell the
// style sheet what the page holds, whether there is a sidebar, and whether another site frames the page.
import { targetOf } from "./dom.js"
import { set } from "./svg.js"

const PAPER = 690 // pixels: the width of a sheet of A4 between its margins, and less than that of US letter
const root = document.documentElement
const shell = document.querySelector(".shell") // what the page shows until now

// Parts of a page on which the look of other parts depends: the root has a class while they are there. With `:has()` in
// the style sheet instead, the browser would look for them at each change of the page: 3 ms for each label of a chart.
const PARTS = {
  "has-chip": "[class*='st-key-frame-chip-']",
  "has-curves": ".st-key-curves-scale",
  "has-lesson": "[class*='st-key-learn-']",
  "has-view": ".st-key-embedded",
  "has-room": ".st-key-room-host-status",
}

const SEEN = "two_heads_story" // `STORY` in backend/web/cookie.py
const YEAR = 365 * 24 * 3600 // seconds
let seen = true
try {
  seen = document.cookie.includes(`${SEEN}=`)
} catch {
  // a frame without cookies
}
const introduced =
  location.pathname.endsWith("/") && (location.search ? /[?&]beat=(?!end)/.test(location.search) : !seen)

/** Stores that the visitor has seen the introduction. */
function storeSeen() {
  seen = true
  // On https the cookie is kept in a frame of another site, too.
  const site = location.protocol === "https:" ? "SameSite=None; Secure; Partitioned" : "SameSite=Lax"
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
  document.cookie = `${SEEN}=1; Max-Age=${YEAR}; Path=/; ${site}`
}

/** @param {MutationRecord[]} changes */
function mark(changes) {
  if (changes.every(({ target }) => target instanceof SVGElement)) return
  for (const [name, selector] of Object.entries(PARTS)) {
    root.classList.toggle(name, document.querySelector(selector) !== null)
  }
  if (!seen && document.querySelector(".st-key-introduction")) storeSeen()
  // Streamlit makes the main element a stop of the Tab key, without a name. What is in it scrolls it, too.
  document.querySelector(":--main[tabindex='0']")?.setAttribute("tabindex", "-1")
  if (shell?.isConnected && document.querySelector(":--main :is(h1, h2, [role=alert]), [role=dialog]")) shell.remove()
  nameBars()
  completeLinks()
}
new MutationObserver(mark).observe(document, { subtree: true, childList: true })

// Streamlit names each progress bar "progress". Its text is beside it.
function nameBars() {
  const title = document.querySelector(":--main h1")?.textContent ?? ""
  for (const bar of document.querySelectorAll("[role=progressbar][aria-label=progress]")) {
    set(bar, { "aria-label": `Progress: ${title}` })
  }
}

/** @param {string} path */
const withoutSlash = (path) => path.replace(/\/$/, "")

// Streamlit gives the link to the first page no address of its own (in another tab it would open the current page). And
// it marks no link outside its own navigation as that of the current page.
function completeLinks() {
  for (const link of document.querySelectorAll(":--page-link[href='']")) set(link, { href: "./" })
  const strip = document.querySelector(".st-key-frame-pages")
  if (!strip || strip.querySelector(":--skeleton")) return
  set(strip, { role: "navigation", "aria-label": "Pages" })
  const here = withoutSlash(location.pathname)
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(":is(.st-key-frame-pages, .st-key-frame-more-pages) a")
  for (const link of links) set(link, { "aria-current": withoutSlash(link.pathname) === here ? "page" : null })
  // The menu shows its links only while it is open, so the server says whether it holds the current page.
  const menu = strip.querySelector(":--popover-button")
  if (menu) set(menu, { "aria-current": menu.closest(".st-key-frame-more-here") ? "true" : null })
}

// The strip is inside the main element. Streamlit's skip link leads to the title, which is after it. So does the button
// of the next step on Train, which starts a training: its curves are below the title. And so does the button that ends the
// introduction: the settings, which lie over a narrow page, begin beside it.
document.addEventListener("click", (event) => {
  if (!targetOf(event)?.closest(":--skip-link, .st-key-frame-next button, .st-key-introduction-own button")) return
  /** @type {HTMLElement | null} */
  const title = document.querySelector(":--main h1")
  if (!title) return
  title.tabIndex = -1
  title.focus()
})

// On paper everything is as wide as on the screen, so that no chart is cut: the page is scaled as a whole.
window.addEventListener("beforeprint", () => {
  const width = document.querySelector(":--content > div")?.clientWidth
  if (width) root.style.setProperty("--print-zoom", String(Math.min(1, PAPER / width)))
})

// In a narrow window the settings lie over the page. A link to another page closes them, and the end of the introduction
// opens them.
const narrow = window.matchMedia("(max-width: 768px)")
document.addEventListener("click", (event) => {
  const target = targetOf(event)
  if (target?.closest("a")) root.classList.remove("without-sidebar")
  const button = target?.closest(":--page-link") ? ":--close-sidebar" : ":--open-sidebar"
  if (!narrow.matches || !target?.closest(":--page-link, .st-key-introduction-own button")) return
  /** @type {HTMLElement | null} */
  const found = document.querySelector(button)
  found?.click()
})

// Streamlit draws the sidebar after the page. Its space is kept free, unless it is closed: by the visitor or in the
// introduction. The server decides whether that comes (components/introduction/first_visit.py).
try {
  const kept = Object.keys(localStorage).find((name) => name.startsWith(":--sidebar-storage"))
  root.classList.toggle("sidebar-closed", introduced || (kept !== undefined && localStorage[kept] === "true"))
} catch {
  // a browser without storage
}

// A room has no sidebar: if its link is opened, no space is kept for one until a link leads to another page.
const inRoom = /\/room\/?\?(.*&)?(code|host|board)=/.test(location.pathname + location.search)
root.classList.toggle("without-sidebar", inRoom)
if (inRoom) shell?.remove() // the title is that of a lesson, or the page leads to another one

// In a frame of another site there is no strip and no sidebar, so no space is kept. Streamlit reads `embed` like this.
root.classList.toggle("embedded", /[?&]embed=true(&|$)/i.test(location.search))
