// @ts-check
// How a page follows its room: on an event stream, and if a proxy holds streams back, with a request every few seconds.

const UNHEARD = 5000 // milliseconds without an answer after which the server counts as unreachable
const SLOW = 4000 // milliseconds after which the page asks if the stream has brought nothing
const SILENCE = 25_000 // milliseconds without any event after which a stream is taken for lost: there is one every 15 s
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
function setReached(now) {
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
  if (body !== undefined)
    Object.assign(how, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    })
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

/**
 * Calls `show` with each message of the room, and `leave` with a sentence once the room is gone or the participant
 * removed.
 * @param {string} path of the stream, below `/rooms/`
 * @param {(told: any) => void} show
 * @param {(words: string) => void} leave
 */
export function follow(path, show, leave) {
  let heard = Date.now() // when the room last answered, on the stream or to a request
  let events = 0 // that the streams have brought
  let flows = false // whether the stream has brought something
  let gone = false
  /** @type {EventSource} */
  let stream

  /** @param {string} words */
  function end(words) {
    gone = true
    stream.close()
    leave(words)
  }

  async function once() {
    if (gone) return
    const before = events
    try {
      const { status, told } = await ask(`${path}${path.includes("?") ? "&" : "?"}once`)
      heard = Date.now()
      if (status === 409) end(told.refused)
      else if (status === 200 && events === before && !gone) show(told) // else the stream has brought something newer
    } catch {
      // the next try comes by itself
    }
  }

  function open() {
    stream?.close()
    flows = false
    stream = new EventSource(`${BASE}/rooms/${path}`)
    stream.onerror = () => {
      flows = false
      once()
    }
    for (const [name, tell] of Object.entries({ message: show, gone: end, alive() {} })) {
      stream.addEventListener(name, ({ data }) => {
        flows = true
        heard = Date.now()
        events += 1
        setReached(true)
        tell(data && JSON.parse(data))
      })
    }
  }

  open()
  setInterval(() => {
    if (gone) return
    const quiet = Date.now() - heard
    if (stream.readyState === EventSource.CLOSED || (flows && quiet > SILENCE)) open()
    if (!connection.reached || (!flows && quiet > SLOW)) once()
  }, AGAIN)
  addEventListener("online", once)
  addEventListener("offline", () => {
    setReached(false)
    if (!gone) open() // what the old stream still holds came before the connection was lost
  })
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) once() // a phone that slept may have lost its stream without knowing
  })
}
