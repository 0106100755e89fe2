// A step of a lesson. What a visitor presses there is gone, or means another step, when the page is drawn again. So the
// focus goes to what they asked for: the heading of the next step, the status of the result, or the reason.
const TARGETS = { kept: ".st-key-learn-status", why: ".st-key-learn-reason h3" }
const EVERY = 50, TRIES = 40 // milliseconds, and how often: what is drawn last may replace what has the focus
let before, timer

function lead(selector, top) {
  clearInterval(timer)
  const main = document.querySelector("[data-testid=stMain]")
  if (top) main?.scrollTo(0, 0)
  const from = document.activeElement
  if (from?.closest("[data-testid=stSidebar]")) return // arrow keys go through the steps there
  let left = TRIES
  timer = setInterval(() => {
    const node = document.querySelector(selector), now = document.activeElement
    if (!left-- || (now !== document.body && now !== from && now !== node)) return clearInterval(timer)
    if (!node || node === now) return
    node.tabIndex = -1
    node.focus({ preventScroll: top })
    if (top) main?.scrollTo(0, 0)
  }, EVERY)
}
for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, () => clearInterval(timer), true)

// `title` is the class of what holds the heading, and `stage` is how far the visitor is: ask, kept or why.
twoHeads.register("step", ({ data }) => {
  const last = before
  before = data
  if (!last || (last.title === data.title && last.stage === data.stage)) return
  const other = last.title !== data.title || data.stage === "ask"
  lead(other ? `.${CSS.escape(data.title)} :is(h1, h2)` : TARGETS[data.stage], other)
})
