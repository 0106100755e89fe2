// @ts-check
// Whether the page has a connection to the server. The browser knows when its network is gone, and Streamlit when its own
// connection is.
import { rendererOf } from "./view.js"

/** @type {Set<() => void>} */
const listeners = new Set()

/** Whether Streamlit is connected to the server. */
function connected() {
  const state = document.querySelector(":--app")?.getAttribute(":--connection-state") ?? "CONNECTED"
  return state === "CONNECTED"
}

/** Whether the page has no connection to the server: what it sends is lost. */
export function lost() {
  return !navigator.onLine || !connected()
}

/**
 * Calls `listener` whenever the connection may have gone or come back. Returns a function that ends this.
 * @param {() => void} listener
 */
export function onConnection(listener) {
  watch()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let watched = false

function watch() {
  if (watched) return
  watched = true
  const tell = () => {
    for (const listener of listeners) listener()
  }
  addEventListener("offline", tell)
  addEventListener("online", tell)
  document.addEventListener("visibilitychange", tell)
  const root = document.documentElement
  new MutationObserver(tell).observe(root, { subtree: true, attributeFilter: [":--connection-state"] })
}

/**
 * Has the whole page drawn when the connection is back and the visitor looks at it. The server may have been restarted,
 * or may have forgotten the session. A new session knows no fragment, and Streamlit ignores what is pressed in one.
 * @type {Renderer<null>}
 */
export const reconnection = rendererOf((first) => {
  let component = first
  let due = false
  const leave = onConnection(() => {
    due ||= !connected()
    if (!due || !connected() || document.hidden) return
    due = false
    component.setTriggerValue("back", true)
  })
  return {
    update(next) {
      component = next
    },
    leave,
  }
})
