// Follows a room: asks for a new run of the page when the room has another version than the one that is drawn.
//
// The server tells each new version on a stream. Where a proxy holds streams back, the page asks for it every two seconds.
// A class redraws at once: each page waits for a moment of its own, so that the server draws one after the other.
const SILENCE = 4000 // milliseconds without the first event after which the page asks
const ASK = 2000
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
  let component, stream = null, path = "", heard = false, timer = 0, waiting = 0, late = 0, wanted = NaN

  // A room that was deleted has the version 0.
  function learn(version) {
    heard = true
    wanted = Number(version)
    if (waiting || Number.isNaN(wanted) || wanted === component.data.version) return
    waiting = setTimeout(() => {
      waiting = 0
      if (wanted !== component.data.version) component.setTriggerValue("version", wanted)
    }, Math.random() * component.data.spread)
  }

  async function ask() {
    try {
      const answer = await fetch(`${path}?once`, { cache: "no-store" })
      if (answer.ok || answer.status === 404) learn(answer.ok ? await answer.text() : 0)
    } catch { /* the next time */ }
  }

  function open() {
    stream = new EventSource(path)
    stream.onmessage = ({ data }) => learn(data)
    timer = setInterval(() => {
      if (stream.readyState === EventSource.CLOSED) {
        stream.close()
        clearInterval(timer)
        open()
      }
    }, ASK)
    setTimeout(() => { if (!heard && path) timer = setInterval(ask, ASK) }, SILENCE)
  }

  return {
    update(next) {
      component = next
      clearInterval(late)
      // Again and again: where the next run sends the same data, nobody calls this.
      if (next.data.again) late = setInterval(() => component.setTriggerValue("version", -1), next.data.again)
      if (next.data.path !== path) {
        this.leave()
        path = next.data.path
        open()
      } else learn(wanted)
    },
    leave() {
      stream?.close()
      clearInterval(timer)
      clearTimeout(waiting)
      clearInterval(late)
      waiting = 0
      path = ""
    },
  }
}
