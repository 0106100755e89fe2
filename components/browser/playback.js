// The clock of a run: which epoch is shown, and whether it plays. All pictures of a run follow the same clock.
//
//   const clock = twoHeads.playback(run)              // by the run's name: the same name is the same clock
//   const stop = clock.subscribe((clock) => draw())   // called at once if frames are loaded, then at every change
//
// `frames` are the epochs with weights and predictions. `epoch` is fractional while it moves; at rest it is a frame.
// `shown` is the frame that numbers and words belong to. `between()` is for pictures: the frames on both sides of `epoch`.

// Seconds from the first to the last epoch at speed 1; a short run plays no slower than `SLOWEST` epochs a second.
const SECONDS = 8
const SLOWEST = 2
const GLIDE = 180 // milliseconds of a step
const SPEEDS = [0.5, 1, 2, 4]
const KEPT = 8
const clocks = new Map()

function create() {
  const listeners = new Set()
  let frames = []
  let at = 0 // the exact position; `epoch` is what is shown of it
  let playing = false
  let speed = 1
  let glide = null
  let request = 0
  let before = 0

  const last = () => frames.at(-1) ?? 0
  const nearest = (epoch) => frames.reduce((best, frame) => (Math.abs(frame - epoch) < Math.abs(best - epoch) ? frame : best), frames[0] ?? 0)
  const clamp = (epoch) => Math.min(Math.max(Number(epoch) || 0, frames[0] ?? 0), last())
  const tell = () => { for (const listener of [...listeners]) listener(clock) }
  const run = () => { if (!request) { before = 0; request = requestAnimationFrame(tick) } }
  const rest = () => { cancelAnimationFrame(request); request = 0; glide = null; playing = false }

  function tick(now) {
    request = 0
    const passed = before ? Math.min(now - before, 100) : 0
    before = now
    const seen = clock.epoch
    if (glide) {
      const done = Math.min((glide.passed += passed) / GLIDE, 1)
      at = glide.from + (glide.to - glide.from) * (1 - (1 - done) ** 3)
      if (done === 1) { at = glide.to; glide = null }
    } else if (playing) {
      at = Math.min(at + (passed / 1000) * speed * Math.max(last() / SECONDS, SLOWEST), last())
      if (at >= last()) playing = false
    }
    if (playing || glide) request = requestAnimationFrame(tick)
    if (clock.epoch !== seen || clock.resting) tell()
  }

  const clock = {
    get epoch() { return playing && twoHeads.reducedMotion() ? frames.findLast((frame) => frame <= at) ?? at : at },
    get last() { return last() },
    get frames() { return frames },
    get playing() { return playing },
    get speed() { return speed },
    set speed(value) { if (SPEEDS.includes(value)) { speed = value; tell() } },
    get resting() { return !playing && !glide },
    get shown() { return nearest(clock.epoch) },

    // The indexes of the frames before and after `epoch`, and how far it is from the one to the other (0 to 1).
    between() {
      const after = frames.findIndex((frame) => frame >= clock.epoch)
      if (after <= 0) return { from: Math.max(after, 0), to: Math.max(after, 0), share: 0 }
      return { from: after - 1, to: after, share: (clock.epoch - frames[after - 1]) / (frames[after] - frames[after - 1]) }
    },

    // What the player knows of the run. The first call sets the position (the last epoch without one), later ones do not.
    load(epochs, epoch = null) {
      const first = !frames.length
      if (!first && String(frames) === String(epochs)) return false
      frames = [...epochs]
      at = nearest(first && epoch === null ? last() : clamp(first ? epoch : at))
      tell()
      return first
    },

    // Moves there and stays; `settle` then goes to the nearest frame.
    set(epoch) { rest(); at = clamp(epoch); tell() },
    settle() { rest(); at = nearest(at); tell() },

    play() {
      if (frames.length < 2 || playing) return
      glide = null
      if (at >= last()) at = frames[0]
      playing = true
      tell()
      run()
    },
    pause() { if (playing) clock.settle() },
    toggle() { if (playing) clock.pause(); else clock.play() },

    // To the next frame (1) or the one before (-1).
    step(by) {
      if (!frames.length) return
      const here = glide ? glide.to : nearest(at)
      const to = frames[Math.min(Math.max(frames.indexOf(here) + Math.sign(by), 0), frames.length - 1)]
      rest()
      if (twoHeads.reducedMotion()) { at = to; tell(); return }
      glide = { from: at, to, passed: 0 }
      tell()
      run()
    },

    subscribe(listener) {
      listeners.add(listener)
      if (frames.length) listener(clock)
      return () => listeners.delete(listener)
    },
    get unused() { return !listeners.size },
  }
  return clock
}

twoHeads.speeds = SPEEDS
twoHeads.playback = (run) => {
  if (!clocks.has(run)) {
    for (const [name, clock] of clocks) if (clocks.size >= KEPT && clock.unused) clocks.delete(name)
    clocks.set(run, create())
  }
  return clocks.get(run)
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const clock of clocks.values()) clock.pause()
})
