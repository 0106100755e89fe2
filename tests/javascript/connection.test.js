import assert from "node:assert/strict"
import { mock, test } from "node:test"

/** A page that is connected and drawn, with the script `two-heads-1.js`. */
const page = { state: "CONNECTED", drawn: true, script: "./two-heads-1.js", stored: {}, loaded: 0, changed: [] }
const app = { getAttribute: () => page.state }
const own = { getAttribute: () => page.script }
Object.assign(globalThis, {
  document: {
    hidden: false,
    documentElement: { toggleAttribute() {} },
    addEventListener: (_, listener) => page.changed.push(listener),
    querySelector: (selector) =>
      selector.startsWith("script") ? own : selector === ":--drawn-app" ? page.drawn && app : app,
  },
  addEventListener: () => {},
  MutationObserver: class {
    constructor(listener) {
      page.changed.push(listener)
    }
    observe() {}
  },
  sessionStorage: {
    getItem: (key) => page.stored[key] ?? null,
    setItem: (key, value) => {
      page.stored[key] = value
    },
  },
  location: {
    hostname: "127.0.0.1",
    reload: () => {
      page.loaded += 1
    },
  },
})
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true })
const { lost, reconnection } = await import("../../components/browser/connection.js")

function become(changes) {
  Object.assign(page, changes)
  for (const listener of new Set(page.changed)) listener()
}

test("the page is drawn once when the connection is back and the visitor looks at it, until the component goes", () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const sent = []
  const parentElement = { isConnected: true }
  const setTriggerValue = (...what) => sent.push(what)
  const leave = reconnection({ data: { script: "two-heads-1.js" }, parentElement, setTriggerValue })
  become({})
  mock.timers.tick(600)
  assert.deepEqual(sent, [], "nothing was lost")

  become({ state: "PINGING_SERVER" })
  document.hidden = true
  become({ state: "CONNECTED" })
  mock.timers.tick(600)
  assert.deepEqual(sent, [], "nobody looks")
  document.hidden = false
  become({})
  become({})
  mock.timers.tick(600)
  assert.deepEqual(sent, [["back", true]])

  become({ state: "CONNECTING" })
  become({ state: "CONNECTED", drawn: false })
  mock.timers.tick(600)
  assert.equal(sent.length, 1, "a run goes on: Streamlit has requested it")

  become({ state: "CONNECTING", drawn: true })
  become({ state: "CONNECTED" })
  parentElement.isConnected = false
  leave()
  mock.timers.tick(600)
  assert.equal(sent.length, 1)
  mock.timers.reset()
})

test("a page with another script than the server's is loaded again, once for each script", () => {
  const parentElement = { isConnected: true }
  for (const script of ["two-heads-1.js", "two-heads-2.js", "two-heads-2.js", "two-heads-3.js"]) {
    reconnection({ data: { script }, parentElement })
  }
  assert.equal(page.loaded, 2)
})

test("a server on this computer needs no network", () => {
  navigator.onLine = false
  assert.equal(lost(), false)
  location.hostname = "heads.example.org"
  assert.equal(lost(), true)
  navigator.onLine = true
  assert.equal(lost(), false)
  page.state = "CONNECTING"
  assert.equal(lost(), true)
})
