// What Share shows: a link with its QR code, or a text of several lines; each with a button that copies it.
const STYLE = `
  form { display: flex; gap: 0.5rem; width: 100%; margin: 0 0 0.75rem; }
  form.text { flex-direction: column; align-items: start; }
  input, textarea, button { font: inherit; font-size: 0.9rem; color: var(--st-text-color); padding: 0.4rem 0.6rem;
    border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
  input, textarea { flex: 1; min-width: 0; background: var(--st-background-color); }
  input { text-overflow: ellipsis; }
  textarea { box-sizing: border-box; width: 100%; resize: vertical; font-family: var(--st-code-font); font-size: 0.78rem; }
  button { cursor: pointer; background: var(--st-secondary-background-color); }
  :is(input, textarea, button):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
  @media (max-width: 768px), (hover: none) { input, button { min-height: 44px; } }
  img { display: block; width: 12rem; height: 12rem; margin: 0 auto; border-radius: var(--st-base-radius); }
`

// Draws a field that cannot be edited and a button that copies it. Returns the field.
function copied(parent, kind, label, said) {
  const form = Object.assign(document.createElement("form"), { className: kind })
  const field = Object.assign(document.createElement(kind === "text" ? "textarea" : "input"), { readOnly: true })
  field.setAttribute("aria-label", label)
  field.onfocus = () => field.select()
  const button = Object.assign(document.createElement("button"), { textContent: "Copy" })
  form.append(field, button)
  form.onsubmit = async (event) => {
    event.preventDefault()
    await copy(field)
    button.textContent = "Copied"
    twoHeads.announce(said)
    setTimeout(() => { button.textContent = "Copy" }, 1500)
  }
  parent.replaceChildren(Object.assign(document.createElement("style"), { textContent: STYLE }), form)
  return field
}

twoHeads.register("share", ({ data, parentElement }) => {
  let field = parentElement.querySelector("input")
  if (!field) {
    field = copied(parentElement, "link", "Link", "The link is copied.")
    parentElement.append(Object.assign(document.createElement("img"), { alt: "QR code of the link" }))
  }
  field.value = data.link
  const code = parentElement.querySelector("img")
  code.style.display = data.code ? "" : "none"
  if (data.code) code.src = data.code
})

twoHeads.register("copied", ({ data, parentElement }) => {
  let field = parentElement.querySelector("textarea")
  if (field?.getAttribute("aria-label") !== data.label) field = copied(parentElement, "text", data.label, data.said)
  field.value = data.text
  field.rows = Math.min(Math.max(data.text.split("\n").length, 7), innerWidth < 600 ? 9 : 16)
})

// Outside https and localhost a browser has no clipboard for scripts, but it still copies what is selected. Selecting takes
// the focus, which goes back to the button, or to where the visitor has moved on.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value)
  } catch {
    const focused = field.getRootNode().activeElement ?? document.activeElement
    field.select()
    document.execCommand("copy")
    focused?.focus({ preventScroll: true })
  }
}
