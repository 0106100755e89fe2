// What surrounds every page: the live region, the link that Share shows, and where the focus and the drawer are.

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

const SHARE_STYLE = `
  form { display: flex; gap: 0.5rem; width: min(24rem, 80vw); margin: 0 0 0.75rem; }
  input, button { font: inherit; font-size: 0.9rem; color: var(--st-text-color); padding: 0.4rem 0.6rem;
    border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
  input { flex: 1; min-width: 0; background: var(--st-background-color); text-overflow: ellipsis; }
  button { cursor: pointer; background: var(--st-secondary-background-color); }
  :is(input, button):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
  img { display: block; width: 12rem; height: 12rem; margin: 0 auto; border-radius: var(--st-base-radius); }
`
twoHeads.register("share", ({ data, parentElement }) => {
  if (!parentElement.querySelector("form")) {
    const style = document.createElement("style")
    style.textContent = SHARE_STYLE
    const form = document.createElement("form")
    const field = Object.assign(document.createElement("input"), { readOnly: true })
    field.setAttribute("aria-label", "Link")
    field.onfocus = () => field.select()
    const button = Object.assign(document.createElement("button"), { textContent: "Copy" })
    const code = Object.assign(document.createElement("img"), { alt: "QR code of the link" })
    form.append(field, button)
    form.onsubmit = async (event) => {
      event.preventDefault()
      await copy(field)
      button.textContent = "Copied"
      announce("The link is copied.")
      setTimeout(() => { button.textContent = "Copy" }, 1500)
    }
    parentElement.append(style, form, code)
  }
  const field = parentElement.querySelector("input")
  field.value = data.link
  const code = parentElement.querySelector("img")
  code.hidden = !data.code
  if (data.code) code.src = data.code
})

// Outside https and localhost a browser has no clipboard for scripts, but it still copies what is selected.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value)
  } catch {
    field.select()
    document.execCommand("copy")
  }
}

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

// In a narrow window the settings lie over the page. A link to another page closes them.
const narrow = window.matchMedia("(max-width: 768px)")
document.addEventListener("click", (event) => {
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
