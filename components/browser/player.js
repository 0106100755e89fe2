// The player of a run: play, step, scrub and speed. It moves the run's clock; the pictures follow it.
// Python is told the epoch only when the clock rests, so playing sends nothing over the WebSocket.
const { svg, html } = twoHeads.svg
const REPORT = 400 // milliseconds at rest before Python is told
const STYLE = `
  .player { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 6px 12px; box-sizing: border-box; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px);
    background: var(--st-background-color); color: var(--st-text-color); font-family: var(--st-font); font-size: 14px; box-shadow: 0 2px 12px rgb(0 0 0 / 0.12); }
  .buttons { display: flex; gap: 2px; }
  button { width: 36px; height: 36px; padding: 0; display: grid; place-items: center; border: 1px solid transparent; border-radius: 50%; background: none; color: inherit; cursor: pointer; }
  button:hover:enabled { background: var(--st-secondary-background-color); border-color: var(--st-border-color); }
  button:disabled { opacity: 0.4; cursor: default; }
  .play { background: var(--st-primary-color); color: var(--st-background-color); }
  .play:hover:enabled { background: var(--st-primary-color); filter: brightness(1.1); }
  :is(button, select, input):focus-visible { outline: 3px solid color-mix(in srgb, var(--st-primary-color) 60%, var(--st-text-color)); outline-offset: 2px; }
  input { flex: 1 1 160px; min-width: 120px; margin: 0; height: 28px; accent-color: var(--st-primary-color); cursor: pointer; }
  .words { min-width: 8.5em; font-variant-numeric: tabular-nums; font-weight: 600; }
  select { font: inherit; height: 32px; color: inherit; background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px); padding: 0 4px; }
  svg { width: 20px; height: 20px; fill: currentColor; }
  @media (max-width: 560px) { input { order: 5; flex-basis: 100%; } .player { padding: 4px 8px; } .words { flex: 1; min-width: 0; } }
  @media (pointer: coarse) { button { width: 44px; height: 44px; } input { height: 36px; } select { height: 40px; } }`
const ICONS = {
  play: "M8 5v14l11-7z", pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  back: "M6 6h2v12H6zm12 0v12l-8-6z", forward: "M16 6h2v12h-2zM6 6l8 6-8 6z",
}
const SPEED_NAMES = { 0.5: "½×", 1: "1×", 2: "2×", 4: "4×" }
//: What uses the space bar or the arrows itself.
const OWN_KEYS = "input, textarea, select, button, a, summary, video, [contenteditable], [tabindex]:not([tabindex='-1']), [role=radio], [role=slider], [role=tab], [role=option], [role=combobox], [role=button], [role=menuitem], [role=listbox]"
const views = new WeakMap()

const icon = (path) => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }))

const button = (name, label, title) => {
  const made = html("button", { type: "button", class: name, "aria-label": label, title })
  made.append(icon(ICONS[name]))
  return made
}

