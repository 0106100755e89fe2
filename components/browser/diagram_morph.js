// The morph: one box comes apart into a box a head, and back. Only boxes, kernels and words change; no edge is touched.
const { smooth } = twoHeads.diagram.boxes
const SECONDS = 1.25

// Runs `draw(t)` from the present t to 0 or 1. Another `go` on the way turns round.
function create(start, draw) {
  let t = start
  let goal = start
  let request = 0
  let before = 0

  function tick(now) {
    const passed = before ? Math.min(now - before, 50) / 1000 : 0
    before = now
    t = goal > t ? Math.min(t + passed / SECONDS, goal) : Math.max(t - passed / SECONDS, goal)
    request = t === goal ? 0 : requestAnimationFrame(tick)
    draw(t, t !== goal)
  }

  return {
    get goal() { return goal },
    get t() { return t },
    go(to) {
      goal = to
      if (twoHeads.reducedMotion()) {
        t = to
        draw(t, false)
      } else if (!request) {
        before = 0
        request = requestAnimationFrame(tick)
      }
    },
    stop() { cancelAnimationFrame(request) },
  }
}

// When each part moves, of t.
const parts = {
  kernels: (t) => smooth(0.22, 0.9, t),
  words: (t) => smooth(0.35, 0.75, t),
  glow: (t) => Math.sin(Math.PI * smooth(0, 1, t)),
}

twoHeads.diagram.morph = { create, parts }
