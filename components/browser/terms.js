// Terms of a formula: a link to `#part-<name>` in a text of ours highlights the part of a picture that it stands for, as
// long as the pointer or the focus is on it. A press keeps it highlighted until the next press; a phone has no pointer.
const PREFIX = "#part-"
const listeners = new Set()
let over = "", focused = "", kept = "", now = ""

const termOf = (event) => event.target.closest?.(`a[href^="${PREFIX}"]`) ?? null
const partOf = (term) => term ? term.getAttribute("href").slice(PREFIX.length) : ""

function update() {
  const part = over || focused || kept
  if (part === now) return
  now = part
  for (const listener of listeners) listener(part)
  charts()
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return
  over = partOf(termOf(event))
  update()
})
document.addEventListener("focusin", (event) => {
  const term = termOf(event)
  focused = term?.matches(":focus-visible") ? partOf(term) : ""
  update()
})
document.addEventListener("focusout", () => {
  focused = ""
  update()
})
document.addEventListener("click", (event) => {
  const term = termOf(event)
  if (term) event.preventDefault() // it leads nowhere
  kept = kept === partOf(term) ? "" : partOf(term)
  if (term && !kept) over = focused = ""
  update()
}, true)
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !now) return
  over = focused = kept = ""
  update()
})

// Curves of Train: `left` and `right` are the curves of a style, `task-2` is the chart of the second task.
function charts() {
  for (const chart of document.querySelectorAll('[class*="st-key-curves-"]')) {
    const number = /st-key-curves-task-(\d+)/.exec(chart.className)?.[1]
    chart.toggleAttribute("data-part", number !== undefined && now === `task-${Number(number) + 1}`)
    const plot = chart.querySelector(".js-plotly-plot")
    for (const { uid, meta } of plot?._fullData ?? []) {
      const others = (now === "left" || now === "right") && meta && meta !== now
      for (const line of plot.querySelectorAll(`.trace${uid}`)) line.style.opacity = others ? 0.12 : ""
    }
  }
}

// `subscribe(listener)` calls the listener with the name of the part when it changes, "" for none. Returns what ends this.
twoHeads.terms = {
  get part() { return now },
  subscribe(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
