// @ts-check
// Follows a room on its event stream. If a proxy holds streams back, the page asks every two seconds.
import { AGAIN, ask, BASE, connection, setReached } from "./phone_server.js"

const SLOW = 4000 // milliseconds after which the page asks if the stream has brought no state
const SILENCE = 25_000 // milliseconds without any event after which a stream is taken for lost: there is one every 15 s

/**
 * Opens the event stream at `path`. `heard` is called at each event, before its listener, and at each `alive` event.
 * @param {string} path below `/rooms/`
 * @param {Record<string, (told: any) => void>} listeners by the name of the event
 * @param {() => void} heard
 * @returns {EventSource}
 */
function openStream(path, listeners, heard) {
  const stream = new EventSource(`${BASE}/rooms/${path}`)
  for (const [name, tell] of Object.entries(listeners)) {
    stream.addEventListener(name, ({ data }) => {
      heard()
      tell(JSON.parse(data))
    })
  }
  stream.addEventListener("alive", heard)
  return stream
}

/**
 * Calls `show` with each state of the room, `changeOwn` with changes that concern the participant, and `leave` with a
 * sentence once the room is gone or the participant removed.
 * @template Page
 * @param {string} path of the stream, below `/rooms/`
 * @param {{
 *   show: (page: Page) => void,
 *   changeOwn: (more: Partial<Phone.Own>) => void,
 *   leave: (words: string) => void,
 * }} page
 */
export function follow(path, { show, changeOwn, leave }) {
  let heard = Date.now() // when the room last answered, on the stream or to a request
  let brought = 0 // when the stream last brought something; 0 before
  let pages = 0 // that the stream has brought
  /** @type {EventSource | null} */
  let stream = null
  let gone = false

  /** @param {string} words */
  function end(words) {
    gone = true
    stream?.close()
    leave(words)
  }

  async function once() {
    if (gone) return
    const before = pages
    try {
      const { status, told } = await ask(`${path}${path.includes("?") ? "&" : "?"}once`)
      heard = Date.now()
      if (gone) return
      if (status === 200 && pages === before)
        show(told) // else the stream has brought something newer
      else if (status === 409) end(told.refused)
    } catch {
      // the next try comes by itself
    }
  }

  function flows() {
    heard = brought = Date.now()
    setReached(true)
  }

  function open() {
    stream?.close()
    brought = 0
    const message = (/** @type {Page} */ page) => {
      pages += 1
      show(page)
    }
    stream = openStream(path, { message, own: changeOwn, gone: end }, flows)
    stream.onerror = () => {
      brought = 0
      once()
    }
  }

  open()
  setInterval(() => {
    if (gone) return
    const now = Date.now()
    if (stream?.readyState === EventSource.CLOSED || (brought && now - brought > SILENCE)) open()
    if (!connection.reached || (!brought && now - heard > SLOW)) once()
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
