// Says at once that a page has lost its connection, in place of what the room did last, and what becomes of an answer.
// A browser knows that its network is gone, Streamlit that its own connection is; a server that nobody reaches any more is
// noticed by a question that gets no answer (`room_follow.js`, which asks after each press, too).
const ANSWERS = ".st-key-room-ask"
const AFTER = 1500 // milliseconds after a press
const views = new WeakMap()
const shown = new Set()
let reached = true
let ask = () => {}

const app = () => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState ?? "CONNECTED"
const lost = () => !navigator.onLine || !reached || app() !== "CONNECTED"

function look() {
  const now = lost()
  for (const view of shown) view.show(now)
}

function back() {
  if (!reached) ask()
  look()
}

addEventListener("offline", look)
addEventListener("online", back)
new MutationObserver(back).observe(document.documentElement, { subtree: true, attributeFilter: ["data-test-connection-state"] })
document.addEventListener("click", (event) => {
  if (event.target.closest?.(ANSWERS)) setTimeout(() => ask(), AFTER)
})

// `answered(whether)` is told what became of a question, which `asks(function)` asks.
twoHeads.connection = {
  get reached() { return reached },
  answered(now) {
    reached = now
    look()
  },
  asks(function_) { ask = function_ },
}

// `data`: `words` for a page without a connection.
twoHeads.register("room_connection", ({ data, parentElement }) => {
  let view = views.get(parentElement)
  if (!view) {
    const node = document.createElement("p")
    node.setAttribute("role", "status")
    node.style.cssText = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-weight:600"
    parentElement.append(node)
    const status = parentElement.getRootNode().host?.closest(".st-key-room-status, .st-key-room-host-status")
    view = {
      words: "",
      show(now) {
        const words = now ? this.words : ""
        if (node.textContent !== words) node.textContent = words
        status?.toggleAttribute("data-lost", now)
      },
    }
    views.set(parentElement, view)
    shown.add(view)
  }
  view.words = data.words
  view.show(lost())
  return () => {
    shown.delete(view)
    views.delete(parentElement)
  }
})
