// Predictions against targets: a card for each task, one panel a style, or one for both where they agree.
const { svg: el, html } = twoHeads.svg
const { draw, difference, margins } = twoHeads.panels
const GAP = 14, WIDEST = 250
const STYLE = `
  .tasks { display: grid; gap: 20px 28px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); color: var(--st-text-color); font-family: var(--st-font); }
  .task { min-width: 0; }
  header { display: flex; align-items: center; gap: 8px; min-height: 32px; }
  h3 { margin: 0; font-size: 16px; font-weight: 600; overflow-wrap: anywhere; flex: 1; }
  .chip { width: 12px; height: 12px; border-radius: 2px; flex: none; }
  p { margin: 2px 0 6px; font-size: 14px; line-height: 1.45; }
  svg { display: block; overflow: visible; font-variant-numeric: tabular-nums; }
  .cell { transition: fill-opacity 0.15s; }
  button { border: 1px solid transparent; border-radius: var(--st-base-radius, 8px); background: none; color: inherit; padding: 5px; cursor: pointer; line-height: 0; }
  button:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
  button:focus-visible { outline: 3px solid color-mix(in srgb, var(--st-primary-color) 60%, var(--st-text-color)); outline-offset: 2px; }
  @media (prefers-reduced-motion: reduce) { .cell { transition: none; } }`
const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const views = new WeakMap()
const decode = (words) => Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0))

function save(picture, name) {
  const copy = picture.cloneNode(true)
  const look = getComputedStyle(picture)
  const ground = look.getPropertyValue("--st-background-color").trim() || "#ffffff"
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  copy.setAttribute("color", look.color)
  copy.setAttribute("font-family", look.fontFamily)
  copy.prepend(el("rect", { width: "100%", height: "100%", fill: ground }))
  const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })
  const link = html("a", { href: URL.createObjectURL(file), download: `${name}.svg` })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

// A card and what draws it at a width; `update` moves it.
function card(task, data) {
  const truth = decode(task.truth)
  const sides = task.sides.map(decode)
  const picture = el("svg", { role: "img", "aria-label": task.alt })
  const keep = html("button", { type: "button", title: "Save as SVG", "aria-label": `Save the predictions of ${task.title} as SVG` },
    el("svg", { width: 18, height: 18, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 1.8, "aria-hidden": "true" }, el("path", { d: SAVE })))
  const root = html("section", { class: "task", "data-task": task.name },
    html("header", {}, html("span", { class: "chip", style: `background: ${task.hue}` }), html("h3", {}, task.title), keep))
  if (task.words) root.append(html("p", {}, task.words))
  root.append(picture)
  if (task.kind === "binary") root.append(html("p", {}, "Filled: right. Hollow: wrong."))
  let parts = [], epoch = 0
  keep.addEventListener("click", () => save(picture, `two-heads-predictions-${task.name}-epoch-${epoch}`))

  function build(width) {
    const { left, right, top, bottom } = margins
    const side = Math.min((width - GAP - left - 3 * right) / 2, WIDEST)
    const widths = [side + left + right, side + 2 * right]
    const height = Math.round(side + top + bottom)
    picture.setAttribute("width", width)
    picture.setAttribute("height", height)
    parts = sides.map((codes, i) => draw({
      task, codes, truth, width: widths[i], height, first: i === 0,
      title: task.agree ? "Both styles" : data.styles[i].title,
      colour: task.agree ? data.styles.map(({ colour }) => colour) : [data.styles[i].colour],
      mark: task.agree ? data.both : data.styles[i].colour,
    }))
    if (task.agree && Math.max(...task.difference) > 0) parts.push(difference({ width: widths[1], height, differences: task.difference, frames: data.frames }))
    parts.forEach(({ group }, i) => group.setAttribute("transform", `translate(${i * (widths[0] + GAP)} 0)`))
    picture.replaceChildren(...parts.map(({ group }) => group))
  }

  function update(moment, shown) {
    epoch = data.frames[shown]
    parts.forEach((part, i) => {
      part.update(moment, shown)
      if (part.score) {
        const score = task.scores[i][shown]
        const words = score ? `${task.score} ${score}` : `no ${task.score}: the targets do not vary`
        if (part.score.textContent !== words) part.score.textContent = words
      }
    })
  }
  return { root, build, update }
}

function create(parent) {
  const root = html("div", { class: "tasks" })
  parent.append(html("style", {}, STYLE), root)
  let cards = [], stop = null, known = null, width = 0, clock = null

  const update = () => {
    const { frames } = clock
    if (!cards.length || !width || String(frames) !== String(known.frames)) return
    const shown = frames.indexOf(clock.shown)
    const moment = clock.resting ? { from: shown, to: shown, share: 0 } : clock.between()
    for (const each of cards) each.update(moment, shown)
  }
  const build = () => {
    for (const each of cards) each.build(each.root.clientWidth)
    if (clock) update()
  }
  const watch = new ResizeObserver(() => {
    const now = root.clientWidth
    if (now && now !== width) { width = now; build() }
  })
  watch.observe(root)
  return {
    show(data) {
      if (known && JSON.stringify(known) === JSON.stringify(data)) return
      known = data
      stop?.()
      clock = twoHeads.playback(data.run)
      cards = data.tasks.map((task) => card(task, data))
      root.replaceChildren(...cards.map((each) => each.root))
      width = root.clientWidth
      if (width) build()
      stop = clock.subscribe(update)
    },
    leave() { stop?.(); watch.disconnect() },
  }
}

twoHeads.register("predictions", ({ data, parentElement }) => {
  if (!views.has(parentElement)) views.set(parentElement, create(parentElement))
  const view = views.get(parentElement)
  view.show(data)
  return () => { view.leave(); views.delete(parentElement); parentElement.replaceChildren() }
})
