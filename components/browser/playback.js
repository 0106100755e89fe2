// @ts-check
// The clocks of runs, driven by the browser's frames. All pictures of a run follow the same clock.
//
//   const clock = playback(run)                       // by the run's name: the same name is the same clock
//   const stop = clock.subscribe((clock) => draw())   // called at once if frames are loaded, then at every change
import { Clock } from "./clock.js"
import { reducedMotion } from "./dom.js"

const KEPT = 8
const LONGEST = 100 // milliseconds that pass at most from one frame of the browser to the next
/** @type {Map<string, Clock>} */
const clocks = new Map()

function create() {
  let request = 0
  let before = 0 // when the last frame was

  function wake() {
    before = 0
    if (!request) request = requestAnimationFrame(tick)
  }

  /** @param {number} now */
  function tick(now) {
    request = 0
    if (!clock.playing) return
    const passed = before ? Math.min(now - before, LONGEST) : 0
    before = now
    clock.advance(passed)
    if (clock.playing && !request) request = requestAnimationFrame(tick)
  }

  const clock = new Clock(wake, reducedMotion)
  return clock
}

/**
 * The clock of a run.
 * @param {string} run its name
 */
export function playback(run) {
  const known = clocks.get(run)
  if (known) return known
  for (const [name, clock] of clocks) if (clocks.size >= KEPT && clock.unused) clocks.delete(name)
  const clock = create()
  clocks.set(run, clock)
  return clock
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const clock of clocks.values()) clock.pause()
})