function create(parent) {
  const back = button("back", "One epoch back", "Back (←)")
  const play = button("play", "Play", "Play (space)")
  const forward = button("forward", "One epoch forward", "Forward (→)")
  const scrub = html("input", { type: "range", min: 0, step: "any", "aria-label": "Epoch" })
  const words = html("span", { class: "words" })
  const speeds = html("select", { "aria-label": "Speed", title: "Speed" }, ...Object.entries(SPEED_NAMES).sort(([a], [b]) => a - b).map(([value, name]) => html("option", { value }, name)))
  const root = html("div", { class: "player", role: "group", "aria-label": "Player of the run" }, html("div", { class: "buttons" }, back, play, forward), scrub, words, speeds)
  parent.append(html("style", {}, STYLE), root)

  let clock = null, data = null, tell = () => {}, stops = [], told = null, timer = 0, scrubbing = false, pointer = null

  const sentence = (epoch) => (epoch === 0 ? "Before training" : `After epoch ${epoch} of ${data.epochs}`)

  function update() {
    const { shown, last, playing, frames } = clock
    scrub.max = last
    if (!scrubbing) scrub.value = clock.epoch
    scrub.setAttribute("aria-valuetext", sentence(shown))
    if (words.textContent !== sentence(shown)) words.textContent = sentence(shown)
    const label = playing ? "Pause" : clock.epoch >= last ? "Play again" : "Play"
    if (play.getAttribute("aria-label") !== label) {
      play.setAttribute("aria-label", label)
      play.title = `${label} (space)`
      play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play))
    }
    for (const each of [back, play, forward, scrub]) each.disabled = frames.length < 2
    speeds.value = String(clock.speed)
    report()
  }

  function report() {
    clearTimeout(timer)
    if (!clock.resting || scrubbing || clock.shown === told) return
    timer = setTimeout(() => { told = clock.shown; tell(told) }, REPORT)
  }

  const settle = () => { if (scrubbing) { scrubbing = false; clock.settle() } }
  back.onclick = () => clock.step(-1)
  forward.onclick = () => clock.step(1)
  play.onclick = () => clock.toggle()
  speeds.onchange = () => { clock.speed = Number(speeds.value) }
  scrub.oninput = () => { scrubbing = true; clock.set(scrub.value) }
  scrub.onchange = scrub.onpointerup = scrub.onblur = settle

  // The keys of the player: with the focus in it, or nowhere while the pointer is over the results.
  function overResults() {
    if (!pointer) return false
    const charts = [...document.querySelectorAll("[class*=st-key-curves-], [class*=st-key-predictions], [class*=st-key-train-connectivity]")]
    const boxes = [parent.getRootNode().host ?? parent, ...charts].map((each) => each.getBoundingClientRect()).filter((box) => box.height)
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))]
    const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))]
    return pointer.x >= left && pointer.x <= right && pointer.y >= top && pointer.y <= bottom
  }

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || clock.frames.length < 2) return
    const target = event.composedPath()[0]
    const own = root.contains(target)
    if (own && (target === speeds || (event.key === " " && target.tagName === "BUTTON"))) return
    if (!own && (target.closest?.(OWN_KEYS) || !overResults())) return
    const act = { " ": clock.toggle, ArrowRight: () => clock.step(1), ArrowLeft: () => clock.step(-1) }[event.key]
      ?? (own ? { ArrowUp: () => clock.step(1), ArrowDown: () => clock.step(-1), Home: () => clock.set(0), End: () => clock.set(clock.last) }[event.key] : null)
    if (!act) return
    event.preventDefault()
    act()
  }
  const moved = (event) => { pointer = { x: event.clientX, y: event.clientY } }
  const released = () => settle()
  document.addEventListener("keydown", pressed)
  document.addEventListener("pointermove", moved, { passive: true })
  document.addEventListener("pointerup", released)

  return {
    show(given, setEpoch) {
      tell = setEpoch
      const changed = data?.run !== given.run || String(data.titles) !== String(given.titles)
      data = given
      if (!changed) { clock.load(given.frames); update(); return }
      for (const stop of stops) stop()
      clock = twoHeads.playback(given.run)
      const first = clock.load(given.frames, given.epoch)
      told = clock.shown
      stops = [clock.subscribe(update), twoHeads.markers(clock, given.titles)]
      if (first && given.play && !twoHeads.reducedMotion()) { clock.set(0); clock.play() }
    },
    leave() {
      clearTimeout(timer)
      for (const stop of stops) stop()
      clock?.pause()
      document.removeEventListener("keydown", pressed)
      document.removeEventListener("pointermove", moved)
      document.removeEventListener("pointerup", released)
    },
  }
}

twoHeads.register("player", ({ data, parentElement, setStateValue }) => {
  if (!views.has(parentElement)) views.set(parentElement, create(parentElement))
  const view = views.get(parentElement)
  view.show(data, (epoch) => setStateValue("epoch", epoch))
  return () => { view.leave(); views.delete(parentElement); parentElement.replaceChildren() }
})
