// @ts-check
// Whether the page has a connection to the server. The browser knows when its network is gone, and Streamlit when its own
// connection is.
import { rendererOf } from "./view.js"

const SOONEST = 200 // milliseconds
const SPREAD = 300
const TRIED = "two-heads.loaded-again"
const LOCAL = /^(localhost|127\..*|\[::1\])$/
/** @type {Set<() => void>} */
const listeners = new Set()

/** Whether Streamlit is connected to the server. */
function connected() {
  const state = document.querySelector(":--app")?.getAttribute(":--connection-state") ?? "CONNECTED"
  return state === "CONNECTED"
}

/** Whether the page has no connection to the server: what it sends is lost. A server on this computer needs no network. */
export function lost() {
  return !connected() || !(navigator.onLine || LOCAL.test(location.hostname))
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
 * Asks Python to redraw the page once the connection is back and the page is visible. The server may have restarted or
 * forgotten the session, and Streamlit ignores presses in fragments that a new session does not know. A page with
 * another `script` than the server's is loaded again.
 * @type {Renderer<{ script: string }>}
 */
export const reconnection = rendererOf((first) => {
  let component = first
  let due = false
  let timer = 0
  const redraw = () => {
    timer = 0
    if (!connected() || document.hidden) return
    due = false
    // A script run in progress redraws the page anyway.
    if (document.querySelector(":--drawn-app")) component.setTriggerValue("back", true)
  }
  const end = onConnection(() => {
    document.documentElement.toggleAttribute("data-lost", lost()) // for style sheets
    due ||= !connected()
    // Not all pages of a restarted server at once.
    if (due && connected() && !document.hidden) timer ||= setTimeout(redraw, SOONEST + SPREAD * Math.random())
  })
  return {
    update(next) {
      component = next
      loadAgain(next.data.script)
    },
    leave() {
      clearTimeout(timer)
      end()
    },
  }
})

/**
 * Loads the page again if the server has another script than the page. It does so once for each script: two servers
 * behind one address may have two versions.
 * @param {string} script the name of the server's script
 */
function loadAgain(script) {
  const loaded = document.querySelector('script[src*="/two-heads-"]')?.getAttribute("src")
  if (!loaded || loaded.endsWith(script)) return
  try {
    if (sessionStorage.getItem(TRIED) === script) return
    sessionStorage.setItem(TRIED, script)
  } catch {
    return // a frame may have no storage
  }
  location.reload()
}
