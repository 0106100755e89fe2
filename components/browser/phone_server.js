// @ts-check
// Requests of a participant's page to the server, and whether the last one reached it.

const UNHEARD = 5000 // milliseconds without an answer after which the server counts as unreachable
export const AGAIN = 2000 // milliseconds between two tries

/** The path of the app, which may lie below that of its host. */
export const BASE = (() => {
  const script = document.currentScript
  return (script instanceof HTMLScriptElement && script.dataset.base) || ""
})()

/** @param {number} milliseconds */
export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))

/** Whether the last request reached the server. `changed` is called when that changes. */
export const connection = { reached: true, changed() {} }

/** @param {boolean} now */
export function setReached(now) {
  if (connection.reached === now) return
  connection.reached = now
  connection.changed()
}

/**
 * Sends a request to the server, by POST if it has a `body`. Throws if the server cannot be reached. The status says
 * whether the server refused.
 * @param {string} path below `/rooms/`
 * @param {unknown} [body]
 * @returns {Promise<{ status: number, told: any }>}
 */
export async function ask(path, body) {
  /** @type {RequestInit} */
  const how = { cache: "no-store", signal: AbortSignal.timeout(UNHEARD) }
  if (body !== undefined) {
    how.method = "POST"
    how.headers = { "Content-Type": "application/json" }
    how.body = JSON.stringify(body)
  }
  try {
    const answer = await fetch(`${BASE}/rooms/${path}`, how)
    const told = await answer.json()
    setReached(true)
    return { status: answer.status, told }
  } catch (error) {
    setReached(false)
    throw error
  }
}

/** A function that calls what it gets one after the other: each begins when the one before has ended or failed. */
export function oneByOne() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve()
  /**
   * @template T
   * @param {() => Promise<T>} send
   * @returns {Promise<T>}
   */
  return (send) => {
    const sent = last.then(send, send)
    last = sent
    return sent
  }
}

/**
 * Like `ask`, but tries again until the server is reached.
 * @param {string} path
 */
export async function askUntilReached(path) {
  for (;;) {
    try {
      return await ask(path)
    } catch {
      await wait(AGAIN)
    }
  }
}
