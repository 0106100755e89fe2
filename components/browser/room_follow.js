// Follows a room: asks for a new run of the page when the room has another version than the one that is drawn.
//
// The server tells each new version on a stream. Where a proxy holds streams back, the page asks for it every two seconds.
// A class redraws at once: each page waits for a moment of its own, so that the server draws one after the other.
// A request for a run may be lost, and a stream may be dead although the browser shows it as open: the page checks both.
const SILENCE = 4000 // milliseconds without the first event after which the page asks; and between two checks
const ASK = 2000
const UNHEARD = 4000 // milliseconds without an answer after which the server cannot be reached
const QUIET = 15000 // milliseconds without news after which a check asks for the version
const views = new WeakMap()

twoHeads.register("room_follow", (component) => {
  const { parentElement } = component
  let view = views.get(parentElement)
  if (!view) views.set(parentElement, (view = follow()))
  view.update(component)
  return () => {
    view.leave()
    views.delete(parentElement)
  }
})

function follow() {
  let component, stream = null, path = "", heard = false, waiting = 0, late = 0, wanted = null
  let checking = 0, silent = 0, asking = 0, drawing = 0, news = 0, gone = false

  // A version of 0 says that the room is gone.
  function learn(version) {
    wanted = Number(version)
    gone = wanted === 0
    news = Date.now()
    if (waiting || wanted === component.data.version) return
    waiting = setTimeout(() => {
      waiting = 0
      if (wanted === component.data.version) return
      component.setTriggerValue("version", wanted || -1)
      if (!wanted) wanted = null
    }, Math.random() * component.data.spread)
  }

  async function ask() {
    if (!path) return
    try {
      const answer = await fetch(`${path}?once`, { cache: "no-store", signal: AbortSignal.timeout(UNHEARD) })
      twoHeads.connection.answered(true)
      if (answer.ok) learn(await answer.text())
      else if (answer.status === 404) learn(0)
    } catch {
      if (path) twoHeads.connection.answered(false) // else the page has left the room
    }
  }

  // A browser opens a lost stream again by itself, but not one that the server has refused.
  function open() {
    stream?.close()
    stream = new EventSource(path)
    // A stream that a proxy has ended is opened again, and says nothing of the connection. That of a room that is gone
    // ends after it has said so.
    stream.onerror = () => { if (!gone) ask() }
    stream.onmessage = ({ data }) => {
      heard = true
      twoHeads.connection.answered(true)
      clearInterval(asking)
      learn(data)
    }
  }

  function check() {
    if (wanted > component.data.version) learn(wanted)
    else if (Date.now() - news > QUIET) ask()
  }

  function begin() {
    heard = gone = false
    news = Date.now()
    open()
    drawing = setInterval(check, SILENCE)
    checking = setInterval(() => {
      if (stream.readyState === EventSource.CLOSED) open()
      if (!twoHeads.connection.reached) ask()
    }, ASK)
    twoHeads.connection.asks(ask)
    silent = setTimeout(() => { if (!heard) asking = setInterval(ask, ASK) }, SILENCE)
  }

  return {
    update(next) {
      component = next
      if (next.data.path !== path) {
        this.leave()
        path = next.data.path
        if (path) begin() // without one, the visitor may not follow the room
      } else if (wanted !== null) learn(wanted)
      clearInterval(late)
      // Again and again: where the next run sends the same data, nobody calls this.
      if (next.data.again) late = setInterval(() => component.setTriggerValue("version", -1), next.data.again)
    },
    leave() {
      stream?.close()
      clearInterval(checking)
      clearInterval(asking)
      clearInterval(drawing)
      clearTimeout(silent)
      clearTimeout(waiting)
      clearInterval(late)
      waiting = 0
      path = ""
      wanted = null
    },
  }
}
