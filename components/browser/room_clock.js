// How much time is left to think. It counts down in the browser, and closes nothing: the host does.
const { html } = twoHeads.svg
const clocks = new WeakMap()

twoHeads.register("room_clock", ({ data, parentElement }) => {
  let clock = clocks.get(parentElement)
  if (!clock) {
    const node = html("p", {})
    node.style.cssText = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-variant-numeric:tabular-nums"
    parentElement.append(node)
    clocks.set(parentElement, (clock = { node, until: 0, begun: null }))
    clock.timer = setInterval(tick, 500)
  }
  if (clock.begun !== data.begun) Object.assign(clock, { begun: data.begun, until: Date.now() + 1000 * data.left })
  tick()

  function tick() {
    const left = Math.max(Math.round((clock.until - Date.now()) / 1000), 0)
    const words = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} to think` : "The time to think is over. You may answer until the host freezes the answers."
    if (clock.node.textContent !== words) clock.node.textContent = words
  }

  return () => {
    clearInterval(clock.timer)
    clocks.delete(parentElement)
  }
})
