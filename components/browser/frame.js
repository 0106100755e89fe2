// What surrounds every page: the live region, where the focus and the drawer are, and whether another site frames it.

// One live region for the whole visit. It stays in the document: a region that arrives with its text is not read.
let region, recent
function announce(text) {
  if (!region) {
    region = document.createElement("div")
    region.setAttribute("role", "status")
    region.className = "only-for-screen-readers"
    document.body.append(region)
  }
  region.textContent = recent ? `${region.textContent} ${text}` : text // what came just before is still to be read
  clearTimeout(recent)
  recent = setTimeout(() => { recent = undefined }, 1500)
}
twoHeads.announce = announce
document.addEventListener("DOMContentLoaded", () => announce(""))

const announced = new Set()
twoHeads.register("announce", ({ data }) => {
  if (announced.has(data.id)) return
  announced.add(data.id)
  announce(data.text)
})

// A pressed button is often disabled until its work is done, drawn anew, or gone because a result stands in its place. It
// gets the focus back when it can be pressed again, unless the visitor has moved on. Until then the focus is near: on the
// progress of the work, on the heading of what the button belonged to, or on a button beside it.
const FOCUSABLE = "button, a[href], summary, input, [tabindex='0']"
const ROW = "[data-testid=stHorizontalBlock]"
const NEAR = 500 // milliseconds in which a result or a progress bar comes
let last // the element that was focused last, how to find it when it is drawn anew, what is near, whether it lost the focus
let nearing
document.addEventListener("focusin", ({ target }) => {
  if (target === last?.near) return
  const keys = []
  for (let block = target; block; block = block.parentElement?.closest("[class*='st-key-']")) {
    keys.push(...[...block.classList].filter((name) => name.startsWith("st-key-")))
  }
  const rows = [], main = target.closest("[data-testid=stMain]")
  for (let at = target.closest(ROW); at; at = at.parentElement.closest(ROW)) rows.push(at)
  last = target.matches(FOCUSABLE) ? { element: target, keys, rows, main, name: nameOf(target), lost: false } : undefined
})
// A press elsewhere leaves the focus on nothing on purpose.
document.addEventListener("pointerdown", ({ target }) => {
  if (last && !last.element.contains(target)) last = undefined
})
function nameOf(element) {
  return element.getAttribute("aria-label") || element.textContent
}
function refocus() {
  if (!last) return
  last.lost ||= last.element.disabled || !last.element.isConnected
  if (!last.lost || ![document.body, last.near].includes(document.activeElement)) return
  const { element, keys: [key], name } = last
  const others = key ? [...document.querySelectorAll(`.${CSS.escape(key)} :is(${FOCUSABLE})`)] : []
  const found = element.isConnected ? element : others.find((other) => nameOf(other) === name)
  if (found && !found.disabled) found.focus({ preventScroll: true })
  else if (document.activeElement === document.body || last.near.matches("button")) nearing ??= setTimeout(approach, NEAR)
}
function approach() {
  nearing = undefined
  if (!last?.lost || ![document.body, last.near].includes(document.activeElement)) return
  const bar = last.main?.querySelector("[role=progressbar]")
  const headings = last.keys.map((key) => document.querySelector(`.${CSS.escape(key)} :is(h1, h2, h3)`)).filter(Boolean)
  const beside = last.rows.filter((row) => row.isConnected).map((row) => row.querySelector("button:enabled")).find(Boolean)
  const near = (last.element.isConnected ? [bar, beside] : [...headings, bar, beside]).find(Boolean)
  if (!near || near === document.activeElement) return
  if (near !== beside) near.tabIndex = -1
  last.near = near
  near.focus({ preventScroll: true })
}
new MutationObserver(refocus).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"],
})

const PAPER = 690 // pixels: the width of a sheet of A4 between its margins, and less than that of US letter

// Streamlit names each progress bar "progress", gives the link to the first page no address of its own (in another tab it
// would open the current page), and says of no link in a row of its own that it is the current page.
// A bar has the name of its text, or of the part of the page that it is in.
function complete() {
  for (const bar of document.querySelectorAll("[role=progressbar][aria-label=progress]:not([aria-labelledby])")) {
    const text = bar.parentElement.querySelector("[data-testid=stMarkdownContainer]")
    if (text) bar.setAttribute("aria-labelledby", (text.id ||= `${bar.id}-text`))
    else {
      const part = bar.closest("[class*='st-key-']:has(:is(h2, h3))") ?? document
      bar.setAttribute("aria-label", `Progress: ${part.querySelector("h1, h2, h3")?.textContent ?? ""}`)
    }
  }
  for (const link of document.querySelectorAll("a[data-testid=stPageLink-NavLink][href='']")) link.setAttribute("href", "./")
  for (const link of document.querySelectorAll(".st-key-frame-pages a")) {
    const here = link.pathname.replace(/\/$/, "") === window.location.pathname.replace(/\/$/, "")
    if (here !== link.hasAttribute("aria-current")) here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")
  }
}

// On paper everything is as wide as on the screen, so that no chart is cut: the page is scaled as a whole.
window.addEventListener("beforeprint", () => {
  const width = document.querySelector(".stMainBlockContainer > div")?.clientWidth
  if (width) document.documentElement.style.setProperty("--print-zoom", Math.min(1, PAPER / width))
})
// Parts of a page on which the look of other parts depends: the root has a class while they are there. With `:has()` in
// the style sheet instead, the browser would look for them at each change of the page: 3 ms for each label of a chart.
const PARTS = {
  "has-chip": "[class*='st-key-frame-chip-']", "has-player": ".st-key-train-player", "has-curves": ".st-key-curves-scale",
  "has-claims": ".st-key-claims-chips", "has-lesson": "[class*='st-key-learn-']", "has-view": ".st-key-embedded",
  "has-question": ".st-key-room-status", "has-room": ".st-key-room-status, .st-key-room-host-status",
  "has-board": ".st-key-room-board",
}
function mark(changes) {
  if (changes.every(({ target }) => target instanceof SVGElement)) return
  for (const [name, selector] of Object.entries(PARTS)) {
    document.documentElement.classList.toggle(name, document.querySelector(selector) !== null)
  }
  complete()
}
new MutationObserver(mark).observe(document, { subtree: true, childList: true })

// In a narrow window the settings lie over the page. A link to another page closes them.
const narrow = window.matchMedia("(max-width: 768px)")
document.addEventListener("click", (event) => {
  if (event.target.closest("a")) document.documentElement.classList.remove("without-sidebar")
  if (!narrow.matches || !event.target.closest("[data-testid=stPageLink-NavLink]")) return
  document.querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click()
})

// Streamlit draws the sidebar after the page. Its room is kept free, unless the visitor has closed it.
try {
  const kept = Object.keys(localStorage).find((name) => name.startsWith("stSidebarCollapsed-"))
  document.documentElement.classList.toggle("sidebar-closed", kept !== undefined && localStorage[kept] === "true")
} catch {
  // a browser without storage
}

// A room has no sidebar: none is expected where its link is opened, until a link leads to another page.
const asked = [...new URLSearchParams(window.location.search)]
const inRoom = /\/room\/?$/.test(window.location.pathname) && asked.some(([key]) => ["code", "host", "board"].includes(key))
document.documentElement.classList.toggle("without-sidebar", inRoom)

// A frame of another site has no strip and no sidebar, so there is no room for them. Streamlit reads `embed` so.
const framed = asked.some((pair) => pair.join("=").toLowerCase() === "embed=true")
document.documentElement.classList.toggle("embedded", framed)
