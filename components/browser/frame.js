// What surrounds every page: the live region, where the focus and the drawer are, and whether another site frames it.

// One live region for the whole visit. It stays in the document: a region that arrives with its text is not read.
let region
function announce(text) {
  if (!region) {
    region = document.createElement("div")
    region.setAttribute("role", "status")
    region.className = "only-for-screen-readers"
    document.body.append(region)
  }
  region.textContent = text
}
twoHeads.announce = announce
document.addEventListener("DOMContentLoaded", () => announce(""))

let announced
twoHeads.register("announce", ({ data }) => {
  if (data.id === announced) return
  announced = data.id
  announce(data.text)
})

// A pressed button is often disabled until its work is done, or drawn anew, and a browser takes the focus from it. It
// gets the focus back when it can be pressed again, unless the visitor has moved on.
const FOCUSABLE = "button, a[href], summary, input, [tabindex='0']"
let last // the element that was focused last, how to find it when it is drawn anew, and whether it lost the focus so
document.addEventListener("focusin", ({ target }) => {
  const block = target.closest("[class*='st-key-']")
  const key = block && [...block.classList].find((name) => name.startsWith("st-key-"))
  last = target.matches(FOCUSABLE) ? { element: target, key, name: nameOf(target), lost: false } : undefined
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
  if (!last.lost || document.activeElement !== document.body) return
  const { element, key, name } = last
  const others = key ? [...document.querySelectorAll(`.${CSS.escape(key)} :is(${FOCUSABLE})`)] : []
  const found = element.isConnected ? element : others.find((other) => nameOf(other) === name)
  if (found && !found.disabled) found.focus({ preventScroll: true })
}
new MutationObserver(refocus).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"],
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
